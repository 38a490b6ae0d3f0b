// SPDX-License-Identifier: Apache-2.0
//
// EntryStream: sends a part of a journal, a message at a time; the next one is read when gRPC has
// taken the last.

#ifndef CONSENT_API_ENTRY_STREAM_H_
#define CONSENT_API_ENTRY_STREAM_H_

#include <optional>

#include "consent/v1/journal_service.pb.h"
#include "src/api/context.h"
#include "src/api/readers.h"
#include "src/api/under_way.h"
#include "src/journal/disclosure.h"
#include "src/ledger/ledger.h"

namespace consent::api {

// Deletes itself in OnDone. Only one of read and write is under way at any time, so nothing here
// needs a lock.
class EntryStream : public AnswerStream<v1::StreamEntriesResponse> {
 public:
  EntryStream(CallTrack track, Pass pass, const Context& context, Readers& readers,
              const v1::StreamEntriesRequest& request);

  void OnWriteDone(bool ok) override;

 private:
  absl::Status Prepare(const v1::StreamEntriesRequest& request);
  void Continue();
  void ReadAndWrite();
  absl::Status Add(const journal::Leaf& leaf);

  const Context& context_;
  Readers& readers_;
  const bool with_openings_;
  ledger::JournalStatus journal_;
  LeafIndex next_;
  TreeSize end_;
  std::optional<journal::Discloser> discloser_;  // If disclosures are wanted.
  v1::StreamEntriesResponse message_;
  size_t bytes_ = 0;  // Of the message under way.
};

// The journal of this origin. NotFound (UNKNOWN_JOURNAL) when the ledger has none.
absl::StatusOr<ShardId> FindJournal(const Context& context, const std::string& origin);

}  // namespace consent::api

#endif  // CONSENT_API_ENTRY_STREAM_H_

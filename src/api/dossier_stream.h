// SPDX-License-Identifier: Apache-2.0
//
// DossierStream: everything that was asked and decided about a contact point, opened, with the
// receipt of each entry, and the directory's entries that say whose the keys are.
//
// The journal is read from end to end: a dossier is asked for when there is a complaint, not every
// day. What is sent is complete as of one checkpoint.

#ifndef CONSENT_API_DOSSIER_STREAM_H_
#define CONSENT_API_DOSSIER_STREAM_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "consent/v1/journal_service.pb.h"
#include "src/api/context.h"
#include "src/api/readers.h"
#include "src/api/under_way.h"
#include "src/contact/contact_point.h"
#include "src/journal/disclosure.h"
#include "src/ledger/publisher.h"

namespace consent::api {

// What a dossier is about.
struct DossierQuestion {
  std::string contact_point;  // Canonical.
  contact::ContactName contact;
  std::string company;        // Empty: all.
  std::string caller_number;  // Empty: all.
  std::optional<Instant> from;
  std::optional<Instant> until;
};

// Deletes itself in OnDone. One of its steps runs at any time, so nothing here needs a lock.
class DossierStream : public AnswerStream<v1::GetDossierResponse> {
 public:
  DossierStream(CallTrack track, Pass pass, const Context& context, Readers& readers,
                const v1::GetDossierRequest& request);

  void OnWriteDone(bool ok) override;

 private:
  struct Place {
    ShardId shard;
    LeafIndex entry;
  };
  using Checkpoints = std::shared_ptr<const ledger::Published>;

  void Fail(const absl::Status& status);
  void Then(void (DossierStream::*step)());
  void WaitForCheckpoint();
  void CollectAll();
  absl::Status Collect();
  absl::Status CollectDirectory();
  bool Concerns(const journal::OpenedLeaf& opened, const core::Event& event);
  void WriteNext();

  const Context& context_;
  Readers& readers_;
  DossierQuestion question_;
  ShardId shard_;
  std::optional<Handle> handle_;  // Of the consumer; none: not known.
  Checkpoints checkpoint_;
  Checkpoints directory_checkpoint_;
  std::vector<Place> places_;
  size_t written_ = 0;
  bool ended_ = false;
  std::set<uint64_t> permits_;  // Positions of the decisions that are in.
  absl::flat_hash_set<std::string> parties_;
  absl::flat_hash_set<KeyId> keys_;
  v1::GetDossierResponse message_;
};

}  // namespace consent::api

#endif  // CONSENT_API_DOSSIER_STREAM_H_

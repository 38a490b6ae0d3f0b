// SPDX-License-Identifier: Apache-2.0

#include "src/api/journal_service.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/api/error.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/journal/reader.h"

namespace consent::api {
namespace {

// What one message holds: so many entries, with openings usually about 300 KiB, or fewer when they
// are large. One entry more than fits still leaves a message far below what gRPC takes.
constexpr uint64_t kEntriesAMessage = 1000;
constexpr size_t kBytesAMessage = 1024 * 1024;

// Sends one part of a journal, a message at a time; the next one is read when gRPC has taken the
// last. Deletes itself in OnDone. Only one of read and write is under way at any time, so nothing
// here needs a lock.
class EntryStream : public grpc::ServerWriteReactor<v1::StreamEntriesResponse> {
 public:
  EntryStream(const Context& context, Readers& readers, const v1::StreamEntriesRequest& request)
      : context_(context),
        readers_(readers),
        with_openings_(request.with_openings()),
        next_{request.from()} {
    if (const absl::Status status = Prepare(request); !status.ok()) {
      Finish(ToGrpcStatus(status));
    } else {
      Continue();
    }
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::CANCELLED);
    } else {
      Continue();
    }
  }
  void OnDone() override { delete this; }

 private:
  absl::Status Prepare(const v1::StreamEntriesRequest& request) {
    const std::optional<ShardId> shard = context_.ledger.FindJournal(request.journal_origin());
    if (!shard.has_value()) {
      return Fault(absl::StatusCode::kNotFound, "UNKNOWN_JOURNAL",
                   "journal_origin: this ledger has no such journal; GetLedger lists them");
    }
    ASSIGN_OR_RETURN(journal_, context_.ledger.JournalOf(*shard));
    const uint64_t rest = journal_.size.value - std::min(next_.value, journal_.size.value);
    const uint64_t wanted = request.entries_max() == 0 ? rest : request.entries_max();
    end_ = TreeSize{next_.value + std::min(rest, wanted)};
    return absl::OkStatus();
  }

  void Continue() {
    if (next_.value >= end_.value) return Finish(grpc::Status::OK);
    if (!readers_.Run([this] { ReadAndWrite(); })) Finish(ToGrpcStatus(TooManyReads()));
  }

  void ReadAndWrite() {
    message_.Clear();
    message_.set_journal_origin(journal_.origin);
    message_.set_first(next_.value);
    message_.set_journal_size(journal_.size.value);
    message_.set_root_hash(journal_.root.str());
    const TreeSize until{std::min(end_.value, next_.value + kEntriesAMessage)};
    size_t bytes = 0;
    const absl::Status read = journal::ForEachLeaf(
        context_.ledger.store(), journal_.shard, next_, until,
        [this, &bytes](const journal::Leaf& leaf) {
          if (bytes >= kBytesAMessage) return absl::CancelledError("the message is full");
          v1::JournalEntry* const entry = message_.add_entries();
          entry->set_entry(leaf.bytes.data(), leaf.bytes.size());
          if (with_openings_) entry->set_opening(leaf.opening.data(), leaf.opening.size());
          bytes += leaf.bytes.size() + (with_openings_ ? leaf.opening.size() : 0);
          return absl::OkStatus();
        });
    const bool full = absl::IsCancelled(read) && bytes >= kBytesAMessage;
    if (!read.ok() && !full) return Finish(ToGrpcStatus(read));
    next_.value += message_.entries_size();
    StartWrite(&message_);
  }

  const Context& context_;
  Readers& readers_;
  const bool with_openings_;
  ledger::JournalStatus journal_;
  LeafIndex next_;
  TreeSize end_;
  v1::StreamEntriesResponse message_;
};

}  // namespace

grpc::ServerWriteReactor<v1::StreamEntriesResponse>* JournalService::StreamEntries(
    grpc::CallbackServerContext*, const v1::StreamEntriesRequest* request) {
  return new EntryStream(context_, readers_, *request);
}

}  // namespace consent::api

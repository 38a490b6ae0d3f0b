// SPDX-License-Identifier: Apache-2.0

#include "src/api/entry_stream.h"

#include <algorithm>
#include <string>
#include <utility>

#include "src/api/error.h"
#include "src/base/codec.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/journal/reader.h"

namespace consent::api {
namespace {

// What one message holds: so many entries, with openings usually about 300 KiB, or fewer when they
// are large. One entry more than fits still leaves a message far below what gRPC takes.
constexpr uint64_t kEntriesAMessage = 1000;
constexpr size_t kBytesAMessage = 1024 * 1024;

}  // namespace

absl::StatusOr<ShardId> FindJournal(const Context& context, const std::string& origin) {
  const std::optional<ShardId> shard = context.ledger.FindJournal(origin);
  if (shard.has_value()) return *shard;
  return Fault(absl::StatusCode::kNotFound, "UNKNOWN_JOURNAL",
               "journal_origin: this ledger has no such journal; GetLedger lists them");
}

EntryStream::EntryStream(CallTrack track, Pass pass, const Context& context, Readers& readers,
                         const v1::StreamEntriesRequest& request)
    : AnswerStream(std::move(track), std::move(pass), request),
      context_(context),
      readers_(readers),
      with_openings_(request.with_openings()),
      next_{request.from()} {
  if (const absl::Status status = Prepare(request); !status.ok()) {
    Finish(status);
  } else {
    Continue();
  }
}

void EntryStream::OnWriteDone(bool ok) {
  if (!ok) {
    Finish(absl::CancelledError("the caller is gone"));
  } else {
    Continue();
  }
}

absl::Status EntryStream::Prepare(const v1::StreamEntriesRequest& request) {
  ASSIGN_OR_RETURN(const ShardId shard, FindJournal(context_, request.journal_origin()));
  ASSIGN_OR_RETURN(journal_, context_.ledger.JournalOf(shard));
  if (request.with_disclosures()) discloser_.emplace(context_.ledger.store(), shard);
  const uint64_t rest = journal_.size.value - std::min(next_.value, journal_.size.value);
  const uint64_t wanted = request.entries_max() == 0 ? rest : request.entries_max();
  end_ = TreeSize{next_.value + std::min(rest, wanted)};
  return absl::OkStatus();
}

void EntryStream::Continue() {
  if (next_.value >= end_.value) return Finish(absl::OkStatus());
  if (!readers_.Run([this] { ReadAndWrite(); })) Finish(TooManyReads());
}

absl::Status EntryStream::Add(const journal::Leaf& leaf) {
  if (bytes_ >= kBytesAMessage) return absl::CancelledError("the message is full");
  v1::JournalEntry* const entry = message_.add_entries();
  entry->set_entry(leaf.bytes.data(), leaf.bytes.size());
  if (with_openings_) entry->set_opening(leaf.opening.data(), leaf.opening.size());
  if (discloser_.has_value()) {
    ASSIGN_OR_RETURN(const std::optional<journal::Disclosure> disclosure,
                     discloser_->Disclose(leaf));
    if (disclosure.has_value()) entry->set_disclosure(Encode(*disclosure));
  }
  bytes_ += leaf.bytes.size() + entry->opening().size() + entry->disclosure().size();
  return absl::OkStatus();
}

void EntryStream::ReadAndWrite() {
  message_.Clear();
  message_.set_journal_origin(journal_.origin);
  message_.set_first(next_.value);
  message_.set_journal_size(journal_.size.value);
  message_.set_root_hash(journal_.root.str());
  const TreeSize until{std::min(end_.value, next_.value + kEntriesAMessage)};
  bytes_ = 0;
  const absl::Status read =
      journal::ForEachLeaf(context_.ledger.store(), journal_.shard, next_, until,
                           [this](const journal::Leaf& leaf) { return Add(leaf); });
  const bool full = absl::IsCancelled(read) && bytes_ >= kBytesAMessage;
  if (!read.ok() && !full) return Finish(read);
  next_.value += message_.entries_size();
  Answer(&message_);
}

}  // namespace consent::api

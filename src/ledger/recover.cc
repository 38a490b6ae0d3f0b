// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/recover.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/journal/journal.h"
#include "src/journal/reader.h"
#include "src/journal/recovered.h"
#include "src/ledger/ledger.h"
#include "src/ledger/ledger_clock.h"
#include "src/ledger/loss.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/note.h"

namespace consent::ledger {
namespace {

// The larger of `journal`'s promise and the one in `note`. Signatures are not verified: what is
// kept beside a store is believed to be its own, and is only cited.
void TakePromise(const std::optional<std::string>& note, RecoveredJournal& journal) {
  if (!note.has_value()) return;
  const auto parsed = tlog::ParseNote(*note);
  if (!parsed.ok()) return;
  const auto checkpoint = tlog::ParseCheckpoint(parsed->text);
  if (!checkpoint.ok() || checkpoint->origin != journal.old_origin ||
      checkpoint->size <= journal.promised_size) {
    return;
  }
  journal.promised_size = checkpoint->size;
  journal.promised_root = checkpoint->root;
}

// Where an interrupted call had written this journal's entry already, what that entry says.
absl::Status ReadEarlierCall(store::Store& store, uint32_t generation, TreeSize size,
                             RecoveredJournal& journal) {
  if (size.value == 0) return absl::OkStatus();
  return journal::ForEachLeaf(store, journal.shard, LeafIndex{size.value - 1}, size,
                              [&](const journal::Leaf& leaf) -> absl::Status {
                                ASSIGN_OR_RETURN(const journal::Entry entry,
                                                 journal::ParseEntry(leaf.bytes));
                                if (!journal::IsRecovered(entry)) return absl::OkStatus();
                                ASSIGN_OR_RETURN(const core::Recovered recovered,
                                                 journal::OpenRecovered(entry, leaf.opening));
                                if (recovered.generation != generation) return absl::OkStatus();
                                journal.kept_size = recovered.kept_size;
                                journal.kept_root = recovered.kept_root;
                                journal.promised_size = recovered.promised_size;
                                journal.promised_root = recovered.promised_root;
                                journal.lost_from = recovered.lost_from;
                                journal.entry = leaf.position;
                                journal.recovered_at = entry.at;
                                return absl::OkStatus();
                              });
}

absl::StatusOr<RecoveredJournal> Survey(store::Store& store, const std::string& ledger_origin,
                                        ShardId shard, uint32_t generation,
                                        const RecoverOptions& options) {
  RecoveredJournal found;
  found.shard = shard;
  found.old_origin = JournalOriginOf(ledger_origin, shard, generation - 1);
  found.new_origin = JournalOriginOf(ledger_origin, shard, generation);
  ASSIGN_OR_RETURN(const journal::Journal journal, journal::Journal::Load(store, shard));
  found.kept_size = journal.durable_size();
  found.kept_root = journal.Root();
  found.lost_from = journal.last_at();
  ASSIGN_OR_RETURN(const std::optional<std::string> published,
                   store.ReadFact(CheckpointFact(found.old_origin)));
  TakePromise(published, found);
  if (options.guard != nullptr) TakePromise(options.guard->Checkpoint(found.old_origin), found);
  RETURN_IF_ERROR(ReadEarlierCall(store, generation, journal.durable_size(), found));
  return found;
}

// Appends the journal's entry, unless an interrupted call has.
absl::Status Append(store::Store& store, LedgerClock& clock, uint32_t generation,
                    RecoveredJournal& found) {
  if (found.entry.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(journal::Journal journal, journal::Journal::Load(store, found.shard));
  ASSIGN_OR_RETURN(const int64_t now_ms, clock.NowMillis(journal.last_at()));
  ASSIGN_OR_RETURN(const store::Head directory, store.ReadHead(kDirectoryShard));
  const core::Recovered recovered{.old_origin = found.old_origin,
                                  .generation = generation,
                                  .kept_size = found.kept_size,
                                  .kept_root = found.kept_root,
                                  .promised_size = found.promised_size,
                                  .promised_root = found.promised_root,
                                  .lost_from = found.lost_from};
  const journal::Entry entry =
      journal::StageRecovered(journal, recovered, Instant{now_ms / 1000}, directory.size);
  RETURN_IF_ERROR(journal.Commit());
  found.entry = entry.position;
  found.recovered_at = entry.at;
  return absl::OkStatus();
}

// A store that was cut before somebody's erasure holds no tombstone of theirs: neither their blocks
// nor what accounts for their entries. It is for looking.
absl::Status CheckNobodyComesBack(store::Store& store) {
  for (const ShardId shard : {kDirectoryShard, kConsumerShard}) {
    ASSIGN_OR_RETURN(const std::optional<std::string> later,
                     store.ReadFact(journal::ErasedLaterFact(shard)));
    if (!later.has_value() || later->empty()) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "this store was cut at a time before ", later->size() / Handle::kSize,
        " consumers were erased, and does not hold the objections that they left: no ledger can go "
        "on from it. Restore a whole backup"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RecoverReport> SurveyLoss(store::Store& store, const RecoverOptions& options) {
  ASSIGN_OR_RETURN(const std::optional<std::string> origin, store.ReadFact(kOriginFact));
  if (!origin.has_value()) {
    return absl::FailedPreconditionError("there is no ledger in this store");
  }
  RecoverReport report;
  ASSIGN_OR_RETURN(report.generation, ReadGeneration(store));
  ++report.generation;
  for (const ShardId shard : {kDirectoryShard, kConsumerShard}) {
    ASSIGN_OR_RETURN(RecoveredJournal journal,
                     Survey(store, *origin, shard, report.generation, options));
    report.journals.push_back(std::move(journal));
  }
  return report;
}

absl::StatusOr<RecoverReport> Recover(store::Store& store, const Clock& clock,
                                      const RecoverOptions& options) {
  RETURN_IF_ERROR(CheckNobodyComesBack(store));
  ASSIGN_OR_RETURN(RecoverReport report, SurveyLoss(store, options));
  LedgerClock ledger_clock(clock);
  for (RecoveredJournal& journal : report.journals) {
    RETURN_IF_ERROR(Append(store, ledger_clock, report.generation, journal));
    RETURN_IF_ERROR(KeepLoss(
        store, journal.shard,
        {.from = journal.lost_from, .to = *journal.recovered_at, .position = *journal.entry}));
  }
  // Last: until then nothing may be signed for the new origins.
  RETURN_IF_ERROR(WriteGeneration(store, report.generation));
  return report;
}

}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0

#include "src/observe/ledger_page.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace consent::observe {
namespace {

constexpr double kMicrosecond = 1e-6;
constexpr double kMillisecond = 1e-3;
constexpr char kConsumers[] = "consumers";
constexpr char kDirectory[] = "directory";

void ShowCommitter(const ledger::CommitterStatistics& committer, const std::string& journal,
                   Page& page) {
  const Page::Labels labels = {{"journal", journal}};
  page.Add("consent_queue_decisions", static_cast<double>(committer.queued), labels);
  page.Add("consent_queue_oldest_seconds",
           static_cast<double>(committer.oldest_nanos) * kNanosecond, labels);
  page.Add("consent_commit_group_decisions", committer.group_sizes, 1, labels);
  page.Add("consent_commit_duration_seconds", committer.commit_nanos, kNanosecond, labels);
}

void ShowStore(const store::Statistics& store, Page& page) {
  page.Add("consent_store_commits_total", static_cast<double>(store.commits));
  page.Add("consent_store_log_sync_duration_seconds", store.log_sync_nanos, kNanosecond);
  page.Add("consent_store_stalled_seconds_total",
           static_cast<double>(store.stalled_micros) * kMicrosecond);
  page.Add("consent_store_bytes", static_cast<double>(store.bytes));
  page.Add("consent_store_free_bytes", static_cast<double>(store.free_bytes));
  page.Add("consent_store_full", store.full ? 1 : 0);
  page.Add("consent_store_purges_total", static_cast<double>(store.purges));
}

void ShowRecords(const ledger::ConsumersStatistics& records, Page& page) {
  page.Add("consent_record_lookups_total", static_cast<double>(records.hits), {{"result", "hit"}});
  page.Add("consent_record_lookups_total", static_cast<double>(records.misses),
           {{"result", "miss"}});
  page.Add("consent_record_lookups_total", static_cast<double>(records.unknown),
           {{"result", "unknown"}});
  page.Add("consent_records_resident", static_cast<double>(records.resident));
  page.Add("consent_records_unwritten", static_cast<double>(records.dirty));
  page.Add("consent_records_late_entries", static_cast<double>(records.late));
}

void ShowJournals(ledger::Ledger& ledger, Page& page) {
  const absl::StatusOr<std::vector<ledger::JournalStatus>> journals = ledger.Journals();
  if (!journals.ok()) return;  // A store that has failed is seen elsewhere.
  for (const ledger::JournalStatus& journal : *journals) {
    const Page::Labels labels = {
        {"journal", journal.shard == ledger::kConsumerShard ? kConsumers : kDirectory}};
    page.Add("consent_journal_entries", static_cast<double>(journal.size.value), labels);
    const std::shared_ptr<const ledger::Published> latest =
        ledger.publisher().Latest(journal.shard);
    if (latest == nullptr) continue;
    page.Add("consent_journal_published_entries",
             static_cast<double>(latest->checkpoint.size.value), labels);
    page.Add("consent_journal_checkpoint_timestamp_seconds",
             static_cast<double>(latest->at_ms) * kMillisecond, labels);
  }
}

}  // namespace

void ShowLedger(ledger::Ledger& ledger, Page& page) {
  ledger::Shard& shard = *ledger.FindShard(ledger::kConsumerShard);
  ShowCommitter(shard.committer_statistics(), kConsumers, page);
  ShowCommitter(ledger.directory().committer_statistics(), kDirectory, page);
  ShowStore(ledger.store().statistics(), page);
  ShowRecords(shard.consumers_statistics(), page);
  ShowJournals(ledger, page);
  page.Add("consent_older_peppers_needed",
           static_cast<double>(ledger.older_peppers_in_use().size()));
  page.Add("consent_clock_believed", ledger.clock_is_believed() ? 1 : 0);
}

}  // namespace consent::observe

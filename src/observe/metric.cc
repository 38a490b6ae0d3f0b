// SPDX-License-Identifier: Apache-2.0

#include "src/observe/metric.h"

#include "absl/strings/str_cat.h"

namespace consent::observe {
namespace {

constexpr Metric kMetrics[] = {
    // Calls.
    {"consent_decisions_total", Kind::kCounter, "way, channel, verdict, reason",
     "Decisions, by how they were asked for (unary, batch, stream, check), channel and reason"},
    {"consent_statements_total", Kind::kCounter, "verdict",
     "Signed statements that were verified and taken in (accepted), or not (refused)"},
    {"consent_erasures_total", Kind::kCounter, "", "Consumers erased at their own order"},
    {"consent_rpcs_total", Kind::kCounter, "method, code", "Calls that have ended, by gRPC status"},
    {"consent_rpc_duration_seconds", Kind::kHistogram, "class",
     "From the arrival of a call, or of a stream's message, until its answer was ready"},
    {"consent_gate_refusals_total", Kind::kCounter, "reason",
     "Calls and messages of streams that the gate turned away before any handler saw them"},
    // Committers.
    {"consent_queue_decisions", Kind::kGauge, "journal",
     "Decisions that wait for their answer; after a start also consumers who are read in"},
    {"consent_queue_oldest_seconds", Kind::kGauge, "journal",
     "For how long the oldest request waits that is not settled; 0: none does"},
    {"consent_commit_group_decisions", Kind::kHistogram, "journal",
     "Decisions in one commit; after a start also consumers who are read in"},
    {"consent_commit_duration_seconds", Kind::kHistogram, "journal",
     "From judging a group until it was durable"},
    // Store.
    {"consent_store_commits_total", Kind::kCounter, "", "Commits that became durable"},
    {"consent_store_log_sync_duration_seconds", Kind::kHistogram, "",
     "How long the disk took to make the store's log durable (fsync)"},
    {"consent_store_stalled_seconds_total", Kind::kCounter, "",
     "For how long writes were held up because files must be merged first"},
    {"consent_store_bytes", Kind::kGauge, "", "What the store's files take on the disk"},
    {"consent_store_free_bytes", Kind::kGauge, "", "What the store's disk has left"},
    {"consent_store_reserve_bytes", Kind::kGauge, "",
     "Below so much free space writes are refused (--disk-reserve-mib)"},
    {"consent_store_full", Kind::kGauge, "", "1 while writes are refused for want of room"},
    {"consent_store_purges_total", Kind::kCounter, "",
     "Times that what was erased has left the store's files for good"},
    // Records.
    {"consent_record_lookups_total", Kind::kCounter, "result",
     "Records looked for: in memory (hit), in the store (miss), nowhere (unknown)"},
    {"consent_records_resident", Kind::kGauge, "", "Records in memory"},
    {"consent_records_unwritten", Kind::kGauge, "",
     "Records in memory that are newer than the store's copy"},
    {"consent_records_late_entries", Kind::kGauge, "",
     "How many entries a start would have to replay now"},
    // Journals.
    {"consent_journal_entries", Kind::kGauge, "journal", "Entries that are durable"},
    {"consent_journal_published_entries", Kind::kGauge, "journal",
     "Entries that the last published checkpoint covers"},
    {"consent_journal_checkpoint_timestamp_seconds", Kind::kGauge, "journal",
     "When the last checkpoint was published, Unix time"},
    {"consent_witnesses", Kind::kGauge, "", "Witnesses that are asked to cosign checkpoints"},
    {"consent_witnesses_failing", Kind::kGauge, "", "Witnesses that do not cosign at present"},
    {"consent_witness_quorum_timestamp_seconds", Kind::kGauge, "",
     "When a checkpoint last had its quorum of cosignatures, Unix time; 0: not since the start"},
    // Trust.
    {"consent_older_peppers_needed", Kind::kGauge, "",
     "Peppers older than the newest under which something lay when the service started"},
    {"consent_clock_believed", Kind::kGauge, "",
     "0 once the machine's clock has moved in a way that cannot be believed: nothing is written"},
    {"consent_certificate_expiry_timestamp_seconds", Kind::kGauge, "",
     "Until when the service's own certificate is valid, Unix time; only with TLS"},
    {"consent_token_keys", Kind::kGauge, "",
     "Keys by which bearer tokens are believed; only with --jwks"},
    // Logs.
    {"consent_access_lines_dropped_total", Kind::kCounter, "",
     "Lines of the access log that could not be written as fast as they came"},
    {"consent_audit_lines_waiting", Kind::kGauge, "",
     "Lines of the audit log that are not written yet"},
    // Process.
    {"consent_build_info", Kind::kGauge, "version", "1, and which version this is"},
    {"process_start_time_seconds", Kind::kGauge, "", "When the process was started, Unix time"},
    {"process_cpu_seconds_total", Kind::kCounter, "", "Processor time used, user and system"},
    {"process_resident_memory_bytes", Kind::kGauge, "", "Memory in use"},
    {"process_virtual_memory_bytes", Kind::kGauge, "", "Memory mapped"},
    {"process_open_fds", Kind::kGauge, "", "File descriptors in use"},
    {"process_max_fds", Kind::kGauge, "", "File descriptors that may be in use"},
};

}  // namespace

std::string_view NameOf(Kind kind) {
  switch (kind) {
    case Kind::kCounter:
      return "counter";
    case Kind::kGauge:
      return "gauge";
    case Kind::kHistogram:
      return "histogram";
  }
  return "";
}

std::span<const Metric> Metrics() { return kMetrics; }

const Metric* FindMetric(std::string_view name) {
  for (const Metric& metric : kMetrics) {
    if (metric.name == name) return &metric;
  }
  return nullptr;
}

std::string MetricsTable() {
  std::string table = "| metric | kind | labels | what it is |\n|---|---|---|---|\n";
  for (const Metric& metric : kMetrics) {
    absl::StrAppend(&table, "| `", std::string(metric.name), "` | ",
                    std::string(NameOf(metric.kind)), " | ", std::string(metric.labels), " | ",
                    std::string(metric.help), " |\n");
  }
  return table;
}

}  // namespace consent::observe

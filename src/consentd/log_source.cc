// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/log_source.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/journal/tile_reader.h"
#include "src/ledger/publisher.h"
#include "src/tlog/entry_bundle.h"

namespace consent::consentd {
namespace {

constexpr ShardId kDirectory{0};

// What lies beyond the published tree is, for the world, not there.
absl::Status AsNotFound(const absl::Status& status) {
  return absl::IsOutOfRange(status) ? absl::NotFoundError("beyond the checkpoint") : status;
}

}  // namespace

std::vector<std::string> LedgerLogs::Logs() {
  std::vector<std::string> logs;
  for (const ShardId shard : {ledger::kConsumerShard, kDirectory}) {
    logs.push_back(ledger_.JournalOrigin(shard).substr(ledger_.origin().size() + 1));
  }
  return logs;
}

absl::StatusOr<ShardId> LedgerLogs::Find(std::string_view log) const {
  const std::optional<ShardId> shard =
      ledger_.FindJournal(absl::StrCat(ledger_.origin(), "/", std::string(log)));
  if (!shard.has_value()) return absl::NotFoundError("no such log");
  return *shard;
}

absl::StatusOr<TreeSize> LedgerLogs::Size(ShardId shard) const {
  const std::shared_ptr<const ledger::Published> latest = ledger_.publisher().Latest(shard);
  if (latest == nullptr) return absl::UnavailableError("nothing is published yet");
  return latest->checkpoint.size;
}

absl::StatusOr<std::string> LedgerLogs::Checkpoint(std::string_view log) {
  ASSIGN_OR_RETURN(const ShardId shard, Find(log));
  const std::shared_ptr<const ledger::Published> latest = ledger_.publisher().Latest(shard);
  if (latest == nullptr) return absl::UnavailableError("nothing is published yet");
  return latest->note;
}

absl::StatusOr<std::string> LedgerLogs::Tile(std::string_view log, const merkle::Tile& tile) {
  ASSIGN_OR_RETURN(const ShardId shard, Find(log));
  ASSIGN_OR_RETURN(const TreeSize size, Size(shard));
  absl::StatusOr<std::string> hashes =
      journal::TileReader(ledger_.store(), shard).ReadTile(tile, size);
  if (!hashes.ok()) return AsNotFound(hashes.status());
  return hashes;
}

absl::StatusOr<std::string> LedgerLogs::Entries(std::string_view log, uint64_t index, int width) {
  ASSIGN_OR_RETURN(const ShardId shard, Find(log));
  ASSIGN_OR_RETURN(const TreeSize size, Size(shard));
  const absl::StatusOr<std::vector<std::string>> entries =
      journal::TileReader(ledger_.store(), shard).ReadEntries(index, width, size);
  if (!entries.ok()) return AsNotFound(entries.status());
  return tlog::EncodeBundle(*entries);
}

absl::StatusOr<std::string> LedgerLogs::VerifierKeys(std::string_view log) {
  ASSIGN_OR_RETURN(const ShardId shard, Find(log));
  std::string keys;
  for (const tlog::VerifierKey& key :
       ledger_.journal_keys().VerifierKeys(ledger_.JournalOrigin(shard))) {
    absl::StrAppend(&keys, key.ToString(), "\n");
  }
  return keys;
}

}  // namespace consent::consentd

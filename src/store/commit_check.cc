// SPDX-License-Identifier: Apache-2.0

#include "src/store/commit_check.h"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "absl/strings/str_cat.h"

namespace consent::store {
namespace {

// A mark moves forward, and within the journal.
absl::Status CheckMark(ShardId shard, std::string_view mark, TreeSize wanted, TreeSize found,
                       TreeSize journal) {
  if (wanted < found) {
    return absl::FailedPreconditionError(
        absl::StrCat("shard ", shard.value, ": rows ", std::string(mark), " to ", wanted.value,
                     ", but ", found.value, " is already ", std::string(mark)));
  }
  if (wanted > journal) {
    return absl::FailedPreconditionError(
        absl::StrCat("shard ", shard.value, ": rows ", std::string(mark), " to ", wanted.value,
                     ", but the journal has size ", journal.value));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCommit(ShardId shard, const CommitRequest& request) {
  const Bundle& bundle = request.bundle;
  if (bundle.entries.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat("shard ", shard.value, ": a commit needs at least one entry"));
  }
  if (bundle.entries.size() != bundle.openings.size()) {
    return absl::InvalidArgumentError(absl::StrCat("shard ", shard.value, ": a commit of ",
                                                   bundle.entries.size(), " entries has ",
                                                   bundle.openings.size(), " openings"));
  }
  if (bundle.entries.size() > kBundleEntriesMax ||
      bundle.first.value > std::numeric_limits<uint64_t>::max() - kBundleEntriesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("shard ", shard.value, ": a commit of ", bundle.entries.size(), " entries at ",
                     bundle.first.value, "; at most ", kBundleEntriesMax));
  }
  size_t bytes = 0;
  for (const std::string& entry : bundle.entries) bytes += entry.size();
  for (const std::string& opening : bundle.openings) bytes += opening.size();
  if (bytes > kBundleBytesMax) {
    return absl::InvalidArgumentError(absl::StrCat("shard ", shard.value, ": a commit of ", bytes,
                                                   " bytes; at most ", kBundleBytesMax));
  }
  if (request.erase.size() > kErasedRowsMax) {
    return absl::InvalidArgumentError(absl::StrCat("shard ", shard.value, ": a commit that erases ",
                                                   request.erase.size(), " rows; at most ",
                                                   kErasedRowsMax));
  }
  for (const Handle& erased : request.erase.secrets) {
    if (std::any_of(request.secrets.begin(), request.secrets.end(),
                    [&](const SecretRow& row) { return row.handle == erased; })) {
      return absl::InvalidArgumentError(
          absl::StrCat("shard ", shard.value, ": a commit both writes and erases one secret"));
    }
  }
  return absl::OkStatus();
}

absl::Status SizeMoved(ShardId shard, TreeSize expected, TreeSize found) {
  return absl::AbortedError(absl::StrCat("shard ", shard.value, ": commit at size ", expected.value,
                                         ", but the journal has size ", found.value));
}

absl::Status CheckApplied(ShardId shard, TreeSize applied, TreeSize found, TreeSize journal) {
  return CheckMark(shard, "applied", applied, found, journal);
}

absl::Status CheckSeen(ShardId shard, TreeSize seen, TreeSize erased) {
  if (seen >= erased) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat("shard ", shard.value, ": rows that have seen ", seen.value,
                   " entries, but something was erased at size ", erased.value));
}

absl::Status CheckTiles(ShardId shard, const TileRows& rows) {
  if (rows.rows.size() > kTileRowsMax) {
    return absl::InvalidArgumentError(absl::StrCat("shard ", shard.value, ": ", rows.rows.size(),
                                                   " rows of tiles; at most ", kTileRowsMax));
  }
  for (const TileRow& row : rows.rows) {
    const size_t bytes = row.hashes.size();
    if (row.level < 0 || row.level > TileRow::kLevelMax || bytes == 0 ||
        bytes % TileRow::kHashBytes != 0 || bytes > TileRow::kHashesMax * TileRow::kHashBytes) {
      return absl::InvalidArgumentError(absl::StrCat("shard ", shard.value, ": row ", row.index,
                                                     " of level ", row.level, " has ", bytes,
                                                     " bytes: no tile is so"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckTiled(ShardId shard, TreeSize tiled, TreeSize found, TreeSize journal) {
  return CheckMark(shard, "tiled", tiled, found, journal);
}

}  // namespace consent::store

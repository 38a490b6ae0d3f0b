// SPDX-License-Identifier: Apache-2.0

#include "src/store/commit_check.h"

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"

namespace consent::store {

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
  return absl::OkStatus();
}

absl::Status SizeMoved(ShardId shard, TreeSize expected, TreeSize found) {
  return absl::AbortedError(absl::StrCat("shard ", shard.value, ": commit at size ", expected.value,
                                         ", but the journal has size ", found.value));
}

absl::Status CheckApplied(ShardId shard, TreeSize applied, TreeSize found, TreeSize journal) {
  if (applied < found) {
    return absl::FailedPreconditionError(absl::StrCat("shard ", shard.value, ": rows applied to ",
                                                      applied.value, ", but ", found.value,
                                                      " is already applied"));
  }
  if (applied > journal) {
    return absl::FailedPreconditionError(absl::StrCat("shard ", shard.value, ": rows applied to ",
                                                      applied.value, ", but the journal has size ",
                                                      journal.value));
  }
  return absl::OkStatus();
}

}  // namespace consent::store

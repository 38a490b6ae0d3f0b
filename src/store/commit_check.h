// SPDX-License-Identifier: Apache-2.0
//
// What every engine asks of a request before it writes anything: the same limits, the same errors.

#ifndef CONSENT_STORE_COMMIT_CHECK_H_
#define CONSENT_STORE_COMMIT_CHECK_H_

#include <cstddef>

#include "absl/status/status.h"
#include "src/store/store.h"

namespace consent::store {

// One commit holds at most this many entries, so that a reader can hold a bundle in memory.
inline constexpr size_t kBundleEntriesMax = 65536;
// Sum of all bytes of entries and openings in one commit.
inline constexpr size_t kBundleBytesMax = size_t{64} << 20;
// Rows that one commit erases.
inline constexpr size_t kErasedRowsMax = 65536;
// Rows of tiles written at once.
inline constexpr size_t kTileRowsMax = 65536;

// InvalidArgument when the bundle is empty, has not one opening for each entry, when anything is
// larger than the limits above, or a secret is both written and erased. A request that fails here
// has had no effect, in any engine.
absl::Status CheckCommit(ShardId shard, const CommitRequest& request);

// Aborted: the journal has `found` entries, not as many as the commit is conditional on.
absl::Status SizeMoved(ShardId shard, TreeSize expected, TreeSize found);

// FailedPrecondition when `applied` would go back from `found`, or would pass the journal's size.
// Rows behind what is already applied would undo what later rows have told.
absl::Status CheckApplied(ShardId shard, TreeSize applied, TreeSize found, TreeSize journal);

// FailedPrecondition when the journal's last erasing commit, which ended at size `erased`, is one
// that the writer of rows has not `seen`.
absl::Status CheckSeen(ShardId shard, TreeSize seen, TreeSize erased);

// InvalidArgument when a row has another level or number of hashes than a tile can have, or there
// are too many rows.
absl::Status CheckTiles(ShardId shard, const TileRows& rows);

// As CheckApplied, of the mark `tiled`.
absl::Status CheckTiled(ShardId shard, TreeSize tiled, TreeSize found, TreeSize journal);

}  // namespace consent::store

#endif  // CONSENT_STORE_COMMIT_CHECK_H_

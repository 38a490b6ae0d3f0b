// SPDX-License-Identifier: Apache-2.0
//
// The stored bytes of one half of a bundle, its entries or its openings, of a head, and of a row of
// tiles.
//
// A bundle row says everything about itself but its place: version, kind, how many items and how
// long each is. Its checksum covers the place too, so a row that is damaged, is under another
// row's key, or is of the other kind, does not decode. Bytes: docs/formats/store.md.
//
// Row keys: shard (16 bits) and position (64 bits), both big-endian, so that keys sort as
// positions do and the row that holds position p is the last one at or before p. Keys of tiles:
// shard, level (8 bits) and index (64 bits).

#ifndef CONSENT_STORE_BUNDLE_ROW_H_
#define CONSENT_STORE_BUNDLE_ROW_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/store/store.h"

namespace consent::store {

enum class RowKind : char { kEntries = 'E', kOpenings = 'O' };

// The 2 bytes every key of a shard starts with.
std::string ShardPrefix(ShardId shard);
// The key of the bundle that starts at `first`.
std::string BundleKey(ShardId shard, LeafIndex first);
// The position in a key that BundleKey made for `shard`; nullopt for any other bytes.
std::optional<LeafIndex> BundleKeyFirst(ShardId shard, std::string_view key);

// The row of `items` at `key`.
std::string EncodeBundleRow(RowKind kind, std::string_view key,
                            const std::vector<std::string>& items);
// The items of the row found at `key`. DataLoss, without a place, when these are not the bytes that
// EncodeBundleRow made for this kind and key, or hold no item. Allocates no more than a small
// multiple of the row.
absl::StatusOr<std::vector<std::string>> DecodeBundleRow(RowKind kind, std::string_view key,
                                                         std::string_view row);

// The row of a shard's head at `key`, and back; DataLoss as above.
std::string EncodeHeadRow(std::string_view key, const Head& head);
absl::StatusOr<Head> DecodeHeadRow(std::string_view key, std::string_view row);

// The key of a row of tiles, `level` from 0 to TileRow::kLevelMax.
std::string TileKey(ShardId shard, int level, uint64_t index);
// The row of `hashes` at `key`, and back; DataLoss as above, or when they are no tile's hashes.
std::string EncodeTileRow(std::string_view key, std::string_view hashes);
absl::StatusOr<std::string> DecodeTileRow(std::string_view key, std::string_view row);

}  // namespace consent::store

#endif  // CONSENT_STORE_BUNDLE_ROW_H_

// SPDX-License-Identifier: Apache-2.0

#include "src/store/bundle_row.h"

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/store/commit_check.h"
#include "src/store/crc32c.h"

namespace consent::store {
namespace {

constexpr char kVersion = 1;
constexpr char kHeadKind = 'H';
constexpr char kTileKind = 'T';
constexpr size_t kChecksumBytes = 4;
constexpr size_t kVarintBytesMax = 10;

void AppendBigEndian(uint64_t value, int bytes, std::string& out) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift));
  }
}

uint64_t ReadBigEndian(std::string_view bytes) {
  uint64_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<uint8_t>(c);
  return value;
}

void AppendChecksum(std::string_view key, std::string& row) {
  AppendBigEndian(Crc32c(Crc32c(0, key), row), kChecksumBytes, row);
}

// What lies between the row's two leading bytes and its checksum.
absl::StatusOr<std::string_view> OpenRow(char kind, std::string_view key, std::string_view row) {
  if (row.size() < 2 + kChecksumBytes) return absl::DataLossError("row is too short");
  const std::string_view body = row.substr(0, row.size() - kChecksumBytes);
  if (ReadBigEndian(row.substr(body.size())) != Crc32c(Crc32c(0, key), body)) {
    return absl::DataLossError("row does not match its checksum");
  }
  if (body[0] != kVersion) return absl::DataLossError("row is of an unknown version");
  if (body[1] != kind) return absl::DataLossError("row is of another kind");
  return body.substr(2);
}

}  // namespace

std::string ShardPrefix(ShardId shard) {
  std::string key;
  AppendBigEndian(shard.value, 2, key);
  return key;
}

std::string BundleKey(ShardId shard, LeafIndex first) {
  std::string key = ShardPrefix(shard);
  AppendBigEndian(first.value, 8, key);
  return key;
}

std::optional<LeafIndex> BundleKeyFirst(ShardId shard, std::string_view key) {
  if (key.size() != 10 || ReadBigEndian(key.substr(0, 2)) != shard.value) return std::nullopt;
  return LeafIndex{ReadBigEndian(key.substr(2))};
}

std::string EncodeBundleRow(RowKind kind, std::string_view key,
                            const std::vector<std::string>& items) {
  size_t bytes = 0;
  for (const std::string& item : items) bytes += item.size();
  std::string row;
  row.reserve(2 + (items.size() + 1) * kVarintBytesMax + bytes + kChecksumBytes);
  row.push_back(kVersion);
  row.push_back(static_cast<char>(kind));
  Writer writer(row);
  writer.Varint(items.size());
  for (const std::string& item : items) writer.Varint(item.size());
  for (const std::string& item : items) writer.Raw(item);
  AppendChecksum(key, row);
  return row;
}

absl::StatusOr<std::vector<std::string>> DecodeBundleRow(RowKind kind, std::string_view key,
                                                         std::string_view row) {
  ASSIGN_OR_RETURN(const std::string_view body, OpenRow(static_cast<char>(kind), key, row));
  // The checksum holds, so what follows can fail only for a row that no EncodeBundleRow wrote.
  Reader reader(body);
  const uint64_t count = reader.Varint();
  if (count == 0 || count > kBundleEntriesMax || count > reader.remaining()) {
    return absl::DataLossError("row holds an impossible number of items");
  }
  std::vector<uint64_t> sizes(count);
  for (uint64_t& size : sizes) size = reader.Varint();
  std::vector<std::string> items;
  items.reserve(count);
  for (const uint64_t size : sizes) items.emplace_back(reader.Raw(size));
  if (!reader.ok() || reader.remaining() != 0) {
    return absl::DataLossError("row's lengths do not add up");
  }
  return items;
}

std::string EncodeHeadRow(std::string_view key, const Head& head) {
  std::string row{kVersion, kHeadKind};
  Writer writer(row);
  writer.Varint(head.size.value);
  writer.Raw(head.state);
  AppendChecksum(key, row);
  return row;
}

absl::StatusOr<Head> DecodeHeadRow(std::string_view key, std::string_view row) {
  ASSIGN_OR_RETURN(const std::string_view body, OpenRow(kHeadKind, key, row));
  Reader reader(body);
  Head head;
  head.size.value = reader.Varint();
  head.state = std::string(reader.Raw(reader.remaining()));
  if (!reader.ok()) return absl::DataLossError("row's size is malformed");
  return head;
}

std::string TileKey(ShardId shard, int level, uint64_t index) {
  std::string key = ShardPrefix(shard);
  AppendBigEndian(static_cast<uint64_t>(level), 1, key);
  AppendBigEndian(index, 8, key);
  return key;
}

std::string EncodeTileRow(std::string_view key, std::string_view hashes) {
  std::string row;
  row.reserve(2 + hashes.size() + kChecksumBytes);
  row.push_back(kVersion);
  row.push_back(kTileKind);
  row.append(hashes);
  AppendChecksum(key, row);
  return row;
}

absl::StatusOr<std::string> DecodeTileRow(std::string_view key, std::string_view row) {
  ASSIGN_OR_RETURN(const std::string_view hashes, OpenRow(kTileKind, key, row));
  if (hashes.empty() || hashes.size() % TileRow::kHashBytes != 0 ||
      hashes.size() > TileRow::kHashesMax * TileRow::kHashBytes) {
    return absl::DataLossError("row holds an impossible number of hashes");
  }
  return std::string(hashes);
}

}  // namespace consent::store

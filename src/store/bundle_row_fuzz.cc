// SPDX-License-Identifier: Apache-2.0
//
// Any bytes, read as a stored row: no crash, and what decodes encodes to the same bytes again.
// First byte: which kind. A fuzzer cannot guess checksums, so each input is also tried with its
// checksum put right.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/store/bundle_row.h"
#include "src/store/crc32c.h"

namespace {

using namespace consent;         // NOLINT(google-build-using-namespace)
using namespace consent::store;  // NOLINT(google-build-using-namespace)

void DecodeAll(RowKind kind, const std::string& key, std::string_view row) {
  if (const auto items = DecodeBundleRow(kind, key, row); items.ok()) {
    if (EncodeBundleRow(kind, key, *items) != row) std::abort();
  }
  if (const auto head = DecodeHeadRow(key, row); head.ok()) {
    if (EncodeHeadRow(key, *head) != row) std::abort();
  }
  if (const auto hashes = DecodeTileRow(key, row); hashes.ok()) {
    if (EncodeTileRow(key, *hashes) != row) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const RowKind kind = (data[0] & 1) != 0 ? RowKind::kOpenings : RowKind::kEntries;
  const std::string_view row(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::string key = BundleKey(ShardId{1}, LeafIndex{258});
  DecodeAll(kind, key, row);
  std::string repaired(row);
  const uint32_t crc = Crc32c(Crc32c(0, key), row);
  for (int shift = 24; shift >= 0; shift -= 8) repaired.push_back(static_cast<char>(crc >> shift));
  DecodeAll(kind, key, repaired);
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
//
// Any bytes either decode to a tree that keeps its invariant and encodes to the same bytes, or are
// refused.

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/base/codec.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using consent::merkle::CompactTree;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  auto tree = consent::Decode<CompactTree>(bytes);
  if (!tree.ok()) return 0;
  if (consent::Encode(*tree) != bytes) std::abort();
  if (tree->size() == consent::merkle::kMaxTreeSize) return 0;
  const auto before = tree->size().value;
  if (tree->Append(consent::merkle::LeafHash("leaf")).value != before) std::abort();
  if (tree->subtrees().size() != static_cast<size_t>(std::popcount(before + 1))) std::abort();
  tree->Root();
  return 0;
}

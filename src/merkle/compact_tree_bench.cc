// SPDX-License-Identifier: Apache-2.0

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"

namespace consent::merkle {
namespace {

// What an entry of 120 bytes costs the tree, its leaf hash included.
void BM_AppendEntry(benchmark::State& state) {
  const std::string entry(120, 'e');
  CompactTree tree;
  for (auto _ : state) benchmark::DoNotOptimize(tree.Append(LeafHash(entry)));
}
BENCHMARK(BM_AppendEntry);

// The root of a tree with as many subtrees as the argument says.
void BM_Root(benchmark::State& state) {
  CompactTree tree;
  const uint64_t size = (uint64_t{1} << state.range(0)) - 1;
  for (uint64_t i = 0; i < size; ++i) tree.Append(Digest());
  for (auto _ : state) benchmark::DoNotOptimize(tree.Root());
}
BENCHMARK(BM_Root)->Arg(1)->Arg(10)->Arg(20);

}  // namespace
}  // namespace consent::merkle

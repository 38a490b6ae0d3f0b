// SPDX-License-Identifier: Apache-2.0
//
// What tiles cost a leaf, beside one bare hash of a pair and the tree's own right edge.

#include "src/merkle/tile_builder.h"

#include <benchmark/benchmark.h>

#include <cstdint>

#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"

namespace consent::merkle {
namespace {

// The floor: a binary tree has one node for each leaf.
void BM_OnePair(benchmark::State& state) {
  Digest left = LeafHash("left");
  const Digest right = LeafHash("right");
  for (auto _ : state) left = NodeHash(left, right);
  benchmark::DoNotOptimize(left);
}
BENCHMARK(BM_OnePair);

void BM_CompactTreeLeaf(benchmark::State& state) {
  CompactTree tree;
  const Digest leaf = LeafHash("leaf");
  for (auto _ : state) benchmark::DoNotOptimize(tree.Append(leaf));
}
BENCHMARK(BM_CompactTreeLeaf);

// A leaf, with its share of the rows taken once every so many leaves.
void BM_TileLeaf(benchmark::State& state) {
  TileBuilder builder;
  const Digest leaf = LeafHash("leaf");
  const uint64_t group = state.range(0);
  for (auto _ : state) {
    builder.Append(leaf);
    if (builder.size().value % group == 0) benchmark::DoNotOptimize(builder.TakeChanged());
  }
}
BENCHMARK(BM_TileLeaf)->Arg(100)->Arg(1'000)->Arg(100'000);

// The check before a signature: the root out of the rows at the right edge.
void BM_TreeOfRows(benchmark::State& state) {
  TileBuilder builder;
  const Digest leaf = LeafHash("leaf");
  for (int64_t i = 0; i < state.range(0); ++i) builder.Append(leaf);
  for (auto _ : state) benchmark::DoNotOptimize(builder.Tree().Root());
}
BENCHMARK(BM_TreeOfRows)->Arg(255)->Arg(65'535);

}  // namespace
}  // namespace consent::merkle

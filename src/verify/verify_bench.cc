// SPDX-License-Identifier: Apache-2.0
//
// What verifying a log costs, beside hashing alone. Files lie in memory; entries have about 60
// bytes, as those of the ledger do.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <string>

#include "consent/verifier.h"
#include "src/crypto/hash.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"
#include "src/verify/test_log.h"

namespace consent::verify {
namespace {

constexpr uint64_t kEntries = 1 << 18;

TestLog& Log() {
  static TestLog* const log = new TestLog();
  log->GrowTo(kEntries);
  return *log;
}

void BM_VerifyLog(benchmark::State& state) {
  const Files files = Log().Publish();
  const std::string vkey = Log().vkey();
  for (auto _ : state) {
    const LogReport report = VerifyLog(
        SourceOf(files), {.keys = {vkey}, .threads = static_cast<unsigned>(state.range(0))});
    if (report.verdict != VerifyVerdict::kGood) state.SkipWithError("not good");
  }
  state.SetItemsProcessed(state.iterations() * kEntries);
}
BENCHMARK(BM_VerifyLog)->Arg(1)->Arg(2)->UseRealTime()->Unit(benchmark::kMillisecond);

// The hashes that a tree of so many entries has, and nothing else: the floor on one thread.
void BM_HashesOfTheTree(benchmark::State& state) {
  TestLog& log = Log();
  const std::string& entry = log.entries()[kEntries / 2];
  for (auto _ : state) {
    merkle::CompactTree tree;
    for (uint64_t i = 0; i < kEntries; ++i) tree.Append(merkle::LeafHash(entry));
    benchmark::DoNotOptimize(tree.Root());
  }
  state.SetItemsProcessed(state.iterations() * kEntries);
}
BENCHMARK(BM_HashesOfTheTree)->Unit(benchmark::kMillisecond);

// One SHA-256 over as many bytes as the entries have.
void BM_Sha256OfTheEntries(benchmark::State& state) {
  const std::string bytes(kEntries * Log().entries()[kEntries / 2].size(), 'e');
  for (auto _ : state) benchmark::DoNotOptimize(crypto::Sha256({bytes}));
  state.SetItemsProcessed(state.iterations() * kEntries);
}
BENCHMARK(BM_Sha256OfTheEntries)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace consent::verify

// SPDX-License-Identifier: Apache-2.0
//
// What RocksDbStore costs, on the disk of $TMPDIR: synced commits of bundles of 1, 100 and 1,000
// entries, with and without rows being written behind, and lookups of contacts. `syncs` is the
// number of fsync calls a commit, which must be 1.

#include <atomic>
#include <string>
#include <thread>

#include "benchmark/benchmark.h"
#include "src/store/rocksdb_store.h"
#include "src/store/temporary_folder.h"

namespace consent::store {
namespace {

constexpr ShardId kShard{1};
constexpr uint32_t kRows = 1000;
constexpr uint32_t kContacts = 200000;

// Scatters `number` over all ids, as hashes are.
template <typename Id>
Id Scattered(uint64_t number) {
  Id id;
  uint64_t state = number;
  for (uint8_t& byte : id.bytes) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    byte = static_cast<uint8_t>(state >> 56);
  }
  return id;
}

struct Bench {
  TemporaryFolder folder;
  std::unique_ptr<RocksDbStore> store = *RocksDbStore::Open(folder.path() + "/store");
};

CommitRequest Request(uint64_t first, size_t count) {
  return {.bundle = {.first = {first},
                     .entries = std::vector<std::string>(count, std::string(90, 'e')),
                     .openings = std::vector<std::string>(count, std::string(200, 'o'))},
          .head_state = std::string(200, 'h'),
          .secrets = {}};
}

DerivedRows Rows(uint64_t first) {
  DerivedRows rows{.records = {}, .contacts = {}, .applied = {1}};
  for (uint64_t i = first; i < first + kRows; ++i) {
    rows.records.push_back({Scattered<ConsumerId>(i), std::string(300, 'r')});
  }
  return rows;
}

void Commits(benchmark::State& state, Bench& bench, uint64_t size) {
  const auto count = static_cast<size_t>(state.range(0));
  CommitRequest request = Request(size, count);
  const Statistics before = bench.store->statistics();
  for (auto _ : state) {
    request.bundle.first = {size};
    if (!bench.store->Commit(kShard, request).ok()) state.SkipWithError("commit failed");
    size += count;
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * count));
  const Statistics after = bench.store->statistics();
  state.counters["syncs"] = static_cast<double>(after.syncs - before.syncs) /
                            static_cast<double>(after.commits - before.commits);
}

void BM_Commit(benchmark::State& state) {
  Bench bench;
  Commits(state, bench, 0);
}
BENCHMARK(BM_Commit)->Arg(1)->Arg(100)->Arg(1000)->UseRealTime();

void BM_CommitWhileWritingBehind(benchmark::State& state) {
  Bench bench;
  if (!bench.store->Commit(kShard, Request(0, 1)).ok()) std::abort();
  std::atomic<bool> done = false;
  std::thread behind([&] {
    for (uint64_t first = 0; !done; first += kRows) {
      if (!bench.store->WriteBehind(kShard, Rows(first)).ok()) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  Commits(state, bench, 1);
  done = true;
  behind.join();
}
BENCHMARK(BM_CommitWhileWritingBehind)->Arg(1)->Arg(100)->UseRealTime();

void BM_WriteBehind1000Records(benchmark::State& state) {
  Bench bench;
  if (!bench.store->Commit(kShard, Request(0, 1)).ok()) std::abort();
  uint64_t first = 0;
  for (auto _ : state) {
    if (!bench.store->WriteBehind(kShard, Rows(first)).ok()) state.SkipWithError("write failed");
    first += kRows;
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRows));
}
BENCHMARK(BM_WriteBehind1000Records)->UseRealTime();

// Argument 1: contacts that are there; 0: contacts that are not.
void BM_ReadContact(benchmark::State& state) {
  Bench bench;
  if (!bench.store->Commit(kShard, Request(0, 1)).ok()) std::abort();
  DerivedRows rows{.records = {}, .contacts = {}, .applied = {1}};
  for (uint64_t i = 0; i < kContacts; ++i) {
    rows.contacts.push_back({Scattered<ContactId>(i), Scattered<ConsumerId>(i)});
  }
  if (!bench.store->WriteBehind(kShard, rows).ok()) std::abort();
  uint64_t number = state.range(0) != 0 ? 0 : kContacts;
  const uint64_t base = number;
  for (auto _ : state) {
    benchmark::DoNotOptimize(bench.store->ReadContact(kShard, Scattered<ContactId>(number)));
    number = base + (number + 7919) % kContacts;
  }
}
BENCHMARK(BM_ReadContact)->Arg(1)->Arg(0);

}  // namespace
}  // namespace consent::store

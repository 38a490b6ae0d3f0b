// SPDX-License-Identifier: Apache-2.0
//
// What counting costs a call and a decision, with one thread and with many.

#include "benchmark/benchmark.h"
#include "src/observe/tallies.h"

namespace consent::observe {
namespace {

Tallies& Shared() {
  static Tallies* const tallies = new Tallies();
  return *tallies;
}

void BM_Decision(benchmark::State& state) {
  for (auto _ : state) {
    Shared().Decided(api::Way::kBatch, core::Channel::kCall, core::Reason::kOk);
  }
}
BENCHMARK(BM_Decision)->Threads(1)->Threads(2)->Threads(8);

// With the two looks at the clock that a call costs besides.
void BM_Call(benchmark::State& state) {
  for (auto _ : state) {
    const int64_t began = SteadyNanos();
    Shared().Ended(0, absl::OkStatus(), SteadyNanos() - began);
  }
}
BENCHMARK(BM_Call)->Threads(1)->Threads(2)->Threads(8);

}  // namespace
}  // namespace consent::observe

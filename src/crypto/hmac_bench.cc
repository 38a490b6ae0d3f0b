// SPDX-License-Identifier: Apache-2.0
//
// What is done with keys at every decision: name a contact point, derive a key, draw an id.

#include <benchmark/benchmark.h>

#include <string>

#include "src/base/ids.h"
#include "src/crypto/hkdf.h"
#include "src/crypto/hmac.h"
#include "src/crypto/random.h"

namespace consent::crypto {
namespace {

void BM_HmacOfAPhoneNumber(benchmark::State& state) {
  const HmacKey key(Secret::Random());
  const std::string message = "tel:+33639980001";
  for (auto _ : state) benchmark::DoNotOptimize(key.Mac(message));
}
BENCHMARK(BM_HmacOfAPhoneNumber);

void BM_HmacWithKeying(benchmark::State& state) {
  const Secret secret = Secret::Random();
  const std::string message = "tel:+33639980001";
  for (auto _ : state) benchmark::DoNotOptimize(HmacKey(secret).Mac(message));
}
BENCHMARK(BM_HmacWithKeying);

void BM_DeriveKey(benchmark::State& state) {
  const Secret secret = Secret::Random();
  for (auto _ : state) benchmark::DoNotOptimize(DeriveKey(secret, "consent bench v1"));
}
BENCHMARK(BM_DeriveKey);

void BM_RandomId(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(RandomId<Handle>());
}
BENCHMARK(BM_RandomId);

}  // namespace
}  // namespace consent::crypto

// SPDX-License-Identifier: Apache-2.0
//
// An opening of 150 bytes, under a new key each time as openings are; and a permit's token.

#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "src/crypto/aead.h"
#include "src/crypto/token.h"

namespace consent::crypto {
namespace {

void BM_SealUnderChangingKeys(benchmark::State& state) {
  const std::array<Secret, 2> keys = {Secret::Random(), Secret::Random()};
  const std::string plaintext(150, 'p');
  size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(Seal(keys[i++ % 2], Nonce(), "", plaintext));
}
BENCHMARK(BM_SealUnderChangingKeys);

void BM_OpenUnderChangingKeys(benchmark::State& state) {
  const std::array<Secret, 2> keys = {Secret::Random(), Secret::Random()};
  const std::string plaintext(150, 'p');
  const std::array<std::string, 2> sealed = {Seal(keys[0], Nonce(), "", plaintext),
                                             Seal(keys[1], Nonce(), "", plaintext)};
  size_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(Open(keys[i % 2], Nonce(), "", sealed[i % 2]));
    ++i;
  }
}
BENCHMARK(BM_OpenUnderChangingKeys);

void BM_SealToken(benchmark::State& state) {
  const TokenKey key(Secret::Random(), "permit");
  const std::string plaintext(28, 'p');
  for (auto _ : state) benchmark::DoNotOptimize(key.SealToken(plaintext));
}
BENCHMARK(BM_SealToken);

void BM_OpenToken(benchmark::State& state) {
  const TokenKey key(Secret::Random(), "permit");
  const std::string token = key.SealToken(std::string(28, 'p'));
  for (auto _ : state) benchmark::DoNotOptimize(key.OpenToken(token));
}
BENCHMARK(BM_OpenToken);

}  // namespace
}  // namespace consent::crypto

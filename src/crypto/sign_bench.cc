// SPDX-License-Identifier: Apache-2.0
//
// Paid once for each statement, when it arrives: never per decision.

#include <benchmark/benchmark.h>

#include <string>

#include "src/crypto/private_key.h"
#include "src/crypto/public_key.h"

namespace consent::crypto {
namespace {

const std::string kMessage(300, 'm');

void BM_Sign(benchmark::State& state, Algorithm algorithm) {
  const PrivateKey key = PrivateKey::Generate(algorithm);
  for (auto _ : state) benchmark::DoNotOptimize(key.Sign(kMessage));
}
BENCHMARK_CAPTURE(BM_Sign, Ed25519, Algorithm::kEd25519);
BENCHMARK_CAPTURE(BM_Sign, EcdsaP256, Algorithm::kEcdsaP256);

void BM_Verify(benchmark::State& state, Algorithm algorithm) {
  const PrivateKey key = PrivateKey::Generate(algorithm);
  const std::string signature = key.Sign(kMessage);
  for (auto _ : state) benchmark::DoNotOptimize(key.public_key().Verify(kMessage, signature));
}
BENCHMARK_CAPTURE(BM_Verify, Ed25519, Algorithm::kEd25519);
BENCHMARK_CAPTURE(BM_Verify, EcdsaP256, Algorithm::kEcdsaP256);

void BM_OfSigner(benchmark::State& state, Algorithm algorithm) {
  const PrivateKey key = PrivateKey::Generate(algorithm);
  const std::string signature = key.Sign(kMessage);
  for (auto _ : state) {
    benchmark::DoNotOptimize(PublicKey::OfSigner(key.public_key().spki(), kMessage, signature));
  }
}
BENCHMARK_CAPTURE(BM_OfSigner, Ed25519, Algorithm::kEd25519);
BENCHMARK_CAPTURE(BM_OfSigner, EcdsaP256, Algorithm::kEcdsaP256);

void BM_ReadPublicKey(benchmark::State& state, Algorithm algorithm) {
  const std::string spki = PrivateKey::Generate(algorithm).public_key().spki();
  for (auto _ : state) benchmark::DoNotOptimize(PublicKey::FromSpki(spki));
}
BENCHMARK_CAPTURE(BM_ReadPublicKey, Ed25519, Algorithm::kEd25519);
BENCHMARK_CAPTURE(BM_ReadPublicKey, EcdsaP256, Algorithm::kEcdsaP256);

}  // namespace
}  // namespace consent::crypto

// SPDX-License-Identifier: Apache-2.0
//
// Sha256 beside the EVP interface it passes over, in its fastest use: an algorithm fetched once and
// one context used again and again.

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <string>

#include "src/crypto/hash.h"

namespace consent::crypto {
namespace {

void BM_Sha256(benchmark::State& state) {
  const std::string message(static_cast<size_t>(state.range(0)), 'm');
  for (auto _ : state) benchmark::DoNotOptimize(Sha256({message}));
}
BENCHMARK(BM_Sha256)->Arg(32)->Arg(65)->Arg(150)->Arg(4096);

void BM_Sha256ByEvp(benchmark::State& state) {
  const std::string message(static_cast<size_t>(state.range(0)), 'm');
  EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Digest digest;
  for (auto _ : state) {
    EVP_DigestInit_ex2(context, algorithm, nullptr);
    EVP_DigestUpdate(context, message.data(), message.size());
    EVP_DigestFinal_ex(context, digest.bytes.data(), nullptr);
    benchmark::DoNotOptimize(digest);
  }
  EVP_MD_CTX_free(context);
  EVP_MD_free(algorithm);
}
BENCHMARK(BM_Sha256ByEvp)->Arg(32)->Arg(65)->Arg(150)->Arg(4096);

}  // namespace
}  // namespace consent::crypto

// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/seeded_random.h"

#include <random>
#include <string>

#include "src/crypto/random.h"

namespace consent {
namespace simulation {
namespace {

std::mt19937_64& Generator() {
  static auto* const generator = new std::mt19937_64();
  return *generator;
}

}  // namespace

void SeedRandom(uint64_t seed) { Generator().seed(seed); }

}  // namespace simulation

namespace crypto {

// The linker takes these, and leaves those of the library where they are.

void FillRandom(void* out, size_t size) {
  auto* const bytes = static_cast<unsigned char*>(out);
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<unsigned char>(simulation::Generator()());
  }
}

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  FillRandom(bytes.data(), size);
  return bytes;
}

}  // namespace crypto
}  // namespace consent

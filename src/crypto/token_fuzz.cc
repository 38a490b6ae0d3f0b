// SPDX-License-Identifier: Apache-2.0
//
// Any bytes sealed come back; any bytes taken for a token are refused, unless they are what sealing
// their plaintext gives.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/crypto/token.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace consent::crypto;
  static const TokenKey& key =
      *new TokenKey(*Secret::FromBytes(std::string(Secret::kSize, 's')), "permit");
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (size <= kMaxTokenPlaintextBytes && *key.OpenToken(key.SealToken(bytes)) != bytes)
    std::abort();
  if (const auto plaintext = key.OpenToken(bytes); plaintext.ok()) {
    if (key.SealToken(*plaintext) != bytes) std::abort();
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
//
// Key sets and tokens from anywhere: none is verified by a key that did not sign it.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/crypto/jwk_set.h"
#include "src/crypto/test_issuer.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using consent::crypto::JwkSet;
  using consent::crypto::TestIssuer;
  // Its key is new in each process: nobody's token verifies.
  static const auto* const kSet =
      new JwkSet(*JwkSet::Parse(TestIssuer::Set(TestIssuer("one").Jwk())));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (kSet->Verify(text).ok()) std::abort();
  const auto set = JwkSet::Parse(text);
  if (set.ok() && (set->size() == 0 || set->size() > JwkSet::kKeysMax)) std::abort();
  return 0;
}

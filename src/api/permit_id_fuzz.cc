// SPDX-License-Identifier: Apache-2.0
//
// Reads any bytes as a permit id. Only an id that this key made is one, and a permit has one id.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/api/permit_id.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace consent;  // NOLINT: a program of one function.
  static const auto* const key = new crypto::TokenKey(
      *crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, 'k')), "permit");
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto name = api::FromPermitId(*key, text);
  if (name.has_value() && api::ToPermitId(*key, *name) != text) std::abort();
  return 0;
}

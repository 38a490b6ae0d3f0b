// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/crypto/pkcs11_uri.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto uri = consent::crypto::ParsePkcs11Uri(text);
  if (!uri.ok()) return 0;
  if (uri->token.empty() || uri->object.empty()) std::abort();
  if (!uri->module_path.starts_with('/') || !uri->pin_path.starts_with('/')) std::abort();
  return 0;
}

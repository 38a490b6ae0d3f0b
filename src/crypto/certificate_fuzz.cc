// SPDX-License-Identifier: Apache-2.0
//
// Certificates from anywhere: what is read holds no URI that ends before its end.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/crypto/certificate.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto read = consent::crypto::ParseCertificates(
      std::string_view(reinterpret_cast<const char*>(data), size));
  if (!read.ok()) return 0;
  if (read->empty()) std::abort();
  for (const auto& certificate : *read) {
    if (certificate.uris.size() > consent::crypto::kUrisMax) std::abort();
    for (const std::string& uri : certificate.uris) {
      if (uri.find('\0') != uri.npos) std::abort();
    }
  }
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
//
// Reads any bytes as a journal's head state, and as the row of a secret. What is accepted is
// canonical, and of the size that it says.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "src/base/codec.h"
#include "src/journal/journal.h"
#include "src/journal/secret_value.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace consent::journal;  // NOLINT: a program of one function.
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto decoded = consent::Decode<HeadState>(bytes);
  if (decoded.ok()) {
    const consent::store::Head head{decoded->tree.size(), std::string(bytes)};
    const auto parsed = ParseHead(head);
    if (!parsed.ok() || consent::Encode(*parsed) != bytes) std::abort();
    (void)parsed->tree.Root();
    if (ParseHead({{head.size.value + 1}, head.state}).ok()) std::abort();
  }
  const auto secret = consent::Decode<SecretValue>(bytes);
  if (secret.ok() && consent::Encode(*secret) != bytes) std::abort();
  return 0;
}

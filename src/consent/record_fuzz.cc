// SPDX-License-Identifier: Apache-2.0
//
// Decodes any bytes as a record: what is accepted is canonical.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/base/codec.h"
#include "src/consent/record.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto record = consent::Decode<consent::core::Record>(bytes);
  if (record.ok() && consent::Encode(*record) != bytes) std::abort();
  return 0;
}

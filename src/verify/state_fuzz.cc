// SPDX-License-Identifier: Apache-2.0
//
// Whatever is taken for a state is written back as it was read.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/verify/state.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto state = consent::verify::ParseState(text);
  if (state.ok() && state->ToText() != text) std::abort();
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
//
// Whatever is taken for a note is written back as it was read; its lines are signature lines.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/tlog/note.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (consent::tlog::ParseSignatureLine(bytes).ok() && bytes.empty()) std::abort();
  const auto note = consent::tlog::ParseNote(bytes);
  if (!note.ok()) return 0;
  if (note->ToString() != bytes) std::abort();
  for (const auto& signature : note->signatures) {
    const auto line = consent::tlog::ParseSignatureLine(signature.ToLine());
    if (!line.ok() || !(*line == signature)) std::abort();
  }
  if (consent::tlog::VerifyNote(*note, {}).ok()) std::abort();
  return 0;
}

// SPDX-License-Identifier: Apache-2.0
//
// Decodes any bytes as the two parts of an event's body. The first byte chooses the kind and the
// part; what is accepted is canonical.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <variant>

#include "src/base/codec.h"
#include "src/consent/event.h"

namespace {

using consent::Reader;
using consent::Writer;
using consent::core::EventBody;

template <typename Body>
void DecodePart(bool company, std::string_view bytes) {
  Body body;
  Reader reader(bytes);
  company ? body.Company(reader) : body.Ledger(reader);
  if (!reader.ok() || reader.remaining() != 0) return;
  std::string again;
  Writer writer(again);
  company ? body.Company(writer) : body.Ledger(writer);
  if (again != bytes) std::abort();
}

// Body number `kind` of the variant; the rest have higher numbers.
template <size_t kIndex = 0>
void DecodeKind(size_t kind, bool company, std::string_view bytes) {
  if constexpr (kIndex < std::variant_size_v<EventBody>) {
    if (kind == kIndex) {
      DecodePart<std::variant_alternative_t<kIndex, EventBody>>(company, bytes);
    } else {
      DecodeKind<kIndex + 1>(kind, company, bytes);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  DecodeKind(static_cast<uint8_t>(bytes[0]) >> 1, (bytes[0] & 1) != 0, bytes.substr(1));
  return 0;
}

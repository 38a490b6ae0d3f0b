// SPDX-License-Identifier: Apache-2.0

#include "src/base/codec.h"

namespace consent {

uint64_t Reader::Varint() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    if (!ok_ || in_.empty()) break;
    const uint8_t byte = static_cast<uint8_t>(in_.front());
    in_.remove_prefix(1);
    if (shift == 63 && byte > 1) break;
    value |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if ((byte & 0x80) == 0) {
      if (byte == 0 && shift > 0) break;  // A longer spelling of a shorter number.
      return value;
    }
  }
  Fail();
  return 0;
}

std::string_view Reader::Raw(uint64_t size) {
  if (!ok_ || size > in_.size()) {
    Fail();
    return {};
  }
  const std::string_view bytes = in_.substr(0, size);
  in_.remove_prefix(size);
  return bytes;
}

}  // namespace consent

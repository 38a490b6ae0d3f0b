// SPDX-License-Identifier: Apache-2.0

#include <sys/random.h>

#include <array>
#include <string>

#include "consent/client.h"

namespace consent {

std::string NewRequestId() {
  std::array<unsigned char, 16> bytes{};
  // So few bytes come whole or not at all. Bytes that are not random could be somebody else's id.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) return "";
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string id;
  id.reserve(2 * bytes.size());
  for (const unsigned char byte : bytes) {
    id.push_back(kDigits[byte >> 4]);
    id.push_back(kDigits[byte & 15]);
  }
  return id;
}

}  // namespace consent

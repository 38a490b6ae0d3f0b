// SPDX-License-Identifier: Apache-2.0

#include "src/base/loopback.h"

namespace consent {

bool IsLoopback(const std::string& address) {
  const size_t colon = address.rfind(':');
  if (colon == std::string::npos) return false;
  const std::string host = address.substr(0, colon);
  if (host == "localhost" || host == "[::1]") return true;
  // 127.0.0.0/8, spelled out: no name and no short form that a resolver might read otherwise.
  int octets = 1;
  int digits = 0;
  int value = 0;
  for (const char c : host) {
    if (c == '.') {
      if (digits == 0) return false;
      ++octets;
      digits = value = 0;
    } else if (c >= '0' && c <= '9' && digits < 3) {
      ++digits;
      value = 10 * value + (c - '0');
      if (value > 255) return false;  // No address, so a resolver would take it for a name.
    } else {
      return false;
    }
  }
  return octets == 4 && digits > 0 && host.starts_with("127.");
}

}  // namespace consent

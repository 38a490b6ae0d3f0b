// SPDX-License-Identifier: Apache-2.0

#include "src/statement/dsse.h"

namespace consent::statement {

std::string PreAuthEncoding(std::string_view payload_type, std::string_view payload) {
  std::string out = "DSSEv1 ";
  out.reserve(payload_type.size() + payload.size() + 32);
  out.append(std::to_string(payload_type.size())).append(" ").append(payload_type).append(" ");
  out.append(std::to_string(payload.size())).append(" ").append(payload);
  return out;
}

}  // namespace consent::statement

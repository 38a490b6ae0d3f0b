// SPDX-License-Identifier: Apache-2.0

#include "src/http/message.h"

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace consent::http {

std::string_view HeaderOf(const Headers& headers, std::string_view name) {
  for (const auto& [key, value] : headers) {
    if (absl::EqualsIgnoreCase(key, absl::string_view(name.data(), name.size()))) return value;
  }
  return {};
}

Response Text(int status, std::string_view line) {
  return {.status = status, .content_type = kPlainText, .body = std::string(line) + "\n"};
}

}  // namespace consent::http

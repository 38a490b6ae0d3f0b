// SPDX-License-Identifier: Apache-2.0

#include "src/contact/messenger_handle.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/contact/phone_number.h"

namespace consent::contact {
namespace {

bool IsLetterOrDigit(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

bool IsNetwork(std::string_view network) {
  return !network.empty() && network.size() <= kMaxNetworkBytes &&
         absl::ascii_isalpha(static_cast<unsigned char>(network.front())) &&
         std::all_of(network.begin(), network.end(),
                     [](char c) { return c == '-' || IsLetterOrDigit(c); });
}

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxHandleBytes && IsLetterOrDigit(name.front()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return c == '.' || c == '_' || c == '-' || IsLetterOrDigit(c); });
}

}  // namespace

absl::StatusOr<std::string> NormaliseHandle(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || !IsNetwork(text.substr(0, colon))) {
    return absl::InvalidArgumentError(
        absl::StrCat("messenger handle: expected im:NETWORK:NAME, the network a letter and up to ",
                     kMaxNetworkBytes - 1, " letters, digits and dashes"));
  }
  std::string canonical(text.substr(0, colon + 1));
  std::string_view handle = text.substr(colon + 1);
  if (handle.starts_with('+')) {
    ASSIGN_OR_RETURN(const std::string number, NormalisePhone(handle));
    canonical += number;
  } else {
    if (handle.starts_with('@')) handle.remove_prefix(1);
    if (!IsName(handle)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "messenger handle: expected after the network a phone number beginning with \"+\", or up "
          "to ",
          kMaxHandleBytes, " letters, digits, dots, dashes and underscores"));
    }
    canonical += handle;
  }
  absl::AsciiStrToLower(&canonical);
  return canonical;
}

}  // namespace consent::contact

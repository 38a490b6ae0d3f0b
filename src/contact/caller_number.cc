// SPDX-License-Identifier: Apache-2.0

#include "src/contact/caller_number.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "src/base/status_macros.h"
#include "src/contact/contact_point.h"

namespace consent::contact {
namespace {

constexpr std::string_view kScheme = "tel:";

}  // namespace

absl::StatusOr<std::string> ParseCallerNumber(std::string_view text) {
  ASSIGN_OR_RETURN(const ContactPoint point, ContactPoint::Parse(text));
  if (point.kind() != ContactPoint::Kind::kPhone) {
    return absl::InvalidArgumentError("expected a phone number in E.164, with its \"+\"");
  }
  return point.uri().substr(kScheme.size());
}

absl::StatusOr<std::string> ParseSender(std::string_view text) {
  constexpr size_t kShortCodeMin = 3, kShortCodeMax = 8, kNameMax = 11;
  const auto is_digit = [](unsigned char c) { return absl::ascii_isdigit(c); };
  const auto is_letter = [](unsigned char c) { return absl::ascii_isalpha(c); };
  const auto is_name = [](unsigned char c) { return absl::ascii_isalnum(c) || c == ' '; };
  if (std::all_of(text.begin(), text.end(), is_digit) && text.size() >= kShortCodeMin &&
      text.size() <= kShortCodeMax) {
    return std::string(text);
  }
  if (std::all_of(text.begin(), text.end(), is_name) &&
      std::any_of(text.begin(), text.end(), is_letter) && text.size() <= kNameMax) {
    return std::string(text);
  }
  absl::StatusOr<std::string> number = ParseCallerNumber(text);
  if (number.ok()) return number;
  return absl::InvalidArgumentError(
      "expected a phone number in E.164, a short code of 3 to 8 digits or a name of up to 11 "
      "letters and digits");
}

}  // namespace consent::contact

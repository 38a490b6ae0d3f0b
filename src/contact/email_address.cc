// SPDX-License-Identifier: Apache-2.0

#include "src/contact/email_address.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::contact {
namespace {

// RFC 5322 atext without "%" and "?".
bool IsLocalCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$&'*+-/=^_`{|}~").find(c) != std::string_view::npos;
}

absl::Status CheckLocalPart(std::string_view local) {
  if (local.empty() || local.size() > kMaxLocalPartBytes) {
    return absl::InvalidArgumentError(absl::StrCat("email address: expected 1 to ",
                                                   kMaxLocalPartBytes, " bytes before the \"@\""));
  }
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos ||
      !std::all_of(local.begin(), local.end(),
                   [](char c) { return c == '.' || IsLocalCharacter(c); })) {
    return absl::InvalidArgumentError(
        "email address: expected ASCII letters, digits and signs other than \"%\" and \"?\" before "
        "the \"@\", with single dots between them");
  }
  return absl::OkStatus();
}

bool IsLabel(std::string_view label) {
  return !label.empty() && label.size() <= kMaxDomainLabelBytes && label.front() != '-' &&
         label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
           return c == '-' || absl::ascii_isalnum(static_cast<unsigned char>(c));
         });
}

absl::Status CheckDomain(std::string_view domain) {
  if (std::any_of(domain.begin(), domain.end(),
                  [](char c) { return static_cast<unsigned char>(c) >= 0x80; })) {
    return absl::InvalidArgumentError(
        "email address: expected an ASCII domain; an internationalised one is given in its "
        "\"xn--\" "
        "form");
  }
  const absl::Status expected = absl::InvalidArgumentError(
      "email address: expected a domain name of at least two labels of letters, digits and inner "
      "dashes after the \"@\"");
  if (domain.size() > kMaxDomainBytes) return expected;
  size_t labels = 0;
  std::string_view rest = domain;
  std::string_view label;
  while (true) {
    const size_t dot = rest.find('.');
    label = rest.substr(0, dot);
    if (!IsLabel(label)) return expected;
    ++labels;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  // A last label of digits only would make it an IP address (RFC 3696, 2).
  const bool numeric = std::all_of(label.begin(), label.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  if (labels < 2 || numeric) return expected;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> NormaliseEmail(std::string_view text) {
  const size_t at = text.rfind('@');
  if (at == std::string_view::npos) {
    return absl::InvalidArgumentError("email address: expected an \"@\"");
  }
  RETURN_IF_ERROR(CheckLocalPart(text.substr(0, at)));
  RETURN_IF_ERROR(CheckDomain(text.substr(at + 1)));
  std::string address(text);
  absl::AsciiStrToLower(&address);
  return address;
}

}  // namespace consent::contact

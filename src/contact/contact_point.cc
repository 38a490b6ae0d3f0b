// SPDX-License-Identifier: Apache-2.0

#include "src/contact/contact_point.h"

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/contact/calling_code.h"
#include "src/contact/email_address.h"
#include "src/contact/messenger_handle.h"
#include "src/contact/phone_number.h"

namespace consent::contact {
namespace {

constexpr std::string_view kTel = "tel:";
constexpr std::string_view kMailto = "mailto:";
constexpr std::string_view kIm = "im:";

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// What follows the scheme, which is in lower case; nullopt if the text does not begin with it.
std::optional<std::string_view> After(std::string_view text, std::string_view scheme) {
  if (text.size() < scheme.size()) return std::nullopt;
  for (size_t i = 0; i < scheme.size(); ++i) {
    if (Lower(text[i]) != scheme[i]) return std::nullopt;
  }
  return text.substr(scheme.size());
}

absl::Status TooLong() {
  return absl::InvalidArgumentError(
      absl::StrCat("contact point: expected at most ", ContactPoint::kMaxBytes, " bytes"));
}

// The canonical address behind its scheme, in one allocation.
std::string Join(std::string_view scheme, std::string_view address) {
  std::string uri;
  uri.reserve(scheme.size() + address.size());
  uri.append(scheme).append(address);
  return uri;
}

}  // namespace

absl::StatusOr<ContactPoint> ContactPoint::Parse(std::string_view text) {
  if (text.size() > kMaxBytes) return TooLong();
  const std::optional<std::string_view> tel = After(text, kTel);
  if (tel.has_value() || text.starts_with('+')) {
    if (IsCanonicalE164(tel.value_or(text))) {
      return ContactPoint(Kind::kPhone, Join(kTel, tel.value_or(text)));
    }
    ASSIGN_OR_RETURN(const std::string number, NormalisePhone(tel.value_or(text)));
    return ContactPoint(Kind::kPhone, Join(kTel, number));
  }
  if (const auto handle = After(text, kIm)) {
    ASSIGN_OR_RETURN(const std::string canonical, NormaliseHandle(*handle));
    return ContactPoint(Kind::kMessenger, Join(kIm, canonical));
  }
  const std::optional<std::string_view> mailto = After(text, kMailto);
  if (mailto.has_value() || text.find('@') != std::string_view::npos) {
    ASSIGN_OR_RETURN(const std::string address, NormaliseEmail(mailto.value_or(text)));
    if (kMailto.size() + address.size() > kMaxBytes) return TooLong();
    return ContactPoint(Kind::kEmail, Join(kMailto, address));
  }
  return absl::InvalidArgumentError(
      "contact point: expected a phone number in international form beginning with \"+\", an email "
      "address, or im:NETWORK:NAME");
}

absl::StatusOr<ContactPoint> ContactPoint::ParseNational(std::string_view text,
                                                         std::string_view region) {
  if (text.size() > kMaxBytes) return TooLong();
  if (text.starts_with('+')) return Parse(text);
  ASSIGN_OR_RETURN(const std::string number, NormaliseNationalPhone(text, region));
  return ContactPoint(Kind::kPhone, Join(kTel, number));
}

}  // namespace consent::contact

// SPDX-License-Identifier: Apache-2.0

#include "src/contact/phone_number.h"

#include <phonenumbers/phonenumber.pb.h>
#include <phonenumbers/phonenumberutil.h>

#include <cstddef>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "src/base/status_macros.h"
#include "src/contact/calling_code.h"

namespace consent::contact {
namespace {

using ::i18n::phonenumbers::PhoneNumber;
using ::i18n::phonenumbers::PhoneNumberUtil;

// More than any number with its prefixes has; bounds the work on hostile input.
constexpr size_t kMaxDigitsRead = 24;
constexpr char kAnywhere[] = "ZZ";

absl::Status NotInternational() {
  return absl::InvalidArgumentError(
      "phone number: expected international form, \"+\" and digits, with only spaces, dots, dashes "
      "and parentheses between them");
}
absl::Status NotNational() {
  return absl::InvalidArgumentError(
      "phone number: expected digits, with only spaces, dots, dashes and parentheses between them");
}
absl::Status NotPossible() {
  return absl::InvalidArgumentError(
      "phone number: expected a calling code in use and a number of a length its country has");
}
absl::Status NotStable() {
  return absl::InvalidArgumentError(
      "phone number: expected one that can be read in one way only, in international form and "
      "without a national prefix");
}

// Silent unless somebody gives it a logger; nobody may, since it quotes what it cannot read.
const PhoneNumberUtil& Library() { return *PhoneNumberUtil::GetInstance(); }

const std::set<std::string>& Regions() {
  static const std::set<std::string>& regions = *[] {
    auto* all = new std::set<std::string>();
    Library().GetSupportedRegions(all);
    return all;
  }();
  return regions;
}

bool IsPunctuation(char c) { return c == ' ' || c == '.' || c == '-' || c == '(' || c == ')'; }

// Appends the digits of the text to `digits`, which may hold a "+" already. False if there is
// anything else in the text than digits and punctuation, if it does not end in a digit, or if the
// digits are too many.
bool AppendDigits(std::string_view text, std::string& digits) {
  if (text.empty() || IsPunctuation(text.back())) return false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (digits.size() > kMaxDigitsRead) return false;
      digits.push_back(c);
    } else if (!IsPunctuation(c)) {
      return false;
    }
  }
  return true;
}

// What the library makes of digits, without asking it again whether the result is stable.
// The unknown region, kAnywhere, suits numbers that begin with "+".
absl::StatusOr<std::string> AskOnce(const std::string& digits, const std::string& region) {
  PhoneNumber number;
  if (Library().Parse(digits, region, &number) != PhoneNumberUtil::NO_PARSING_ERROR ||
      number.has_extension() ||
      Library().IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) {
    return NotPossible();
  }
  std::string e164;
  Library().Format(number, PhoneNumberUtil::E164, &e164);
  if (e164.size() > 1 + kMaxE164Digits) return NotPossible();
  return e164;
}

// The number, which came from the library, if the library leaves it alone when asked again.
absl::StatusOr<std::string> Settled(std::string e164) {
  const absl::StatusOr<std::string> again = AskOnce(e164, kAnywhere);
  if (!again.ok() || *again != e164) return NotStable();
  return e164;
}

absl::StatusOr<std::string> InternationalDigits(std::string_view text) {
  std::string digits = "+";
  if (text.empty() || text[0] != '+' || !AppendDigits(text.substr(1), digits)) {
    return NotInternational();
  }
  return digits;
}

}  // namespace

absl::StatusOr<std::string> NormalisePhone(std::string_view text) {
  if (IsCanonicalE164(text)) return std::string(text);
  ASSIGN_OR_RETURN(std::string digits, InternationalDigits(text));
  // Punctuation gone, the table may know it; then it decides, as for the plain form.
  if (IsCanonicalE164(digits)) return digits;
  ASSIGN_OR_RETURN(std::string e164, AskOnce(digits, kAnywhere));
  if (e164 == digits || IsCanonicalE164(e164)) return e164;
  return Settled(std::move(e164));
}

absl::StatusOr<std::string> NormalisePhoneByLibrary(std::string_view text) {
  ASSIGN_OR_RETURN(const std::string digits, InternationalDigits(text));
  ASSIGN_OR_RETURN(std::string e164, AskOnce(digits, kAnywhere));
  if (e164 == digits) return e164;
  return Settled(std::move(e164));
}

absl::StatusOr<std::string> NormaliseNationalPhone(std::string_view text, std::string_view region) {
  const std::string region_name(region);
  if (!Regions().contains(region_name)) {
    return absl::InvalidArgumentError(
        "region: expected the ISO 3166-1 code of a region with phone numbers, in capitals, such as "
        "\"FR\"");
  }
  std::string digits;
  if (!AppendDigits(text, digits)) return NotNational();
  ASSIGN_OR_RETURN(std::string e164, AskOnce(digits, region_name));
  if (IsCanonicalE164(e164)) return e164;
  return Settled(std::move(e164));
}

}  // namespace consent::contact

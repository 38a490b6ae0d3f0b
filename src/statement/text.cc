// SPDX-License-Identifier: Apache-2.0

#include "src/statement/text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/consent/grant.h"
#include "src/statement/proposal.h"

namespace consent::statement {
namespace {

bool IsAlnum(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); }

// protobuf has refused invalid UTF-8 already: every byte but a continuation begins a character.
bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

absl::Status CheckLength(size_t found, int max, const std::string& field) {
  if (found >= 1 && found <= static_cast<size_t>(max)) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("expected 1 to ", max, " characters, found ", found));
}

}  // namespace

absl::Status CheckPartyId(std::string_view text, const std::string& field) {
  RETURN_IF_ERROR(CheckLength(text.size(), core::kIdBytesMax, field));
  const bool shaped = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  });
  if (shaped) return absl::OkStatus();
  return InvalidField(field,
                      "expected the id of a company: characters a-z 0-9 . _ -, found others; "
                      "use the id under which the directory lists it");
}

absl::Status CheckId(std::string_view text, const std::string& field) {
  RETURN_IF_ERROR(CheckLength(text.size(), core::kIdBytesMax, field));
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; })) {
    return absl::OkStatus();
  }
  return InvalidField(field, "expected printable ASCII characters, found others");
}

absl::Status CheckWords(std::string_view text, int max, const std::string& field) {
  const auto characters = std::count_if(text.begin(), text.end(), BeginsCharacter);
  RETURN_IF_ERROR(CheckLength(static_cast<size_t>(characters), max, field));
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
  });
  if (control) return InvalidField(field, "expected no control characters, found one");
  return absl::OkStatus();
}

absl::Status CheckBytes(std::string_view bytes, size_t size, const std::string& field) {
  if (bytes.size() == size) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("expected ", size, " bytes, found ", bytes.size()));
}

absl::Status CheckZone(std::string_view name, const std::string& field) {
  // Abseil would also open paths and read the machine's own zone; this keeps it to names.
  const bool shaped = !name.empty() && name.size() <= kZoneBytesMax && name.front() >= 'A' &&
                      name.front() <= 'Z' && name.find("//") == std::string_view::npos &&
                      std::all_of(name.begin(), name.end(), [](char c) {
                        return IsAlnum(c) || c == '/' || c == '_' || c == '-' || c == '+';
                      });
  absl::TimeZone zone;
  if (shaped && absl::LoadTimeZone(std::string(name), &zone)) return absl::OkStatus();
  return InvalidField(field,
                      "expected a zone of the IANA time-zone database such as \"Europe/Paris\", "
                      "found another text; leave it empty if it is not known");
}

}  // namespace consent::statement

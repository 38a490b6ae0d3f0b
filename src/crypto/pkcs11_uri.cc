// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/pkcs11_uri.h"

#include <map>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"

namespace consent::crypto {
namespace {

constexpr std::string_view kScheme = "pkcs11:";
constexpr std::string_view kFile = "file:";

absl::Status Malformed(std::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("PKCS #11 URI: ", std::string(what)));
}

std::optional<int> HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  if (lower >= 'a' && lower <= 'f') return lower - 'a' + 10;
  return std::nullopt;
}

std::optional<std::string> Unescape(std::string_view text) {
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(text[i]))) return std::nullopt;
    if (text[i] != '%') {
      plain.push_back(text[i]);
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const std::optional<int> high = HexDigit(text[i + 1]);
    const std::optional<int> low = HexDigit(text[i + 2]);
    if (!high.has_value() || !low.has_value()) return std::nullopt;
    plain.push_back(static_cast<char>(*high * 16 + *low));
    i += 2;
  }
  return plain;
}

using Attributes = std::map<std::string, std::string>;

// `known` names those that may stand in this part.
absl::Status ReadAttributes(std::string_view part, char separator,
                            std::initializer_list<std::string_view> known, Attributes& out) {
  if (part.empty()) return absl::OkStatus();
  for (const absl::string_view word :
       absl::StrSplit(absl::string_view(part.data(), part.size()), separator)) {
    const std::vector<std::string> halves = absl::StrSplit(word, absl::MaxSplits('=', 1));
    bool is_known = false;
    for (const std::string_view name : known) is_known |= halves[0] == name;
    if (!is_known || halves.size() != 2) {
      return Malformed(
          "expected pkcs11:token=T;object=O?module-path=/M&pin-source=/P (and id=%00 with token), "
          "found another attribute");
    }
    std::optional<std::string> value = Unescape(halves[1]);
    if (!value.has_value() || value->empty()) {
      return Malformed(absl::StrCat(halves[0], ": expected a value, %-escaped where need be"));
    }
    if (!out.emplace(halves[0], *std::move(value)).second) {
      return Malformed(absl::StrCat(halves[0], " stands twice"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Pkcs11Uri> ParsePkcs11Uri(std::string_view text) {
  if (!IsPkcs11Uri(text)) return Malformed("expected pkcs11: at the beginning");
  if (text.size() > kPkcs11UriBytesMax) {
    return Malformed(absl::StrCat("expected at most ", kPkcs11UriBytesMax, " bytes"));
  }
  text.remove_prefix(kScheme.size());
  const size_t question = text.find('?');
  Attributes read;
  RETURN_IF_ERROR(ReadAttributes(text.substr(0, question), ';', {"token", "object", "id"}, read));
  if (question != text.npos) {
    RETURN_IF_ERROR(
        ReadAttributes(text.substr(question + 1), '&', {"module-path", "pin-source"}, read));
  }
  Pkcs11Uri uri{read["token"], read["object"], read["id"], read["module-path"], read["pin-source"]};
  if (uri.pin_path.starts_with(kFile)) uri.pin_path.erase(0, kFile.size());
  for (const auto& [name, value] : {std::pair{"token", &uri.token}, {"object", &uri.object}}) {
    if (value->empty()) return Malformed(absl::StrCat(name, " is missing"));
  }
  for (const auto& [name, value] :
       {std::pair{"module-path", &uri.module_path}, {"pin-source", &uri.pin_path}}) {
    if (!value->starts_with('/')) {
      return Malformed(absl::StrCat(name, ": expected an absolute path"));
    }
  }
  return uri;
}

}  // namespace consent::crypto

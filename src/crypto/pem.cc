// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/pem.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/secret.h"

namespace consent::crypto {
namespace {

constexpr size_t kLineChars = 64;

absl::Status Malformed(std::string_view label, const char* what) {
  return absl::InvalidArgumentError(
      absl::StrCat("PEM: expected one block \"", std::string(label), "\", found ", what));
}

// Takes the next line off `text`, without its end. The last line needs none.
std::string_view NextLine(std::string_view& text) {
  const size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace

// Intermediates are wiped because private keys pass through here too.
absl::StatusOr<std::string> DecodePem(std::string_view label, std::string_view text) {
  if (text.size() > kMaxPemBytes) return Malformed(label, "a text longer than any key");
  const std::string begin = absl::StrCat("-----BEGIN ", std::string(label), "-----");
  const std::string end = absl::StrCat("-----END ", std::string(label), "-----");

  if (NextLine(text) != begin) return Malformed(label, "another first line");
  std::string base64;
  base64.reserve(kMaxPemBytes);
  bool ended = false;
  while (!text.empty()) {
    const std::string_view line = NextLine(text);
    if (line == end) {
      ended = true;
      break;
    }
    base64.append(line);
  }
  std::string der;
  std::string again;
  // Base64Unescape forgives white space, missing padding and stray bits; writing the bytes again
  // shows whether there was anything to forgive.
  const bool decodes = absl::Base64Unescape(base64, &der);
  if (decodes) again = absl::Base64Escape(der);
  const bool canonical = decodes && again == base64;
  Wipe(base64);
  Wipe(again);
  if (ended && canonical && text.find_first_not_of(" \t\r\n") == std::string_view::npos) return der;
  Wipe(der);
  if (!ended) return Malformed(label, "no last line");
  if (!canonical) return Malformed(label, "lines that are not canonical base64");
  return Malformed(label, "text after it");
}

std::string EncodePem(std::string_view label, std::string_view der) {
  std::string base64 = absl::Base64Escape(absl::string_view(der.data(), der.size()));
  std::string text;
  text.reserve(base64.size() + base64.size() / kLineChars + 2 * label.size() + 64);
  text.append("-----BEGIN ").append(label).append("-----\n");
  for (size_t at = 0; at < base64.size(); at += kLineChars) {
    text.append(base64, at, kLineChars).push_back('\n');
  }
  text.append("-----END ").append(label).append("-----\n");
  Wipe(base64);
  return text;
}

}  // namespace consent::crypto

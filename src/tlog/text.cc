// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace consent::tlog {
namespace {

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

// Takes a code point off the front; nullopt when what stands there is not the one (shortest)
// encoding of one, or of a surrogate.
std::optional<char32_t> TakeCodePoint(std::string_view& rest) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(rest[i]); };
  const unsigned char lead = byte(0);
  size_t length = 1;
  char32_t value = lead;
  char32_t least = 0;  // The first code point that needs this many bytes.
  if (lead >= 0x80) {
    if (lead >= 0xC0 && lead < 0xE0) {
      length = 2, value = lead & 0x1F, least = 0x80;
    } else if (lead >= 0xE0 && lead < 0xF0) {
      length = 3, value = lead & 0x0F, least = 0x800;
    } else if (lead >= 0xF0 && lead < 0xF8) {
      length = 4, value = lead & 0x07, least = 0x10000;
    } else {
      return std::nullopt;
    }
    if (rest.size() < length) return std::nullopt;
    for (size_t i = 1; i < length; ++i) {
      if ((byte(i) & 0xC0) != 0x80) return std::nullopt;
      value = value << 6 | (byte(i) & 0x3F);
    }
    if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
      return std::nullopt;
    }
  }
  rest.remove_prefix(length);
  return value;
}

// The code points with Unicode's property White_Space; fixed since Unicode 6.3.
bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace

std::optional<uint64_t> ParseDecimal(std::string_view text, uint64_t max) {
  if (text.empty() || text.size() > 20 || (text[0] == '0' && text.size() > 1)) {
    return std::nullopt;
  }
  uint64_t value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const uint64_t digit = c - '0';
    if (digit > max || value > (max - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

std::string EncodeBase64(std::string_view bytes) { return absl::Base64Escape(Absl(bytes)); }

std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string bytes;
  // Abseil also takes spaces, other alphabets, missing padding and stray bits.
  if (!absl::Base64Unescape(Absl(text), &bytes) || EncodeBase64(bytes) != text) {
    return std::nullopt;
  }
  return bytes;
}

std::optional<Digest> ParseDigest(std::string_view text) {
  if (text.size() != 44) return std::nullopt;  // 32 bytes in base64.
  const std::optional<std::string> bytes = DecodeBase64(text);
  return bytes.has_value() ? Digest::FromBytes(*bytes) : std::nullopt;
}

std::string FormatDigest(const Digest& digest) { return EncodeBase64(digest.view()); }

std::optional<std::string_view> TakeLine(std::string_view& rest) {
  const size_t end = rest.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

bool IsNoteText(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::optional<char32_t> c = TakeCodePoint(bytes);
    if (!c.has_value() || (*c < 0x20 && *c != '\n')) return false;
  }
  return true;
}

bool IsKeyName(std::string_view name) {
  if (name.empty() || name.size() > kKeyNameBytesMax) return false;
  while (!name.empty()) {
    const std::optional<char32_t> c = TakeCodePoint(name);
    if (!c.has_value() || *c < 0x20 || *c == '+' || IsSpace(*c)) return false;
  }
  return true;
}

}  // namespace consent::tlog

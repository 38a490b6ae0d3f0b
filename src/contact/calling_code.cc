// SPDX-License-Identifier: Apache-2.0

#include "src/contact/calling_code.h"

#include <array>

namespace consent::contact {
namespace {

constexpr CallingCode kCallingCodes[] = {
#include "src/contact/calling_code_table.inc"
};
constexpr size_t kCount = std::size(kCallingCodes);
constexpr uint8_t kNone = 0xff;
static_assert(kCount < kNone);

// Calling codes are free of prefixes of each other, so the three digits after "+" name one at most:
// the row of the table for each of the thousand, or kNone.
constexpr std::array<uint8_t, 1000> RowsByThreeDigits() {
  std::array<uint8_t, 1000> rows{};
  rows.fill(kNone);
  for (size_t row = 0; row < kCount; ++row) {
    const size_t code = kCallingCodes[row].code;
    const size_t span = code < 10 ? 100 : code < 100 ? 10 : 1;
    for (size_t i = 0; i < span; ++i) rows[code * span + i] = static_cast<uint8_t>(row);
  }
  return rows;
}
constexpr std::array<uint8_t, 1000> kRows = RowsByThreeDigits();

constexpr size_t DigitsIn(uint16_t code) { return code < 10 ? 1 : code < 100 ? 2 : 3; }

}  // namespace

std::span<const CallingCode> CallingCodes() { return kCallingCodes; }

bool IsCanonicalE164(std::string_view text) {
  // "+", three digits to find the row, and one that is certainly national.
  if (text.size() < 5 || text.size() > 1 + kMaxE164Digits || text[0] != '+') return false;
  for (const char c : text.substr(1)) {
    if (c < '0' || c > '9') return false;
  }
  const auto digit = [&](size_t i) { return static_cast<size_t>(text[i] - '0'); };
  const uint8_t row = kRows[digit(1) * 100 + digit(2) * 10 + digit(3)];
  if (row == kNone) return false;
  const CallingCode& rule = kCallingCodes[row];
  const size_t code_digits = DigitsIn(rule.code);
  const size_t length = text.size() - 1 - code_digits;
  const bool prefix_possible = (rule.prefix_digits >> digit(1 + code_digits)) & 1;
  const uint16_t lengths = prefix_possible ? rule.prefix_lengths : rule.lengths;
  return (lengths >> length) & 1;
}

}  // namespace consent::contact

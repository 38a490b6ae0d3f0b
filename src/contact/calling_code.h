// SPDX-License-Identifier: Apache-2.0
//
// The frozen table of calling codes: which E.164 numbers are canonical as they stand.
//
// libphonenumber needs 17 us to say that "+33639980001" is "+33639980001". The table says so in a
// few nanoseconds for nearly every number in use. It holds, for each calling code, the lengths a
// national number may have, and the first digits with which a national prefix (French 0, Russian 8)
// could be meant, together with the lengths at which it cannot.
//
// The table is frozen, not refreshed: a number once accepted under some name must keep that name,
// or the objection filed under it is lost. calling_code_table.py made it from the data of
// libphonenumber 8.12.57; calling_code_property_test.cc proves that both agree. Where newer data
// disagree, the difference is a decision to take, with a migration of the ids it touches.
//
// Threads: safe from any thread. Nothing fails.

#ifndef CONSENT_CONTACT_CALLING_CODE_H_
#define CONSENT_CONTACT_CALLING_CODE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace consent::contact {

// ITU-T E.164: country code and national number together.
inline constexpr size_t kMaxE164Digits = 15;

// Sets are bit masks: of lengths, bit n for n digits; of digits, bit n for the digit n.
struct CallingCode {
  uint16_t code;
  uint16_t lengths;         // of national numbers, where no prefix can be meant
  uint16_t prefix_digits;   // first digits with which a prefix can begin
  uint16_t prefix_lengths;  // lengths of national numbers beginning so that are canonical even so
};

// All calling codes, ascending.
std::span<const CallingCode> CallingCodes();

// Whether the text is "+" and digits, and certainly its own canonical form. False says only that
// the table does not know: a prefix may have to come off, or the number may be impossible.
bool IsCanonicalE164(std::string_view text);

}  // namespace consent::contact

#endif  // CONSENT_CONTACT_CALLING_CODE_H_

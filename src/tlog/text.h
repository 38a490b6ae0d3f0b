// SPDX-License-Identifier: Apache-2.0
//
// What all texts of a log are made of: lines, decimal numbers, base64 and names.
//
// Every value has one spelling here. A reader that took a second one would let two different texts
// say the same thing, and a signature cover one of them while a tool shows the other.
//
// Threads: safe from any thread. No I/O.

#ifndef CONSENT_TLOG_TEXT_H_
#define CONSENT_TLOG_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "src/base/ids.h"

namespace consent::tlog {

// The longest key name, and so the longest origin: what ML-DSA cosignatures leave room for.
inline constexpr size_t kKeyNameBytesMax = 255;

// The number that `text` is in decimal ASCII digits, without a sign or leading zeros; nullopt for
// anything else and for more than `max`.
std::optional<uint64_t> ParseDecimal(std::string_view text, uint64_t max);

// Standard base64 (RFC 4648, section 4) with padding.
std::string EncodeBase64(std::string_view bytes);
// The bytes that EncodeBase64 gives this text for; nullopt when there are none.
std::optional<std::string> DecodeBase64(std::string_view text);

// A hash in base64: nullopt for anything but 32 bytes.
std::optional<Digest> ParseDigest(std::string_view text);
std::string FormatDigest(const Digest& digest);

// Takes a line, without its newline, off the front of `rest`; nullopt, and `rest` as it was, when
// no newline is left.
std::optional<std::string_view> TakeLine(std::string_view& rest);

// Whether the bytes are valid UTF-8 without ASCII control characters (below U+0020) other than
// newline, as signed notes must be.
bool IsNoteText(std::string_view bytes);

// Whether this may name a key: 1 to kKeyNameBytesMax bytes of UTF-8, without control characters,
// Unicode spaces and '+'.
bool IsKeyName(std::string_view name);

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_TEXT_H_

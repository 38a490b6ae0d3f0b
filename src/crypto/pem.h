// SPDX-License-Identifier: Apache-2.0
//
// PEM, the strict form of RFC 7468: DER bytes as text between BEGIN and END lines.
//
// Read: one block and nothing else but white space at the end; lines of any length up to the limit,
// ended by LF or CRLF; padded base64 that encodes its bytes in the one canonical way. Written:
// lines of 64 characters, LF.
//
// Threads: safe from any thread.

#ifndef CONSENT_CRYPTO_PEM_H_
#define CONSENT_CRYPTO_PEM_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace consent::crypto {

// The longest text DecodePem looks at. A key is below 300 bytes.
inline constexpr size_t kMaxPemBytes = 4096;

// The bytes of the block labelled `label`, such as "PUBLIC KEY". InvalidArgument otherwise; the
// error shows nothing of the text.
absl::StatusOr<std::string> DecodePem(std::string_view label, std::string_view text);

// The text of one block.
std::string EncodePem(std::string_view label, std::string_view der);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_PEM_H_

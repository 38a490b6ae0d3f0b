// SPDX-License-Identifier: Apache-2.0
//
// Base64url without padding (RFC 4648, section 5), as JOSE has it; strict: bytes have one spelling.

#ifndef CONSENT_CRYPTO_BASE64URL_H_
#define CONSENT_CRYPTO_BASE64URL_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"

namespace consent::crypto {

inline std::string Base64Url(std::string_view bytes) {
  return absl::WebSafeBase64Escape(absl::string_view(bytes.data(), bytes.size()));
}

// The bytes of `text` if it is their one encoding: without padding, line breaks or loose bits.
inline absl::StatusOr<std::string> FromBase64Url(std::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(absl::string_view(text.data(), text.size()), &bytes) ||
      Base64Url(bytes) != text) {
    return absl::InvalidArgumentError("expected base64url without padding");
  }
  return bytes;
}

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_BASE64URL_H_

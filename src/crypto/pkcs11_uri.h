// SPDX-License-Identifier: Apache-2.0
//
// Where a key lies in a device: a PKCS #11 URI (RFC 7512).
//
//   pkcs11:token=ledger;object=journal-1?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=/run/pin
//
// Of the standard's attributes these are understood: `token` and `object`, both required, and `id`;
// after the question mark `module-path` and `pin-source`, both required, each an absolute path or
// for the pin a file: URI of one. Others, and `pin-value`, which would write the pin beside the key
// it guards, are refused.

#ifndef CONSENT_CRYPTO_PKCS11_URI_H_
#define CONSENT_CRYPTO_PKCS11_URI_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace consent::crypto {

inline constexpr size_t kPkcs11UriBytesMax = 1024;

struct Pkcs11Uri {
  std::string token;   // The token's label.
  std::string object;  // The object's label.
  std::string id;      // The object's CKA_ID, as bytes; empty: any.
  std::string module_path;
  std::string pin_path;
};

// Whether the text means to be one.
inline bool IsPkcs11Uri(std::string_view text) { return text.starts_with("pkcs11:"); }

// InvalidArgument names what was expected and found; nothing of a pin is ever shown.
absl::StatusOr<Pkcs11Uri> ParsePkcs11Uri(std::string_view text);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_PKCS11_URI_H_

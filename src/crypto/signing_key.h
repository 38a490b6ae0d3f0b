// SPDX-License-Identifier: Apache-2.0
//
// SigningKey: a key that signs, wherever it is: in this process (private_key.h), or in a device
// that signs what it is given and shows its key to nobody (pkcs11.h). A device can be absent or
// refuse, so signing can fail.
//
// Cheap to copy. Threads: safe from any thread.

#ifndef CONSENT_CRYPTO_SIGNING_KEY_H_
#define CONSENT_CRYPTO_SIGNING_KEY_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "src/crypto/private_key.h"
#include "src/crypto/public_key.h"

namespace consent::crypto {

class SigningKey {
 public:
  using Signer = std::function<absl::StatusOr<std::string>(std::string_view message)>;

  // A private key is one: it never fails.
  SigningKey(PrivateKey key)  // NOLINT: wherever a signer is wanted, a private key will do.
      : public_key_(key.public_key()),
        sign_([key = std::move(key)](std::string_view message) { return key.Sign(message); }) {}

  // `sign` gives the 64-byte signature in the form that `public_key` verifies.
  SigningKey(PublicKey public_key, Signer sign)
      : public_key_(std::move(public_key)), sign_(std::move(sign)) {}

  // The signature of `message`. Unavailable when the device that holds the key does not give one.
  absl::StatusOr<std::string> Sign(std::string_view message) const { return sign_(message); }

  const PublicKey& public_key() const { return public_key_; }
  Algorithm algorithm() const { return public_key_.algorithm(); }

 private:
  PublicKey public_key_;
  Signer sign_;
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_SIGNING_KEY_H_

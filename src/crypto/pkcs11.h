// SPDX-License-Identifier: Apache-2.0
//
// Keys in a device (PKCS #11 v2.40 and v3.0): a hardware security module, a smart card, SoftHSM.
//
// What is asked of it is little: sign with an Ed25519 key (CKM_EDDSA), and compute an HMAC-SHA256
// (CKM_SHA256_HMAC) with a generic secret key, from which a 32-byte secret follows that the
// device's key cannot be learnt from. The module is loaded once and stays; each key has a session
// of its own, logged in with the pin of a file that nobody else can read.
//
// A session that breaks (the device was away, or reset) is opened again at the next call.
//
// Threads: safe from any thread; calls on one key take turns.

#ifndef CONSENT_CRYPTO_PKCS11_H_
#define CONSENT_CRYPTO_PKCS11_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "src/crypto/pkcs11_uri.h"
#include "src/crypto/secret.h"
#include "src/crypto/signing_key.h"

namespace consent::crypto {

// The Ed25519 key at `uri`. FailedPrecondition names the module, token or object that is not as
// expected, with the device's code; the errors of key_file.h for the pin's file.
absl::StatusOr<SigningKey> OpenPkcs11Key(const Pkcs11Uri& uri);

// HMAC-SHA256(the secret key at `uri`, "consent-ledger/" ‖ name): the same for ever, for whoever
// has the device.
absl::StatusOr<Secret> DerivePkcs11Secret(const Pkcs11Uri& uri, std::string_view name);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_PKCS11_H_

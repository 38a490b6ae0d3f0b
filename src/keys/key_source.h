// SPDX-License-Identifier: Apache-2.0
//
// KeySource: where the service's own keys are found, by name ("pepper.1", "journal.2").
//
// A key is what its name's environment variable says (CONSENTD_KEY_PEPPER_1), or else the file of
// that name in the folder. Either says the key itself, as key_file.h writes it, or a PKCS #11 URI
// (pkcs11_uri.h) of where it is: then the device signs, or a secret is derived from the device's.
//
// Threads: const functions from any thread, but see TakeEnvironment.

#ifndef CONSENT_KEYS_KEY_SOURCE_H_
#define CONSENT_KEYS_KEY_SOURCE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/crypto/key_file.h"
#include "src/crypto/secret.h"
#include "src/crypto/signing_key.h"

namespace consent::keys {

class KeySource {
 public:
  explicit KeySource(std::string folder) : folder_(std::move(folder)) {}

  // Takes the keys that the environment holds, and wipes them there, so that neither a child
  // process nor /proc shows them. Call before other threads run: the environment has no lock.
  // InvalidArgument for a variable that begins like a key's and names none.
  absl::Status TakeEnvironment();

  // The numbers N of which there is a key `kind`.N, the highest first. FailedPrecondition for a
  // file whose name begins so and has no number.
  absl::StatusOr<std::vector<uint32_t>> Numbers(std::string_view kind) const;

  // FailedPrecondition when there is no such key; the errors of key_file.h and pkcs11.h, which name
  // the file or variable.
  absl::StatusOr<crypto::Secret> ReadSecret(const std::string& name) const;
  absl::StatusOr<crypto::SigningKey> ReadSigningKey(const std::string& name) const;

  // Makes a new key there, durably: for a new ledger.
  absl::Status CreateFolder() const;
  absl::Status CreateSecret(const std::string& name) const;
  absl::Status CreateSigningKey(const std::string& name) const;

 private:
  struct Found {
    std::string place;  // For errors.
    crypto::KeyText text;
  };
  absl::StatusOr<Found> Find(const std::string& name) const;
  std::string PathOf(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
  std::map<std::string, crypto::KeyText> environment_;  // By name.
};

}  // namespace consent::keys

#endif  // CONSENT_KEYS_KEY_SOURCE_H_

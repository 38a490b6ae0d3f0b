// SPDX-License-Identifier: Apache-2.0
//
// Keys named on the command line.

#ifndef CONSENT_CONSENTCTL_KEY_INPUT_H_
#define CONSENT_CONSENTCTL_KEY_INPUT_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "src/crypto/private_key.h"
#include "src/crypto/public_key.h"

namespace consent::ctl {

// The private key in a PEM file that nobody else can read. BadInput otherwise.
absl::StatusOr<crypto::PrivateKey> ReadPrivateKey(const std::string& path);

// The public key of a PEM file that holds either kind of key. BadInput otherwise.
absl::StatusOr<crypto::PublicKey> ReadEitherKey(const std::string& path);

// All bytes of a file of at most `bytes_max`. BadInput otherwise.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t bytes_max);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_KEY_INPUT_H_

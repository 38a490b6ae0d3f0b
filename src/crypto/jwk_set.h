// SPDX-License-Identifier: Apache-2.0
//
// JwkSet: the keys of those who issue tokens (RFC 7517), and their tokens verified (RFC 7515).
//
// Unlike our own signed permits (jws.h), such a token says itself by which key it is signed. So the
// key says what may be done with it: its kind fixes the algorithm, EdDSA (Ed25519), ES256 or RS256,
// and a token that names another is refused. There is no `none`, and no secret that verifies.
//
// Threads: immutable; safe from any thread.

#ifndef CONSENT_CRYPTO_JWK_SET_H_
#define CONSENT_CRYPTO_JWK_SET_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace consent::crypto {

class JwkSet {
 public:
  static constexpr size_t kBytesMax = 256 * 1024;
  static constexpr size_t kKeysMax = 64;

  // Keys of other kinds, or for other uses than signatures, are passed over. InvalidArgument where
  // none is left, one lacks its `kid` or shares it, one is unsound or weak (RSA below 2048 bits),
  // and where one is private.
  static absl::StatusOr<JwkSet> Parse(std::string_view json);

  // The payload of a compact token. InvalidArgument for another form, algorithm or type,
  // NotFound for a key that is not of this set, PermissionDenied when the signature is false.
  // No error shows anything of the token.
  absl::StatusOr<std::string> Verify(std::string_view token) const;

  size_t size() const { return keys_.size(); }

  class Key;

 private:
  std::map<std::string, std::shared_ptr<const Key>, std::less<>> keys_;  // By `kid`.
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_JWK_SET_H_

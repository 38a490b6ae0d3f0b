// SPDX-License-Identifier: Apache-2.0
//
// TokenReader: who a bearer token says that its bearer is (JWT, RFC 7519).
//
//   {"iss": ISSUER, "aud": AUDIENCE or [AUDIENCE, ...], "exp": UNIX SECONDS, "nbf": optional,
//    "consent": ["company:acme", ...]}
//
// Signed by a key of the set (crypto::JwkSet). Time is an argument.
//
// Threads: immutable; safe from any thread.

#ifndef CONSENT_ACCESS_TOKEN_H_
#define CONSENT_ACCESS_TOKEN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"
#include "src/access/identity.h"
#include "src/crypto/jwk_set.h"

namespace consent::access {

class TokenReader {
 public:
  static constexpr size_t kTokenBytesMax = 4096;
  // How far the issuer's clock may be off.
  static constexpr int64_t kSkewSeconds = 30;

  // No token is believed that runs out later than so long from now: whoever loses one must not have
  // lost it for years.
  static constexpr int64_t kAheadSecondsMax = 24 * 3600;

  struct Options {
    std::string issuer;
    std::string audience;
  };

  TokenReader(crypto::JwkSet keys, Options options)
      : keys_(std::move(keys)), options_(std::move(options)) {}

  struct Bearer {
    Caller caller;
    int64_t until = 0;  // Unix seconds, exclusive; the skew included.
  };

  // Unauthenticated, with the reason BAD_CREDENTIALS or CREDENTIALS_EXPIRED, and no word of the
  // token. About 100 us.
  absl::StatusOr<Bearer> Read(std::string_view token, int64_t now) const;

 private:
  const crypto::JwkSet keys_;
  const Options options_;
};

}  // namespace consent::access

#endif  // CONSENT_ACCESS_TOKEN_H_

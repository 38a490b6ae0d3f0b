// SPDX-License-Identifier: Apache-2.0
//
// Require: ends the process when what cannot fail has failed. Used here and in merkle: for OpenSSL
// calls that only a lack of memory or of entropy makes fail, and for limits no caller comes near:
// to go on would be to sign, hash or seal something else than was asked.

#ifndef CONSENT_CRYPTO_REQUIRE_H_
#define CONSENT_CRYPTO_REQUIRE_H_

#include <cstdio>
#include <cstdlib>

namespace consent::crypto {

// `what` is a constant of the program, never data.
inline void Require(bool holds, const char* what) {
  if (holds) [[likely]] {
    return;
  }
  std::fprintf(stderr, "fatal: crypto: %s\n", what);
  std::abort();
}

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_REQUIRE_H_

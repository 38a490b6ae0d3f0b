// SPDX-License-Identifier: Apache-2.0
//
// Certificate: what an X.509 certificate says of whose it is, and when. Nothing here decides
// whether to believe it: that is TLS's (tls_server.h), which has verified a peer's before anybody
// reads it.
//
// Threads: values; safe from any thread.

#ifndef CONSENT_CRYPTO_CERTIFICATE_H_
#define CONSENT_CRYPTO_CERTIFICATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace consent::crypto {

// Of a PEM text with certificates.
inline constexpr size_t kCertificatesBytesMax = 256 * 1024;
// Of one certificate; more URIs than that are more than anybody is.
inline constexpr size_t kUrisMax = 64;

struct Certificate {
  std::string subject = {};  // For people: "CN=ledger.example".
  // The URIs among the subject's alternative names, in their order.
  std::vector<std::string> uris = {};
  // Unix seconds; the last one inclusive.
  int64_t not_before = 0;
  int64_t not_after = 0;
};

// The certificates of a PEM text, in their order: text between the blocks is skipped, blocks of
// other kinds are not certificates. InvalidArgument where there is none, one cannot be read, or one
// has too many URIs, or one with a zero byte.
absl::StatusOr<std::vector<Certificate>> ParseCertificates(std::string_view pem);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_CERTIFICATE_H_

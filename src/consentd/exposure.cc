// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/exposure.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/loopback.h"
#include "src/base/status_macros.h"
#include "src/consentd/log.h"

namespace consent::consentd {
namespace {

absl::Status Wrong(const std::string& message) { return absl::InvalidArgumentError(message); }

absl::Status CheckLoopback(const std::string& setting, const std::string& address) {
  if (address.empty() || IsLoopback(address)) return absl::OkStatus();
  return Wrong(absl::StrCat(setting, ": expected a loopback address such as 127.0.0.1:7420, found ",
                            address,
                            "; elsewhere this service listens only with TLS, and only to callers "
                            "it knows: give --tls-cert "
                            "and --tls-key, and --tls-client-ca or --jwks"));
}

// A setting that means nothing without another.
absl::Status CheckNeeds(const std::string& setting, const std::string& value,
                        const std::string& other, const std::string& other_value) {
  if (value.empty() || !other_value.empty()) return absl::OkStatus();
  return Wrong(absl::StrCat(setting, ": expected together with --", other, ", found without it"));
}

}  // namespace

absl::StatusOr<Exposure> ExposureOf(const Config& config) {
  RETURN_IF_ERROR(CheckNeeds("tls-cert", config.tls_cert, "tls-key", config.tls_key));
  RETURN_IF_ERROR(CheckNeeds("tls-key", config.tls_key, "tls-cert", config.tls_cert));
  RETURN_IF_ERROR(CheckNeeds("tls-client-ca", config.tls_client_ca, "tls-cert", config.tls_cert));
  // A bearer token in clear is everybody's.
  RETURN_IF_ERROR(CheckNeeds("jwks", config.jwks, "tls-cert", config.tls_cert));
  RETURN_IF_ERROR(CheckNeeds("jwks", config.jwks, "jwt-issuer", config.jwt_issuer));
  RETURN_IF_ERROR(CheckNeeds("jwks", config.jwks, "jwt-audience", config.jwt_audience));
  RETURN_IF_ERROR(CheckNeeds("jwt-issuer", config.jwt_issuer, "jwks", config.jwks));
  RETURN_IF_ERROR(CheckNeeds("jwt-audience", config.jwt_audience, "jwks", config.jwks));
  if (config.tls_cert.empty()) {
    RETURN_IF_ERROR(CheckLoopback("grpc", config.grpc));
    RETURN_IF_ERROR(CheckLoopback("http", config.http));
    return Exposure::kDevelopment;
  }
  if (config.development) {
    return Wrong("development: expected without TLS settings, found --tls-cert; leave one out");
  }
  if (config.tls_client_ca.empty() && config.jwks.empty()) {
    return Wrong(
        "tls-cert: expected together with --tls-client-ca or --jwks, found without both: nobody "
        "could say who they are");
  }
  return Exposure::kProtected;
}

void WarnOfDevelopment(bool meant) {
  LogWarning(
      "DEVELOPMENT MODE: nothing is encrypted and nobody authenticated; everybody on this "
      "machine may do everything",
      meant ? nlohmann::ordered_json()
            : nlohmann::ordered_json{
                  {"advice",
                   "give --tls-cert, --tls-key and --tls-client-ca to protect the ledger, "
                   "or --development to say that this is meant"}});
}

}  // namespace consent::consentd

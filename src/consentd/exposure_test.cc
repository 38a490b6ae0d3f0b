// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/exposure.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::consentd {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Config Protected() {
  Config config;
  config.grpc = "0.0.0.0:7420";
  config.http = "[::]:8080";
  config.tls_cert = "cert.pem";
  config.tls_key = "key.pem";
  config.tls_client_ca = "ca.pem";
  return config;
}

TEST(ExposureTest, OnLoopbackWithoutACertificateItIsDevelopment) {
  Config config;
  EXPECT_THAT(ExposureOf(config), IsOkAndHolds(Exposure::kDevelopment));
  config.development = true;
  config.http = "[::1]:0";
  EXPECT_THAT(ExposureOf(config), IsOkAndHolds(Exposure::kDevelopment));
}

TEST(ExposureTest, ElsewhereItIsProtectedOrDoesNotStart) {
  EXPECT_THAT(ExposureOf(Protected()), IsOkAndHolds(Exposure::kProtected));
  for (const char* address :
       {"0.0.0.0:7420", "[::]:7420", "10.0.0.1:7420", "ledger.example:7420"}) {
    for (const bool development : {false, true}) {
      Config config;
      config.development = development;
      config.grpc = address;
      EXPECT_THAT(ExposureOf(config),
                  StatusIs(absl::StatusCode::kInvalidArgument,
                           AllOf(HasSubstr("grpc: expected a loopback address"), HasSubstr(address),
                                 HasSubstr("--tls-client-ca"))));
      config.grpc = "127.0.0.1:7420";
      config.http = address;
      EXPECT_THAT(ExposureOf(config), StatusIs(absl::StatusCode::kInvalidArgument,
                                               HasSubstr("http: expected a loopback address")));
    }
  }
}

TEST(ExposureTest, TokensAloneAreEnoughToKnowCallers) {
  Config config = Protected();
  config.tls_client_ca.clear();
  config.jwks = "keys.json";
  config.jwt_issuer = "https://issuer.example";
  config.jwt_audience = "ledger.example";
  EXPECT_THAT(ExposureOf(config), IsOkAndHolds(Exposure::kProtected));
}

TEST(ExposureTest, SettingsThatAreHalfGivenAreNamed) {
  const std::vector<std::pair<std::function<void(Config&)>, std::string>> faults = {
      {[](Config& c) { c.tls_key.clear(); }, "tls-cert: expected together with --tls-key"},
      {[](Config& c) { c.tls_cert.clear(); }, "tls-key: expected together with --tls-cert"},
      {[](Config& c) { c.tls_cert.clear(), c.tls_key.clear(); },
       "tls-client-ca: expected together with --tls-cert"},
      {[](Config& c) { c.tls_client_ca.clear(); }, "tls-cert: expected together with"},
      {[](Config& c) { c.jwks = "k", c.jwt_issuer = "i"; },
       "jwks: expected together with --jwt-audience"},
      {[](Config& c) { c.jwks = "k", c.jwt_audience = "a"; },
       "jwks: expected together with --jwt-issuer"},
      {[](Config& c) { c.jwt_issuer = "i"; }, "jwt-issuer: expected together with --jwks"},
      {[](Config& c) { c.jwt_audience = "a"; }, "jwt-audience: expected together with --jwks"},
      {[](Config& c) {
         c = Config();
         c.jwks = "k", c.jwt_issuer = "i", c.jwt_audience = "a";
       },
       "jwks: expected together with --tls-cert"},
      {[](Config& c) { c.development = true; }, "development: expected without TLS settings"},
  };
  for (const auto& [spoil, message] : faults) {
    Config config = Protected();
    spoil(config);
    EXPECT_THAT(ExposureOf(config),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)));
  }
}

}  // namespace
}  // namespace consent::consentd

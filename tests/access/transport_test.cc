// SPDX-License-Identifier: Apache-2.0
//
// TLS on both ports: which versions are spoken, who is behind a call over HTTP, and certificates
// that are replaced under load without a failed call.

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/api/test_matrix.h"
#include "src/api/test_server.h"
#include "tests/access/exposed_service.h"

namespace consent::tests {
namespace {

using ::testing::HasSubstr;

constexpr char kGetLedger[] = "/consent.v1.DirectoryService/GetLedger";
constexpr std::chrono::seconds kTakenWithin(20);

class TransportTest : public testing::Test {
 protected:
  // What the openssl program says of the certificate it is shown over TLS of this version.
  std::string Shown(const std::string& address, const std::string& version) {
    Shell(service_.folder(), absl::StrCat("openssl s_client -connect ", address,
                                          " -servername localhost", " -alpn h2 ", version,
                                          " </dev/null 2>/dev/null | openssl "
                                          "x509 -noout -serial >shown 2>/dev/null"));
    return ReadText(service_.File("shown"));
  }
  std::string SerialOf(const Pair& pair) {
    WriteText(service_.File("one.pem"), pair.certificate);
    Shell(service_.folder(), "openssl x509 -in one.pem -noout -serial >serial");
    return ReadText(service_.File("serial"));
  }
  bool BecomesShown(const std::string& address, const std::string& serial) {
    const auto until = std::chrono::steady_clock::now() + kTakenWithin;
    while (Shown(address, "-tls1_3") != serial) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    return true;
  }
  // The status and body of a call over HTTP.
  std::string Curl(const std::string& more, const std::string& path) {
    Shell(service_.folder(),
          absl::StrCat("curl -sS --max-time 10 --cacert ca.pem -w '\\n%{http_code}' ", more,
                       " https://", service_.http_address(), path, " >answer 2>&1"));
    return ReadText(service_.File("answer"));
  }

  ExposedService service_;
};

TEST_F(TransportTest, OnlyTls13IsSpoken) {
  for (const std::string& address : {service_.grpc_address(), service_.http_address()}) {
    EXPECT_EQ(Shown(address, "-no_tls1_3"), "") << address;
    EXPECT_EQ(Shown(address, "-tls1_2"), "") << address;
    EXPECT_THAT(Shown(address, "-tls1_3"), HasSubstr("serial=")) << address;
  }
}

TEST_F(TransportTest, CallsOverHttpAreThoseOfTheirCaller) {
  const Pair acme = service_.authority.Issue("URI:consent:company:acme");
  WriteText(service_.File("acme.pem"), acme.certificate);
  WriteText(service_.File("acme.key"), acme.key);
  const std::string json = "-H 'Content-Type: application/json' -d ";
  const std::string check = json + R"('{"company":"acme"}')";
  const std::string path = "/consent.v1.ContactService/Check";
  EXPECT_THAT(Curl(check, path), HasSubstr("NO_CREDENTIALS"));
  EXPECT_THAT(Curl(check, path), HasSubstr("\n401"));
  const std::string as_acme = "--cert acme.pem --key acme.key ";
  EXPECT_THAT(Curl(as_acme + check, path), HasSubstr("INVALID_FIELD"));
  EXPECT_THAT(Curl(as_acme + json + R"('{"company":"beta"}')", path), HasSubstr("NOT_ALLOWED"));
  EXPECT_THAT(Curl(as_acme + json + R"('{"company":"beta"}')", path), HasSubstr("\n403"));
  // What it says of itself in headers is nothing.
  EXPECT_THAT(Curl("-H 'consent-certificate-bin: x' -H 'consent-door-bin: x' " + check, path),
              HasSubstr("NO_CREDENTIALS"));
  EXPECT_THAT(Curl(as_acme + "-H 'Origin: https://elsewhere.example' " + check, path),
              HasSubstr("Origin"));
}

TEST_F(TransportTest, TheLogsArePublic) {
  EXPECT_THAT(Curl("", "/1/checkpoint"), HasSubstr("\n200"));
  EXPECT_THAT(Curl("", "/.well-known/jwks.json"), HasSubstr("\n200"));
}

TEST_F(TransportTest, CertificatesAreReplacedUnderLoadWithoutAFailedCall) {
  const Pair admin = service_.authority.Issue("URI:consent:admin");
  std::atomic<bool> stop{false};
  std::atomic<int> calls{0};
  std::atomic<int> failures{0};
  std::vector<std::thread> load;
  for (int i = 0; i < 3; ++i) {
    load.emplace_back([&] {
      std::shared_ptr<grpc::Channel> channel = service_.Connect(&admin);
      for (int n = 1; !stop; ++n) {
        // Both those who stay connected and those who come anew.
        if (n % 20 == 0) channel = service_.Connect(&admin);
        if (api::CallRaw(channel, kGetLedger, "", {}).code() != grpc::StatusCode::OK) ++failures;
        ++calls;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
  }
  for (int round = 0; round < 2; ++round) {
    const Pair next = service_.authority.Issue("DNS:localhost,IP:127.0.0.1");
    service_.Install(next);
    EXPECT_TRUE(BecomesShown(service_.grpc_address(), SerialOf(next)));
    EXPECT_TRUE(BecomesShown(service_.http_address(), SerialOf(next)));
    // A pair that does not match, one that has expired, and no certificate at all change nothing.
    const Pair other = service_.authority.Issue("DNS:localhost");
    service_.Install({.certificate = other.certificate, .key = next.key});
    std::this_thread::sleep_for(std::chrono::milliseconds(2500));
    EXPECT_EQ(Shown(service_.grpc_address(), "-tls1_3"), SerialOf(next));
    service_.Install(round == 0 ? service_.authority.Issue("DNS:localhost", -1)
                                : Pair{.certificate = "nothing", .key = next.key});
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    EXPECT_EQ(Shown(service_.grpc_address(), "-tls1_3"), SerialOf(next));
  }
  stop = true;
  for (std::thread& thread : load) thread.join();
  EXPECT_EQ(failures, 0) << "of " << calls;
  EXPECT_GT(calls, 100);
}

TEST_F(TransportTest, AnAuthorityThatIsTakenAwayVouchesForNobodyNew) {
  const Pair admin = service_.authority.Issue("URI:consent:admin");
  ASSERT_EQ(api::CallRaw(service_.Connect(&admin), kGetLedger, "", {}).code(), 0);
  const Authority next(service_.folder(), "next");
  const Pair new_admin = next.Issue("URI:consent:admin");
  WriteText(service_.File("ca.pem"), next.certificate());
  const auto until = std::chrono::steady_clock::now() + kTakenWithin;
  while (api::CallRaw(service_.Connect(&new_admin), kGetLedger, "", {}).code() != 0) {
    ASSERT_LT(std::chrono::steady_clock::now(), until);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(api::CallRaw(service_.Connect(&admin), kGetLedger, "", {}).code(),
            grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace consent::tests

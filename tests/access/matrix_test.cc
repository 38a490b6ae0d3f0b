// SPDX-License-Identifier: Apache-2.0
//
// Every method × every kind of caller: without a certificate, with one of another authority, with
// one that has expired, with one that names nobody, and with one for each role, about itself and
// about others. What ought to come of it: src/api/test_matrix.h.

#include <map>
#include <string>

#include "gtest/gtest.h"
#include "src/api/test_matrix.h"
#include "src/api/test_server.h"
#include "tests/access/exposed_service.h"

namespace consent::tests {
namespace {

using api::AllAttempts;
using api::AllMethods;
using api::Attempt;
using api::CallRaw;
using api::FailsWith;

class MatrixTest : public testing::Test {
 protected:
  void ExpectEverywhere(const std::shared_ptr<grpc::Channel>& channel, grpc::StatusCode code,
                        const std::string& reason) {
    for (const std::string& method : AllMethods()) {
      EXPECT_TRUE(FailsWith(CallRaw(channel, method, "", {}), code, reason)) << method;
    }
  }

  ExposedService service_;
};

TEST_F(MatrixTest, WithoutACertificateNothingIsAnswered) {
  ExpectEverywhere(service_.Connect(), grpc::StatusCode::UNAUTHENTICATED, "NO_CREDENTIALS");
}

TEST_F(MatrixTest, ACertificateOfAnotherAuthorityMakesNoConnection) {
  const Authority other(service_.folder(), "other");
  const Pair caller = other.Issue("URI:consent:company:acme,URI:consent:admin");
  ExpectEverywhere(service_.Connect(&caller), grpc::StatusCode::UNAVAILABLE, "");
}

TEST_F(MatrixTest, ACertificateThatHasExpiredMakesNoConnection) {
  const Pair caller = service_.authority.Issue("URI:consent:company:acme,URI:consent:admin", -1);
  ExpectEverywhere(service_.Connect(&caller), grpc::StatusCode::UNAVAILABLE, "");
}

TEST_F(MatrixTest, ACertificateThatNamesNobodyIsNobody) {
  for (const char* names :
       {"DNS:acme.example", "URI:spiffe://acme/dialer", "URI:consent:owner:x",
        "URI:consent:company:acme,URI:consent:everything", "DNS:consent.company.acme"}) {
    const Pair caller = service_.authority.Issue(names);
    ExpectEverywhere(service_.Connect(&caller), grpc::StatusCode::UNAUTHENTICATED,
                     "BAD_CREDENTIALS");
  }
}

TEST_F(MatrixTest, EveryRoleMayDoWhatItsRowSaysAndNothingElse) {
  std::map<std::string, std::shared_ptr<grpc::Channel>> channels;
  for (const bool allowed : {false, true}) {
    for (const Attempt& attempt : AllAttempts()) {
      if (attempt.allowed != allowed) continue;
      std::shared_ptr<grpc::Channel>& channel = channels[attempt.caller];
      if (channel == nullptr) {
        const Pair caller = service_.authority.Issue("URI:consent:" + attempt.caller);
        channel = service_.Connect(&caller);
      }
      const google::rpc::Status status = CallRaw(channel, attempt.method, attempt.request, {});
      if (allowed) {
        EXPECT_TRUE(api::WasLetIn(status)) << attempt.ToString() << ": " << status.message();
      } else {
        EXPECT_TRUE(FailsWith(status, grpc::StatusCode::PERMISSION_DENIED, "NOT_ALLOWED"))
            << attempt.ToString();
      }
    }
  }
}

TEST_F(MatrixTest, NobodyPassesByTheDoorForAnotherPort) {
  const std::string own_words = service_.authority.Issue("URI:consent:admin").certificate;
  for (const std::string& key : {std::string(), std::string(32, 'k')}) {
    const google::rpc::Status status =
        CallRaw(service_.Connect(), "/consent.v1.DirectoryService/GetLedger", "",
                {{"consent-door-bin", key}, {"consent-certificate-bin", own_words}});
    EXPECT_TRUE(FailsWith(status, grpc::StatusCode::UNAUTHENTICATED, "NO_CREDENTIALS"));
  }
  EXPECT_TRUE(FailsWith(CallRaw(service_.Connect(), "/consent.v1.DirectoryService/GetLedger", "",
                                {{"consent-certificate-bin", own_words}}),
                        grpc::StatusCode::UNAUTHENTICATED, "NO_CREDENTIALS"));
}

TEST_F(MatrixTest, HealthAsksNobody) {
  EXPECT_EQ(CallRaw(service_.Connect(), "/grpc.health.v1.Health/Check", "", {}).code(),
            grpc::StatusCode::OK);
}

}  // namespace
}  // namespace consent::tests

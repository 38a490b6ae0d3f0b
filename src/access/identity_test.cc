// SPDX-License-Identifier: Apache-2.0

#include "src/access/identity.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::access {
namespace {

TEST(IdentityTest, EveryRoleIsReadAsItIsWritten) {
  for (const char* word : {"company:acme", "processor:callco", "registrar:operator1",
                           "app:my.app_2", "auditor", "regulator", "admin"}) {
    const auto identity = ParseIdentity(word);
    ASSERT_THAT(identity, IsOk()) << word;
    EXPECT_EQ(ToString(*identity), word);
    EXPECT_THAT(ParseIdentityUri(std::string("consent:") + word), IsOkAndHolds(*identity));
  }
}

TEST(IdentityTest, AWordThatIsNotExactlyOneIsNone) {
  const std::vector<std::string> words = {"",
                                          ":",
                                          "company",
                                          "company:",
                                          "company:Acme",
                                          "company:acme ",
                                          " company:acme",
                                          "Company:acme",
                                          "company:ac me",
                                          "company:acme:x",
                                          "company:acme,admin",
                                          "company:*",
                                          "owner:x",
                                          "admin:",
                                          "admin:root",
                                          "auditor:a",
                                          std::string("company:acme\0", 13),
                                          "company:" + std::string(65, 'a')};
  for (const std::string& word : words) {
    EXPECT_THAT(ParseIdentity(word), StatusIs(absl::StatusCode::kInvalidArgument)) << word;
  }
  EXPECT_THAT(ParseIdentity("company:" + std::string(64, 'a')), IsOk());
}

TEST(IdentityTest, UrisOfOthersAreNotOursAndOursMustSaySomething) {
  EXPECT_THAT(ParseIdentityUri("spiffe://acme/dialer"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ParseIdentityUri("company:acme"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(ParseIdentityUri("consent:"), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(ParseIdentityUri("consent:admin:x"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CallerTest, NobodyIsNoCallerAndTooManyAreNone) {
  EXPECT_THAT(Caller::Of({}), StatusIs(absl::StatusCode::kInvalidArgument));
  const Identity admin{.role = Role::kAdmin};
  EXPECT_THAT(Caller::Of(std::vector<Identity>(32, admin)), IsOk());
  EXPECT_THAT(Caller::Of(std::vector<Identity>(33, admin)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CallerTest, HasOneNameInWhateverOrderItsWordsAreSaid) {
  const Identity acme = *ParseIdentity("company:acme"), admin{.role = Role::kAdmin};
  EXPECT_EQ(Caller::Of({acme, admin, acme})->name(), "admin,company:acme");
  EXPECT_EQ(Caller::Of({admin, acme})->name(), "admin,company:acme");
}

TEST(CallerTest, IsWhoItSaidAndNobodyElse) {
  const auto caller = Caller::Of({*ParseIdentity("company:acme"),
                                  *ParseIdentity("processor:callco"), *ParseIdentity("auditor")});
  ASSERT_THAT(caller, IsOk());
  EXPECT_TRUE(caller->Is(Role::kCompany, "acme"));
  EXPECT_FALSE(caller->Is(Role::kCompany, "callco"));
  EXPECT_FALSE(caller->Is(Role::kProcessor, "acme"));
  EXPECT_FALSE(caller->Is(Role::kCompany, ""));
  EXPECT_FALSE(caller->Is(Role::kAuditor, "")) << "a role without a name owns nothing";
  EXPECT_TRUE(caller->Has(Role::kAuditor));
  EXPECT_FALSE(caller->Has(Role::kAdmin));
}

}  // namespace
}  // namespace consent::access

// SPDX-License-Identifier: Apache-2.0

#include "src/statement/role.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/statement/sample.h"

namespace consent::statement {
namespace {

using core::Signer;

std::string Signers(const v1::Statement& message) {
  std::string out;
  for (const auto& [signer, letter] :
       {std::pair{Signer::kConsumer, 'P'}, std::pair{Signer::kRegistrar, 'R'},
        std::pair{Signer::kCompany, 'C'}}) {
    if (MaySign(signer, message.body_case())) out.push_back(letter);
  }
  return out;
}

TEST(RoleTest, EachBodyHasItsSigners) {
  EXPECT_EQ(Signers(SampleKeyBinding()), "R");
  EXPECT_EQ(Signers(SampleGrant()), "P");
  EXPECT_EQ(Signers(SampleClaim()), "RC");
  EXPECT_EQ(Signers(SampleRevocation()), "PRC");
  EXPECT_EQ(Signers(SampleBlock()), "PR");
  EXPECT_EQ(Signers(SampleUnblock()), "PR");
  EXPECT_EQ(Signers(SampleViewRequest()), "P");
  EXPECT_EQ(Signers(SampleEraseRequest()), "P");
  EXPECT_EQ(Signers(v1::Statement()), "");
}

TEST(RoleTest, NobodySignsNothing) {
  EXPECT_FALSE(MaySign(Signer::kUnspecified, v1::Statement::kGrant));
  EXPECT_FALSE(MaySign(static_cast<Signer>(77), v1::Statement::kGrant));
  EXPECT_FALSE(MaySign(Signer::kConsumer, v1::Statement::BODY_NOT_SET));
}

TEST(RoleTest, TheTableCoversEveryBodyOfTheContract) {
  const auto* oneof = v1::Statement::descriptor()->FindOneofByName("body");
  ASSERT_NE(oneof, nullptr);
  for (int i = 0; i < oneof->field_count(); ++i) {
    const auto body = static_cast<v1::Statement::BodyCase>(oneof->field(i)->number());
    EXPECT_EQ(BodyName(body), oneof->field(i)->name());
  }
  EXPECT_EQ(BodyName(v1::Statement::BODY_NOT_SET), "");
}

TEST(RoleTest, TheCompanyIsTheOneTheBodySpeaksOf) {
  EXPECT_EQ(CompanyOf(SampleGrant()), "acme");
  EXPECT_EQ(CompanyOf(SampleClaim()), "acme");
  EXPECT_EQ(CompanyOf(SampleRevocation()), "acme");
  EXPECT_EQ(CompanyOf(SampleBlock()), "*");
  EXPECT_EQ(CompanyOf(SampleUnblock()), "acme");
  EXPECT_EQ(CompanyOf(SampleKeyBinding()), "");
  EXPECT_EQ(CompanyOf(SampleViewRequest()), "");
  EXPECT_EQ(CompanyOf(SampleEraseRequest()), "");
  EXPECT_EQ(CompanyOf(v1::Statement()), "");
}

}  // namespace
}  // namespace consent::statement

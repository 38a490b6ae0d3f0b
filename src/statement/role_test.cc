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
  EXPECT_EQ(Signers(SamplePreferences()), "P");
  EXPECT_EQ(Signers(SampleContractClaim()), "PRC");
  EXPECT_EQ(Signers(SampleContest()), "PR");
  EXPECT_EQ(Signers(SampleCallbackRequest()), "PRC");
  EXPECT_EQ(Signers(SampleHolderChange()), "R");
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
  EXPECT_EQ(CompanyOf(SampleContractClaim()), "acme");
  EXPECT_EQ(CompanyOf(SampleContest()), "acme");
  EXPECT_EQ(CompanyOf(SampleCallbackRequest()), "acme");
  EXPECT_EQ(CompanyOf(SamplePreferences()), "");
  EXPECT_EQ(CompanyOf(SampleHolderChange()), "");
  EXPECT_EQ(CompanyOf(SampleKeyBinding()), "");
  EXPECT_EQ(CompanyOf(SampleViewRequest()), "");
  EXPECT_EQ(CompanyOf(SampleEraseRequest()), "");
  EXPECT_EQ(CompanyOf(v1::Statement()), "");
}

TEST(RoleTest, TheNameOfAGroupOrAProcessorIsNoCompany) {
  v1::Statement unblock = SampleUnblock();
  v1::Statement block = SampleBlock();
  for (const auto& [whose, company] :
       {std::pair{v1::BLOCK_TARGET_UNSPECIFIED, "acme"},
        std::pair{v1::BLOCK_TARGET_COMPANY, "acme"}, std::pair{v1::BLOCK_TARGET_GROUP, ""},
        std::pair{v1::BLOCK_TARGET_PROCESSOR, ""}}) {
    unblock.mutable_unblock()->set_whose(whose);
    EXPECT_EQ(CompanyOf(unblock), company) << whose;
    block.mutable_block()->set_company("acme");
    block.mutable_block()->set_whose(whose);
    EXPECT_EQ(CompanyOf(block), company) << whose;
  }
}

}  // namespace
}  // namespace consent::statement

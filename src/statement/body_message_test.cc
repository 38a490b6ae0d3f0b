// SPDX-License-Identifier: Apache-2.0

#include "src/statement/body_message.h"

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/statement/grant_reader.h"
#include "src/statement/refusal.h"
#include "src/statement/sample.h"

namespace consent::statement {
namespace {

TEST(BodyMessageTest, ReadsBackAsTheSameGrant) {
  core::Grant grant;
  grant.id = "g1";
  grant.company = "acme";
  grant.purposes.Add(core::Purpose::kDirectMarketing);
  grant.purposes.Add(core::Purpose::kService);
  grant.valid_from = Instant{1'800'000'000};
  grant.valid_until = Instant{1'900'000'000};
  core::Limit calls{.id = "calls", .channels = {}, .max = 1, .max_attempts = 3, .window = {}};
  calls.channels.Add(core::Channel::kCall);
  calls.window = {core::Period::kYear, core::Alignment::kGrant, 1};
  core::Limit ever{.id = "ever", .channels = {}, .max = 9, .max_attempts = {}, .window = {}};
  ever.channels.Add(core::Channel::kSms);
  ever.channels.Add(core::Channel::kPost);
  ever.window = {core::Period::kLifetime, core::Alignment::kUnspecified, 1};
  grant.limits = {calls, ever};
  grant.hours = {{.days = 0b0100001, .from_minute = 600, .to_minute = 1440}};
  grant.outside_legal_hours = {{.days = 0b0100000, .from_minute = 540, .to_minute = 720}};
  grant.guardian = true;

  v1::Grant message;
  ToMessage(grant, &message);
  ASSERT_OK_AND_ASSIGN(const core::Grant again, ReadGrant(message, "grant", {}));
  EXPECT_EQ(again, grant);
}

TEST(BodyMessageTest, ShowsPreferencesContractsAndCallbacksAsTheyWereSigned) {
  const auto preferred = Proposed<core::Preferred>(SamplePreferences(), core::Signer::kConsumer);
  v1::Preferences preferences;
  ToMessage(preferred.preferences, &preferences);
  EXPECT_EQ(preferences.DebugString(), SamplePreferences().preferences().DebugString());

  const auto claimed =
      Proposed<core::ContractClaimed>(SampleContractClaim(), core::Signer::kCompany);
  v1::Contract contract;
  ToMessage(claimed.contract, &contract);
  EXPECT_EQ(contract.DebugString(),
            SampleContractClaim().contract_claim().contract().DebugString());

  const auto asked =
      Proposed<core::CallbackAsked>(SampleCallbackRequest(), core::Signer::kConsumer);
  v1::CallbackRequest callback;
  ToMessage(asked.callback, &callback);
  EXPECT_EQ(callback.DebugString(), SampleCallbackRequest().callback_request().DebugString());
}

TEST(BodyMessageTest, SaysWhoseNameStandsInABlock) {
  EXPECT_EQ(ToMessage(core::Whose::kCompany), v1::BLOCK_TARGET_COMPANY);
  EXPECT_EQ(ToMessage(core::Whose::kGroup), v1::BLOCK_TARGET_GROUP);
  EXPECT_EQ(ToMessage(core::Whose::kProcessor), v1::BLOCK_TARGET_PROCESSOR);
}

}  // namespace
}  // namespace consent::statement

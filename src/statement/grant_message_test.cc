// SPDX-License-Identifier: Apache-2.0

#include "src/statement/grant_message.h"

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/statement/grant_reader.h"

namespace consent::statement {
namespace {

TEST(GrantMessageTest, ReadsBackAsTheSameGrant) {
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

  v1::Grant message;
  ToMessage(grant, &message);
  ASSERT_OK_AND_ASSIGN(const core::Grant again, ReadGrant(message, "grant", {}));
  EXPECT_EQ(again, grant);
}

}  // namespace
}  // namespace consent::statement

// SPDX-License-Identifier: Apache-2.0
//
// Histories that keep their limits, and histories that do not: an event log that a broken ledger
// could have written, so that the recount is seen to find it.

#include "src/verify/recount.h"

#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/ids.h"
#include "src/base/instant.h"

namespace consent::verify {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr Instant kNow{1772355600};  // 2026-03-01T09:00:00Z.
constexpr Seconds kDay{86400};

ConsumerId Consumer(uint8_t number) {
  ConsumerId id;
  id.bytes[0] = number;
  return id;
}

core::Limit CallLimit(int64_t max, core::Window window) {
  core::Limit limit{
      .id = "calls", .channels = {}, .max = max, .max_attempts = {}, .window = window};
  limit.channels.Add(core::Channel::kCall);
  return limit;
}
core::Window Year() { return {core::Period::kYear, core::Alignment::kCalendar, 1}; }

// A journal that is written as it comes, without a ledger that would refuse any of it.
class RecountTest : public ::testing::Test {
 protected:
  LeafIndex Append(core::EventBody body, std::optional<ConsumerId> consumer = Consumer(1)) {
    const LeafIndex position{size_++};
    recount_.Add(consumer, {.at = now_, .position = position, .body = std::move(body)});
    return position;
  }

  void Bind(const std::string& zone = "Europe/Paris") {
    core::Bound bound;
    if (!std::string(zone).empty()) bound.subject.place.zones = {zone};
    Append(bound);
  }

  void Grant(std::vector<core::Limit> limits) {
    core::Granted granted;
    granted.grant.id = "g1";
    granted.grant.company = "acme";
    granted.grant.purposes.Add(core::Purpose::kDirectMarketing);
    granted.grant.valid_from = now_;
    granted.grant.limits = std::move(limits);
    Append(granted);
  }

  LeafIndex Allow(Seconds hold = {0}, core::Channel channel = core::Channel::kCall) {
    core::Decided decided;
    decided.request.company = "acme";
    decided.request.request_id = "r";
    decided.request.channel = channel;
    decided.request.purpose = core::Purpose::kDirectMarketing;
    decided.request.hold = hold;
    decided.answer.verdict = core::Verdict::kAllowed;
    decided.answer.reason = core::Reason::kOk;
    decided.answer.grant = "g1";
    if (hold.count == 0) decided.answer.contact_before = now_ + core::kPermitTtlDefault;
    return Append(decided);
  }

  void Deny(core::Reason reason, std::optional<ConsumerId> consumer = Consumer(1)) {
    core::Decided decided;
    decided.request.company = "acme";
    decided.answer.verdict = core::Verdict::kDenied;
    decided.answer.reason = reason;
    Append(decided, consumer);
  }

  void Revoke(const ConsumerId& consumer) {
    core::Revoked revoked;
    revoked.company = "acme";
    Append(revoked, consumer);
  }

  void Report(LeafIndex permit, core::Outcome outcome) {
    core::OutcomeReported reported;
    reported.company = "acme";
    reported.permit = permit;
    reported.outcome = outcome;
    Append(reported);
  }

  Recount recount_;
  Instant now_ = kNow;
  uint64_t size_ = 0;
};

TEST_F(RecountTest, ContactsWithinTheirLimitsAreNoExcess) {
  Bind();
  Grant({CallLimit(2, Year())});
  Allow();
  Allow();
  Deny(core::Reason::kLimitReached);
  Deny(core::Reason::kNoPermission, std::nullopt);
  const RecountTotals totals = recount_.Totals();
  EXPECT_EQ(totals.decided, 4u);
  EXPECT_EQ(totals.allowed, 2u);
  EXPECT_EQ(totals.denied, 2u);
  EXPECT_THAT(totals.denied_by_reason,
              UnorderedElementsAre(Pair("LIMIT_REACHED", 1), Pair("NO_PERMISSION", 1)));
  EXPECT_EQ(totals.contacts, 2u);
  EXPECT_THAT(totals.contacts_by_channel, ElementsAre(Pair("CALL", 2)));
  EXPECT_EQ(totals.consumers, 1u);
  EXPECT_EQ(totals.consumers_contacted, 1u);
  EXPECT_EQ(totals.limits_checked, 2u);
  EXPECT_EQ(totals.over_limit, 0u);
  EXPECT_EQ(totals.without_grant, 0u);
  EXPECT_THAT(totals.first_excesses, IsEmpty());
}

TEST_F(RecountTest, OneContactTooManyIsFoundWithItsEntry) {
  Bind();
  Grant({CallLimit(2, Year())});
  Allow();
  Allow();
  const LeafIndex third = Allow();
  const RecountTotals totals = recount_.Totals();
  EXPECT_EQ(totals.over_limit, 1u);
  ASSERT_EQ(totals.first_excesses.size(), 1u);
  EXPECT_EQ(totals.first_excesses[0].entry, third);
  EXPECT_EQ(totals.first_excesses[0].what, "limit calls: contact 3 of 2");
}

TEST_F(RecountTest, EveryLimitThatNamesTheChannelCounts) {
  Bind();
  core::Limit all = CallLimit(1, Year());
  all.id = "all";
  all.channels.Add(core::Channel::kSms);
  Grant({CallLimit(9, Year()), all});
  Allow();
  Allow({0}, core::Channel::kSms);
  EXPECT_EQ(recount_.Totals().without_grant, 0u) << "`all` names SMS";
  EXPECT_EQ(recount_.Totals().over_limit, 1u) << "the call took the one unit of `all`";
}

TEST_F(RecountTest, AnotherWindowHasRoomAgain) {
  Bind();
  Grant({CallLimit(1, {core::Period::kDay, core::Alignment::kCalendar, 1})});
  Allow();
  now_ = now_ + kDay;
  Allow();
  EXPECT_EQ(recount_.Totals().over_limit, 0u);
  Allow();
  EXPECT_EQ(recount_.Totals().over_limit, 1u);
}

TEST_F(RecountTest, DaysAreThoseOfTheConsumersClock) {
  now_ = {1772402400};  // 2026-03-01T22:00:00Z: 23:00 in Paris, and still the same day at 22:59Z.
  Bind();
  Grant({CallLimit(1, {core::Period::kDay, core::Alignment::kCalendar, 1})});
  Allow();
  now_ = now_ + Seconds{3600};  // Midnight in Paris.
  Allow();
  EXPECT_EQ(recount_.Totals().over_limit, 0u);
}

TEST_F(RecountTest, WhatIsGivenBackDoesNotCount) {
  Bind();
  Grant({CallLimit(1, Year())});
  Report(Allow(), core::Outcome::kNotSent);
  const LeafIndex held = Allow(Seconds{600});
  core::Released released;
  released.company = "acme";
  released.permit = held;
  Append(released);
  Allow(Seconds{600});
  now_ = now_ + Seconds{600};  // The hold has run out.
  Allow();
  const RecountTotals totals = recount_.Totals();
  EXPECT_EQ(totals.over_limit, 0u);
  EXPECT_EQ(totals.allowed, 4u);
  EXPECT_EQ(totals.contacts, 1u);
}

TEST_F(RecountTest, AHeldUnitCountsUntilItRunsOut) {
  Bind();
  Grant({CallLimit(1, Year())});
  Allow(Seconds{600});
  now_ = now_ + Seconds{599};
  Allow();
  EXPECT_EQ(recount_.Totals().over_limit, 1u);
}

TEST_F(RecountTest, AConfirmationAfterTheHoldRanOutIsAnExcess) {
  Bind();
  Grant({CallLimit(1, Year())});
  core::Confirmed confirmed;
  confirmed.company = "acme";
  confirmed.permit = Allow(Seconds{600});
  now_ = now_ + Seconds{600};
  confirmed.contact_before = now_ + core::kPermitTtlDefault;
  Append(confirmed);
  EXPECT_EQ(recount_.Totals().over_limit, 1u);
}

TEST_F(RecountTest, AConfirmedUnitCountsForGood) {
  Bind();
  Grant({CallLimit(1, Year())});
  core::Confirmed confirmed;
  confirmed.company = "acme";
  confirmed.permit = Allow(Seconds{600});
  confirmed.contact_before = now_ + core::kPermitTtlDefault;
  Append(confirmed);
  EXPECT_EQ(recount_.Totals().contacts, 1u);
  now_ = now_ + Seconds{900};
  Allow();
  EXPECT_EQ(recount_.Totals().over_limit, 1u);
}

TEST_F(RecountTest, ARefusedConfirmationGivesTheUnitBack) {
  Bind();
  Grant({CallLimit(1, Year())});
  core::Confirmed refused;
  refused.company = "acme";
  refused.permit = Allow(Seconds{600});
  refused.reason = core::Reason::kBlocked;
  Append(refused);
  Allow();
  EXPECT_EQ(recount_.Totals().over_limit, 0u);
}

TEST_F(RecountTest, AttemptsThatReachedNobodyCountTowardsAttemptsAlone) {
  Bind();
  core::Limit limit = CallLimit(1, Year());
  limit.max_attempts = 2;
  Grant({limit});
  Report(Allow(), core::Outcome::kBusy);
  Report(Allow(), core::Outcome::kNoAnswer);
  EXPECT_EQ(recount_.Totals().over_limit, 0u);
  Allow();
  const RecountTotals totals = recount_.Totals();
  ASSERT_EQ(totals.over_limit, 1u);
  EXPECT_EQ(totals.first_excesses[0].what, "limit calls: attempt 3 of 2");
}

TEST_F(RecountTest, WithoutMaxAttemptsEveryAttemptIsAContact) {
  Bind();
  Grant({CallLimit(1, Year())});
  Report(Allow(), core::Outcome::kBusy);
  Allow();
  EXPECT_EQ(recount_.Totals().over_limit, 1u);
}

TEST_F(RecountTest, ConsumersDoNotShareTheirLimits) {
  Bind();
  Grant({CallLimit(1, Year())});
  Allow();
  Revoke(Consumer(2));
  EXPECT_EQ(recount_.Totals().without_grant, 0u);
  EXPECT_EQ(recount_.Totals().consumers, 2u);
  EXPECT_EQ(recount_.Totals().consumers_contacted, 1u);
}

TEST_F(RecountTest, AContactAfterTheRevocationHasNoGrant) {
  Bind();
  Grant({CallLimit(9, Year())});
  Revoke(Consumer(1));
  Allow();
  ASSERT_EQ(recount_.Totals().without_grant, 1u);
  EXPECT_THAT(recount_.Totals().first_excesses[0].what, HasSubstr("no grant in force"));
}

TEST_F(RecountTest, AContactOnAChannelNobodyGrantedHasNoGrant) {
  Bind();
  Grant({CallLimit(9, Year())});
  Allow({0}, core::Channel::kSms);
  EXPECT_EQ(recount_.Totals().without_grant, 1u);
}

TEST_F(RecountTest, AContactOfAStrangerHasNoGrant) {
  core::Decided decided;
  decided.answer.verdict = core::Verdict::kAllowed;
  Append(decided, std::nullopt);
  EXPECT_EQ(recount_.Totals().without_grant, 1u);
}

TEST_F(RecountTest, AContactInAnUnknownZoneCannotHaveBeenAllowed) {
  Bind("");
  Grant({CallLimit(9, Year())});
  Allow();
  EXPECT_EQ(recount_.Totals().without_grant, 1u);
}

TEST_F(RecountTest, OnlyTheFirstExcessesAreKept) {
  Bind();
  Grant({CallLimit(1, Year())});
  for (int i = 0; i < 30; ++i) Allow();
  EXPECT_EQ(recount_.Totals().over_limit, 29u);
  EXPECT_EQ(recount_.Totals().first_excesses.size(), Recount::kExcessesKept);
}

}  // namespace
}  // namespace consent::verify

// SPDX-License-Identifier: Apache-2.0

#include "src/consent/evolve.h"

#include "gtest/gtest.h"
#include "src/consent/retention.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

Limit Calls(int64_t max, Window window) {
  return AtMost(max, "calls", On({Channel::kCall}), window);
}

Event Asked(std::string_view at, uint64_t position) {
  Decided decided;
  decided.request.company = "acme";
  decided.answer.verdict = Verdict::kDenied;
  return {T(at), {position}, decided};
}

TEST(EvolveTest, WhatTheRecordHasSeenChangesNothing) {
  Record record;
  Bound bound;
  bound.key = KeyId{{1}};
  Evolve(record, {T("2026-03-01T00:00:00Z"), {7}, bound});
  EXPECT_EQ(record.seen, TreeSize{8});
  const Record after = record;
  bound.key = KeyId{{2}};
  Evolve(record, {T("2026-03-01T00:00:00Z"), {7}, bound});
  Evolve(record, {T("2026-03-01T00:00:00Z"), {3}, bound});
  EXPECT_EQ(record, after);
  Evolve(record, {T("2026-03-01T00:00:00Z"), {8}, bound});
  EXPECT_EQ(record.keys.size(), 2u);
}

TEST(EvolveTest, ReplayingFromAnyEarlierPointGivesTheSameRecord) {
  World world;
  world.At("2026-03-02T12:00:00Z").Give(GrantOf("g1", world.now(), {Calls(1, Lifetime())}));
  std::vector<Event> events;
  Granted granted;
  granted.grant = GrantOf("g1", world.now(), {Calls(1, Lifetime())});
  events.push_back({world.now(), {0}, granted});
  for (int i = 0; i < 5; ++i) {
    const Judgement judgement = world.Consume();
    events.push_back({world.now(), world.last(), *judgement.event});
  }
  Record replayed;
  for (const Event& event : events) Evolve(replayed, event);
  EXPECT_EQ(replayed, world.record);
  for (const Event& event : events) Evolve(replayed, event);
  EXPECT_EQ(replayed, world.record);
}

TEST(EvolveTest, ANewerIdTakesThePlaceOfTheOlderBeforeTheBodyIsTakenIn) {
  Record record;
  record.erased = ErasedBefore{.fingerprints = 1, .handles = {}};
  record.contact_ids = {ContactId{{1, 0xf}}, ContactId{{1, 7}}, ContactId{{1, 8}}};
  Bound bound;
  bound.subject.contact_id = ContactId{{2, 7}};
  const Event event{.at = T("2026-03-01T00:00:00Z"),
                    .position = {7},
                    .body = bound,
                    .renamed = {{ContactId{{1, 0xf}}, ContactId{{2, 0xf}}},
                                {ContactId{{1, 7}}, ContactId{{2, 7}}},
                                {ContactId{{1, 9}}, ContactId{{2, 9}}}}};
  Evolve(record, event);
  EXPECT_THAT(record.contact_ids,
              testing::ElementsAre(ContactId{{2, 0xf}}, ContactId{{2, 7}}, ContactId{{1, 8}}));
  EXPECT_EQ(record.erased->fingerprints, 1u);
  const Record after = record;
  Evolve(record, event);
  EXPECT_EQ(record, after);
}

TEST(EvolveTest, AZoneIsTakenWhenNoneIsKnownAndABindingReplacesIt) {
  Record record;
  Blocked blocked;
  blocked.company = "*";
  blocked.subject.place.zones = {"Europe/Paris"};
  Evolve(record, {T("2026-03-01T00:00:00Z"), {0}, blocked});
  EXPECT_THAT(record.place.zones, testing::ElementsAre("Europe/Paris"));
  blocked.subject.place.zones = {"Europe/Rome"};
  Evolve(record, {T("2026-03-01T00:00:00Z"), {1}, blocked});
  EXPECT_THAT(record.place.zones, testing::ElementsAre("Europe/Paris"));
  Bound bound;
  Evolve(record, {T("2026-03-01T00:00:00Z"), {2}, bound});
  EXPECT_THAT(record.place.zones, testing::ElementsAre("Europe/Paris"));
  bound.subject.place.zones = {"Indian/Reunion"};
  Evolve(record, {T("2026-03-01T00:00:00Z"), {3}, bound});
  EXPECT_THAT(record.place.zones, testing::ElementsAre("Indian/Reunion"));
}

TEST(EvolveTest, ARevocationRevokesWhatHasArrivedAndNotWhatComes) {
  World world;
  world.At("2026-03-02T12:00:00Z").Give(GrantOf("g1", world.now(), {Calls(1, Lifetime())}));
  world.Give(GrantOf("g2", world.now(), {Calls(1, Lifetime())}));
  world.Revoke("acme", "g1");
  EXPECT_TRUE(world.record.Find("acme")->grants[0].revoked);
  EXPECT_FALSE(world.record.Find("acme")->grants[1].revoked);
  world.Revoke();
  EXPECT_TRUE(world.record.Find("acme")->grants[1].revoked);
  world.Give(GrantOf("g3", world.now(), {Calls(1, Lifetime())}));
  EXPECT_FALSE(world.record.Find("acme")->grants[2].revoked);
}

TEST(EvolveTest, BlocksOfOneMakerForOneCompanyAreOne) {
  World world;
  world.At("2026-03-02T12:00:00Z").Block("acme", On({Channel::kCall}));
  world.Block("acme", On({Channel::kSms}));
  ASSERT_EQ(world.record.blocks.size(), 1u);
  EXPECT_EQ(world.record.blocks[0].channels, On({Channel::kCall, Channel::kSms}));
}

TEST(EvolveTest, EventsAboutPermitsThatAreNotThereChangeNoContact) {
  Record record;
  const Instant at = T("2026-03-01T00:00:00Z");
  Evolve(record, {at, {0}, Confirmed{"acme", {9}, Reason::kOk, at, Reason::kOk}});
  Evolve(record, {at, {1}, Released{"acme", {9}}});
  Evolve(record, {at, {2}, OutcomeReported{"acme", {9}, Outcome::kOpposed}});
  EXPECT_TRUE(record.companies.empty());
  EXPECT_TRUE(record.blocks.empty());
  EXPECT_EQ(record.seen, TreeSize{3});
}

TEST(EvolveTest, CompaniesAreKeptSortedByName) {
  Record record;
  for (const std::string_view name : {"m", "z", "a", "m", "b"}) record.At(name);
  ASSERT_EQ(record.companies.size(), 4u);
  for (size_t i = 1; i < record.companies.size(); ++i) {
    EXPECT_LT(record.companies[i - 1].company, record.companies[i].company);
  }
  EXPECT_EQ(record.Find("c"), nullptr);
  EXPECT_EQ(record.Find("b")->company, "b");
}

TEST(TagTest, CountsStartAgainWithEachYearOfUtc) {
  Record record;
  EXPECT_EQ(NextTag(record, T("2026-12-31T23:59:59Z")).year, 2026);
  EXPECT_EQ(NextTag(record, T("2026-12-31T23:59:59Z")).count, 0u);
  Evolve(record, Asked("2026-12-31T23:59:58Z", 0));
  Evolve(record, Asked("2026-12-31T23:59:59Z", 1));
  EXPECT_EQ(NextTag(record, T("2026-12-31T23:59:59Z")).count, 2u);
  // In Paris it is 2027 already; tags know only UTC.
  const TagSlot next = NextTag(record, T("2027-01-01T00:00:00Z"));
  EXPECT_EQ(next.year, 2027);
  EXPECT_EQ(next.count, 0u);
  Evolve(record, Asked("2027-01-01T00:00:00Z", 2));
  EXPECT_EQ(record.tag_year, 2027);
  EXPECT_EQ(record.tag_count, 1u);
}

class PruneTest : public ::testing::Test {
 protected:
  // A contact of 1 January 2026, counted by one limit; then another `years` later.
  size_t KeptAfter(std::string_view later, const Limit& limit, bool revoked = false) {
    Record record;
    Granted granted;
    granted.grant = GrantOf("g1", T("2025-01-01T00:00:00Z"), {limit});
    Evolve(record, {T("2025-01-01T00:00:00Z"), {0}, granted});
    Evolve(record, Allowed("2026-01-01T00:00:00Z", 1));
    if (revoked) {
      Revoked word;
      word.company = "acme";
      Evolve(record, {T("2026-01-02T00:00:00Z"), {2}, word});
    }
    Evolve(record, Allowed(later, 3));
    return record.Find("acme")->contacts.size() - 1;
  }
  static Event Allowed(std::string_view at, uint64_t position) {
    Decided decided;
    decided.request.company = "acme";
    decided.request.channel = Channel::kCall;
    decided.request.purpose = Purpose::kDirectMarketing;
    decided.answer.verdict = Verdict::kAllowed;
    decided.answer.contact_before = T(at) + Seconds{300};
    return {T(at), {position}, decided};
  }
};

TEST_F(PruneTest, FiveYearsAreKeptInAnyCase) {
  EXPECT_EQ(KeptAfter("2031-01-01T00:00:00Z", Calls(1, Calendar(Period::kDay))), 1u);
  EXPECT_EQ(KeptAfter("2031-01-01T00:00:01Z", Calls(1, Calendar(Period::kDay))), 0u);
}

TEST_F(PruneTest, WhatALimitCanStillCountIsKept) {
  const std::string_view later = "2033-01-01T00:00:00Z";
  EXPECT_EQ(KeptAfter(later, Calls(1, Lifetime())), 1u);
  EXPECT_EQ(KeptAfter(later, Calls(1, Rolling(Period::kYear, 8))), 1u);
  EXPECT_EQ(KeptAfter(later, Calls(1, Calendar(Period::kYear, 8))), 1u);
  EXPECT_EQ(KeptAfter(later, Calls(1, Anniversary(Period::kYear, 8))), 1u);
  EXPECT_EQ(KeptAfter(later, Calls(1, Rolling(Period::kYear, 6))), 0u);
  EXPECT_EQ(KeptAfter(later, Calls(1, Anniversary(Period::kYear, 6))), 0u);
  EXPECT_EQ(KeptAfter(later, AtMost(1, "sms", On({Channel::kSms}), Lifetime())), 0u);
}

TEST_F(PruneTest, ALimitOfAnEndedGrantCountsNothing) {
  EXPECT_EQ(KeptAfter("2033-01-01T00:00:00Z", Calls(1, Lifetime()), /*revoked=*/true), 0u);
}

TEST_F(PruneTest, ALifetimeCountsFromItsBeginningOnly) {
  Record record;
  Evolve(record, Allowed("2026-01-01T00:00:00Z", 0));
  Evolve(record, Allowed("2026-01-02T00:00:00Z", 1));
  Granted granted;
  granted.grant = GrantOf("g1", T("2026-01-02T00:00:00Z"), {Calls(1, Lifetime())});
  Evolve(record, {T("2026-01-02T00:00:00Z"), {2}, granted});
  Evolve(record, Allowed("2033-01-01T00:00:00Z", 3));
  ASSERT_EQ(record.Find("acme")->contacts.size(), 2u);
  EXPECT_EQ(record.Find("acme")->contacts[0].position, LeafIndex{1});
}

TEST_F(PruneTest, SimulationsForgetNothing) {
  Record record;
  Evolve(record, Allowed("2026-01-01T00:00:00Z", 0), Retention::kForever);
  Evolve(record, Allowed("2036-01-01T00:00:00Z", 1), Retention::kForever);
  EXPECT_EQ(record.Find("acme")->contacts.size(), 2u);
}

}  // namespace
}  // namespace consent::core

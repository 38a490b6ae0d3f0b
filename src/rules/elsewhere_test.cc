// SPDX-License-Identifier: Apache-2.0
//
// The other embedded packs through the core, and several packs at once.

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/rules/test_law.h"

namespace consent::rules {
namespace {

using core::Channel;
using core::Outcome;
using core::Purpose;
using core::Relation;

Under UnitedStates(std::vector<std::string> regions = {"US"}) {
  return {{"us"}, std::move(regions), {"America/New_York"}};
}

TEST(UnitedStatesTest, CallsAreMadeFrom8To21AndInFloridaAndOklahomaTo20) {
  LawWorld anywhere(UnitedStates());
  LawWorld florida(UnitedStates({"US", "US-FL"}));
  LawWorld oklahoma(UnitedStates({"US", "US-OK"}));
  for (LawWorld* world : {&anywhere, &florida, &oklahoma}) {
    world->At("2026-11-23T12:00:00-05:00").Give();
    EXPECT_EQ(world->At("2026-11-24T07:59:59-05:00").Check(), "OUTSIDE_HOURS us.hours");
    EXPECT_EQ(world->At("2026-11-24T08:00:00-05:00").Check(), "OK CONSENT");
    EXPECT_EQ(world->At("2026-11-24T19:59:59-05:00").Check(), "OK CONSENT");
    world->At("2026-11-24T20:00:00-05:00");
  }
  EXPECT_EQ(anywhere.Check(), "OK CONSENT");
  EXPECT_EQ(florida.Check(), "OUTSIDE_HOURS us.fl.hours");
  EXPECT_EQ(oklahoma.Check(), "OUTSIDE_HOURS us.ok.hours");
  EXPECT_EQ(anywhere.At("2026-11-24T21:00:00-05:00").Check(), "OUTSIDE_HOURS us.hours");
}

TEST(UnitedStatesTest, FloridaAndOklahomaAllowThreeCallsInADay) {
  for (const char* state : {"FL", "OK"}) {
    LawWorld world(UnitedStates({"US", absl::StrCat("US-", state)}));
    world.At("2026-11-24T10:00:00-05:00").Give();
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(world.Contact(world.Call(), Outcome::kNoAnswer), "OK CONSENT");
    }
    const std::string cited = state == std::string("FL") ? "us.fl.attempts" : "us.ok.attempts";
    EXPECT_EQ(world.At("2026-11-25T09:59:59-05:00").Check(), "LIMIT_REACHED " + cited);
    EXPECT_EQ(world.Next(), "2026-11-25T10:00:00-05:00");
  }
}

TEST(UnitedStatesTest, ACustomerIsCalledFor18MonthsAndAnInquirerFor3) {
  LawWorld bought(UnitedStates());
  bought.At("2026-01-15T12:00:00-05:00").Claim(Relation::kPurchase, true);
  bought.At("2027-07-15T11:59:59-04:00").Import("us-dnc");
  EXPECT_EQ(bought.Check(), "OK SIMILAR_PRODUCTS us.ebr");
  EXPECT_EQ(bought.At("2027-07-15T12:00:00-04:00").Check(), "NO_PERMISSION");

  LawWorld asked(UnitedStates());
  asked.At("2026-01-15T12:00:00-05:00").Claim(Relation::kInquiry, true);
  asked.At("2026-04-15T11:59:59-04:00").Import("us-dnc");
  EXPECT_EQ(asked.Check(), "OK SIMILAR_PRODUCTS us.ebr");
  EXPECT_EQ(asked.At("2026-04-15T12:00:00-04:00").Check(), "NO_PERMISSION");
}

TEST(UnitedStatesTest, ARegistryCopyOlderThan31DaysScreensNobody) {
  LawWorld world(UnitedStates());
  world.At("2026-11-01T12:00:00-05:00").Claim(Relation::kPurchase, true);
  EXPECT_EQ(world.Check(), "UNSCREENED us.dnc");  // No copy at all.
  world.Import("us-dnc");
  EXPECT_EQ(world.Check(), "OK SIMILAR_PRODUCTS us.ebr");
  EXPECT_EQ(world.At("2026-12-02T11:59:59-05:00").Check(), "OK SIMILAR_PRODUCTS us.ebr");
  EXPECT_EQ(world.At("2026-12-02T12:00:00-05:00").Check(), "UNSCREENED us.dnc");
  world.Give();  // The consumer's own word needs no registry.
  EXPECT_EQ(world.Check(), "OK CONSENT");
}

TEST(UnitedKingdomTest, ARegistrationBindsAfter28Days) {
  LawWorld world({{"gb"}, {"GB"}, {"Europe/London"}});
  world.At("2026-01-05T12:00:00Z").Give();
  world.List("gb-tps", "2026-06-01T00:00:00Z");
  EXPECT_EQ(world.At("2026-06-28T23:59:59Z").Check(), "OK CONSENT");
  EXPECT_EQ(world.At("2026-06-29T00:00:00Z").Check(), "LISTED gb.tps");
}

TEST(CanadaTest, ConsentIsImpliedForTwoYearsOrSixMonths) {
  const Under canada = {{"ca"}, {"CA"}, {"America/Toronto"}};
  LawWorld bought(canada);
  bought.At("2026-01-15T12:00:00-05:00").Claim(Relation::kPurchase, true);
  bought.At("2028-01-15T11:59:59-05:00");
  EXPECT_EQ(bought.Check(bought.On(Channel::kEmail)), "OK SIMILAR_PRODUCTS ca.casl.implied");
  EXPECT_EQ(bought.At("2028-01-15T12:00:00-05:00").Check(bought.On(Channel::kEmail)),
            "NO_PERMISSION");
  LawWorld asked(canada);
  asked.At("2026-01-15T12:00:00-05:00").Claim(Relation::kInquiry, true);
  asked.At("2026-07-15T11:59:59-04:00");
  EXPECT_EQ(asked.Check(asked.On(Channel::kEmail)), "OK SIMILAR_PRODUCTS ca.casl.implied");
  EXPECT_EQ(asked.At("2026-07-15T12:00:00-04:00").Check(asked.On(Channel::kEmail)),
            "NO_PERMISSION");
}

TEST(IndiaTest, ConsentByATransactionLapsesAfterSevenDays) {
  LawWorld world({{"in"}, {"IN"}, {"Asia/Kolkata"}});
  world.At("2026-11-01T12:00:00+05:30").Claim(Relation::kPurchase);
  const core::Request notice = world.On(Channel::kSms, Purpose::kService);
  EXPECT_EQ(world.At("2026-11-08T11:59:59+05:30").Check(notice), "OK SERVICE in.transaction");
  EXPECT_EQ(world.At("2026-11-08T12:00:00+05:30").Check(notice), "NO_PERMISSION");
}

TEST(EuropeTest, APackOfAStateBindsBesideTheUnions) {
  const Under both = {{"eu", "fr"}, {"FR"}, {"Europe/Paris"}};
  LawWorld world(both);
  world.At("2026-11-25T11:00:00+01:00").Claim(Relation::kPurchase, true);
  // The Union's exemption stands on a contract that runs; a purchase is France's alone.
  EXPECT_EQ(world.Check(world.On(Channel::kEmail)), "NO_PERMISSION");
  world.Claim(Relation::kContract, true);
  EXPECT_EQ(world.Check(world.On(Channel::kEmail)), "OK SIMILAR_PRODUCTS eu.similar_products");
  // And the strictest wins: the Union has no hours, France has.
  world.Give();
  EXPECT_EQ(world.At("2026-11-29T11:00:00+01:00").Check(), "OUTSIDE_HOURS fr.hours");
}

TEST(EuropeTest, EveryPackHasItsServiceMessages) {
  const struct {
    const char* pack;
    const char* region;
    const char* answer;
  } rows[] = {{"eu", "DE", "OK SERVICE eu.service"}, {"fr", "FR", "OK SERVICE fr.service"},
              {"gb", "GB", "OK SERVICE gb.service"}, {"us", "US", "OK SERVICE us.service"},
              {"ca", "CA", "OK SERVICE ca.service"}, {"in", "IN", "OK SERVICE in.transaction"}};
  for (const auto& row : rows) {
    LawWorld world({{row.pack}, {row.region}, {"Europe/Paris"}});
    world.At("2026-11-29T03:00:00+01:00").Claim(Relation::kContract);
    EXPECT_EQ(world.Check(world.On(Channel::kSms, Purpose::kService)), row.answer);
  }
}

}  // namespace
}  // namespace consent::rules

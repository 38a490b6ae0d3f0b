// SPDX-License-Identifier: Apache-2.0
//
// French law overseas, through the core: several clocks, and the holidays of each place.

#include <gtest/gtest.h>

#include <string>

#include "src/rules/test_law.h"

namespace consent::rules {
namespace {

TEST(OverseasTest, WhereTwoClocksArePossibleBothMustAllow) {
  LawWorld world({.regions = {"RE", "YT"}, .zones = {"Indian/Reunion", "Indian/Mayotte"}});
  world.At("2026-11-25T00:00:00+04:00").Give();
  // 10:30 in Reunion is 09:30 in Mayotte.
  EXPECT_EQ(world.At("2026-11-25T10:30:00+04:00").Check(), "OUTSIDE_HOURS fr.hours");
  EXPECT_EQ(world.Next(), "2026-11-25T11:00:00+04:00");
  EXPECT_EQ(world.At("2026-11-25T12:59:59+04:00").Check(), "OK CONSENT");
  EXPECT_EQ(world.At("2026-11-25T13:00:00+04:00").Next(), "2026-11-25T15:00:00+04:00");
}

TEST(OverseasTest, EachPlaceKeepsItsOwnDay) {
  const struct {
    const char* zone;
    const char* region;
    const char* closed;  // In 2027, none of them a Saturday or Sunday.
  } rows[] = {{"Indian/Reunion", "RE", "2027-12-20T11:00:00+04:00"},
              {"Indian/Mayotte", "YT", "2027-04-27T11:00:00+03:00"},
              {"America/Guadeloupe", "GP", "2027-05-27T11:00:00-04:00"},
              {"America/Marigot", "MF", "2027-05-28T11:00:00-04:00"},
              {"America/Cayenne", "GF", "2027-06-10T11:00:00-03:00"},
              {"Pacific/Noumea", "NC", "2027-09-24T11:00:00+11:00"},
              {"Pacific/Tahiti", "PF", "2027-03-05T11:00:00-10:00"},
              {"Pacific/Wallis", "WF", "2027-04-28T11:00:00+12:00"}};
  for (const auto& row : rows) {
    LawWorld world({.regions = {row.region}, .zones = {row.zone}});
    world.At("2026-12-01T00:00:00Z").Give();
    EXPECT_EQ(world.At(row.closed).Check().substr(0, 22), "OUTSIDE_HOURS fr.hours") << row.zone;
    LawWorld paris;
    paris.At("2026-12-01T00:00:00Z").Give();
    std::string day(row.closed, 10);
    EXPECT_EQ(paris.At(day + "T10:00:00Z").Check(), "OK CONSENT") << row.zone;
  }
}

TEST(OverseasTest, MartiniqueAndSaintBarthelemyKeepTheirsOnWeekdays) {
  LawWorld martinique({.regions = {"MQ"}, .zones = {"America/Martinique"}});
  martinique.At("2026-01-02T00:00:00Z").Give();
  EXPECT_EQ(martinique.At("2026-05-22T11:00:00-04:00").Check(), "OUTSIDE_HOURS fr.hours");
  LawWorld barth({.regions = {"BL"}, .zones = {"America/St_Barthelemy"}});
  barth.At("2026-01-02T00:00:00Z").Give();
  EXPECT_EQ(barth.At("2026-10-09T11:00:00-04:00").Check(), "OUTSIDE_HOURS fr.hours");
}

TEST(OverseasTest, FrenchLawBindsNobodyElsewhere) {
  LawWorld world({.regions = {"DE"}, .zones = {"Europe/Berlin"}});
  world.At("2026-11-01T00:00:00Z").Give();
  EXPECT_EQ(world.At("2026-11-29T21:00:00+01:00").Check(), "OK CONSENT");
  // Where nothing is known, every law in force binds.
  LawWorld unknown({.regions = {}});
  unknown.At("2026-11-01T00:00:00Z").Give();
  EXPECT_EQ(unknown.At("2026-11-29T21:00:00+01:00").Check(), "OUTSIDE_HOURS fr.hours");
}

}  // namespace
}  // namespace consent::rules

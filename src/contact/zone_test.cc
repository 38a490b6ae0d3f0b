// SPDX-License-Identifier: Apache-2.0

#include "src/contact/zone.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/status_matchers.h"
#include "src/crypto/hash.h"

namespace consent::contact {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Row {
  uint32_t digits;
  std::string zone;
};
const Row kTable[] = {
#include "src/contact/zone_table.inc"
};

// "" where the number does not tell; an error shows as itself.
std::string Zone(std::string_view text) {
  const auto point = ContactPoint::Parse(text);
  if (!point.ok()) return point.status().ToString();
  return ZoneOf(*point).value_or("");
}

TEST(ZoneTest, EveryZoneOfTheTableCanBeLoaded) {
  for (const Row& row : kTable) {
    if (row.zone.empty()) continue;
    absl::TimeZone zone;
    EXPECT_TRUE(absl::LoadTimeZone(row.zone, &zone)) << row.zone;
    EXPECT_EQ(zone.name(), row.zone);
  }
  EXPECT_GT(std::size(kTable), 200u);
}

TEST(ZoneTest, TheTableIsFrozen) {
  std::string rows;
  for (const Row& row : kTable) absl::StrAppend(&rows, row.digits, " ", row.zone, "\n");
  EXPECT_EQ(absl::BytesToHexString(crypto::Sha256({rows}).str()),
            "a0e5daf67384c64acbda92277c7f842ecd242a3cfd115a1ee1eec7352ba8bd65")
      << "Windows and hours of consumers who stated no zone follow from this table.";
}

TEST(ZoneTest, ARegionWithOneClockGivesItsZone) {
  EXPECT_EQ(Zone("+33639980001"), "Europe/Paris");
  EXPECT_EQ(Zone("+33199001234"), "Europe/Paris");
  EXPECT_EQ(Zone("+447700900123"), "Europe/London");
  EXPECT_EQ(Zone("+493012345678"), "Europe/Berlin");
  EXPECT_EQ(Zone("+390612345678"), "Europe/Rome");
  EXPECT_EQ(Zone("+32470123456"), "Europe/Brussels");
  EXPECT_EQ(Zone("+41791234567"), "Europe/Zurich");
  EXPECT_EQ(Zone("+819012345678"), "Asia/Tokyo");
}

TEST(ZoneTest, FrancesOverseasCodesAreWhereTheyAre) {
  EXPECT_EQ(Zone("+590690001234"), "America/Guadeloupe");
  EXPECT_EQ(Zone("+594694201234"), "America/Cayenne");
  EXPECT_EQ(Zone("+596696201234"), "America/Martinique");
  EXPECT_EQ(Zone("+508551234"), "America/Miquelon");
  EXPECT_EQ(Zone("+687751234"), "Pacific/Noumea");
  EXPECT_EQ(Zone("+681821234"), "Pacific/Wallis");
  EXPECT_EQ(Zone("+68987123456"), "");  // Tahiti, Marquesas, Gambier
  EXPECT_EQ(Zone("+262692123456"), "Indian/Reunion");
  EXPECT_EQ(Zone("+262693123456"), "Indian/Reunion");
  EXPECT_EQ(Zone("+262262123456"), "Indian/Reunion");
  EXPECT_EQ(Zone("+262263012345"), "Indian/Reunion");
  EXPECT_EQ(Zone("+262639123456"), "Indian/Mayotte");
  EXPECT_EQ(Zone("+262269612345"), "Indian/Mayotte");
}

TEST(ZoneTest, ARangeSharedByRegionsWithDifferentClocksGivesNone) {
  EXPECT_EQ(Zone("+262976123456"), "");  // Reunion or Mayotte
  EXPECT_EQ(Zone("+262801234567"), "");
  EXPECT_EQ(Zone("+12125550100"), "");
  EXPECT_EQ(Zone("+18005550100"), "");
  EXPECT_EQ(Zone("+16135550100"), "");   // Canada
  EXPECT_EQ(Zone("+903921234567"), "");  // Northern Cyprus, behind Turkey's code
  EXPECT_EQ(Zone("+902121234567"), "Europe/Istanbul");
  EXPECT_EQ(Zone("+972591234567"), "");
  EXPECT_EQ(Zone("+672106123"), "");  // Antarctica, behind Norfolk Island's
}

TEST(ZoneTest, ACountryWithSeveralClocksGivesNone) {
  for (const char* text :
       {"+61412345678", "+5511912345678", "+79123456789", "+525512345678", "+34612345678",
        "+351912345678", "+380501234567", "+6281234567890", "+8613812345678", "+80012345678"}) {
    EXPECT_EQ(Zone(text), "") << text;
  }
}

TEST(ZoneTest, IslandsOfTheNorthAmericanPlanAreToldByAreaCode) {
  EXPECT_EQ(Zone("+17875550100"), "America/Puerto_Rico");
  EXPECT_EQ(Zone("+18765550100"), "America/Jamaica");
  EXPECT_EQ(Zone("+16715550100"), "Pacific/Guam");
}

// Each zone that the number may lie in, or nothing where they are not few.
std::vector<std::string> Zones(std::string_view text) {
  const auto point = ContactPoint::Parse(text);
  if (!point.ok()) return {point.status().ToString()};
  const std::vector<std::string> zones = ZonesOf(*point);
  for (const std::string& name : zones) {
    absl::TimeZone zone;
    EXPECT_TRUE(absl::LoadTimeZone(name, &zone)) << name;
  }
  // Whoever takes one zone and whoever takes all begin with the same.
  const auto one = ZoneOf(*point);
  if (one.has_value()) {
    EXPECT_EQ(zones.front(), *one);
  }
  return zones;
}

TEST(ZonesTest, ANumberThatTellsOneZoneLiesInIt) {
  EXPECT_THAT(Zones("+33639980001"), ElementsAre("Europe/Paris"));
  EXPECT_THAT(Zones("+262692123456"), ElementsAre("Indian/Reunion"));
  EXPECT_THAT(Zones("+262639123456"), ElementsAre("Indian/Mayotte"));
}

TEST(ZonesTest, ARangeSharedByAFewZonesMayLieInEach) {
  EXPECT_THAT(Zones("+262976123456"), ElementsAre("Indian/Reunion", "Indian/Mayotte"));
  EXPECT_THAT(Zones("+262801234567"), ElementsAre("Indian/Reunion", "Indian/Mayotte"));
  EXPECT_THAT(Zones("+68987123456"),
              ElementsAre("Pacific/Tahiti", "Pacific/Marquesas", "Pacific/Gambier"));
  EXPECT_THAT(Zones("+34612345678"),
              ElementsAre("Europe/Madrid", "Africa/Ceuta", "Atlantic/Canary"));
  EXPECT_THAT(Zones("+351912345678"),
              ElementsAre("Europe/Lisbon", "Atlantic/Madeira", "Atlantic/Azores"));
}

TEST(ZonesTest, RegionsWithOneTimeAndDifferentHolidaysAreAllNamed) {
  EXPECT_THAT(Zones("+590690001234"),
              ElementsAre("America/Guadeloupe", "America/Marigot", "America/St_Barthelemy"));
}

TEST(ZonesTest, WhereTheZonesAreNotFewThereAreNone) {
  EXPECT_THAT(Zones("+12125550100"), IsEmpty());
  EXPECT_THAT(Zones("+61412345678"), IsEmpty());
  EXPECT_THAT(Zones("+80012345678"), IsEmpty());
  EXPECT_THAT(Zones("someone@example.fr"), IsEmpty());
}

TEST(ZoneTest, OnlyPhoneNumbersTellAZone) {
  EXPECT_EQ(Zone("someone@example.fr"), "");
  EXPECT_EQ(Zone("im:whatsapp:+33639980001"), "");
}

}  // namespace
}  // namespace consent::contact

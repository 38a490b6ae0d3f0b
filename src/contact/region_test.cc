// SPDX-License-Identifier: Apache-2.0

#include "src/contact/region.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/hash.h"

namespace consent::contact {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Row {
  uint32_t digits;
  std::string regions;
};
const Row kTable[] = {
#include "src/contact/region_table.inc"
};

std::vector<std::string> Regions(std::string_view text) {
  const auto point = ContactPoint::Parse(text);
  if (!point.ok()) return {point.status().ToString()};
  return RegionsOf(*point);
}

TEST(RegionTest, TheTableIsFrozen) {
  std::string rows;
  for (const Row& row : kTable) absl::StrAppend(&rows, row.digits, " ", row.regions, "\n");
  EXPECT_EQ(absl::BytesToHexString(crypto::Sha256({rows}).str()),
            "44d0996e7d495b65670716dd56b870900b4b50d6a1a2ed8aea10634318cc6d98")
      << "Which laws bind contacts with consumers who stated no region follows from this table.";
}

TEST(RegionTest, EveryRegionOfTheTableIsWrittenAsInIso3166) {
  for (const Row& row : kTable) {
    EXPECT_THAT(row.regions, testing::MatchesRegex("([A-Z][A-Z](-[A-Z][A-Z])? ?)+")) << row.digits;
  }
  EXPECT_GT(std::size(kTable), 600u);
}

TEST(RegionTest, ACallingCodeTellsItsRegion) {
  EXPECT_THAT(Regions("+33639980001"), ElementsAre("FR"));
  EXPECT_THAT(Regions("+919812345678"), ElementsAre("IN"));
  EXPECT_THAT(Regions("+493012345678"), ElementsAre("DE"));
  EXPECT_THAT(Regions("+79123456789"), ElementsAre("RU"));
  EXPECT_THAT(Regions("+77012345678"), ElementsAre("KZ"));
}

TEST(RegionTest, ASharedCallingCodeMayBelongToEachOfItsRegions) {
  EXPECT_THAT(Regions("+447700900123"), ElementsAre("GB", "GG", "IM", "JE"));
  EXPECT_THAT(Regions("+390612345678"), ElementsAre("IT", "VA"));
}

TEST(RegionTest, FrancesOverseasCodesAreWhereTheyAre) {
  EXPECT_THAT(Regions("+590690001234"), ElementsAre("GP", "BL", "MF"));
  EXPECT_THAT(Regions("+594694201234"), ElementsAre("GF"));
  EXPECT_THAT(Regions("+596696201234"), ElementsAre("MQ"));
  EXPECT_THAT(Regions("+508551234"), ElementsAre("PM"));
  EXPECT_THAT(Regions("+687751234"), ElementsAre("NC"));
  EXPECT_THAT(Regions("+681821234"), ElementsAre("WF"));
  EXPECT_THAT(Regions("+68987123456"), ElementsAre("PF"));
  EXPECT_THAT(Regions("+262692123456"), ElementsAre("RE"));
  EXPECT_THAT(Regions("+262262123456"), ElementsAre("RE"));
  EXPECT_THAT(Regions("+262639123456"), ElementsAre("YT"));
  EXPECT_THAT(Regions("+262269612345"), ElementsAre("YT"));
  EXPECT_THAT(Regions("+262976123456"), ElementsAre("RE", "YT"));
}

TEST(RegionTest, AreaCodesTellTheRegionsOfTheNorthAmericanPlan) {
  EXPECT_THAT(Regions("+12125550100"), ElementsAre("US"));
  EXPECT_THAT(Regions("+14165550100"), ElementsAre("CA"));
  EXPECT_THAT(Regions("+17875550100"), ElementsAre("PR"));
  EXPECT_THAT(Regions("+18765550100"), ElementsAre("JM"));
}

TEST(RegionTest, FloridaAndOklahomaAreToldByAreaCode) {
  for (const char* area : {"305", "786", "645", "813", "941", "850", "324"}) {
    EXPECT_THAT(Regions(absl::StrCat("+1", area, "5550100")), ElementsAre("US", "US-FL")) << area;
  }
  for (const char* area : {"405", "572", "539", "918", "580"}) {
    EXPECT_THAT(Regions(absl::StrCat("+1", area, "5550100")), ElementsAre("US", "US-OK")) << area;
  }
}

TEST(RegionTest, WhatNoRegionOwnsInTheNorthAmericanPlanMayBelongToAny) {
  EXPECT_THAT(Regions("+18005550100"), AllOf(Contains("US"), Contains("CA"), Contains("PR"),
                                             Contains("US-FL"), Contains("US-OK")));
}

TEST(RegionTest, WhatTellsNothingGivesNone) {
  EXPECT_THAT(Regions("+80012345678"), IsEmpty());  // Of no region.
  EXPECT_THAT(Regions("someone@example.fr"), IsEmpty());
  EXPECT_THAT(Regions("im:whatsapp:+33639980001"), IsEmpty());
}

}  // namespace
}  // namespace consent::contact

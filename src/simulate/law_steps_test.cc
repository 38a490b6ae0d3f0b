// SPDX-License-Identifier: Apache-2.0
//
// Rule packs, places and the steps of law in a scenario file: what is read, what is refused.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/simulate/scenario_file.h"

namespace consent::simulate {
namespace {

using text::FileError;

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

Scenario Sound(const std::string& text) {
  const ScenarioFile file = ParseScenario(text);
  EXPECT_THAT(file.errors, IsEmpty()) << text;
  return file.scenario;
}

std::vector<FileError> ErrorsOf(const std::string& text) { return ParseScenario(text).errors; }

auto Error(int line, const std::string& part) {
  return AllOf(Field(&FileError::line, line), Field(&FileError::message, HasSubstr(part)));
}

TEST(LawStepsTest, ANumberOfSeveralIslandsLiesInAllTheirZones) {
  const Scenario scenario =
      Sound("steps: []\nconsumers: [{id: a, contact_point: \"+262976123456\"}]");
  EXPECT_THAT(scenario.consumers[0].place.zones,
              UnorderedElementsAre("Indian/Reunion", "Indian/Mayotte"));
  EXPECT_EQ(scenario.consumers[0].zones.size(), 2u);
}

TEST(LawStepsTest, RulePacksAreNamedOnceAndKnown) {
  const std::string rest = "\nconsumers: []\nsteps: []";
  EXPECT_FALSE(Sound("rules: [fr, us]" + rest).law.rules.empty());
  EXPECT_TRUE(Sound("rules: []" + rest).law.rules.empty());
  EXPECT_THAT(ErrorsOf("rules: fr" + rest), ElementsAre(Error(1, "list")));
  EXPECT_THAT(ErrorsOf("rules: [fr, fr]" + rest), ElementsAre(Error(1, "each rule pack once")));
  EXPECT_THAT(ErrorsOf("rules: [atlantis]" + rest), ElementsAre(Error(1, "atlantis")));
}

TEST(LawStepsTest, RefusesFaultsInTheWordsOfLawByLine) {
  const std::pair<const char*, const char*> faults[] = {
      {"block: {consumer: a, company: x, group: y}", "found several"},
      {"block: {consumer: a}", "\"company\""},
      {"preferences: {consumer: a, limits: [{id: l, channels: [CALL], max: 1, window: {period: "
       "YEAR, alignment: GRANT}}]}",
       "CALENDAR or ROLLING"},
      {"contract: {consumer: a, company: x, id: c1}", "\"collected_at\""},
      {"contract: {consumer: a, company: x, id: c1, relation: FRIENDSHIP, collected_at: "
       "2026-03-01T08:00:00Z}",
       "CONTRACT, PURCHASE or INQUIRY"},
      {"callback: {consumer: a, company: x, id: cb}", "\"valid_until\""},
      {"callback: {consumer: a, company: x, id: cb, valid_until: 2028-03-01T08:00:00Z}",
       "at most 366 days"},
      {"list: {consumer: a}", "\"list\""},
      {"list: {consumer: a, list: red, listed_at: 2030-01-01T00:00:00Z}", "not later"},
      {"holder: {consumer: a}", "\"class\""},
      {"holder: {consumer: a, class: GIANT}", "ADULT, MINOR"},
      {"delegate: {company: x}", "\"processor\""},
      {"number: {company: x, number: \"12\"}", "short code"},
      {"check: {consumer: a, company: x, channel: CALL, purpose: SURVEY, subject: ROOFS}",
       "HOME_RENOVATION"},
      {"check: {consumer: a, company: x, channel: CALL, purpose: SURVEY, agent_country: fr}",
       "two capitals"},
      {"check: {consumer: a, company: x, channel: CALL, purpose: SURVEY, caller_number: ACME}",
       "phone number"},
  };
  for (const auto& [step, expected] : faults) {
    EXPECT_THAT(ErrorsOf(absl::StrCat("consumers: [{id: a, contact_point: +33639980001}]\n"
                                      "steps:\n  - {at: 2026-03-01T09:00:00Z, ",
                                      step, "}")),
                ElementsAre(Error(3, expected)))
        << step;
  }
}

}  // namespace
}  // namespace consent::simulate

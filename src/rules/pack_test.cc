// SPDX-License-Identifier: Apache-2.0

#include "src/rules/pack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_matchers.h"
#include "src/text/zone_name.h"

namespace consent::rules {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kHead[] =
    "id: xx\n"
    "version: 2026-11-22\n"
    "title: Testland\n"
    "time_zone: Europe/Paris\n"
    "regions: [FR, US]\n"
    "rules:\n"
    "  - {id: xx.ask, says: Ask., source: Law 1, consent: {}}\n";
constexpr int kRuleLine = 8;  // Of the first rule after the head.

// A pack with one more rule, which says no more than `parts`.
std::string PackWith(const std::string& parts) {
  return absl::StrCat(kHead, "  - {id: xx.rule, says: Rule., source: Law 2, ", parts, "}\n");
}

Pack Read(const std::string& text) {
  const PackFile file = ParsePack(text);
  for (const text::FileError& error : file.errors) {
    ADD_FAILURE() << error.line << ": " << error.message << "\n" << text;
  }
  return file.pack;
}

// The rule added to the head, which must be sound.
core::Rule ReadRule(const std::string& parts) {
  const Pack pack = Read(PackWith(parts));
  return pack.rules.size() == 2 ? pack.rules[1].rule : core::Rule{};
}

template <typename Body>
Body ReadBody(const std::string& parts) {
  const core::Rule rule = ReadRule(parts);
  const Body* body = std::get_if<Body>(&rule.body);
  EXPECT_NE(body, nullptr) << parts;
  return body != nullptr ? *body : Body{};
}

void ExpectError(const std::string& text, int line, const std::string& part) {
  const PackFile file = ParsePack(text);
  std::string found;
  for (const text::FileError& error : file.errors) {
    absl::StrAppend(&found, error.line, ": ", error.message, "\n");
  }
  EXPECT_THAT(file.errors, Contains(AllOf(Field(&text::FileError::line, line),
                                          Field(&text::FileError::message, HasSubstr(part)))))
      << text << found;
}

void ExpectRuleError(const std::string& parts, const std::string& part) {
  ExpectError(PackWith(parts), kRuleLine, part);
}

TEST(PackTest, HoldsWhatTheHeadSays) {
  const Pack pack = Read(kHead);
  EXPECT_EQ(pack.id, "xx");
  EXPECT_EQ(pack.version, absl::CivilDay(2026, 11, 22));
  EXPECT_EQ(pack.title, "Testland");
  EXPECT_EQ(pack.time_zone.name(), "Europe/Paris");
  EXPECT_THAT(pack.regions, ElementsAre("FR", "US"));
  ASSERT_THAT(pack.rules, SizeIs(1));
  EXPECT_EQ(pack.rules[0].rule.id, "xx.ask");
  EXPECT_EQ(pack.rules[0].says, "Ask.");
  EXPECT_EQ(pack.rules[0].source, "Law 1");
  EXPECT_TRUE(pack.rules[0].verified);
}

TEST(PackTest, ItsHashIsThatOfTheExactBytes) {
  EXPECT_EQ(absl::BytesToHexString(ParsePack("").pack.sha256.str()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_NE(Read(kHead).sha256, Read(absl::StrCat(kHead, "# a remark\n")).sha256);
}

TEST(PackTest, ARuleBindsAllThatItDoesNotNarrow) {
  const core::Scope scope = ReadRule("consent: {}").scope;
  EXPECT_EQ(scope.channels, core::ChannelSet::All());
  EXPECT_EQ(scope.purposes, core::PurposeSet::All());
  EXPECT_EQ(scope.bases, core::BasisSet::All());
  EXPECT_TRUE(scope.matters.empty());
  EXPECT_THAT(scope.regions, ElementsAre("FR", "US"));
  EXPECT_EQ(scope.from, core::kEarliest);
  EXPECT_EQ(scope.until, kNever);
}

TEST(PackTest, AScopeNamesWhatItBinds) {
  const core::Scope scope = ReadRule(
                                "channels: [CALL, SMS], purposes: [PRESS], bases: [CONTRACT], "
                                "matters: [HOME_RENOVATION], regions: [US-FL], prohibition: {}")
                                .scope;
  EXPECT_EQ(scope.channels, (core::ChannelSet{0b1010}));
  EXPECT_EQ(scope.purposes, (core::PurposeSet{0b100}));
  EXPECT_EQ(scope.bases, (core::BasisSet{0b100}));
  EXPECT_EQ(scope.matters, (core::MatterSet{0b10}));
  EXPECT_THAT(scope.regions, ElementsAre("US-FL"));
}

TEST(PackTest, DatesAreDaysOfThePacksOwnZone) {
  const core::Scope scope = ReadRule("from: 2026-08-11, until: 2027-01-01, consent: {}").scope;
  // Midnight in Paris is 22:00 UTC in summer and 23:00 UTC in winter.
  EXPECT_EQ(absl::FormatTime(ToAbslTime(scope.from), absl::UTCTimeZone()),
            "2026-08-10T22:00:00+00:00");
  EXPECT_EQ(absl::FormatTime(ToAbslTime(scope.until), absl::UTCTimeZone()),
            "2026-12-31T23:00:00+00:00");
}

TEST(PackTest, ReadsExemptions) {
  const auto exemption = ReadBody<core::Exemption>(
      "exemption: {basis: SERVICE, relations: [{relation: CONTRACT}, {relation: PURCHASE, lasts: "
      "{period: MONTH, count: 18}}], lifts: [xx.ask]}");
  EXPECT_EQ(exemption.basis, core::Basis::kService);
  EXPECT_THAT(exemption.lifts, ElementsAre("xx.ask"));
  ASSERT_THAT(exemption.relations, SizeIs(2));
  EXPECT_EQ(exemption.relations[0].relation, core::Relation::kContract);
  EXPECT_FALSE(exemption.relations[0].lasts.has_value());
  EXPECT_EQ(exemption.relations[1].relation, core::Relation::kPurchase);
  EXPECT_EQ(exemption.relations[1].lasts->period, core::Period::kMonth);
  EXPECT_EQ(exemption.relations[1].lasts->count, 18);
  const auto callback =
      ReadBody<core::Exemption>("exemption: {basis: CALLBACK, max_attempts: 3, lifts: []}");
  EXPECT_EQ(callback.max_attempts, 3);
  EXPECT_THAT(callback.lifts, IsEmpty());
}

TEST(PackTest, ReadsHoursAndHolidays) {
  const auto hours = ReadBody<core::HoursRule>(
      "hours: {consent_lifts: true, spans: [{days: [MON, SUN], from: \"10:00\", to: \"24:00\"}], "
      "holidays: [{date: 07-14}, {easter: -2}, {date: 02-29, zones: [Europe/Paris]}]}");
  EXPECT_TRUE(hours.consent_lifts);
  EXPECT_THAT(hours.spans, ElementsAre(core::Span{0b1000001, 600, 1440}));
  ASSERT_THAT(hours.holidays, SizeIs(3));
  EXPECT_EQ(hours.holidays[0].month, 7);
  EXPECT_EQ(hours.holidays[0].day, 14);
  EXPECT_THAT(hours.holidays[0].zones, IsEmpty());
  EXPECT_EQ(hours.holidays[1].month, 0);
  EXPECT_EQ(hours.holidays[1].easter_offset_days, -2);
  EXPECT_EQ(hours.holidays[2].day, 29);
  EXPECT_THAT(hours.holidays[2].zones, ElementsAre("Europe/Paris"));
}

TEST(PackTest, ALimitOnAttemptsIsNamedAfterItsRuleAndCountsItsChannels) {
  const core::Rule rule = ReadRule(
      "channels: [CALL], attempts: {max: 4, window: {period: DAY, count: 30, alignment: ROLLING}}");
  const auto& limit = std::get<core::AttemptsRule>(rule.body).limit;
  EXPECT_EQ(limit.id, "xx.rule");
  EXPECT_EQ(limit.max, 4);
  EXPECT_EQ(limit.channels, rule.scope.channels);
  EXPECT_EQ(limit.window, (core::Window{core::Period::kDay, core::Alignment::kRolling, 30}));
}

TEST(PackTest, ReadsTheOtherBodies) {
  EXPECT_EQ(ReadBody<core::SilenceRule>("silence: {days: 60}").days, 60);
  ReadBody<core::Prohibition>("prohibition: {}");
  EXPECT_EQ(ReadBody<core::GuardianRule>("guardian: {holder: PROTECTED}").holder,
            core::HolderClass::kProtected);
  EXPECT_TRUE(ReadBody<core::CallerRule>("caller: {required: true}").required);
  const auto caller = ReadBody<core::CallerRule>(
      "caller: {country: \"+33\", allowed: [\"+33162\"], new_numbers_max: 5, new_numbers_days: 7}");
  EXPECT_EQ(caller.country, "+33");
  EXPECT_THAT(caller.allowed, ElementsAre("+33162"));
  EXPECT_EQ(caller.new_numbers_max, 5);
  EXPECT_EQ(caller.new_numbers_days, 7);
  const auto list = ReadBody<core::ListRule>(
      "list: {list: bloctel, lasts: {period: YEAR, count: 3}, binds_after_days: 28, "
      "stale_after_days: 31}");
  EXPECT_EQ(list.list, "bloctel");
  EXPECT_EQ(list.lasts->period, core::Period::kYear);
  EXPECT_EQ(list.lasts->count, 3);
  EXPECT_EQ(list.binds_after_days, 28);
  EXPECT_EQ(list.stale_after_days, 31);
}

TEST(PackErrorTest, EveryFaultOfTheHeadIsFoundWithItsLine) {
  const auto with = [](const std::string& from, const std::string& to) {
    std::string text = kHead;
    return text.replace(text.find(from), from.size(), to);
  };
  ExpectError("", 1, "an empty file");
  ExpectError("[1, 2]", 1, "a rule pack as a mapping");
  ExpectError("id: xx\n", 1, "expected the key \"rules\"");
  ExpectError(with("id: xx", "id: XX"), 1, "a pack's id");
  ExpectError(with("id: xx", "id: seventeen_letters"), 1, "a pack's id");
  ExpectError(with("2026-11-22", "2026-11-31"), 2, "a day as");
  ExpectError(with("Testland", "\"Test\\nland\""), 3, "a title");
  ExpectError(with("Europe/Paris", "Europe/Atlantis"), 4, "the IANA name of a time zone");
  ExpectError(with("Europe/Paris", "[UTC]"), 4, "the IANA name of a time zone");
  ExpectError(with("[FR, US]", "[]"), 5, "1 to 64 regions");
  ExpectError(with("[FR, US]", "[FR, FR]"), 5, "each region once");
  for (const char* region : {"France", "fr", "US-", "US-ABCD", "US_FL", "F1"}) {
    ExpectError(with("FR, US", region), 5, "a region as FR or US-FL");
  }
  ExpectError(with("title", "name"), 3, "found \"name\"");
  ExpectError(absl::StrCat(kHead, "id: yy\n"), 8, "each key once");
  ExpectError("id: x\nversion: 2026-01-01\ntitle: T\ntime_zone: UTC\nregions: [FR]\nrules: []\n", 6,
              "1 to 256 rules");
}

TEST(PackErrorTest, EveryFaultOfARuleIsFoundWithItsLine) {
  const auto second = [](const std::string& rule) {
    return absl::StrCat(kHead, "  - ", rule, "\n");
  };
  ExpectError(second("{}"), kRuleLine, "expected the key \"id\"");
  ExpectError(second("rule"), kRuleLine, "a rule as a mapping");
  ExpectError(second("{id: xx.ask, says: S, source: T, consent: {}}"), kRuleLine,
              "\"xx.ask\" again (first in line 7)");
  for (const char* id : {"ask", "yy.ask", "xx.", "xx.Ask", "xx.a/b", "\"\"", "[xx.a]"}) {
    ExpectError(second(absl::StrCat("{id: ", id, ", says: S, source: T, consent: {}}")), kRuleLine,
                "a rule's id as xx.hours");
  }
  ExpectError(
      second(absl::StrCat("{id: xx.", std::string(62, 'a'), ", says: S, source: T, consent: {}}")),
      kRuleLine, "at most 64");
  ExpectError(second("{id: xx.a, source: T, consent: {}}"), kRuleLine, "the key \"says\"");
  ExpectError(second("{id: xx.a, says: S, consent: {}}"), kRuleLine, "the key \"source\"");
  ExpectError(
      second(absl::StrCat("{id: xx.a, says: ", std::string(401, 'a'), ", source: T, consent: {}}")),
      kRuleLine, "a sentence of 1 to 400 bytes");
  ExpectRuleError("consent: {}, verified: perhaps", "false or true");
  ExpectRuleError("consent: {}, note: x", "found \"note\"");
  ExpectRuleError("channels: [CALL]", "expected one of consent, exemption");
  ExpectRuleError("silence: {days: 1}, prohibition: {}", "found silence and prohibition");
}

TEST(PackErrorTest, EveryFaultOfAScopeIsFoundWithItsLine) {
  ExpectRuleError("channels: [FAX], consent: {}", "CALL, VOICE_PRERECORDED");
  ExpectRuleError("channels: [], consent: {}", "with at least one");
  ExpectRuleError("purposes: [SALES], consent: {}", "DIRECT_MARKETING, PRESS");
  ExpectRuleError("bases: [HABIT], prohibition: {}", "CONSENT, CONTRACT");
  ExpectRuleError("bases: [CONTRACT], list: {list: l}", "expected `bases` beside hours");
  ExpectRuleError("bases: [CONTRACT], consent: {}", "expected `bases` beside hours");
  ExpectRuleError("matters: [ROOF], consent: {}", "HOME_RENOVATION");
  ExpectRuleError("regions: [DE], consent: {}", "expected regions of the pack, found \"DE\"");
  ExpectRuleError("regions: [USA], consent: {}", "a region as FR or US-FL");
  ExpectRuleError("from: 2026-8-11, consent: {}", "a day as 2026-08-11");
  ExpectRuleError("until: soon, consent: {}", "a day as 2026-08-11");
  ExpectRuleError("from: 2026-08-11, until: 2026-08-11, consent: {}", "after `from`");
}

TEST(PackErrorTest, EveryFaultOfAnExemptionIsFoundWithItsLine) {
  const auto exempts = [](const std::string& parts, const std::string& part) {
    ExpectRuleError(absl::StrCat("exemption: {", parts, "}"), part);
  };
  exempts("basis: EXEMPT", "the key \"lifts\"");
  exempts("lifts: []", "the key \"basis\"");
  exempts("basis: EXEMPT, lifts: xx.ask", "a list of ids");
  exempts("basis: EXEMPT, lifts: [xx.other]", "a consent rule of this pack, found \"xx.other\"");
  exempts("basis: EXEMPT, lifts: [xx.rule]", "a consent rule of this pack, found \"xx.rule\"");
  exempts("basis: CONSENT, lifts: []", "other than consent itself");
  exempts("basis: CONTRACT, lifts: []", "expected `relations` beside CONTRACT");
  exempts("basis: EXEMPT, lifts: [], relations: [{relation: CONTRACT}]", "no `relations` beside");
  exempts("basis: SERVICE, lifts: [], relations: []", "1 to 8 relations");
  exempts("basis: SERVICE, lifts: [], relations: [{relation: LOVE}]", "CONTRACT, PURCHASE");
  exempts("basis: SERVICE, lifts: [], relations: [{}]", "the key \"relation\"");
  exempts("basis: SERVICE, lifts: [], relations: [{relation: PURCHASE}]",
          "expected `lasts` beside PURCHASE");
  exempts("basis: SERVICE, lifts: [], relations: [{relation: CONTRACT, lasts: {period: DAY}}]",
          "no `lasts` beside CONTRACT");
  exempts("basis: SERVICE, lifts: [], relations: [{relation: PURCHASE, lasts: {period: HOUR}}]",
          "DAY, WEEK, MONTH or YEAR");
  exempts("basis: EXEMPT, lifts: [], max_attempts: 3", "beside CALLBACK alone");
  exempts("basis: CALLBACK, lifts: [], max_attempts: 0", "from 1 to");
}

TEST(PackErrorTest, EveryFaultOfHoursIsFoundWithItsLine) {
  const std::string spans = "spans: [{days: [MON], from: \"10:00\", to: \"13:00\"}]";
  const auto holiday = [&](const std::string& day, const std::string& part) {
    ExpectRuleError(absl::StrCat("hours: {", spans, ", holidays: [", day, "]}"), part);
  };
  ExpectRuleError("hours: {}", "the key \"spans\"");
  ExpectRuleError("hours: {spans: []}", "at least one span");
  ExpectRuleError("hours: {spans: [{days: [MON], from: \"13:00\", to: \"10:00\"}]}",
                  "after `from`");
  ExpectRuleError(absl::StrCat("hours: {", spans, ", consent_lifts: 1}"), "false or true");
  holiday("{}", "found neither");
  holiday("{date: 01-01, easter: 1}", "found both");
  for (const char* date : {"13-01", "02-30", "1-1", "00-10", "\"\"", "[]"}) {
    holiday(absl::StrCat("{date: ", date, "}"), "a day of the year as 07-14");
  }
  holiday("{easter: 101}", "from -100 to 100");
  holiday("{easter: Monday}", "days after Easter");
  holiday("{date: 01-01, zones: []}", "at least one time zone");
  holiday("{date: 01-01, zones: [Mars/Olympus]}", "the IANA name");
  std::string days = "{date: 01-01}";
  for (int i = 0; i < core::kHolidaysMax; ++i) days += ", {date: 01-01}";
  holiday(days, "at most 64 holidays, found 65");
}

TEST(PackErrorTest, EveryFaultOfTheOtherBodiesIsFoundWithItsLine) {
  ExpectRuleError("consent: {free: true}", "found \"free\"");
  ExpectRuleError("consent: yes", "consent's rule as a mapping");
  ExpectRuleError("attempts: {max: 0, window: {period: DAY, alignment: ROLLING}}",
                  "max as a whole");
  ExpectRuleError("attempts: {max: 4}", "the key \"window\"");
  ExpectRuleError("attempts: {max: 4, window: {period: LIFETIME}}", "begins with a grant");
  ExpectRuleError("attempts: {max: 4, window: {period: DAY, alignment: GRANT}}",
                  "begins with a grant");
  ExpectRuleError("attempts: {max: 4, window: {period: YEAR, count: 5, alignment: ROLLING}}",
                  "at most 1826 days, found 1830");
  ExpectRuleError("silence: {days: 1827}", "from 1 to 1826");
  ExpectRuleError("silence: {}", "the key \"days\"");
  ExpectRuleError("caller: {}", "expected `required`, `allowed` or `new_numbers_max`");
  ExpectRuleError("caller: {country: \"+33\"}", "`country` and `allowed` together");
  ExpectRuleError("caller: {allowed: [\"+33\"]}", "`country` and `allowed` together");
  ExpectRuleError("caller: {country: \"33\", allowed: [\"+33\"]}", "the beginning of a number");
  ExpectRuleError("caller: {country: \"+33\", allowed: [\"+3x\"]}", "the beginning of a number");
  ExpectRuleError("caller: {country: \"+33\", allowed: [\"+44\"]}", "a number of `country`");
  ExpectRuleError("caller: {country: \"+33\", allowed: []}", "1 to 64 beginnings");
  ExpectRuleError("caller: {new_numbers_max: 3}", "`new_numbers_days` together");
  ExpectRuleError("caller: {new_numbers_max: 3, new_numbers_days: 0}", "from 1 to 1826");
  ExpectRuleError("list: {}", "the key \"list\"");
  ExpectRuleError("list: {list: l, lasts: {count: 3}}", "the key \"period\"");
  ExpectRuleError("list: {list: l, binds_after_days: -1}", "from 0 to 1826");
  ExpectRuleError("list: {list: l, stale_after_days: 0}", "from 1 to 1826");
  ExpectRuleError("guardian: {}", "the key \"holder\"");
  ExpectRuleError("guardian: {holder: CHILD}", "ADULT, MINOR");
}

TEST(PackErrorTest, ANumberInTheWrongPlaceIsNotRepeated) {
  const PackFile file = ParsePack(PackWith("caller: {country: \"0033199001234\", allowed: []}"));
  ASSERT_FALSE(file.errors.empty());
  for (const text::FileError& error : file.errors) {
    EXPECT_THAT(error.message, testing::Not(HasSubstr("199001234")));
  }
}

TEST(JoinTest, LawHoldsAllRulesInTheOrderOfThePacks) {
  Pack first = Read(PackWith("prohibition: {}"));
  Pack second = Read(kHead);
  second.id = "yy";
  second.rules[0].rule.id = "yy.ask";
  ASSERT_OK_AND_ASSIGN(const core::Law law, Join({second, first}));
  ASSERT_THAT(law.rules, SizeIs(3));
  EXPECT_EQ(law.rules[0].id, "yy.ask");
  EXPECT_EQ(law.rules[1].id, "xx.ask");
  EXPECT_EQ(law.rules[2].id, "xx.rule");
  ASSERT_OK_AND_ASSIGN(const core::Law none, Join({}));
  EXPECT_THAT(none.rules, IsEmpty());
}

TEST(JoinTest, APackGivenTwiceIsRefused) {
  const Pack pack = Read(kHead);
  EXPECT_THAT(Join({pack, pack}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("each rule pack once")));
}

TEST(JoinTest, MoreRulesThanTheLawMayHaveAreRefused) {
  Pack first = Read(kHead);
  first.rules.resize(core::kRulesMax, first.rules[0]);
  EXPECT_OK(Join({first}));
  Pack second = Read(kHead);
  second.id = "yy";
  EXPECT_THAT(Join({first, second}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most 256 rules")));
}

}  // namespace
}  // namespace consent::rules

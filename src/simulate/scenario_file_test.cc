// SPDX-License-Identifier: Apache-2.0
//
// What a scenario file may say. Whole files with several faults are in docs/scenarios/errors.

#include "src/simulate/scenario_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"

namespace consent::simulate {
namespace {

using text::FileError;

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kGrant[] =
    "id: g1, consumer: a, company: acme, purposes: [SURVEY], limits: [{id: l, channels: [SMS], "
    "max: 1, window: {period: YEAR, alignment: CALENDAR}}]";
constexpr char kConsume[] =
    "consumer: a, company: acme, channel: SMS, purpose: SURVEY, request_id: r1";

// A scenario of these steps, one a line from line 5; the consumer `a` lives in Paris.
std::string WithSteps(std::initializer_list<std::string> steps) {
  std::string text =
      "consumers:\n"
      "  - {id: a, contact_point: \"+33639980001\", time_zone: Europe/Paris}\n"
      "  - {id: b, contact_point: \"+33639980002\"}\n"
      "steps:\n";
  for (const std::string& step : steps) absl::StrAppend(&text, "  - {", step, "}\n");
  return text;
}

std::string At(int minute, const std::string& action) {
  return absl::StrCat("at: 2026-03-01T09:", absl::Dec(minute, absl::kZeroPad2), ":00Z, ", action);
}
std::string Grant(const std::string& body) { return At(0, absl::StrCat("grant: {", body, "}")); }
// The grant above with one part replaced.
std::string Grant(const std::string& part, const std::string& other) {
  EXPECT_THAT(kGrant, HasSubstr(part));
  return Grant(absl::StrReplaceAll(kGrant, {{part, other}}));
}
std::string GrantAnd(const std::string& more) { return Grant(absl::StrCat(kGrant, ", ", more)); }
std::string ConsumeAnd(const std::string& more) {
  return At(0, absl::StrCat("consume: {", kConsume, ", ", more, "}"));
}

Scenario Sound(const std::string& text) {
  const ScenarioFile file = ParseScenario(text);
  EXPECT_THAT(file.errors, IsEmpty()) << file.errors[0].line << file.errors[0].message << text;
  return file.scenario;
}
std::vector<FileError> ErrorsOf(const std::string& text) {
  const ScenarioFile file = ParseScenario(text);
  EXPECT_THAT(file.errors, Not(IsEmpty())) << text;
  return file.errors;
}
std::vector<FileError> ErrorsOfStep(const std::string& step) { return ErrorsOf(WithSteps({step})); }

auto Error(int line, const std::string& part) {
  return AllOf(Field(&FileError::line, line), Field(&FileError::message, HasSubstr(part)));
}
// One error, in the first step.
auto OneError(const std::string& part) { return ElementsAre(Error(5, part)); }

TEST(ScenarioFileTest, FillsInTheDefaults) {
  const Scenario scenario =
      Sound(WithSteps({Grant(kGrant), At(1, absl::StrCat("consume: {", kConsume, "}"))}));
  ASSERT_THAT(scenario.steps, SizeIs(2));
  const core::Grant& grant = std::get<GrantStep>(scenario.steps[0].action).grant;
  EXPECT_EQ(grant.valid_from, scenario.steps[0].at);
  EXPECT_EQ(grant.valid_until, kNever);
  EXPECT_EQ(grant.signed_by, core::Signer::kConsumer);
  EXPECT_THAT(grant.hours, IsEmpty());
  EXPECT_EQ(grant.limits[0].window.count, 1);
  EXPECT_EQ(grant.limits[0].max_attempts, std::nullopt);
  const core::Request& request = std::get<ConsumeStep>(scenario.steps[1].action).request;
  EXPECT_EQ(request.permit_ttl, Seconds{300});
  EXPECT_EQ(request.hold, Seconds{0});
}

TEST(ScenarioFileTest, EveryGrantItReadsIsOneTheCoreAccepts) {
  const Scenario scenario = Sound(WithSteps({GrantAnd(
      "valid_from: 2026-03-02T00:00:00+05:30, valid_until: 9999-12-31T23:59:59Z, signed_by: "
      "COMPANY, collected_at: 2026-03-01T09:00:00Z, hours: [{days: [MON, SUN], from: \"00:00\", "
      "to: \"24:00\"}]")}));
  const core::Grant& grant = std::get<GrantStep>(scenario.steps[0].action).grant;
  EXPECT_TRUE(core::ValidateGrant(grant).ok()) << core::ValidateGrant(grant);
  EXPECT_EQ(grant.hours[0].days, 0b1000001);
  EXPECT_EQ(grant.hours[0].to_minute, 1440);
}

TEST(ScenarioFileTest, FindsTheZoneInTheNumberUnlessItIsStated) {
  const Scenario scenario = Sound(
      "steps: []\n"  // Before what it depends on: keys may come in any order.
      "consumers: [{id: fr, contact_point: +33639980001}, {id: us, contact_point: "
      "\"+12125550123\"},"
      " {id: ny, contact_point: \"+12125550123\", time_zone: America/New_York},"
      " {id: mail, contact_point: someone@example.org}]");
  EXPECT_THAT(scenario.consumers[0].place.zones, ElementsAre("Europe/Paris"));
  EXPECT_THAT(scenario.consumers[0].place.regions, ElementsAre("FR"));
  EXPECT_EQ(scenario.consumers[0].zone().name(), "Europe/Paris");
  EXPECT_TRUE(scenario.consumers[1].zones.empty());
  EXPECT_THAT(scenario.consumers[1].place.regions, ElementsAre("US"));
  EXPECT_EQ(scenario.consumers[2].zone().name(), "America/New_York");
  EXPECT_TRUE(scenario.consumers[3].zones.empty());
  EXPECT_TRUE(scenario.consumers[3].place.regions.empty());
}

TEST(ScenarioFileTest, RefusesConsumersThatAreNotInOrder) {
  EXPECT_THAT(ErrorsOf("steps: []\nconsumers:\n- {id: a, contact_point: +33639980001}\n"
                       "- {id: a, contact_point: +33639980002}\n"),
              ElementsAre(Error(4, "different ids")));
  EXPECT_THAT(ErrorsOf("steps: []\nconsumers:\n- {id: a}\n- {contact_point: +33639980001}\n- 5\n"),
              ElementsAre(Error(3, "contact_point"), Error(4, "\"id\""), Error(5, "mapping")));
  for (const char* zone : {"Europe/Pariss", "europe/paris", "/etc/localtime", "localtime", "\"\"",
                           "right/Europe/Paris", "\"+01:00\"", "Fixed/UTC+01:00:00", "[]", "..",
                           "Europe/../Europe/Paris", "null"}) {
    EXPECT_THAT(ErrorsOf(absl::StrCat("steps: []\nconsumers:\n- {id: a, contact_point: "
                                      "+33639980001, time_zone: ",
                                      zone, "}\n")),
                ElementsAre(Error(3, "time zone")))
        << zone;
  }
}

TEST(ScenarioFileTest, NeverRepeatsAContactPoint) {
  for (const char* point : {"0639980001", "+33639980001x", "+3363998000123456789"}) {
    const auto errors = ErrorsOf(
        absl::StrCat("steps: []\nconsumers:\n- {id: a, contact_point: \"", point, "\"}\n"));
    EXPECT_THAT(errors, ElementsAre(Error(3, "contact point")));
    EXPECT_THAT(errors[0].message, Not(HasSubstr("63998")));
  }
  const auto errors = ErrorsOfStep(
      At(0, "check: {consumer: \"+33639980001\", company: x, channel: SMS, purpose: SURVEY}"));
  EXPECT_THAT(errors, ElementsAre(Error(5, "consumers")));
  EXPECT_THAT(errors[0].message, Not(HasSubstr("63998")));
}

TEST(ScenarioFileTest, RefusesKeysThatAreMissingUnknownOrGivenTwice) {
  EXPECT_THAT(ErrorsOf("consumers: []\n"), ElementsAre(Error(1, "\"steps\"")));
  EXPECT_THAT(ErrorsOf("steps: []\n"), ElementsAre(Error(1, "\"consumers\"")));
  EXPECT_THAT(ErrorsOf("consumers: []\nsteps: []\nstepz: []\n"), ElementsAre(Error(3, "stepz")));
  EXPECT_THAT(ErrorsOf("consumers: []\nsteps: []\nsteps: []\n"), ElementsAre(Error(3, "once")));
  EXPECT_THAT(ErrorsOf("[]"), ElementsAre(Error(1, "mapping")));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("max: 3")), OneError("\"max\""));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("id: g1")), OneError("once"));
  EXPECT_THAT(ErrorsOfStep(Grant("max: 1", "max: 1, max: 2")), OneError("once"));
  EXPECT_THAT(ErrorsOfStep(Grant("max: 1", "maximum: 1")),
              ElementsAre(Error(5, "\"max\""), Error(5, "\"maximum\"")));
  for (const char* part :
       {"id: g1, ", "consumer: a, ", "company: acme, ", "purposes: [SURVEY], ", "id: l, ",
        "channels: [SMS], ", "max: 1, ", "period: YEAR, ", ", alignment: CALENDAR"}) {
    EXPECT_THAT(ErrorsOfStep(Grant(part, "")), OneError("found none")) << part;
  }
  for (const char* key : {"consumer", "company", "channel", "purpose", "request_id"}) {
    const std::string other = absl::StrCat("x", key);
    const std::string body = absl::StrReplaceAll(kConsume, {{absl::StrCat(key, ":"), other + ":"}});
    EXPECT_THAT(ErrorsOfStep(At(0, absl::StrCat("consume: {", body, "}"))), SizeIs(2)) << key;
  }
}

TEST(ScenarioFileTest, RefusesAStepThatIsNotOneAction) {
  EXPECT_THAT(ErrorsOfStep("at: 2026-03-01T09:00:00Z"), OneError("found 0"));
  EXPECT_THAT(ErrorsOfStep("confirm: {of: 0}"),
              ElementsAre(Error(5, "\"at\""), Error(5, "earlier consume")));
  EXPECT_THAT(ErrorsOf(WithSteps({At(0, absl::StrCat("consume: {", kConsume, "}")),
                                  At(1, "confirm: {of: 0}, release: {of: 0}")})),
              ElementsAre(Error(6, "found 2")));
  EXPECT_THAT(ErrorsOfStep(At(0, "nonsense: {consumer: a}")), OneError("this release knows"));
}

TEST(ScenarioFileTest, ReadsTimesOfRfc3339ToTheWholeSecond) {
  const auto at = [](const std::string& time) {
    return Sound(WithSteps({absl::StrCat("at: ", time, ", unblock: {consumer: a, company: x}")}))
        .steps[0]
        .at.unix_seconds;
  };
  EXPECT_EQ(at("2026-03-01T09:00:00Z"), 1772355600);
  EXPECT_EQ(at("\"2026-03-01T09:00:00Z\""), 1772355600);
  EXPECT_EQ(at("2026-03-01T10:00:00+01:00"), 1772355600);
  EXPECT_EQ(at("2026-02-28T23:30:00-09:30"), 1772355600);
  EXPECT_EQ(at("2026-03-01t09:00:00z"), 1772355600);
  EXPECT_EQ(at("1970-01-01T00:00:00-00:00"), 0);
  EXPECT_EQ(at("2028-02-29T00:00:00Z"), 1835395200);
  EXPECT_EQ(at("1900-01-01T00:00:00Z"), core::kEarliest.unix_seconds);
  EXPECT_EQ(at("9999-12-31T23:59:59Z"), kNever.unix_seconds - 1);
  for (const char* time : {"2026-03-01T09:00:00",
                           "2026-03-01",
                           "2026-03-01T09:00Z",
                           "2026-03-01T09:00:00.0Z",
                           "2026-03-01T09:00:00+0100",
                           "2026-03-01T09:00:00+01",
                           "2026-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-03-01T24:00:00Z",
                           "2026-03-01T23:60:00Z",
                           "2026-12-31T23:59:60Z",
                           "2026-03-01 09:00:00Z",
                           "2026-03-01T09:00:00+24:00",
                           "2026-03-01T09:00:00+01:60",
                           "1899-12-31T23:59:59Z",
                           "1900-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01",
                           "1772355600",
                           "+026-03-01T09:00Z",
                           "[]",
                           "\"\"",
                           "~"}) {
    EXPECT_THAT(ErrorsOfStep(absl::StrCat("at: ", time, ", unblock: {consumer: a, company: x}")),
                OneError("RFC 3339"))
        << time;
  }
}

TEST(ScenarioFileTest, RefusesTimesThatGoBack) {
  const std::string unblock = "unblock: {consumer: a, company: x}";
  Sound(WithSteps({At(1, unblock), At(1, unblock)}));
  EXPECT_THAT(ErrorsOf(WithSteps({At(1, unblock), At(0, unblock), At(1, unblock)})),
              ElementsAre(Error(6, "not before")));
}

TEST(ScenarioFileTest, ReadsDurationsFromASecondToADay) {
  const auto hold = [](const std::string& duration) {
    const Scenario scenario = Sound(WithSteps({ConsumeAnd(absl::StrCat("hold: ", duration))}));
    return std::get<ConsumeStep>(scenario.steps[0].action).request.hold.count;
  };
  EXPECT_EQ(hold("1s"), 1);
  EXPECT_EQ(hold("90s"), 90);
  EXPECT_EQ(hold("5m"), 300);
  EXPECT_EQ(hold("\"24h\""), 86400);
  EXPECT_EQ(hold("86400s"), 86400);
  EXPECT_EQ(hold("1440m"), 86400);
  for (const char* duration :
       {"0s", "0h", "86401s", "1441m", "25h", "-1s", "1.5h", "1h30m", "300", "s", "5 m", "5M", "1d",
        "99999999999999999999s", "9223372036854775807h", "\"\"", "[]", "~"}) {
    EXPECT_THAT(ErrorsOfStep(ConsumeAnd(absl::StrCat("hold: ", duration))), OneError("duration"))
        << duration;
    EXPECT_THAT(ErrorsOfStep(ConsumeAnd(absl::StrCat("permit_ttl: ", duration))),
                OneError("duration"));
  }
}

TEST(ScenarioFileTest, ACallerNumberIsAPhoneNumber) {
  const Scenario scenario = Sound(WithSteps({ConsumeAnd("caller_number: \"+33 1 99 00 12 34\"")}));
  EXPECT_EQ(std::get<ConsumeStep>(scenario.steps[0].action).request.caller_number, "+33199001234");
  for (const char* number :
       {"\"0199001234\"", "someone@example.org", "\"\"", "[]", "\"38383\"", "ACME"}) {
    EXPECT_THAT(ErrorsOfStep(At(0, absl::StrCat("check: {consumer: a, company: x, channel: CALL, "
                                                "purpose: SURVEY, caller_number: ",
                                                number, "}"))),
                OneError("a phone number"))
        << number;
  }
}

TEST(ScenarioFileTest, ATextMayComeFromAShortCodeOrAName) {
  for (const char* sender : {"\"38383\"", "ACME", "Acme Bank 1"}) {
    Sound(WithSteps({ConsumeAnd(absl::StrCat("caller_number: ", sender))}));
  }
  for (const char* sender : {"\"12\"", "\"123456789\"", "ACME Holding 1", "Acme!", "\"\"", "[]"}) {
    EXPECT_EQ(ErrorsOfStep(ConsumeAnd(absl::StrCat("caller_number: ", sender))).size(), 1u)
        << sender;
  }
}

TEST(ScenarioFileTest, ALossBeginsBeforeItIsAccepted) {
  const auto recovered = [](const std::string& lost_from) {
    return At(1, absl::StrCat("recovered: {lost_from: ", lost_from, "}"));
  };
  const Scenario scenario = Sound(WithSteps({recovered("2026-01-01T00:00:00Z")}));
  EXPECT_EQ(scenario.ConsumerOf(0), std::nullopt);
  EXPECT_THAT(ErrorsOfStep(recovered("2099-01-01T00:00:00Z")), OneError("not after"));
  EXPECT_THAT(ErrorsOfStep(recovered("yesterday")), OneError("a time"));
  EXPECT_THAT(ErrorsOfStep(At(1, "recovered: {}")), OneError("lost_from"));
}

TEST(ScenarioFileTest, ACheckHasNeitherRequestIdNorHold) {
  Sound(WithSteps({At(0,
                      "check: {consumer: a, company: acme, channel: SMS, purpose: SURVEY, "
                      "permit_ttl: 1h}")}));
  EXPECT_THAT(ErrorsOfStep(At(0, absl::StrCat("check: {", kConsume, "}"))), OneError("request_id"));
  EXPECT_THAT(ErrorsOfStep(At(0,
                              "check: {consumer: a, company: acme, channel: SMS, purpose: SURVEY, "
                              "hold: 1s}")),
              OneError("hold"));
}

TEST(ScenarioFileTest, RefusesNumbersOutOfRange) {
  for (const char* max : {"0", "-1", "1.0", "\"1\"", "1e3", "0x1", "+1", "1000001", "many", "[1]",
                          "99999999999999999999", "~", "1_000"}) {
    EXPECT_THAT(ErrorsOfStep(Grant("max: 1", absl::StrCat("max: ", max))), OneError("max")) << max;
    EXPECT_THAT(ErrorsOfStep(Grant("max: 1", absl::StrCat("max: 1, max_attempts: ", max))),
                OneError("max_attempts"));
  }
  for (const char* count : {"0", "-1", "10001", "x"}) {
    EXPECT_THAT(ErrorsOfStep(Grant("period: YEAR", absl::StrCat("period: YEAR, count: ", count))),
                OneError("count"));
  }
  Sound(WithSteps({Grant("max: 1", "max: 1000000, max_attempts: 1")}));
}

TEST(ScenarioFileTest, RefusesUnknownWords) {
  EXPECT_THAT(ErrorsOfStep(Grant("[SMS]", "[SMS, FAX]")), OneError("\"FAX\""));
  EXPECT_THAT(ErrorsOfStep(Grant("[SMS]", "[sms]")), OneError("CALL, VOICE_PRERECORDED, SMS"));
  EXPECT_THAT(ErrorsOfStep(Grant("[SMS]", "[]")), OneError("empty list"));
  EXPECT_THAT(ErrorsOfStep(Grant("[SMS]", "SMS")), OneError("a list"));
  EXPECT_THAT(ErrorsOfStep(Grant("[SMS]", "[\"\"]")), OneError("CALL"));
  EXPECT_THAT(ErrorsOfStep(Grant("[SURVEY]", "[FUN]")), OneError("DIRECT_MARKETING"));
  EXPECT_THAT(ErrorsOfStep(Grant("[SURVEY]", "[]")), OneError("empty list"));
  EXPECT_THAT(ErrorsOfStep(Grant("YEAR", "FORTNIGHT")), OneError("LIFETIME"));
  EXPECT_THAT(ErrorsOfStep(Grant("CALENDAR", "calendar")), OneError("ROLLING"));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("signed_by: NOBODY")), OneError("REGISTRAR"));
  const std::string consume = At(0, absl::StrCat("consume: {", kConsume, "}"));
  EXPECT_THAT(ErrorsOf(WithSteps({consume, At(1, "outcome: {of: 0, outcome: MAYBE}")})),
              ElementsAre(Error(6, "NO_ANSWER")));
}

TEST(ScenarioFileTest, ALifetimeHasNoAlignment) {
  Sound(WithSteps({Grant("period: YEAR, alignment: CALENDAR", "period: LIFETIME")}));
  EXPECT_THAT(ErrorsOfStep(Grant("YEAR", "LIFETIME")), OneError("no alignment"));
  EXPECT_THAT(
      ErrorsOfStep(Grant("period: YEAR, alignment: CALENDAR", "period: LIFETIME, count: 2")),
      OneError("no count"));
}

TEST(ScenarioFileTest, RefusesIdsThatNothingCouldBeCalled) {
  EXPECT_THAT(ErrorsOfStep(Grant("id: l", "id: law/l")), OneError("without '/'"));
  EXPECT_THAT(ErrorsOfStep(Grant("id: l", "id: \"\"")), OneError("limit's id"));
  EXPECT_THAT(ErrorsOfStep(Grant("id: g1", "id: \"\"")), OneError("grant's id"));
  EXPECT_THAT(ErrorsOfStep(Grant("id: g1", "id: \"g\\n1\"")), OneError("printable"));
  EXPECT_THAT(ErrorsOfStep(Grant("id: g1", "id: " + std::string(65, 'g'))), OneError("64"));
  Sound(WithSteps({Grant("id: g1", "id: " + std::string(64, 'g'))}));
  EXPECT_THAT(ErrorsOfStep(Grant("company: acme", "company: \"*\"")), OneError("one company"));
  EXPECT_THAT(ErrorsOfStep(At(0, "revoke: {consumer: a, company: \"*\"}")),
              OneError("one company"));
  Sound(WithSteps({At(0, "block: {consumer: a, company: \"*\"}"),
                   At(0, "unblock: {consumer: a, company: \"*\"}")}));
}

TEST(ScenarioFileTest, LimitsOfAGrantHaveDifferentIds) {
  const std::string limit =
      "{id: l, channels: [SMS], max: 1, window: {period: YEAR, alignment: CALENDAR}}";
  EXPECT_THAT(ErrorsOfStep(Grant(limit, absl::StrCat(limit, ", ", limit))),
              OneError("different ids"));
  EXPECT_THAT(ErrorsOfStep(Grant(absl::StrCat("[", limit, "]"), "[]")), OneError("1 to 16"));
  std::string many;
  for (int i = 0; i < 17; ++i) {
    absl::StrAppend(&many, i == 0 ? "" : ", ",
                    absl::StrReplaceAll(limit, {{"id: l", absl::StrCat("id: l", i)}}));
  }
  EXPECT_THAT(ErrorsOfStep(Grant(limit, many)), OneError("found 17"));
}

TEST(ScenarioFileTest, AGrantIdIsUsedOnceForAConsumerAndCompany) {
  Sound(WithSteps({Grant(kGrant), Grant("consumer: a", "consumer: b"),
                   Grant("company: acme", "company: bell")}));
  EXPECT_THAT(ErrorsOf(WithSteps({Grant(kGrant), Grant(kGrant)})),
              ElementsAre(Error(6, "first in line 5")));
}

TEST(ScenarioFileTest, ARevocationNamesAGrantGivenBefore) {
  const std::string revoke = At(0, "revoke: {consumer: a, company: acme, grant: g1}");
  Sound(WithSteps({Grant(kGrant), revoke}));
  Sound(WithSteps({At(0, "revoke: {consumer: a, company: acme}")}));
  EXPECT_THAT(ErrorsOf(WithSteps({revoke, Grant(kGrant)})), OneError("given above"));
  EXPECT_THAT(ErrorsOf(WithSteps({Grant("consumer: a", "consumer: b"), revoke})),
              ElementsAre(Error(6, "given above")));
  EXPECT_THAT(ErrorsOf(WithSteps({Grant("company: acme", "company: bell"), revoke})),
              ElementsAre(Error(6, "given above")));
}

TEST(ScenarioFileTest, ABlockOfNoChannelsIsABlockOfAll) {
  const Scenario scenario =
      Sound(WithSteps({At(0, "block: {consumer: a, company: x}"),
                       At(0, "block: {consumer: a, company: x, channels: []}"),
                       At(0, "block: {consumer: a, company: x, channels: [CALL]}")}));
  EXPECT_EQ(std::get<BlockStep>(scenario.steps[0].action).block.channels, core::ChannelSet::All());
  EXPECT_EQ(std::get<BlockStep>(scenario.steps[1].action).block.channels, core::ChannelSet::All());
  core::ChannelSet calls;
  calls.Add(core::Channel::kCall);
  EXPECT_EQ(std::get<BlockStep>(scenario.steps[2].action).block.channels, calls);
}

TEST(ScenarioFileTest, OfNamesAnEarlierConsume) {
  const std::string consume = At(0, absl::StrCat("consume: {", kConsume, "}"));
  const Scenario scenario =
      Sound(WithSteps({Grant(kGrant), consume, At(1, "outcome: {of: 1, outcome: BUSY}")}));
  EXPECT_EQ(std::get<OutcomeStep>(scenario.steps[2].action).of, 1u);
  for (const char* of : {"0", "2", "3", "99", "-1", "\"1\"", "1.0", "x", "~"}) {
    EXPECT_THAT(ErrorsOf(WithSteps({Grant(kGrant), consume,
                                    At(1, absl::StrCat("confirm: {of: ", of, "}")), consume})),
                testing::Contains(Error(7, "number of")))
        << of;
  }
}

TEST(ScenarioFileTest, AClaimSaysWhenItWasCollected) {
  Sound(WithSteps({GrantAnd("signed_by: COMPANY, collected_at: 2026-03-01T09:00:00Z")}));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("signed_by: COMPANY")), OneError("collected_at"));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("signed_by: REGISTRAR")), OneError("collected_at"));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("collected_at: 2026-03-01T09:00:00Z")), OneError("signed_by"));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("signed_by: CONSUMER, collected_at: 2026-03-01T09:00:00Z")),
              OneError("signed_by"));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("signed_by: COMPANY, collected_at: 2026-03-01T09:00:01Z")),
              OneError("not later"));
}

TEST(ScenarioFileTest, AGrantEndsAfterItBegins) {
  Sound(WithSteps({GrantAnd("valid_until: 2026-03-01T09:00:01Z")}));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("valid_until: 2026-03-01T09:00:00Z")),
              OneError("after valid_from"));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("valid_from: 2026-03-03T00:00:00Z, valid_until: "
                                    "2026-03-02T00:00:00Z")),
              OneError("after valid_from"));
}

TEST(ScenarioFileTest, ASpanStaysWithinItsDay) {
  const auto span = [](const std::string& days, const std::string& from, const std::string& to) {
    return WithSteps(
        {GrantAnd(absl::StrCat("hours: [{days: [", days, "], from: ", from, ", to: ", to, "}]"))});
  };
  Sound(span("MON, TUE, WED, THU, FRI, SAT, SUN", "\"23:59\"", "\"24:00\""));
  Sound(span("MON", "09:00", "10:00"));
  Sound(WithSteps({GrantAnd("hours: []")}));
  EXPECT_THAT(ErrorsOf(span("MON", "\"24:00\"", "\"24:00\"")), OneError("23:59"));
  EXPECT_THAT(ErrorsOf(span("MON", "\"10:00\"", "\"10:00\"")), OneError("after `from`"));
  EXPECT_THAT(ErrorsOf(span("MON", "\"22:00\"", "\"06:00\"")), OneError("after `from`"));
  EXPECT_THAT(ErrorsOf(span("MON", "\"10:00\"", "\"24:01\"")), OneError("24:00"));
  EXPECT_THAT(ErrorsOf(span("MON", "\"10:00\"", "\"10:60\"")), OneError("time of day"));
  EXPECT_THAT(ErrorsOf(span("MON", "\"9:00\"", "\"10:00\"")), OneError("time of day"));
  EXPECT_THAT(ErrorsOf(span("MON", "\"09:00:00\"", "\"10:00\"")), OneError("time of day"));
  EXPECT_THAT(ErrorsOf(span("MON", "540", "\"10:00\"")), OneError("time of day"));
  EXPECT_THAT(ErrorsOf(span("Monday", "\"09:00\"", "\"10:00\"")), OneError("MON"));
  EXPECT_THAT(ErrorsOf(span("", "\"09:00\"", "\"10:00\"")), OneError("at least one day"));
  EXPECT_THAT(ErrorsOfStep(GrantAnd("hours: [{days: [MON]}]")), SizeIs(2));
}

TEST(ScenarioFileTest, ReportsTwentyFaultsAndThatThereAreMore) {
  std::string text = "consumers: []\nsteps:\n";
  for (int i = 0; i < 30; ++i) absl::StrAppend(&text, "  - x\n");
  const ScenarioFile file = ParseScenario(text);
  EXPECT_THAT(file.errors, SizeIs(20));
  EXPECT_TRUE(file.more_errors);
  EXPECT_EQ(file.errors.front().line, 3);
}

}  // namespace
}  // namespace consent::simulate

// SPDX-License-Identifier: Apache-2.0

#include "src/consent/grant.h"

#include <functional>
#include <string>

#include "src/base/status_matchers.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

using ::testing::HasSubstr;

// What is wrong with a good grant after `change`; "" when nothing is.
std::string Fault(const std::function<void(Grant&)>& change) {
  Grant grant = GrantOf("g1", T("2026-03-01T09:00:00Z"),
                        {AtMost(1, "calls", On({Channel::kCall}), Calendar(Period::kYear)),
                         AtMost(5, "all", ChannelSet::All(), Lifetime())});
  grant.hours = {During("1111100", 600, 780)};
  change(grant);
  const absl::Status status = ValidateGrant(grant);
  EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status));
  return std::string(status.message());
}

TEST(ValidateGrantTest, AGoodGrantIsGood) {
  EXPECT_EQ(Fault([](Grant&) {}), "");
}

TEST(ValidateGrantTest, EdgesAreWithin) {
  EXPECT_EQ(Fault([](Grant& g) {
              g.id = std::string(64, '~');
              g.valid_from = kEarliest;
              g.valid_until = kNever;
              g.limits[0].max = kMaxMax;
              g.limits[0].max_attempts = kMaxMax;
              g.limits[0].window.count = kPeriodsMax;
              g.hours = {During("1111111", 0, 1440), During("1000000", 1439, 1440)};
            }),
            "");
}

TEST(ValidateGrantTest, IdsAreShortPrintableAndTheirOwn) {
  EXPECT_THAT(Fault([](Grant& g) { g.id = ""; }), HasSubstr("grant id: expected 1 to 64"));
  EXPECT_THAT(Fault([](Grant& g) { g.id = std::string(65, 'a'); }), HasSubstr("found 65"));
  EXPECT_THAT(Fault([](Grant& g) { g.id = "a\n"; }), HasSubstr("printable ASCII"));
  EXPECT_THAT(Fault([](Grant& g) { g.company = "caf\xc3\xa9"; }), HasSubstr("grant company"));
  EXPECT_THAT(Fault([](Grant& g) { g.company = "*"; }), HasSubstr("grant company"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[1].id = "law/x"; }), HasSubstr("limits[1].id"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[1].id = "calls"; }), HasSubstr("that of limits[0]"));
}

TEST(ValidateGrantTest, SetsNameSomethingKnown) {
  EXPECT_THAT(Fault([](Grant& g) { g.purposes = {}; }), HasSubstr("purposes"));
  EXPECT_THAT(Fault([](Grant& g) { g.purposes = {1u << 9}; }), HasSubstr("purposes"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].channels = {}; }), HasSubstr("limits[0].channels"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].channels = {1}; }), HasSubstr("limits[0].channels"));
}

TEST(ValidateGrantTest, NumbersAreInTheirRanges) {
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].max = 0; }),
              HasSubstr("limits[0].max: expected 1 to 1000000, found 0"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].max = -1; }), HasSubstr("found -1"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].max = kMaxMax + 1; }), HasSubstr("limits[0].max"));
  EXPECT_THAT(Fault([](Grant& g) {
                g.limits[0].max = 3;
                g.limits[0].max_attempts = 0;
              }),
              HasSubstr("limits[0].max_attempts: expected 1 to"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].window.count = 0; }), HasSubstr("window.count"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].window.count = kPeriodsMax + 1; }),
              HasSubstr("window.count"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits.clear(); }), HasSubstr("grant limits"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits.resize(kLimitsMax + 1, g.limits[0]); }),
              HasSubstr("grant limits"));
}

TEST(ValidateGrantTest, WindowsAreWhole) {
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].window.period = Period::kUnspecified; }),
              HasSubstr("window.period"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].window.period = static_cast<Period>(6); }),
              HasSubstr("window.period"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[0].window.alignment = Alignment::kUnspecified; }),
              HasSubstr("window.alignment"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[1].window.alignment = Alignment::kRolling; }),
              HasSubstr("limits[1].window.alignment"));
  EXPECT_THAT(Fault([](Grant& g) { g.limits[1].window.count = 2; }),
              HasSubstr("limits[1].window.count"));
}

TEST(ValidateGrantTest, SpansHaveDaysAndRunForward) {
  EXPECT_THAT(Fault([](Grant& g) { g.hours[0].days = 0; }), HasSubstr("hours[0].days"));
  EXPECT_THAT(Fault([](Grant& g) { g.hours[0].days = 128; }), HasSubstr("hours[0].days"));
  EXPECT_THAT(Fault([](Grant& g) { g.hours[0].from_minute = 780; }), HasSubstr("hours[0].from"));
  EXPECT_THAT(Fault([](Grant& g) { g.hours[0].from_minute = -1; }), HasSubstr("hours[0].from"));
  EXPECT_THAT(Fault([](Grant& g) { g.hours[0].to_minute = 1441; }), HasSubstr("hours[0].to"));
  EXPECT_THAT(Fault([](Grant& g) { g.hours.resize(kSpansMax + 1, g.hours[0]); }),
              HasSubstr("grant hours"));
}

TEST(ValidateGrantTest, DatesAreInOrderAndInThisWorld) {
  EXPECT_THAT(Fault([](Grant& g) { g.valid_until = g.valid_from; }), HasSubstr("valid_until"));
  EXPECT_THAT(Fault([](Grant& g) { g.valid_from = kEarliest - Seconds{1}; }),
              HasSubstr("valid_from"));
  EXPECT_THAT(Fault([](Grant& g) { g.valid_until = kNever + Seconds{1}; }),
              HasSubstr("valid_until"));
}

TEST(ValidateGrantTest, AClaimSaysWhenItWasCollected) {
  EXPECT_THAT(Fault([](Grant& g) { g.signed_by = Signer::kUnspecified; }), HasSubstr("signed_by"));
  EXPECT_THAT(Fault([](Grant& g) { g.signed_by = static_cast<Signer>(9); }),
              HasSubstr("signed_by"));
  EXPECT_THAT(Fault([](Grant& g) { g.signed_by = Signer::kCompany; }), HasSubstr("collected_at"));
  EXPECT_EQ(Fault([](Grant& g) {
              g.signed_by = Signer::kCompany;
              g.collected_at = g.valid_from;
            }),
            "");
}

}  // namespace
}  // namespace consent::core

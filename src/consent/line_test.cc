// SPDX-License-Identifier: Apache-2.0
//
// A line that several people share: each has a key, and the strictest word counts.

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

KeyId Key(uint8_t n) {
  KeyId key{};
  key.bytes[0] = n;
  return key;
}

class LineTest : public ::testing::Test {
 protected:
  const KeyId kAnna = Key(1);
  const KeyId kBen = Key(2);
  const KeyId kCleo = Key(3);

  LineTest() {
    world_.At("2026-03-02T11:00:00+01:00");  // A Monday.
    HolderChanged shared;
    shared.holder = HolderClass::kSharedLine;
    shared.statement = Word(Signer::kRegistrar, Key(99));
    EXPECT_EQ(world_.Say(shared), Reason::kOk);
    EXPECT_EQ(Bind(kAnna), Reason::kOk);
    EXPECT_EQ(Bind(kBen), Reason::kOk);
  }

  // Signed now, a second after the word before.
  SignedBytes Word(Signer signer, const KeyId& key) {
    world_.record.bound_signed_at_ms = 0;
    SignedBytes bytes;
    bytes.id.bytes[0] = ++words_;
    bytes.signed_at_ms = world_.now().unix_seconds * 1000 + words_;
    bytes.signer = signer;
    bytes.key = key;
    return bytes;
  }
  Reason Bind(const KeyId& key, std::optional<KeyId> replaces = {}) {
    Bound bound;
    bound.key = key;
    bound.replaces = replaces;
    bound.statement = Word(Signer::kRegistrar, Key(99));
    return world_.Say(std::move(bound));
  }
  Reason Give(const KeyId& key, std::string id, int64_t max, std::vector<Span> hours = {}) {
    Granted granted;
    granted.grant = GrantOf(std::move(id), world_.now(),
                            {AtMost(max, "calls", On({Channel::kCall}), Calendar(Period::kYear))});
    granted.grant.hours = std::move(hours);
    granted.statement = Word(Signer::kConsumer, key);
    return world_.Say(std::move(granted));
  }
  Reason Revoke(const KeyId& key) {
    Revoked revoked;
    revoked.company = "acme";
    revoked.statement = Word(Signer::kConsumer, key);
    return world_.Say(std::move(revoked));
  }
  Reason Prefer(const KeyId& key, Preferences preferences) {
    Preferred preferred;
    preferred.preferences = std::move(preferences);
    preferred.statement = Word(Signer::kConsumer, key);
    return world_.Say(std::move(preferred));
  }
  static Preferences AtMostAYear(int64_t max) {
    Preferences preferences;
    preferences.limits = {AtMost(max, "all", On({Channel::kCall}), Calendar(Period::kYear))};
    return preferences;
  }

  World world_;
  uint8_t words_ = 0;
};

TEST_F(LineTest, WhoSharesALineNeedNotReplaceAnothersKey) {
  EXPECT_THAT(world_.record.keys, ElementsAre(kAnna, kBen));
  HolderChanged one;
  one.holder = HolderClass::kAdult;
  ASSERT_EQ(world_.Say(one), Reason::kOk);
  EXPECT_EQ(Bind(kCleo), Reason::kAlreadyBound);
  EXPECT_EQ(Bind(kCleo, kBen), Reason::kOk);
  EXPECT_THAT(world_.record.keys, ElementsAre(kAnna, kCleo));
}

TEST_F(LineTest, EightShareALineAndNoMore) {
  for (uint8_t n = 3; n <= kLineKeysMax; ++n) EXPECT_EQ(Bind(Key(n)), Reason::kOk);
  EXPECT_EQ(Bind(Key(kLineKeysMax + 1)), Reason::kAlreadyBound);
}

TEST_F(LineTest, EveryonesLimitsHaveRoom) {
  Give(kAnna, "a", 1);
  Give(kBen, "b", 5);
  const Decision first = world_.Consume().decision;
  EXPECT_EQ(first.verdict, Verdict::kAllowed);
  EXPECT_THAT(first.remaining, ElementsAre(Remaining{"calls", 0}));
  EXPECT_EQ(world_.Consume().decision.reason, Reason::kLimitReached);
  Give(kBen, "b2", 9);
  EXPECT_EQ(world_.Consume().decision.reason, Reason::kLimitReached) << "Anna's word stands";
  Give(kAnna, "a2", 2);
  EXPECT_EQ(world_.Consume().decision.verdict, Verdict::kAllowed);
}

TEST_F(LineTest, EveryonesHoursAreKept) {
  Give(kAnna, "a", 5, {During("1111111", 600, 700)});
  Give(kBen, "b", 5, {During("1111111", 650, 800)});
  const Decision early = world_.Check().decision;  // At minute 660.
  EXPECT_EQ(early.verdict, Verdict::kAllowed);
  world_.At("2026-03-03T10:30:00+01:00");
  EXPECT_EQ(world_.Check().decision.reason, Reason::kOutsideHours);
  EXPECT_EQ(world_.Show(world_.Check().decision.next_allowed), "2026-03-03T10:50:00+01:00");
  world_.At("2026-03-03T12:00:00+01:00");
  EXPECT_EQ(world_.Check().decision.reason, Reason::kOutsideHours);
  EXPECT_EQ(world_.Show(world_.Check().decision.next_allowed), "2026-03-04T10:50:00+01:00");
}

TEST_F(LineTest, WhoTookAGrantBackMustGiveItAgain) {
  Give(kAnna, "a", 5);
  Give(kBen, "b", 5);
  Revoke(kAnna);
  world_.At("2026-03-02T11:10:00+01:00");
  EXPECT_EQ(world_.Check().decision.reason, Reason::kRevoked);
  Give(kBen, "b2", 5);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kRevoked) << "Ben cannot speak for Anna";
  Give(kAnna, "a2", 5);
  EXPECT_EQ(world_.Check().decision.verdict, Verdict::kAllowed);
}

TEST_F(LineTest, WhoGrantedNothingCanSayNoToo) {
  Give(kBen, "b", 5);
  Revoke(kAnna);
  world_.At("2026-03-02T11:10:00+01:00");
  EXPECT_EQ(Give(kBen, "b2", 5), Reason::kOk);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kRevoked) << "Anna's no stands";
  Give(kAnna, "a", 5);
  EXPECT_EQ(world_.Check().decision.verdict, Verdict::kAllowed);
}

TEST_F(LineTest, WhoHasNotSpokenIsNotAsked) {
  Give(kBen, "b", 5);
  EXPECT_EQ(world_.Check().decision.verdict, Verdict::kAllowed);
}

TEST_F(LineTest, EveryonesPreferencesBind) {
  Give(kAnna, "a", 5);
  Prefer(kAnna, AtMostAYear(1));
  Prefer(kBen, AtMostAYear(3));
  const Decision first = world_.Consume().decision;
  EXPECT_THAT(first.remaining, ElementsAre(Remaining{"calls", 4}, Remaining{"preferences/all", 0}));
  EXPECT_EQ(world_.Consume().decision.reason, Reason::kLimitReached);
  Prefer(kAnna, {});
  EXPECT_EQ(world_.Consume().decision.verdict, Verdict::kAllowed) << "Ben's third is left";
  Preferences pause;
  pause.pause_until = T("2026-06-01T00:00:00+02:00");
  Prefer(kBen, pause);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kPaused);
  Prefer(kAnna, {});
  EXPECT_EQ(world_.Check().decision.reason, Reason::kPaused) << "Anna cannot end Ben's pause";
}

TEST_F(LineTest, ASuccessorSpeaksForTheKeyBefore) {
  Give(kAnna, "a", 1);
  Prefer(kAnna, AtMostAYear(1));
  Bind(kCleo, kAnna);
  Give(kCleo, "c", 5);
  Prefer(kCleo, AtMostAYear(5));
  EXPECT_THAT(world_.Consume().decision.remaining,
              ElementsAre(Remaining{"calls", 4}, Remaining{"preferences/all", 4}));
}

TEST_F(LineTest, ANewHolderStartsWithNobodysWord) {
  Give(kAnna, "a", 1);
  Prefer(kBen, AtMostAYear(1));
  HolderChanged changed;
  changed.new_holder = true;
  ASSERT_EQ(world_.Say(changed), Reason::kOk);
  EXPECT_THAT(world_.record.keys, IsEmpty());
  EXPECT_THAT(world_.record.preferences, IsEmpty());
  EXPECT_EQ(world_.Check().decision.reason, Reason::kNoPermission);
}

TEST_F(LineTest, NobodyTakesAnothersPlaceOrBringsAPhoneOfTheirOwn) {
  EXPECT_EQ(Bind(kBen, kAnna), Reason::kAlreadyBound) << "Ben would speak for Anna";
  Bound mobile;
  mobile.subject.contact_id.bytes[0] = 7;
  mobile.key = kBen;
  EXPECT_EQ(world_.Say(mobile), Reason::kAlreadyBound) << "Anna would read of Ben's mobile";
}

TEST_F(LineTest, WhatSomebodySaidOnThePhoneNobodyElseLifts) {
  Give(kAnna, "a", 5);
  ASSERT_EQ(world_.Consume().decision.verdict, Verdict::kAllowed);
  world_.Report(world_.last(), Outcome::kOpposed);
  world_.At("2026-03-02T11:10:00+01:00");
  Unblocked unblocked;
  unblocked.company = "acme";
  unblocked.statement = Word(Signer::kConsumer, kBen);
  EXPECT_EQ(world_.Say(unblocked), Reason::kOk);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kBlocked);
}

TEST_F(LineTest, AWordOnTheHolderThatComesLateIsTooLate) {
  HolderChanged late;
  late.new_holder = true;
  late.statement = Word(Signer::kRegistrar, Key(99));
  Bind(kAnna);
  world_.record.bound_signed_at_ms = late.statement->signed_at_ms + 1;
  EXPECT_EQ(world_.Say(late), Reason::kNarrowedSince);
}

TEST(HolderTest, WhoHasSeveralContactPointsHandsNoneOfThemOverByAnother) {
  World world;
  world.At("2026-03-02T11:00:00+01:00");
  for (const uint8_t point : {1, 2}) {
    Bound bound;
    bound.subject.contact_id.bytes[0] = point;
    bound.key = Key(1);
    ASSERT_EQ(world.Say(bound), Reason::kOk);
  }
  HolderChanged changed;
  changed.subject.contact_id.bytes[0] = 1;
  changed.new_holder = true;
  EXPECT_EQ(world.Say(changed), Reason::kAlreadyBound);
  changed.new_holder = false;
  changed.holder = HolderClass::kSharedLine;
  EXPECT_EQ(world.Say(changed), Reason::kAlreadyBound);
  changed.holder = HolderClass::kMinor;
  EXPECT_EQ(world.Say(changed), Reason::kOk);
}

}  // namespace
}  // namespace consent::core

// SPDX-License-Identifier: Apache-2.0
//
// Which statements are taken in: claims, replays, times and keys.

#include <utility>

#include "gtest/gtest.h"
#include "src/consent/decide.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

constexpr int64_t kMinuteMs = 60 * 1000, kHourMs = 60 * kMinuteMs;

KeyId Key(uint8_t n) {
  KeyId key;
  key.bytes[0] = n;
  return key;
}

class StatementTest : public ::testing::Test {
 protected:
  StatementTest() { world_.At("2026-03-02T12:00:00Z"); }

  int64_t now_ms() const { return world_.now().unix_seconds * 1000; }

  // Bytes of their own, signed by the consumer's key 1 some time before (or after) now.
  SignedBytes Signed(int64_t ahead_ms = 0, uint8_t key = 1) {
    SignedBytes bytes;
    bytes.id.bytes[0] = ++statements_;
    bytes.signed_at_ms = now_ms() + ahead_ms;
    bytes.signer = Signer::kConsumer;
    bytes.key = Key(key);
    return bytes;
  }
  Bound Binding(uint8_t key, int64_t ahead_ms = 0) {
    Bound bound;
    bound.key = Key(key);
    bound.statement = Signed(ahead_ms);
    bound.statement->signer = Signer::kRegistrar;
    return bound;
  }
  Granted Granting(std::string id, int64_t ahead_ms = 0) {
    Granted granted;
    granted.grant = GrantOf(std::move(id), world_.now(),
                            {AtMost(1, "calls", On({Channel::kCall}), Lifetime())});
    granted.statement = Signed(ahead_ms);
    return granted;
  }
  Revoked Revoking(int64_t ahead_ms = 0) {
    Revoked revoked;
    revoked.company = "acme";
    revoked.statement = Signed(ahead_ms);
    return revoked;
  }
  Blocked Blocking(std::string company, int64_t ahead_ms = 0) {
    Blocked blocked;
    blocked.company = std::move(company);
    blocked.channels = ChannelSet::All();
    blocked.statement = Signed(ahead_ms);
    return blocked;
  }
  Unblocked Unblocking(std::string company, int64_t ahead_ms = 0, uint8_t key = 1) {
    Unblocked unblocked;
    unblocked.company = std::move(company);
    unblocked.statement = Signed(ahead_ms, key);
    return unblocked;
  }
  std::optional<LeafIndex> Repeats(const EventBody& statement) {
    return DecideStatement(world_.record, statement, world_.now()).repeats;
  }

  World world_;
  uint8_t statements_ = 0;
};

using KeyTest = StatementTest;
using TimeRuleTest = StatementTest;
using ReplayTest = StatementTest;
using ClaimTest = StatementTest;
using BlockTest = StatementTest;

TEST_F(KeyTest, ARecordWithoutKeysTakesItsFirstFreely) {
  EXPECT_EQ(world_.Say(Granting("g1")), Reason::kKeyNotBound);
  EXPECT_EQ(world_.Say(Binding(1)), Reason::kOk);
  EXPECT_EQ(world_.Say(Granting("g1")), Reason::kOk);
}

TEST_F(KeyTest, EveryStatementOfTheConsumersNeedsABoundKey) {
  world_.Say(Binding(2));
  EXPECT_EQ(world_.Say(Granting("g1")), Reason::kKeyNotBound);
  EXPECT_EQ(world_.Say(Revoking()), Reason::kKeyNotBound);
  EXPECT_EQ(world_.Say(Blocking("*")), Reason::kKeyNotBound);
  EXPECT_EQ(world_.Say(Unblocking("*")), Reason::kKeyNotBound);
}

TEST_F(KeyTest, ClaimsAreSignedByOthersKeys) {
  Granted claim = Granting("claim");
  claim.grant.signed_by = Signer::kCompany;
  claim.grant.collected_at = world_.now();
  claim.statement->signer = Signer::kCompany;
  claim.statement->key = Key(77);
  EXPECT_EQ(world_.Say(claim), Reason::kOk);
}

TEST_F(KeyTest, ASecondKeyMustSucceedACurrentOne) {
  world_.Say(Binding(1));
  EXPECT_EQ(world_.Say(Binding(2, 1)), Reason::kAlreadyBound);
  Bound wrong = Binding(2, 2);
  wrong.replaces = Key(9);
  EXPECT_EQ(world_.Say(wrong), Reason::kAlreadyBound);
  Bound right = Binding(2, 3);
  right.replaces = Key(1);
  EXPECT_EQ(world_.Say(right), Reason::kOk);
  EXPECT_EQ(world_.record.keys, std::vector<KeyId>{Key(2)});
  EXPECT_EQ(world_.Say(Granting("g1")), Reason::kKeyNotBound);
}

TEST_F(KeyTest, TheSameKeyAgainBringsAFurtherContactPoint) {
  world_.Say(Binding(1));
  Bound again = Binding(1, 1);
  again.subject.contact_id.bytes[0] = 9;
  EXPECT_EQ(world_.Say(again), Reason::kOk);
  EXPECT_EQ(world_.record.contact_ids.size(), 2u);
  EXPECT_EQ(world_.record.keys.size(), 1u);
}

TEST_F(KeyTest, AnOlderBindingCannotBringAReplacedKeyBack) {
  world_.Say(Binding(1, -10));
  Bound successor = Binding(2);
  successor.replaces = Key(1);
  world_.Say(successor);
  Bound old = Binding(1, -5);
  old.replaces = Key(2);
  EXPECT_EQ(world_.Say(old), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Say(Binding(2, -1)), Reason::kNarrowedSince);  // Before the last.
  EXPECT_EQ(world_.Say(Binding(2, 0)), Reason::kOk);  // Two contact points bound in one go.
}

TEST_F(KeyTest, TheSameBindingAgainIsARepeat) {
  const Bound bound = Binding(1);
  world_.Say(bound);
  EXPECT_EQ(Repeats(bound), LeafIndex{0});
  EXPECT_EQ(world_.Say(bound), Reason::kOk);
  EXPECT_EQ(world_.record.seen, TreeSize{1});
}

TEST_F(TimeRuleTest, WhatGrantsMustBeSignedWithinADayBeforeAndFiveMinutesAfter) {
  EXPECT_EQ(world_.Say(Binding(1, -24 * kHourMs - 1)), Reason::kStatementTooOld);
  EXPECT_EQ(world_.Say(Binding(1, 5 * kMinuteMs + 1)), Reason::kStatementFromFuture);
  EXPECT_EQ(world_.Say(Binding(1, -24 * kHourMs)), Reason::kOk);
  EXPECT_EQ(world_.Say(Granting("g1", -24 * kHourMs - 1)), Reason::kStatementTooOld);
  EXPECT_EQ(world_.Say(Granting("g1", 5 * kMinuteMs + 1)), Reason::kStatementFromFuture);
  EXPECT_EQ(world_.Say(Granting("g1", -24 * kHourMs)), Reason::kOk);
  EXPECT_EQ(world_.Say(Granting("g2", 5 * kMinuteMs)), Reason::kOk);
  EXPECT_EQ(world_.Say(Unblocking("acme", -24 * kHourMs - 1)), Reason::kStatementTooOld);
  EXPECT_EQ(world_.Say(Unblocking("acme", 5 * kMinuteMs + 1)), Reason::kStatementFromFuture);
}

TEST_F(TimeRuleTest, WhatNarrowsIsNeverRefusedForItsTime) {
  world_.Say(Binding(1));
  EXPECT_EQ(world_.Say(Revoking(-1000 * kHourMs)), Reason::kOk);
  EXPECT_EQ(world_.Say(Blocking("acme", 1000 * kHourMs)), Reason::kOk);
  EXPECT_EQ(world_.Say(Revoking(-1001 * kHourMs)), Reason::kOk);
}

TEST_F(TimeRuleTest, AGrantMustBeSignedAfterTheLastNarrowing) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Revoking(-1000));
  EXPECT_EQ(world_.Say(Granting("g1", -1000)), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Say(Granting("g2", -999)), Reason::kOk);
}

TEST_F(TimeRuleTest, ANarrowingThatWasOvertakenDoesNotShortenThisRule) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Revoking(-1000));
  world_.Say(Revoking(-5000));  // Signed first, arrives last.
  EXPECT_EQ(world_.Say(Granting("g1", -3000)), Reason::kNarrowedSince);
}

TEST_F(TimeRuleTest, ABlockOfAllCompaniesNarrowsEach) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Blocking("*", -1000));
  EXPECT_EQ(world_.Say(Granting("g1", -1000)), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Say(Unblocking("acme", -2000)), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Say(Unblocking("*", -1000)), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Say(Granting("g2", -999)), Reason::kOk);
}

TEST_F(TimeRuleTest, NarrowingAnotherCompanyDoesNotConcernThisOne) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Blocking("other", 0));
  EXPECT_EQ(world_.Say(Granting("g1", -1000)), Reason::kOk);
}

TEST_F(TimeRuleTest, APhonesFastClockShutsNobodyOut) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Revoking(1000 * kHourMs));
  // Counted as signed when it arrived, which is known to the second.
  EXPECT_EQ(world_.Say(Granting("g1", 999)), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Say(Granting("g1", 1000)), Reason::kOk);
}

TEST_F(TimeRuleTest, AnOutcomeThatBlocksNarrowsAtItsArrival) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Granting("g1", -10));
  world_.Consume();
  world_.Report(world_.last(), Outcome::kOpposed);
  EXPECT_EQ(world_.Say(Granting("g2", 0)), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Say(Unblocking("acme", 0)), Reason::kNarrowedSince);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kBlocked);
  EXPECT_EQ(world_.Say(Unblocking("acme", 1)), Reason::kOk);
  // What an outcome blocked, any key of the consumer's lifts.
  EXPECT_EQ(world_.Check().decision.reason, Reason::kLimitReached);
}

TEST_F(ReplayTest, TheSameBytesAgainChangeNothing) {
  world_.Say(Binding(1));
  const Granted granted = Granting("g1");
  world_.Say(granted);
  EXPECT_EQ(Repeats(granted), LeafIndex{1});
  EXPECT_EQ(world_.Say(granted), Reason::kOk);
  EXPECT_EQ(world_.record.seen, TreeSize{2});
  // Even long after, when it would be too old as news.
  world_.At("2026-06-01T00:00:00Z");
  EXPECT_EQ(Repeats(granted), LeafIndex{1});
}

TEST_F(ReplayTest, AGrantReplayedAfterItsRevocationIsRefused) {
  world_.Say(Binding(1, -kHourMs));
  const Granted granted = Granting("g1", -10);
  const Revoked revoked = Revoking();
  world_.Say(granted);
  world_.Say(revoked);
  EXPECT_EQ(world_.Say(granted), Reason::kNarrowedSince);
  EXPECT_EQ(Repeats(granted), std::nullopt);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kRevoked);
  // The revocation itself is a plain repeat.
  EXPECT_EQ(Repeats(revoked), LeafIndex{2});
}

TEST_F(ReplayTest, EvenWhenItsTimeIsLaterThanTheRevocations) {
  world_.Say(Binding(1, -kHourMs));
  const Granted granted = Granting("g1", kMinuteMs);  // The phone's clock is fast.
  world_.Say(granted);
  world_.Say(Revoking(-kMinuteMs));  // Another phone's is slow.
  EXPECT_EQ(world_.Say(granted), Reason::kNarrowedSince);
}

TEST_F(ReplayTest, ARevocationReplayedDoesNotRevokeWhatCameAfter) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Granting("g1", -20));
  const Revoked revoked = Revoking(-10);
  world_.Say(revoked);
  world_.Say(Granting("g2"));
  EXPECT_EQ(world_.Say(revoked), Reason::kOk);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kOk);
}

TEST_F(ReplayTest, AnUnblockReplayedAfterAnotherBlockIsRefused) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Blocking("acme", -20));
  const Unblocked unblocked = Unblocking("acme", -10);
  EXPECT_EQ(world_.Say(unblocked), Reason::kOk);
  EXPECT_TRUE(Repeats(unblocked).has_value());
  world_.Say(Blocking("acme"));
  EXPECT_EQ(world_.Say(unblocked), Reason::kNarrowedSince);
}

TEST_F(ReplayTest, AGrantIdIsUsedOnceForACompany) {
  world_.Say(Binding(1, -kHourMs));
  EXPECT_EQ(world_.Say(Granting("g1")), Reason::kOk);
  EXPECT_EQ(world_.Say(Granting("g1")), Reason::kGrantIdReused);
  Granted other = Granting("g1");
  other.grant.company = "other";
  EXPECT_EQ(world_.Say(other), Reason::kOk);
}

// Claims, without bytes, as in simulations.
Grant Claim(std::string_view collected_at) {
  Grant claim = GrantOf("claim", T("2026-01-01T00:00:00Z"),
                        {AtMost(1, "calls", On({Channel::kCall}), Lifetime())});
  claim.signed_by = Signer::kRegistrar;
  claim.collected_at = T(collected_at);
  return claim;
}

TEST_F(ClaimTest, IsOutrankedByAConsumersGrantForAnyOfItsPurposes) {
  Grant own = GrantOf("own", world_.now(), {AtMost(1, "c", On({Channel::kCall}), Lifetime())});
  own.purposes = For({Purpose::kPress});
  world_.Give(own);
  world_.Revoke();
  world_.At("2027-01-01T00:00:00Z");
  EXPECT_EQ(world_.Give(Claim("2026-12-31T00:00:00Z")), Reason::kOk);
  Grant both = Claim("2026-12-31T00:00:00Z");
  both.id = "both";
  both.purposes = For({Purpose::kPress, Purpose::kDirectMarketing});
  EXPECT_EQ(world_.Give(both), Reason::kOutranked);
  both.company = "other";
  EXPECT_EQ(world_.Give(both), Reason::kOk);
}

TEST_F(ClaimTest, EveryPurposeThatTheConsumerEverNamedIsTheirs) {
  const std::vector<Limit> limits = {AtMost(1, "c", On({Channel::kCall}), Lifetime())};
  world_.Give(GrantOf("marketing", world_.now(), limits));
  Grant press = GrantOf("press", world_.now(), limits);
  press.purposes = For({Purpose::kPress});
  world_.Give(press);
  EXPECT_EQ(world_.Give(Claim("2026-03-02T12:00:00Z")), Reason::kOutranked);
}

TEST_F(ClaimTest, MustBeCollectedAfterTheConsumersLastNo) {
  world_.Revoke("acme", "some grant");
  EXPECT_EQ(world_.Give(Claim("2026-03-02T12:00:00Z")), Reason::kOutranked);
  world_.At("2026-03-02T12:00:01Z");
  EXPECT_EQ(world_.Give(Claim("2026-03-02T12:00:01Z")), Reason::kOk);
}

TEST_F(ClaimTest, AnUnblockDoesNotUndoTheNo) {
  world_.Block("*", On({Channel::kPost}));
  world_.Unblock("*");
  EXPECT_EQ(world_.Give(Claim("2026-03-02T12:00:00Z")), Reason::kOutranked);
}

TEST_F(ClaimTest, OpposedAndStopAreANo) {
  for (const Outcome outcome : {Outcome::kOpposed, Outcome::kStop}) {
    World world;
    world.At("2026-03-02T12:00:00Z").Give(Claim("2026-01-01T00:00:00Z"));
    world.Consume();
    world.Report(world.last(), outcome);
    Grant again = Claim("2026-03-02T12:00:00Z");
    again.id = "again";
    EXPECT_EQ(world.Give(again), Reason::kOutranked);
  }
}

TEST_F(ClaimTest, AnotherCompanysBlockOutranksNothingHere) {
  world_.Block("other");
  EXPECT_EQ(world_.Give(Claim("2026-01-01T00:00:00Z")), Reason::kOk);
}

TEST_F(ClaimTest, ConsumersGrantsAreNeverOutranked) {
  world_.Block("*");
  EXPECT_EQ(
      world_.Give(GrantOf("own", world_.now(), {AtMost(1, "c", On({Channel::kCall}), Lifetime())})),
      Reason::kOk);
}

TEST_F(BlockTest, IsLiftedOnlyByTheKeyThatMadeItOrItsSuccessor) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Blocking("acme", -30));
  // Another key that may speak for the same consumer.
  world_.record.keys.push_back(Key(3));
  EXPECT_EQ(world_.Say(Unblocking("acme", -20, 3)), Reason::kOk);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kBlocked);
  Bound successor = Binding(2);
  successor.replaces = Key(1);
  EXPECT_EQ(world_.Say(successor), Reason::kOk);
  EXPECT_EQ(world_.Say(Unblocking("acme", -10, 2)), Reason::kOk);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kNoPermission);
}

TEST_F(BlockTest, WhatWasSaidOnThePhoneOnlyTheConsumerTakesBack) {
  world_.Say(Binding(1, -kHourMs));
  world_.Say(Granting("g1"));
  world_.Consume();
  world_.Report(world_.last(), Outcome::kOpposed);
  world_.At("2026-03-02T13:00:00Z");
  Unblocked registrars = Unblocking("acme", 0, 9);
  registrars.statement->signer = Signer::kRegistrar;
  EXPECT_EQ(world_.Say(registrars), Reason::kOk);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kBlocked);
  EXPECT_EQ(world_.Say(Unblocking("acme")), Reason::kOk);
  EXPECT_EQ(world_.Check().decision.reason, Reason::kLimitReached);
}

TEST_F(BlockTest, IsLiftedByExactlyItsOwnCompanyValue) {
  world_.Block("*");
  world_.Unblock("acme");
  EXPECT_EQ(world_.Check().decision.reason, Reason::kBlocked);
  world_.Unblock("*");
  EXPECT_EQ(world_.Check().decision.reason, Reason::kNoPermission);
}

}  // namespace
}  // namespace consent::core

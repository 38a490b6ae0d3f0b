// SPDX-License-Identifier: Apache-2.0
//
// The checker against histories whose answer is known, and against many made at random.
//
// CONSENT_SEED: repeats the choices of another run. CONSENT_LONG: many more histories.

#include "tests/linear/checker.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "gtest/gtest.h"
#include "tests/linear/generate.h"

namespace consent::linear {
namespace {

constexpr int64_t kUnsaid = Answer::kUnsaid;
// No grant of a history of sixty calls is of more.
constexpr int64_t kLeftMax = 27;

Operation Of(int64_t invoked, int64_t responded, const Asked& asked, std::optional<Answer> answer) {
  return {.asked = asked, .invoked = invoked, .responded = responded, .answer = answer};
}
Asked Consume(int number) { return {.call = Call::kConsume, .number = number}; }
Asked Hold(int number) { return {.call = Call::kHold, .number = number}; }
Asked Release(int number) { return {.call = Call::kRelease, .number = number}; }
Asked Look() { return {.call = Call::kCheck}; }
Asked Grant(int number, int64_t calls, int64_t all, int64_t signed_at) {
  return {.call = Call::kGrant,
          .number = number,
          .calls_max = calls,
          .all_max = all,
          .signed_at = signed_at};
}
Asked Revoke(int number, int64_t signed_at) {
  return {.call = Call::kRevoke, .number = number, .signed_at = signed_at};
}
Answer Ok(int64_t calls, int64_t all) { return {Word::kOk, calls, all, false}; }
Answer Full(int64_t calls, int64_t all) { return {Word::kLimitReached, calls, all, false}; }
Answer Again(int64_t calls, int64_t all) { return {Word::kOk, calls, all, true}; }
Answer Said(Word word) { return {word, kUnsaid, kUnsaid, false}; }

class KnownHistoryTest : public ::testing::Test {
 protected:
  // Each begins with a grant of two calls, three in all.
  Verdict Check(std::vector<Operation> rest) {
    History history = {Of(0, 1, Grant(1, 2, 3, 100), Said(Word::kOk))};
    history.insert(history.end(), rest.begin(), rest.end());
    return linear::Check(history);
  }
  void ExpectLinearizable(std::vector<Operation> rest) {
    const Verdict verdict = Check(std::move(rest));
    EXPECT_EQ(verdict.kind, Verdict::Kind::kLinearizable) << verdict.why;
  }
  void ExpectNot(std::vector<Operation> rest) {
    const Verdict verdict = Check(std::move(rest));
    EXPECT_EQ(verdict.kind, Verdict::Kind::kNot);
    EXPECT_NE(verdict.why, "");
  }
};

TEST_F(KnownHistoryTest, OneAfterTheOther) {
  ExpectLinearizable({Of(2, 3, Consume(1), Ok(1, 2)), Of(4, 5, Consume(2), Ok(0, 1)),
                      Of(6, 7, Consume(3), Full(0, 1)), Of(8, 9, Look(), Full(0, 1))});
}

TEST_F(KnownHistoryTest, ConcurrentOnesMayHaveComeInAnyOrder) {
  ExpectLinearizable({Of(2, 9, Consume(1), Ok(0, 1)), Of(3, 8, Consume(2), Ok(1, 2))});
}

TEST_F(KnownHistoryTest, LostUpdateIsSeen) {
  // Both were told that theirs was the first unit.
  ExpectNot({Of(2, 9, Consume(1), Ok(1, 2)), Of(3, 8, Consume(2), Ok(1, 2))});
}

TEST_F(KnownHistoryTest, StaleReadIsSeen) {
  ExpectNot({Of(2, 3, Consume(1), Ok(1, 2)), Of(4, 5, Look(), Ok(2, 3))});
  ExpectLinearizable({Of(2, 4, Consume(1), Ok(1, 2)), Of(3, 5, Look(), Ok(2, 3))});
}

TEST_F(KnownHistoryTest, OneMoreThanTheLimitIsSeen) {
  ExpectNot({Of(2, 9, Consume(1), Ok(1, 2)), Of(2, 9, Consume(2), Ok(0, 1)),
             Of(2, 9, Consume(3), Ok(0, 1))});
}

TEST_F(KnownHistoryTest, AnIdAnsweredTwiceDifferentlyIsSeen) {
  ExpectNot({Of(2, 3, Consume(1), Ok(1, 2)), Of(4, 5, Consume(1), Ok(0, 1))});
  ExpectNot({Of(2, 3, Consume(1), Ok(1, 2)), Of(4, 5, Consume(1), Again(0, 1))});
  ExpectLinearizable({Of(2, 3, Consume(1), Ok(1, 2)), Of(4, 5, Consume(2), Ok(0, 1)),
                      Of(6, 7, Consume(1), Again(1, 2))});
}

TEST_F(KnownHistoryTest, ARepeatBeforeTheFirstIsSeen) {
  ExpectNot({Of(2, 3, Consume(1), Again(1, 2)), Of(4, 5, Consume(1), Ok(1, 2))});
}

TEST_F(KnownHistoryTest, AnAnswerAfterARevocationIsSeen) {
  ExpectNot({Of(2, 3, Revoke(2, 101), Said(Word::kOk)), Of(4, 5, Consume(1), Ok(1, 2))});
  ExpectLinearizable({Of(2, 5, Revoke(2, 101), Said(Word::kOk)), Of(4, 6, Consume(1), Ok(1, 2))});
}

TEST_F(KnownHistoryTest, AGrantThatComesBackByAReplayIsSeen) {
  ExpectNot({Of(2, 3, Revoke(2, 101), Said(Word::kOk)),
             Of(4, 5, Grant(1, 2, 3, 100), {{Word::kOk, kUnsaid, kUnsaid, true}})});
  ExpectLinearizable({Of(2, 3, Revoke(2, 101), Said(Word::kOk)),
                      Of(4, 5, Grant(1, 2, 3, 100), Said(Word::kNarrowedSince)),
                      Of(6, 7, Grant(3, 1, 1, 102), Said(Word::kOk)),
                      Of(8, 9, Consume(1), Ok(0, 0))});
}

TEST_F(KnownHistoryTest, AReleaseGivesTheUnitBackOnce) {
  ExpectLinearizable({Of(2, 3, Hold(1), Ok(1, 2)), Of(4, 5, Release(1), Said(Word::kOk)),
                      Of(6, 7, Release(1), Said(Word::kAlreadyDone)), Of(8, 9, Look(), Ok(2, 3))});
  ExpectNot({Of(2, 3, Hold(1), Ok(1, 2)), Of(4, 9, Release(1), Said(Word::kOk)),
             Of(5, 8, Release(1), Said(Word::kOk))});
}

TEST_F(KnownHistoryTest, ALostCallMayTakeEffectLateOrNever) {
  const Operation lost = Of(2, Operation::kNever, Consume(1), std::nullopt);
  ExpectLinearizable({lost, Of(4, 5, Look(), Ok(2, 3))});
  ExpectLinearizable({lost, Of(4, 5, Look(), Ok(1, 2))});
  ExpectLinearizable({lost, Of(4, 5, Look(), Ok(2, 3)), Of(6, 7, Look(), Ok(1, 2))});
  ExpectLinearizable({lost, Of(4, 5, Consume(1), Ok(1, 2))});
  ExpectLinearizable({lost, Of(4, 5, Consume(1), Again(1, 2))});
}

TEST_F(KnownHistoryTest, ALostCallTakesEffectOnceAndNotBeforeItWasSent) {
  const Operation lost = Of(4, Operation::kNever, Consume(1), std::nullopt);
  ExpectNot({Of(2, 3, Look(), Ok(1, 2)), lost});
  ExpectNot({lost, Of(5, 6, Look(), Ok(0, 1))});
  // Seen, and gone again: what was lost has come back to life.
  ExpectNot({lost, Of(5, 6, Look(), Ok(1, 2)), Of(7, 8, Look(), Ok(2, 3))});
  ExpectNot({lost, Of(5, 6, Consume(1), Again(1, 2)), Of(7, 8, Look(), Ok(2, 3))});
}

TEST_F(KnownHistoryTest, ALostCallOfAServerThatIsGoneCannotTakeEffectAnyMore) {
  const Operation lost = Of(2, 5, Consume(1), std::nullopt);
  ExpectLinearizable({lost, Of(6, 7, Look(), Ok(1, 2))});
  ExpectLinearizable({lost, Of(6, 7, Look(), Ok(2, 3)), Of(8, 9, Consume(1), Ok(1, 2))});
  ExpectNot({lost, Of(6, 7, Look(), Ok(2, 3)), Of(8, 9, Look(), Ok(1, 2))});
}

TEST(CheckerTest, SaysWhenItGivesUp) {
  Chance chance(1);
  EXPECT_EQ(Check(Generate({}, chance), {}, 5).kind, Verdict::Kind::kUnknown);
}

TEST(CheckerTest, MeasuresWhatAHistorySays) {
  const Extent extent =
      Measure({Of(2, 6, Consume(1), Ok(1, 2)), Of(3, 5, Look(), Ok(1, 2)),
               Of(4, Operation::kNever, Look(), std::nullopt), Of(7, 8, Look(), Ok(1, 2))});
  EXPECT_EQ(extent.operations, 4u);
  EXPECT_EQ(extent.lost, 1u);
  EXPECT_EQ(extent.concurrent_max, 2u);
}

class RandomHistoryTest : public ::testing::Test {
 protected:
  RandomHistoryTest() {
    const char* const text = std::getenv("CONSENT_SEED");
    seed_ = text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device()();
    std::printf("seed: CONSENT_SEED=%llu\n", static_cast<unsigned long long>(seed_));
    chance_.seed(seed_);
    if (std::getenv("CONSENT_LONG") != nullptr) histories_ *= 100;
  }

  // With few clients or many, nothing lost or much.
  History Make() {
    const auto pick = [&](int low, int high) {
      return std::uniform_int_distribution<int>(low, high)(chance_);
    };
    return Generate({.clients = pick(1, 12),
                     .operations = pick(10, 200),
                     .lost_every = pick(0, 1) * pick(5, 60),
                     .bounded = pick(0, 1) == 1},
                    chance_);
  }

  uint64_t seed_;
  Chance chance_;
  int histories_ = 60;
};

// A lost call that can come at any time, and is never seen to, makes the search long: then it may
// give up, but never say no.
TEST_F(RandomHistoryTest, WhatTheModelAnsweredIsLinearizable) {
  constexpr uint64_t kEnough = 500'000;
  uint64_t steps = 0;
  int given_up = 0;
  for (int i = 0; i < histories_; ++i) {
    const Verdict verdict = Check(Make(), {}, kEnough);
    ASSERT_NE(verdict.kind, Verdict::Kind::kNot) << "history " << i << ": " << verdict.why;
    steps += verdict.steps;
    given_up += verdict.ok() ? 0 : 1;
  }
  std::printf("%d histories, %llu steps, given up %d\n", histories_,
              static_cast<unsigned long long>(steps), given_up);
  EXPECT_LE(given_up * 4, histories_);
}

// Everything that a look can be answered after sixty calls.
std::vector<Answer> AllLooks() {
  std::vector<Answer> looks = {Said(Word::kRevoked), Said(Word::kBlocked),
                               Said(Word::kNoPermission)};
  for (int64_t calls = 0; calls <= kLeftMax; ++calls) {
    for (int64_t all = 0; all <= kLeftMax; ++all) {
      looks.push_back(calls == 0 || all == 0 ? Full(calls, all) : Ok(calls, all));
    }
  }
  return looks;
}

// Two grants at the same time may have come in either order; else there is one right answer.
TEST_F(RandomHistoryTest, AfterAllElseHardlyMoreThanOneAnswerIsRight) {
  for (int i = 0; i < histories_ / 20; ++i) {
    History history = Generate({.clients = 5, .operations = 60}, chance_);
    const int64_t end = 1'000'000;
    int right = 0;
    for (const Answer& answer : AllLooks()) {
      history.push_back(Of(end, end + 1, Look(), answer));
      right += Check(history).ok() ? 1 : 0;
      history.pop_back();
    }
    EXPECT_GE(right, 1) << "history " << i;
    EXPECT_LE(right, 20) << "history " << i;
  }
}

// One answer changed at a time: most changes contradict something, and none may be taken for more
// than it is: the checker must see nearly all of them.
TEST_F(RandomHistoryTest, ChangedAnswersAreSeen) {
  int changed = 0, seen = 0;
  for (int i = 0; i < histories_; ++i) {
    History history = Generate({.clients = 4, .operations = 80}, chance_);
    Operation& victim =
        history[std::uniform_int_distribution<size_t>(0, history.size() - 1)(chance_)];
    if (victim.answer->all_left == kUnsaid) continue;
    victim.answer->all_left += std::uniform_int_distribution<int>(0, 1)(chance_) == 0 ? 1 : -1;
    ++changed;
    seen += Check(history).kind == Verdict::Kind::kNot ? 1 : 0;
  }
  std::printf("%d of %d changed answers seen\n", seen, changed);
  EXPECT_GT(seen * 10, changed * 6);
}

// Whether another call at the same time may have made room.
bool MayMakeRoom(const Operation& one, const Operation& meanwhile) {
  return one.invoked <= meanwhile.responded && one.responded >= meanwhile.invoked &&
         (one.asked.call == Call::kGrant || one.asked.call == Call::kRelease ||
          one.asked.call == Call::kConfirm);
}

// Two clients at the very same time that both took the last unit.
TEST_F(RandomHistoryTest, AUnitTakenTwiceIsSeen) {
  int taken = 0;
  for (int i = 0; i < 4 * histories_; ++i) {
    History history = Generate({.clients = 4, .operations = 80}, chance_);
    for (size_t j = 0; j < history.size(); ++j) {
      const Operation first = history[j];
      if (first.asked.call != Call::kConsume || first.answer->word != Word::kOk ||
          first.answer->all_left != 0 ||
          std::any_of(history.begin(), history.end(),
                      [&](const Operation& one) { return MayMakeRoom(one, first); })) {
        continue;
      }
      history.push_back(first);
      history.back().asked.number += 10'000;
      EXPECT_EQ(Check(history).kind, Verdict::Kind::kNot) << "history " << i;
      history.pop_back();
      ++taken;
    }
  }
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace consent::linear

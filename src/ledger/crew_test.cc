// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/crew.h"

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/mutex.h"

namespace consent::ledger {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr size_t kThreads = 3;
constexpr size_t kEach = 4;
constexpr size_t kMany = 100;

class CrewTest : public ::testing::TestWithParam<Crew::Order> {
 protected:
  // How often each of so many pieces is done, some by this thread.
  std::vector<int> DoneOf(size_t count) {
    std::vector<std::atomic<int>> done(count);
    crew_.Do(count, [&done](size_t piece) { ++done[piece]; });
    return {done.begin(), done.end()};
  }
  // Waits until so many have come; whether they did.
  bool Gather(size_t wanted) {
    MutexLock lock(&mutex_);
    here_.insert(std::this_thread::get_id());
    const auto all = [&] { return here_.size() >= wanted; };
    return mutex_.AwaitWithTimeout(absl::Condition(&all), kPatience);
  }
  void AwaitTrue(const bool& fact) {
    MutexLock lock(&mutex_);
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&fact), kPatience));
  }
  void Set(bool& fact) {
    MutexLock lock(&mutex_);
    fact = true;
  }

  Mutex mutex_;
  std::set<std::thread::id> here_;
  Threads threads_;
  Crew crew_{threads_,
             {.name = "crew", .threads = kThreads, .pieces_each = kEach, .order = GetParam()}};
};

TEST_P(CrewTest, DoesEachPieceOnceHoweverManyThereAre) {
  for (const size_t count : {0, 1, 2, 3, 4, 5, 12, 13, 1000}) {
    EXPECT_EQ(DoneOf(count), std::vector<int>(count, 1)) << count;
  }
  crew_.Stop();
  EXPECT_EQ(DoneOf(kMany), std::vector<int>(kMany, 1));
}

TEST_P(CrewTest, ReturnsWhenAllIsDoneAndNotBefore) {
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::atomic<bool>> done(16);
    crew_.Do(done.size(), [&done](size_t piece) { done[piece] = true; });
    for (const std::atomic<bool>& one : done) ASSERT_TRUE(one);
  }
}

TEST_P(CrewTest, OthersHelpWithMuch) {
  std::atomic<bool> all = true;
  crew_.Do(kMany, [&](size_t) {
    if (all && !Gather(kThreads + 1)) all = false;
  });
  EXPECT_TRUE(all) << here_.size() << " came";
}

TEST_P(CrewTest, NobodyIsCalledForLittle) {
  crew_.Do(kEach, [&](size_t) { Gather(1); });
  EXPECT_EQ(here_, std::set{std::this_thread::get_id()});
}

// Once, and after the last piece.
TEST_P(CrewTest, WhatIsGivenIsDoneElsewhereAndThenItIsSaidOnce) {
  for (size_t count = 1; count < 300; ++count) {
    std::vector<std::atomic<int>> done(count);
    bool over = false;
    crew_.Give(
        count,
        [&](size_t piece) {
          Gather(1);
          ++done[piece];
        },
        [&] {
          for (const auto& one : done) EXPECT_EQ(one, 1);
          EXPECT_FALSE(over);
          Set(over);
        });
    AwaitTrue(over);
  }
  EXPECT_FALSE(here_.contains(std::this_thread::get_id()));
}

TEST_P(CrewTest, WhoGivesDoesNotWait) {
  bool go_on = false;
  bool over = false;
  crew_.Give(
      kMany, [&](size_t) { AwaitTrue(go_on); }, [&] { Set(over); });
  EXPECT_FALSE(over);
  Set(go_on);
  crew_.Stop();
  EXPECT_TRUE(over);
}

TEST_P(CrewTest, AfterTheEndAllIsDoneHere) {
  crew_.Stop();
  bool over = false;
  crew_.Give(
      kMany, [&](size_t) { Gather(1); }, [&] { over = true; });
  EXPECT_TRUE(over);
  EXPECT_EQ(here_, std::set{std::this_thread::get_id()});
}

TEST_P(CrewTest, WhereTooMuchWaitsWhoeverGivesDoesIt) {
  bool go_on = false;
  std::atomic<size_t> over = 0;
  // All threads are held up in pieces of the first.
  crew_.Give(
      kThreads * kEach,
      [&](size_t) {
        Gather(1);
        AwaitTrue(go_on);
      },
      [&] { ++over; });
  {
    MutexLock lock(&mutex_);
    const auto all = [this] { return here_.size() == kThreads; };
    ASSERT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&all), kPatience));
  }
  // It waits itself, for it has pieces left.
  for (size_t i = 1; i < Crew::kWaitingMax; ++i)
    crew_.Give(
        1, [](size_t) {}, [&] { ++over; });
  EXPECT_EQ(over, 0u);
  crew_.Give(
      1, [](size_t) {}, [&] { ++over; });
  EXPECT_EQ(over, 1u);
  Set(go_on);
  crew_.Stop();
  EXPECT_EQ(over, Crew::kWaitingMax + 1);
}

// One thread, held up while two works are given: whose pieces it does then.
TEST_P(CrewTest, TakesThemInItsOrder) {
  Crew one(threads_, {.name = "one", .order = GetParam()});
  bool go_on = false;
  one.Give(
      1, [&](size_t) { AwaitTrue(go_on); }, [] {});
  std::string pieces;  // By that thread alone.
  one.Give(
      3, [&](size_t) { pieces += 'a'; }, [&] { pieces += '.'; });
  one.Give(
      2, [&](size_t) { pieces += 'b'; }, [&] { pieces += '.'; });
  Set(go_on);
  one.Stop();
  EXPECT_EQ(pieces, GetParam() == Crew::Order::kInTurn ? "abab.a." : "aaa.bb.");
}

INSTANTIATE_TEST_SUITE_P(Orders, CrewTest,
                         ::testing::Values(Crew::Order::kFirstCome, Crew::Order::kInTurn),
                         [](const auto& info) {
                           return info.param == Crew::Order::kInTurn ? "InTurn" : "FirstCome";
                         });

}  // namespace
}  // namespace consent::ledger

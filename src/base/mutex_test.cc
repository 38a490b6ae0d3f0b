// SPDX-License-Identifier: Apache-2.0

#include "src/base/mutex.h"

#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace consent {
namespace {

TEST(MutexTest, OneThreadAtATimeHoldsIt) {
  Mutex mutex;
  int count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 10'000; ++k) {
        MutexLock lock(&mutex);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 40'000);
}

TEST(MutexTest, WhoWaitsForAConditionIsWokenByAnUnlock) {
  Mutex mutex;
  int turn = 0;
  const auto play = [&](int mine) {
    const auto my_turn = [&] { return turn % 2 == mine; };
    for (int i = 0; i < 1000; ++i) {
      MutexLock lock(&mutex);
      mutex.Await(absl::Condition(&my_turn));
      ++turn;
    }
  };
  std::thread other([&] { play(1); });
  play(0);
  other.join();
  EXPECT_EQ(turn, 2000);
}

// Two conditions on one mutex; the second is made true by one who then waits for the first.
TEST(MutexTest, WhoWaitsLetsOthersSeeWhatItDid) {
  Mutex mutex;
  bool asked = false;
  bool answered = false;
  std::thread other([&] {
    MutexLock lock(&mutex);
    mutex.Await(absl::Condition(&asked));
    answered = true;
  });
  {
    MutexLock lock(&mutex);
    asked = true;
    mutex.Await(absl::Condition(&answered));
  }
  other.join();
}

TEST(MutexTest, AWaitWithATimeoutEndsAndSaysWhetherTheConditionHolds) {
  Mutex mutex;
  bool never = false;
  bool always = true;
  MutexLock lock(&mutex);
  EXPECT_FALSE(mutex.AwaitWithTimeout(absl::Condition(&never), absl::Milliseconds(5)));
  EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&always), absl::Hours(1)));
}

}  // namespace
}  // namespace consent

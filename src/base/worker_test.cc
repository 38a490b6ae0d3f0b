// SPDX-License-Identifier: Apache-2.0

#include "src/base/worker.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/mutex.h"

namespace consent {
namespace {

// The calls that a worker's steps were taken for; each step rests as it was told to.
class Steps {
 public:
  Rest Take(Call call) {
    MutexLock lock(&mutex_);
    calls_.push_back(call);
    return call == Call::kFinish ? Rest::Ended() : rest_;
  }
  void RestAs(const Rest& rest) {
    MutexLock lock(&mutex_);
    rest_ = rest;
  }
  // The first `count` calls, as soon as there are so many.
  std::vector<Call> Await(size_t count) {
    MutexLock lock(&mutex_);
    const auto there = [&] { return calls_.size() >= count; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(20)));
    return calls_;
  }
  size_t count() {
    MutexLock lock(&mutex_);
    return calls_.size();
  }

 private:
  Mutex mutex_;
  std::vector<Call> calls_;
  Rest rest_;
};

class WorkerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Worker> Start() {
    return threads_.Start("worker", [this](Call call) { return steps_.Take(call); });
  }
  Threads threads_;
  Steps steps_;
};

TEST_F(WorkerTest, OneOfLowPriorityYieldsToAllOthers) {
  const auto nice_value = [] { return getpriority(PRIO_PROCESS, 0); };
  const int here = nice_value();
  for (const auto& [priority, expected] :
       {std::pair(Priority::kUsual, here),
        std::pair(Priority::kLow, std::min(here + kLowPriorityNice, 19))}) {
    std::atomic<int> there = -100;
    const auto worker = threads_.Start(
        "worker",
        [&](Call call) {
          there = nice_value();
          return call == Call::kFinish ? Rest::Ended() : Rest::UntilWoken();
        },
        priority);
    worker->Finish();
    EXPECT_EQ(there, expected);
  }
  EXPECT_EQ(nice_value(), here);
}

TEST_F(WorkerTest, StepsOnceAndThenWhenItIsWoken) {
  const auto worker = Start();
  EXPECT_EQ(steps_.Await(1), std::vector{Call::kWoken});
  absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(steps_.count(), 1u);
  worker->Wake();
  EXPECT_EQ(steps_.Await(2), std::vector({Call::kWoken, Call::kWoken}));
}

TEST_F(WorkerTest, StepsUnwokenWhenTheLongestRestHasPassed) {
  steps_.RestAs(Rest::AtMost(absl::Milliseconds(5)));
  const auto worker = Start();
  EXPECT_EQ(steps_.Await(3), std::vector({Call::kWoken, Call::kDue, Call::kDue}));
}

TEST_F(WorkerTest, WokenDuringTheLeastRestItStepsAfterIt) {
  constexpr absl::Duration kLeast = absl::Milliseconds(100);
  steps_.RestAs({.least = kLeast});
  const absl::Time start = absl::Now();
  const auto worker = Start();
  steps_.Await(1);
  worker->Wake();
  EXPECT_EQ(steps_.Await(2)[1], Call::kWoken);
  EXPECT_GE(absl::Now() - start, kLeast);
}

TEST_F(WorkerTest, WithoutRestItGoesOn) {
  steps_.RestAs(Rest::None());
  const auto worker = Start();
  steps_.Await(100);
}

TEST_F(WorkerTest, FinishCutsAnyRestShortAndComesBackWhenItHasEnded) {
  for (const Rest& rest : {Rest::UntilWoken(), Rest{.least = absl::Hours(1)}}) {
    Steps steps;
    steps.RestAs(rest);
    const auto worker = threads_.Start("worker", [&](Call call) { return steps.Take(call); });
    steps.Await(1);
    worker->Finish();
    EXPECT_EQ(steps.count(), 2u);
    worker->Finish();
    worker->Wake();
    EXPECT_EQ(steps.count(), 2u);
  }
}

TEST_F(WorkerTest, FinishStepsUntilItHasEnded) {
  std::atomic<int> left = 10;
  const auto worker = threads_.Start("worker", [&](Call call) {
    if (call == Call::kFinish && --left == 0) return Rest::Ended();
    return Rest::UntilWoken();
  });
  worker->Finish();
  EXPECT_EQ(left, 0);
}

// Each that hands something over wakes the worker after it; nothing may be left lying.
TEST_F(WorkerTest, NoWakeIsLost) {
  Mutex mutex;
  int waiting = 0;
  int taken = 0;
  const auto worker = threads_.Start("worker", [&](Call call) {
    MutexLock lock(&mutex);
    taken += waiting;
    waiting = 0;
    return call == Call::kFinish ? Rest::Ended() : Rest::UntilWoken();
  });
  constexpr int kEach = 20'000;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < kEach; ++k) {
        MutexLock lock(&mutex);
        ++waiting;
        worker->Wake();
        if (k % 64 != 0) continue;
        // As long as nothing more comes, one wake must do.
        const auto all_taken = [&] { return waiting == 0; };
        EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&all_taken), absl::Seconds(20)));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  worker->Finish();
  EXPECT_EQ(taken, 4 * kEach);
}

}  // namespace
}  // namespace consent

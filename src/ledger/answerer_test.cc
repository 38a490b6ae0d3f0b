// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/answerer.h"

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/mutex.h"

namespace consent::ledger {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

class Asked : public Task {
 public:
  Asked(size_t weight, std::function<void(const absl::Status&)> answer)
      : weight_(weight), answer_(std::move(answer)) {}
  size_t weight() const override { return weight_; }
  void Judge(Turn&) override {}
  void Answer(const absl::Status& durable) override { answer_(durable); }

 private:
  const size_t weight_;
  const std::function<void(const absl::Status&)> answer_;
};

using Group = std::vector<std::unique_ptr<Task>>;

class AnswererTest : public ::testing::Test {
 protected:
  Threads threads_;
  std::atomic<size_t> weight_ = 0;
  Answerer answerer_{threads_, [this](size_t weight) { weight_ += weight; }};
};

TEST_F(AnswererTest, AnswersEachTaskOfEachGroupOnce) {
  constexpr size_t kGroups = 300;
  size_t tasks = 0;
  for (size_t g = 0; g < kGroups; ++g) tasks += g % 40;
  std::vector<std::atomic<int>> answers(tasks);
  size_t next = 0;
  for (size_t g = 0; g < kGroups; ++g) {
    const absl::Status durable = g % 3 == 0 ? absl::UnavailableError("disk") : absl::OkStatus();
    Group group;
    for (size_t i = 0; i < g % 40; ++i) {
      group.push_back(std::make_unique<Asked>(
          2, [&answer = answers[next++], durable](const absl::Status& told) {
            EXPECT_EQ(told, durable);
            ++answer;
          }));
    }
    answerer_.Give(std::move(group), durable);
  }
  answerer_.Stop();
  for (const auto& answer : answers) EXPECT_EQ(answer, 1);
  EXPECT_EQ(weight_, 2 * tasks);
}

// Where one is held up in sending, the others send.
TEST_F(AnswererTest, ThreadsShareAGroup) {
  Mutex mutex;
  size_t inside = 0;
  Group group;
  for (size_t i = 0; i < Answerer::kThreads * Answerer::kHandedOverMin; ++i) {
    group.push_back(std::make_unique<Asked>(1, [&mutex, &inside](const absl::Status&) {
      MutexLock lock(&mutex);
      ++inside;
      const auto all = [&inside] { return inside >= Answerer::kThreads; };
      EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&all), kPatience));
    }));
  }
  answerer_.Give(std::move(group), absl::OkStatus());
  answerer_.Stop();
}

TEST_F(AnswererTest, ASmallGroupIsAnsweredWhereItIs) {
  std::thread::id answered_on;
  Group group;
  group.push_back(std::make_unique<Asked>(
      1, [&answered_on](const absl::Status&) { answered_on = std::this_thread::get_id(); }));
  answerer_.Give(std::move(group), absl::OkStatus());
  EXPECT_EQ(answered_on, std::this_thread::get_id());
  EXPECT_EQ(weight_, 1u);
}

TEST_F(AnswererTest, ALargeGroupIsNotWaitedFor) {
  Mutex mutex;
  bool open = false;
  Group group;
  for (size_t i = 0; i < Answerer::kHandedOverMin; ++i) {
    group.push_back(std::make_unique<Asked>(1, [&mutex, &open](const absl::Status&) {
      MutexLock lock(&mutex);
      EXPECT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&open), kPatience));
    }));
  }
  answerer_.Give(std::move(group), absl::OkStatus());
  EXPECT_EQ(weight_, 0u);
  {
    MutexLock lock(&mutex);
    open = true;
  }
  answerer_.Stop();
  EXPECT_EQ(weight_, Answerer::kHandedOverMin);
}

}  // namespace
}  // namespace consent::ledger

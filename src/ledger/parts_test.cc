// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/parts.h"

#include <memory>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::ledger {
namespace {

using Answers = std::vector<int>;

// Answers each command with its double.
class DoublingTask : public Task {
 public:
  DoublingTask(std::vector<int> commands, Done<Answers> done)
      : commands_(std::move(commands)), done_(std::move(done)) {}
  size_t weight() const override { return commands_.size(); }
  void Judge(Turn&) override {}
  void Answer(const absl::Status& durable) override {
    if (!durable.ok()) return done_(durable);
    Answers answers;
    for (const int command : commands_) answers.push_back(2 * command);
    done_(std::move(answers));
  }

 private:
  const std::vector<int> commands_;
  const Done<Answers> done_;
};

class PartsTest : public ::testing::TestWithParam<size_t> {
 protected:
  std::vector<std::unique_ptr<Task>> Split() {
    std::vector<int> commands;
    for (size_t i = 0; i < GetParam(); ++i) commands.push_back(static_cast<int>(i));
    Done<Answers> done = [this](absl::StatusOr<Answers> answers) {
      ++calls_;
      answers_ = std::move(answers);
    };
    return InParts(std::move(commands), std::move(done),
                   [](std::vector<int> some, Done<Answers> part) {
                     return std::make_unique<DoublingTask>(std::move(some), std::move(part));
                   });
  }

  int calls_ = 0;
  absl::StatusOr<Answers> answers_ = Answers();
};

INSTANTIATE_TEST_SUITE_P(Sizes, PartsTest,
                         ::testing::Values(1, kPartMax - 1, kPartMax, kPartMax + 1, 2 * kPartMax,
                                           1000));

TEST_P(PartsTest, AnswersOnceWithAllInTheirOrderWhicheverPartIsLast) {
  const std::vector<std::unique_ptr<Task>> tasks = Split();
  for (size_t i = tasks.size(); i > 0; --i) {
    EXPECT_LE(tasks[i - 1]->weight(), kPartMax);
    EXPECT_EQ(calls_, 0);
    tasks[i - 1]->Answer(absl::OkStatus());
  }
  EXPECT_EQ(calls_, 1);
  ASSERT_OK(answers_);
  ASSERT_EQ(answers_->size(), GetParam());
  for (size_t i = 0; i < GetParam(); ++i) EXPECT_EQ((*answers_)[i], static_cast<int>(2 * i));
}

TEST_P(PartsTest, AnErrorOfOneIsTheWholes) {
  const std::vector<std::unique_ptr<Task>> tasks = Split();
  for (size_t i = 0; i < tasks.size(); ++i) {
    tasks[i]->Answer(i + 1 == tasks.size() ? absl::UnavailableError("disk") : absl::OkStatus());
  }
  EXPECT_EQ(calls_, 1);
  EXPECT_THAT(answers_, StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace consent::ledger

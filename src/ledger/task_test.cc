// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/task.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

// Writes down what is done with it, and changes nothing.
class WritingTask : public Task {
 public:
  WritingTask(size_t number, std::vector<std::string>& done) : number_(number), done_(done) {}
  void Prefetch(int step) const override { done_.push_back(absl::StrCat(number_, " ", step)); }
  void Judge(Turn&) override { done_.push_back(absl::StrCat(number_, " judged")); }
  void Answer(const absl::Status&) override {}

 private:
  const size_t number_;
  std::vector<std::string>& done_;
};

// What is done while so many are judged.
std::vector<std::string> DoneFor(size_t count) {
  store::MemoryStore store;
  absl::StatusOr<journal::Journal> journal = journal::Journal::Load(store, ShardId{1});
  EXPECT_OK(journal);
  std::vector<std::string> done;
  std::vector<std::unique_ptr<Task>> group;
  for (size_t i = 0; i < count; ++i) group.push_back(std::make_unique<WritingTask>(i, done));
  Turn turn{.journal = *journal, .now = {}, .now_ms = 0};
  JudgeAll(group, turn);
  return done;
}

size_t PlaceOf(const std::vector<std::string>& done, size_t number, const std::string& what) {
  EXPECT_EQ(std::count(done.begin(), done.end(), absl::StrCat(number, " ", what)), 1);
  return static_cast<size_t>(std::find(done.begin(), done.end(), absl::StrCat(number, " ", what)) -
                             done.begin());
}

TEST(JudgeAllTest, JudgesEachOnceInTheirOrder) {
  for (const size_t count : {0, 1, 2, 5, 6, 7, 20}) {
    std::vector<std::string> judged = DoneFor(count);
    std::erase_if(judged, [](const std::string& what) { return !what.ends_with("judged"); });
    std::vector<std::string> expected;
    for (size_t i = 0; i < count; ++i) expected.push_back(absl::StrCat(i, " judged"));
    EXPECT_EQ(judged, expected);
  }
}

TEST(JudgeAllTest, OthersAreJudgedBetweenTheStepsByWhichOneIsLoadedAhead) {
  const std::vector<std::string> done = DoneFor(20);
  for (size_t i = Task::kPrefetchSteps; i < 20; ++i) {
    for (int step = 0; step < Task::kPrefetchSteps; ++step) {
      const bool last = step + 1 == Task::kPrefetchSteps;
      const size_t next = PlaceOf(done, i, last ? "judged" : absl::StrCat(step + 1));
      const size_t between =
          PlaceOf(done, i - static_cast<size_t>(Task::kPrefetchSteps - step), "judged");
      EXPECT_LT(PlaceOf(done, i, absl::StrCat(step)), between);
      EXPECT_LT(between, next);
    }
  }
}

TEST(JudgeAllTest, NobodyIsLoadedAheadWhoHasBeenJudged) {
  const std::vector<std::string> done = DoneFor(20);
  for (size_t i = 0; i < 20; ++i) {
    const auto judged = done.begin() + static_cast<ptrdiff_t>(PlaceOf(done, i, "judged"));
    EXPECT_TRUE(std::none_of(judged + 1, done.end(), [&](const std::string& what) {
      return what.starts_with(absl::StrCat(i, " "));
    }));
  }
}

}  // namespace
}  // namespace consent::ledger

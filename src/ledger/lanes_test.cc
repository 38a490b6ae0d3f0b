// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/lanes.h"

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace consent::ledger {
namespace {

using ::testing::ElementsAre;

// A task that knows whose it is, and which of theirs.
class NumberedTask : public Task {
 public:
  NumberedTask(Lane lane, int number, size_t weight)
      : lane_(lane), number_(number), weight_(weight) {}
  size_t weight() const override { return weight_; }
  void Judge(Turn&) override {}
  void Answer(const absl::Status&) override {}
  Lane lane() const { return lane_; }
  int number() const { return number_; }

 private:
  const Lane lane_;
  const int number_;
  const size_t weight_;
};

const NumberedTask& As(const std::unique_ptr<Task>& task) {
  return static_cast<const NumberedTask&>(*task);
}

class LanesTest : public ::testing::Test {
 protected:
  void Push(uint64_t lane, size_t weight = 1) {
    const int number = pushed_[lane]++;
    lanes_.Push(Lane{lane}, std::make_unique<NumberedTask>(Lane{lane}, number, weight), ++now_);
  }
  std::vector<uint64_t> Take(size_t enough) {
    std::vector<uint64_t> taken;
    for (const auto& task : lanes_.Take(enough).tasks) taken.push_back(As(task).lane().value);
    return taken;
  }

  Lanes lanes_;
  std::map<uint64_t, int> pushed_;
  int64_t now_ = 0;
};

TEST_F(LanesTest, WhoeverComesLastIsNotBehindAllThatOneCallerHasWaiting) {
  for (int i = 0; i < 30; ++i) Push(1, Lanes::kTurn);
  Push(2);
  EXPECT_THAT(Take(Lanes::kTurn + 2), ElementsAre(1, 2, 1));
}

TEST_F(LanesTest, ATurnIsWorthTheSameHoweverItIsAskedFor) {
  for (int i = 0; i < 3; ++i) Push(1, Lanes::kTurn);
  for (size_t i = 0; i < 2 * Lanes::kTurn; ++i) Push(2);
  const std::vector<uint64_t> taken = Take(3 * Lanes::kTurn);
  // What is worth the rest of the group; then those who ask for one.
  ASSERT_EQ(taken.size(), 2 + 2 * Lanes::kTurn);
  EXPECT_EQ(taken.front(), 1u);
  EXPECT_EQ(taken[1], 2u);
  EXPECT_EQ(taken[Lanes::kTurn], 2u);
  EXPECT_EQ(taken[Lanes::kTurn + 1], 1u);
  EXPECT_EQ(taken.back(), 2u);
}

TEST_F(LanesTest, WhoAsksForOneThingIsInTheNextGroupWhateverItHolds) {
  for (uint64_t lane = 1; lane <= 4; ++lane) {
    for (int i = 0; i < 100; ++i) Push(lane, Lanes::kTurn);
  }
  Push(5);
  Push(6);
  Push(6, 2);
  Push(6);
  // Of lane 6 what stands before something larger; its order is kept.
  EXPECT_THAT(Take(Lanes::kTurn), ElementsAre(1, 5, 6));
  EXPECT_THAT(Take(Lanes::kTurn), ElementsAre(2));
}

TEST_F(LanesTest, TheNextGroupGoesOnWithTheNextLane) {
  for (uint64_t lane = 1; lane <= 3; ++lane) {
    for (int i = 0; i < 2; ++i) Push(lane, Lanes::kTurn);
  }
  EXPECT_THAT(Take(1), ElementsAre(1));
  EXPECT_THAT(Take(1), ElementsAre(2));
  EXPECT_THAT(Take(2 * Lanes::kTurn), ElementsAre(3, 1));
}

TEST_F(LanesTest, SaysWhatWaitsAndForHowLong) {
  EXPECT_EQ(lanes_.Oldest(), 0);
  Push(1, 20);
  Push(2, 2);
  Push(1, 3);
  EXPECT_EQ(lanes_.WeightOf(Lane{1}), 23u);
  EXPECT_EQ(lanes_.WeightOf(Lane{3}), 0u);
  EXPECT_EQ(lanes_.Oldest(), 1);
  const Lanes::Taken taken = lanes_.Take(21);
  EXPECT_EQ(taken.oldest, 1);
  EXPECT_EQ(taken.weight, 23u);
  EXPECT_EQ(lanes_.Oldest(), 2);
}

// Whatever is asked and taken: nothing is lost, each lane's are taken in their order, and before
// anybody has had two turns more, everyone who waits has had theirs.
RC_GTEST_PROP(LanesProperty, EveryoneIsTakenInOrderAndInTurn, ()) {
  Lanes lanes;
  std::map<Lane, int> pushed, taken;
  std::map<Lane, size_t> since_turn;  // What others' lanes took while this one waited.
  int64_t now = 0;
  const auto steps = *rc::gen::container<std::vector<std::pair<uint8_t, uint16_t>>>(
      rc::gen::pair(rc::gen::inRange<uint8_t>(0, 6), rc::gen::inRange<uint16_t>(1, kPartMax + 1)));
  const auto take = [&](size_t enough) {
    Lanes::Taken group = lanes.Take(enough);
    size_t weight = 0;
    for (const auto& task : group.tasks) {
      const NumberedTask& one = As(task);
      RC_ASSERT(one.number() == taken[one.lane()]++);
      weight += one.weight();
      since_turn[one.lane()] = 0;
      for (auto& [lane, others] : since_turn) {
        if (lane != one.lane() && lanes.WeightOf(lane) > 0) others += one.weight();
      }
    }
    RC_ASSERT(weight == group.weight);
    RC_ASSERT(weight >= enough || lanes.empty());
    for (const auto& [lane, others] : since_turn) {
      // A turn ends with the task that fills it, so it is worth less than two. And in each of the
      // five groups until then, five lanes may have a turn for those who ask for one.
      if (lanes.WeightOf(lane) > 0) RC_ASSERT(others <= 5 * (2 + 5) * Lanes::kTurn + enough);
    }
  };
  for (const auto& [lane, weight] : steps) {
    if (lane == 5) {
      take(weight);
    } else {
      if (lanes.WeightOf(Lane{lane}) == 0) since_turn[Lane{lane}] = 0;
      lanes.Push(Lane{lane},
                 std::make_unique<NumberedTask>(Lane{lane}, pushed[Lane{lane}]++, weight), ++now);
    }
  }
  take(size_t{1} << 40);
  RC_ASSERT(lanes.empty());
  RC_ASSERT(lanes.Oldest() == 0);
  RC_ASSERT(taken == pushed);
}

}  // namespace
}  // namespace consent::ledger

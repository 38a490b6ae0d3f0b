// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/crew.h"

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/mutex.h"

namespace consent::ledger {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);
constexpr size_t kMany = 100;

class CrewTest : public ::testing::Test {
 protected:
  // How often each of so many pieces is done.
  std::vector<int> DoneOf(size_t count) {
    std::vector<std::atomic<int>> done(count);
    crew_.Do(count, [&done](size_t piece) { ++done[piece]; });
    return {done.begin(), done.end()};
  }

  Threads threads_;
  Crew crew_{threads_};
};

TEST_F(CrewTest, DoesEachPieceOnceHoweverManyThereAre) {
  for (const bool started : {false, true}) {
    if (started) crew_.Start();
    for (const size_t count : {0, 1, 2, 3, 4, 11, 12, 13, 1000}) {
      EXPECT_EQ(DoneOf(count), std::vector<int>(count, 1)) << count;
    }
  }
  crew_.Stop();
  EXPECT_EQ(DoneOf(kMany), std::vector<int>(kMany, 1));
}

TEST_F(CrewTest, ReturnsWhenAllIsDoneAndNotBefore) {
  crew_.Start();
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::atomic<bool>> done(16);
    crew_.Do(done.size(), [&done](size_t piece) { done[piece] = true; });
    for (const std::atomic<bool>& one : done) ASSERT_TRUE(one);
  }
}

TEST_F(CrewTest, OthersHelpWithMuch) {
  crew_.Start();
  Mutex mutex;
  std::set<std::thread::id> here;
  const auto several = [&here] { return here.size() > Crew::kHelpers; };
  bool all = true;
  crew_.Do(kMany, [&](size_t) {
    MutexLock lock(&mutex);
    here.insert(std::this_thread::get_id());
    if (all) all = mutex.AwaitWithTimeout(absl::Condition(&several), kPatience);
  });
  EXPECT_TRUE(all) << here.size() << " came";
}

TEST_F(CrewTest, NobodyIsCalledForLittle) {
  crew_.Start();
  std::set<std::thread::id> here;
  crew_.Do(Crew::kPiecesEach - 1, [&](size_t) { here.insert(std::this_thread::get_id()); });
  EXPECT_EQ(here, std::set{std::this_thread::get_id()});
}

}  // namespace
}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/purger.h"

#include <functional>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

constexpr ShardId kShard{1};

class PurgerTest : public ::testing::Test {
 protected:
  void Erase() {
    store::CommitRequest request;
    request.bundle = {.first = {size_}, .entries = {"entry"}, .openings = {"opening"}};
    request.erase.secrets = {Handle{}};
    ASSERT_OK(store_.Commit(kShard, request));
    ++size_;
  }
  uint64_t purges() const { return store_.statistics().purges; }
  // Whether it comes to so many purges, and stays there.
  bool ComesTo(uint64_t count) {
    for (int i = 0; i < 500 && purges() < count; ++i) absl::SleepFor(absl::Milliseconds(10));
    absl::SleepFor(absl::Milliseconds(50));
    return purges() == count;
  }

  store::MemoryStore store_;
  Threads threads_;
  uint64_t size_ = 0;
};

TEST_F(PurgerTest, AnErasureIsPurgedAndNothingElseIs) {
  Purger purger(store_, kShard, threads_, absl::ZeroDuration());
  ASSERT_OK(purger.Start());
  EXPECT_TRUE(ComesTo(0));
  Erase();
  purger.Wake();
  EXPECT_TRUE(ComesTo(1));
  Erase();
  purger.Wake();
  EXPECT_TRUE(ComesTo(2));
}

TEST_F(PurgerTest, ErasuresInQuickSuccessionArePurgedTogether) {
  Purger purger(store_, kShard, threads_, absl::Milliseconds(300));
  ASSERT_OK(purger.Start());
  Erase();
  purger.Wake();
  EXPECT_TRUE(ComesTo(1));
  for (int i = 0; i < 5; ++i) {
    Erase();
    purger.Wake();
  }
  EXPECT_EQ(purges(), 1u);
  EXPECT_TRUE(ComesTo(2));
}

TEST_F(PurgerTest, WhatACrashInterruptedBeginsAgainAtTheStart) {
  Erase();  // And then the process ended.
  {
    Purger purger(store_, kShard, threads_);
    ASSERT_OK(purger.Start());
    EXPECT_TRUE(ComesTo(1));
  }
  Purger next(store_, kShard, threads_);
  ASSERT_OK(next.Start());
  EXPECT_TRUE(ComesTo(1)) << "it had been done";
}

TEST_F(PurgerTest, APurgeThatFailedIsStillDue) {
  Erase();
  {
    store_.FailNextPurge(absl::UnavailableError("in use"));
    Purger purger(store_, kShard, threads_);
    ASSERT_OK(purger.Start());
    EXPECT_TRUE(ComesTo(0));
  }
  Purger next(store_, kShard, threads_);
  ASSERT_OK(next.Start());
  EXPECT_TRUE(ComesTo(1));
}

TEST_F(PurgerTest, StoppingDoesNotWaitForTheNextTime) {
  const absl::Time start = absl::Now();
  {
    Purger purger(store_, kShard, threads_, absl::Hours(1));
    ASSERT_OK(purger.Start());
    Erase();
    purger.Wake();
    EXPECT_TRUE(ComesTo(1));
    Erase();
    purger.Wake();
  }
  EXPECT_LT(absl::Now() - start, absl::Minutes(1));
  EXPECT_EQ(purges(), 1u);
}

}  // namespace
}  // namespace consent::ledger

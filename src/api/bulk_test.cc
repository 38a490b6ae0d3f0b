// SPDX-License-Identifier: Apache-2.0

#include "src/api/bulk.h"

#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "gtest/gtest.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"

namespace consent::api {
namespace {

constexpr ledger::Lane kRude{1};
constexpr ledger::Lane kModest{2};

int NiceValue() { return getpriority(PRIO_PROCESS, 0); }

TEST(BulkTest, LittleWorkIsDoneAtOnceAndHere) {
  Bulk bulk;
  std::thread::id where;
  bulk.Run(kModest, Bulk::kItemsMin - 1, [&] { where = std::this_thread::get_id(); });
  EXPECT_EQ(where, std::this_thread::get_id());
}

TEST(BulkTest, MuchWorkIsDoneByAThreadThatYieldsToAllOthers) {
  const int here = NiceValue();
  int there = here;
  {
    Bulk bulk;
    bulk.Run(kModest, Bulk::kItemsMin, [&] { there = NiceValue(); });
  }
  EXPECT_EQ(there, std::min(here + kLowPriorityNice, 19));
  EXPECT_EQ(NiceValue(), here);
}

TEST(BulkTest, CallersTakeTurnsHoweverMuchOneOfThemBrings) {
  absl::Notification go;
  Mutex mutex;
  std::vector<std::string> order;
  {
    Bulk bulk;
    // Nobody is served until all have come.
    for (unsigned i = 0; i < std::max(std::thread::hardware_concurrency(), 1u); ++i) {
      bulk.Run(ledger::Lane{100 + i}, Bulk::kItemsMin, [&] { go.WaitForNotification(); });
    }
    const auto come = [&](ledger::Lane lane, const std::string& name) {
      bulk.Run(lane, Bulk::kItemsMin, [&, name] {
        MutexLock lock(&mutex);
        order.push_back(name);
      });
    };
    for (int i = 0; i < 1000; ++i) come(kRude, "rude");
    for (int i = 0; i < 3; ++i) come(kModest, "modest");
    go.Notify();
  }
  ASSERT_EQ(order.size(), 1003u);
  const auto last_modest = std::find(order.rbegin(), order.rend(), "modest").base();
  // One turn each; those that run at once may finish in another order.
  EXPECT_LE(last_modest - order.begin(), 100);
}

TEST(BulkTest, WhatOneCallerBringsBeginsInItsOrder) {
  std::vector<int> order;
  Mutex mutex;
  absl::Notification go;
  {
    Bulk bulk;
    // All threads but one are kept, so that one alone serves the lane.
    const unsigned kept = std::max(std::thread::hardware_concurrency(), 1u) - 1;
    for (unsigned i = 0; i < kept; ++i) {
      bulk.Run(ledger::Lane{100 + i}, Bulk::kItemsMin, [&] { go.WaitForNotification(); });
    }
    for (int i = 0; i < 100; ++i) {
      bulk.Run(kModest, Bulk::kItemsMin, [&, i] {
        MutexLock lock(&mutex);
        order.push_back(i);
        if (i == 99) go.Notify();
      });
    }
  }
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(order.size(), 100u);
}

}  // namespace
}  // namespace consent::api

// SPDX-License-Identifier: Apache-2.0

#include "src/http/worker_queue.h"

#include <atomic>
#include <future>

#include "gtest/gtest.h"

namespace consent::http {
namespace {

TEST(WorkerQueueTest, TurnsAwayWhatDoesNotFit) {
  WorkerQueue queue(1, 2);
  std::promise<void> begun, go;
  std::atomic<int> done{0};
  ASSERT_TRUE(queue.Add([&] {
    begun.set_value();
    go.get_future().wait();
    ++done;
  }));
  begun.get_future().wait();
  EXPECT_FALSE(queue.has_waiting());
  EXPECT_TRUE(queue.Add([&] { ++done; }));
  EXPECT_TRUE(queue.Add([&] { ++done; }));
  EXPECT_TRUE(queue.has_waiting());
  EXPECT_FALSE(queue.Add([&] { ++done; }));
  go.set_value();
  queue.Finish();
  EXPECT_EQ(done, 3);
}

TEST(WorkerQueueTest, TakesNothingAfterTheEnd) {
  WorkerQueue queue(2, 2);
  queue.Finish();
  EXPECT_FALSE(queue.Add([] {}));
  queue.Finish();
}

}  // namespace
}  // namespace consent::http

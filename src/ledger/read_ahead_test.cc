// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/read_ahead.h"

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/journal/secret_value.h"
#include "src/ledger/test_ids.h"
#include "src/store/forwarding_store.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

constexpr ShardId kShard{1};
constexpr size_t kAll = 1'000'000;
constexpr absl::Duration kPatience = absl::Seconds(20);

// A disk that can be held up: reads wait until it goes on.
class SlowStore : public store::ForwardingStore {
 public:
  using store::ForwardingStore::ForwardingStore;
  absl::StatusOr<std::optional<std::string>> ReadRecord(ShardId shard,
                                                        const ConsumerId& consumer) override {
    {
      MutexLock lock(&mutex_);
      ++begun_;
      const auto may_go_on = [this] { return goes_on_ || let_pass_ > 0; };
      mutex_.Await(absl::Condition(&may_go_on));
      if (!goes_on_) --let_pass_;
    }
    return store::ForwardingStore::ReadRecord(shard, consumer);
  }

  void HoldUp() { Set(false); }
  void GoOn() { Set(true); }
  void LetOnePass() {
    MutexLock lock(&mutex_);
    ++let_pass_;
  }
  bool AwaitBegun(size_t reads) {
    MutexLock lock(&mutex_);
    const auto there = [&] { return begun_ >= reads; };
    return mutex_.AwaitWithTimeout(absl::Condition(&there), kPatience);
  }
  size_t begun() {
    MutexLock lock(&mutex_);
    return begun_;
  }

 private:
  void Set(bool goes_on) {
    MutexLock lock(&mutex_);
    goes_on_ = goes_on;
  }

  Mutex mutex_;
  bool goes_on_ = true;
  size_t let_pass_ = 0;
  size_t begun_ = 0;
};

// The consumer of each even number is in the store, those of every sixth in memory too.
class ReadAheadTest : public ::testing::Test {
 protected:
  static constexpr size_t kNumbers = 100;

  ReadAheadTest() {
    Consumers writer(real_, kShard, kAll);
    for (size_t number = 2; number < kNumbers; number += 2) Enter(writer, number);
    EXPECT_OK(writer.WriteBehind(kAll, size_));
    for (size_t number = 6; number < kNumbers; number += 6)
      EXPECT_OK(consumers_.Find(Name(number)));
  }

  static bool IsFetched(size_t number) { return number % 2 == 0 && number % 6 != 0; }
  static contact::ContactName Name(size_t number) {
    return contact::ContactName(Id<ContactId>(number));
  }
  static ContactCommand Command(size_t number) {
    return {.contact = Name(number), .contact_point = {}, .place = {}, .request = {}};
  }
  // Each must be read.
  static std::vector<ContactCommand> Absent(size_t count) {
    return std::vector<ContactCommand>(count, Command(4));
  }

  // What became of one command.
  struct One {
    std::atomic<bool> ready = false;
    std::thread::id on;
    Prepared prepared;
  };
  void Prepare(size_t number, One& one) {
    ahead_.Prepare(Command(number), [&one](Prepared prepared) {
      one.prepared = std::move(prepared);
      one.on = std::this_thread::get_id();
      one.ready = true;
    });
  }
  static bool Await(const std::atomic<bool>& fact) {
    const absl::Time end = absl::Now() + kPatience;
    while (!fact && absl::Now() < end) absl::SleepFor(absl::Milliseconds(1));
    return fact;
  }
  static void ExpectPrepared(const Prepared& prepared, size_t number) {
    EXPECT_EQ(prepared.command.contact.newest, Name(number).newest);
    ASSERT_EQ(prepared.fetched != nullptr, IsFetched(number)) << number;
    if (prepared.fetched == nullptr) return;
    EXPECT_EQ(prepared.fetched->consumer->record.consumer, Id<ConsumerId>(number));
  }

  store::MemoryStore real_;
  SlowStore store_{real_};
  Consumers consumers_{store_, kShard, kAll};
  Threads threads_;
  ReadAhead ahead_{consumers_, threads_, Priority::kUsual};

 private:
  void Append(store::CommitRequest request) {
    request.bundle = {.first = {size_.value}, .entries = {"e"}, .openings = {"o"}};
    ASSERT_OK(real_.Commit(kShard, request));
    ++size_.value;
  }
  void Enter(Consumers& consumers, size_t number) {
    const auto handle = Id<Handle>(number);
    const auto secret = *crypto::Secret::FromBytes(std::string(32, 's'));
    store::CommitRequest request;
    request.secrets = {
        {handle, Encode(journal::SecretValue{
                     .consumer = Id<ConsumerId>(number), .day = 0, .secret = secret.Copy()})}};
    Append(std::move(request));
    core::Bound bound;
    bound.subject.contact_id = Name(number).newest;
    const LeafIndex position{size_.value};
    Append({});
    consumers.Apply(consumers.Add(Id<ConsumerId>(number), handle, secret.Copy()),
                    {.at = {100}, .position = position, .body = bound});
  }

  TreeSize size_;
};

TEST_F(ReadAheadTest, EachIsReadWhoIsNotInMemoryAndInOrder) {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{3}, kNumbers}) {
    std::vector<ContactCommand> commands;
    for (size_t number = 1; number <= count; ++number)
      commands.push_back(Command(number % kNumbers));
    const std::vector<Prepared> all = ahead_.Prepare(std::move(commands));
    ASSERT_EQ(all.size(), count);
    for (size_t i = 0; i < count; ++i) ExpectPrepared(all[i], (i + 1) % kNumbers);
  }
  for (const size_t number : {4, 5, 6}) {
    One one;
    Prepare(number, one);
    ASSERT_TRUE(Await(one.ready));
    ExpectPrepared(one.prepared, number);
  }
}

TEST_F(ReadAheadTest, ManyAreReadAtOnce) {
  store_.HoldUp();
  const size_t before = store_.begun();
  std::thread caller([this] { EXPECT_EQ(ahead_.Prepare(Absent(200)).size(), 200u); });
  EXPECT_TRUE(store_.AwaitBegun(before + ReadAhead::kThreads + 1));
  store_.GoOn();
  caller.join();
}

TEST_F(ReadAheadTest, WhoAsksAboutOneNeitherWaitsNorReads) {
  store_.HoldUp();
  One one;
  std::atomic<bool> asked = false;
  std::thread caller([&] {
    Prepare(4, one);
    asked = true;
  });
  const std::thread::id callers = caller.get_id();
  EXPECT_TRUE(Await(asked));
  EXPECT_FALSE(one.ready);
  store_.GoOn();
  caller.join();
  ASSERT_TRUE(Await(one.ready));
  EXPECT_NE(one.on, callers);
}

TEST_F(ReadAheadTest, WhoIsInMemoryOrUnknownIsPreparedHereAndNow) {
  store_.HoldUp();
  for (const size_t number : {6, 1}) {
    One one;
    Prepare(number, one);
    EXPECT_TRUE(one.ready);
    EXPECT_EQ(one.on, std::this_thread::get_id());
    store_.GoOn();  // Before `one` goes.
    EXPECT_TRUE(Await(one.ready));
    store_.HoldUp();
  }
  EXPECT_EQ(ahead_.Prepare({Command(6), Command(12)}).size(), 2u);
}

TEST_F(ReadAheadTest, OneDoesNotWaitForSomebodysThousand) {
  store_.HoldUp();
  const size_t before = store_.begun();
  std::thread caller([this] { ahead_.Prepare(Absent(1000)); });
  EXPECT_TRUE(store_.AwaitBegun(before + ReadAhead::kThreads + 1));
  One one;
  Prepare(4, one);
  size_t passed = 0;
  for (; !one.ready && passed < 500; ++passed) {
    store_.LetOnePass();
    absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_LT(passed, 500u);
  store_.GoOn();
  caller.join();
  ahead_.Stop();
}

TEST_F(ReadAheadTest, WhatIsWaitingIsReadBeforeTheEndAndMoreOnTheCallersThread) {
  store_.HoldUp();
  constexpr size_t kWaiting = 3 * ReadAhead::kThreads;
  One waiting[kWaiting];
  for (One& one : waiting) Prepare(4, one);
  std::thread later([this] {
    absl::SleepFor(absl::Milliseconds(50));
    store_.GoOn();
  });
  ahead_.Stop();
  for (const One& one : waiting) EXPECT_TRUE(one.ready);
  later.join();
  One one;
  Prepare(4, one);
  EXPECT_TRUE(one.ready);
  EXPECT_EQ(one.on, std::this_thread::get_id());
  ExpectPrepared(one.prepared, 4);
  EXPECT_EQ(ahead_.Prepare(Absent(3)).size(), 3u);
}

TEST_F(ReadAheadTest, WhereTooManyWaitWhoeverComesReadsByThemselves) {
  store_.HoldUp();
  const size_t before = store_.begun();
  std::vector<One> waiting(ReadAhead::kThreads + Crew::kWaitingMax);
  for (size_t i = 0; i < ReadAhead::kThreads; ++i) Prepare(4, waiting[i]);
  ASSERT_TRUE(store_.AwaitBegun(before + ReadAhead::kThreads));
  for (size_t i = ReadAhead::kThreads; i < waiting.size(); ++i) Prepare(4, waiting[i]);
  One one;
  std::thread caller([&] { Prepare(4, one); });
  EXPECT_TRUE(store_.AwaitBegun(before + ReadAhead::kThreads + 1));
  store_.GoOn();
  caller.join();
  EXPECT_TRUE(one.ready);
  ahead_.Stop();
  for (const One& each : waiting) EXPECT_TRUE(each.ready);
}

}  // namespace
}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/committer.h"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/mutex.h"
#include "src/base/status_matchers.h"
#include "src/journal/opening.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

constexpr ShardId kShard{7};
constexpr int64_t kStartMs = INT64_C(1'772'442'000'000);

journal::Entry EntryAt(LeafIndex position, Instant at) {
  journal::Entry entry;
  entry.kind = 6;
  entry.position = position;
  entry.at = at;
  return entry;
}

// absl::Notification, in a form that a thread sanitizer can follow (mutex.h).
class Notification {
 public:
  void Notify() {
    MutexLock lock(&mutex_);
    notified_ = true;
  }
  bool HasBeenNotified() { return WaitForNotificationWithTimeout(absl::ZeroDuration()); }
  void WaitForNotification() { WaitForNotificationWithTimeout(absl::InfiniteDuration()); }
  bool WaitForNotificationWithTimeout(absl::Duration timeout) {
    MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&notified_), timeout);
  }

 private:
  Mutex mutex_;
  bool notified_ = false;
};

// What became of one task.
struct Fate {
  std::atomic<int> judged = 0;
  std::atomic<uint64_t> position = 0;  // Of its first entry, in the last Judge.
  absl::Status durable = absl::UnknownError("not answered");
  Notification answered;
};

// Stages `entries` entries; 0: only looks.
class StagingTask : public Task {
 public:
  StagingTask(std::shared_ptr<Fate> fate, int entries, size_t weight)
      : fate_(std::move(fate)), entries_(entries), weight_(weight) {}

  size_t weight() const override { return weight_; }
  bool writes() const override { return entries_ > 0; }
  void Judge(Turn& turn) override {
    ++fate_->judged;
    fate_->position = turn.journal.next().value;
    for (int i = 0; i < entries_; ++i) {
      turn.journal.Stage(EntryAt(turn.journal.next(), turn.now), journal::PlainOpening({}));
    }
  }
  void Answer(const absl::Status& durable) override {
    fate_->durable = durable;
    fate_->answered.Notify();
  }

 private:
  const std::shared_ptr<Fate> fate_;
  const int entries_;
  const size_t weight_;
};

class CountingState : public State {
 public:
  absl::Status Load(TreeSize size) override {
    ++loads;
    loaded = size.value;
    return absl::OkStatus();
  }
  absl::Status WriteBehind(TreeSize durable, Pace) override {
    if (behind_fails) return absl::UnavailableError("no space");
    written_behind = durable.value;
    return absl::OkStatus();
  }

  std::atomic<bool> behind_fails = false;
  std::atomic<int> loads = 0;
  std::atomic<uint64_t> loaded = 0;
  std::atomic<uint64_t> written_behind = 0;
};

// Holds commits up until they are let go, one at a time.
class Gate {
 public:
  void Enter() {
    MutexLock lock(&mutex_);
    ++waiting_;
    const auto open = [this] { return passes_ > 0; };
    mutex_.Await(absl::Condition(&open));
    --passes_;
    --waiting_;
  }
  void AwaitSomebody() {
    MutexLock lock(&mutex_);
    const auto here = [this] { return waiting_ > 0; };
    mutex_.Await(absl::Condition(&here));
  }
  void LetGo(int commits) {
    MutexLock lock(&mutex_);
    passes_ += commits;
  }

 private:
  Mutex mutex_;
  int waiting_ = 0;
  int passes_ = 0;
};

class CommitterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(committer_.Load());
    committer_.Start();
  }

  void HoldCommits() {
    store_.SetBeforeCommit([this](ShardId) { gate_.Enter(); });
  }
  std::shared_ptr<Fate> Submit(int entries = 1, size_t weight = 1, Lane lane = {}) {
    auto fate = std::make_shared<Fate>();
    committer_.Submit(lane, std::make_unique<StagingTask>(fate, entries, weight));
    return fate;
  }
  absl::Status Do(int entries = 1) {
    const auto fate = Submit(entries);
    fate->answered.WaitForNotification();
    return fate->durable;
  }
  uint64_t DurableSize() { return store_.ReadHead(kShard)->size.value; }
  // Another process appends one entry.
  void Overtake() {
    journal::Journal journal = *journal::Journal::Load(store_, kShard);
    journal.Stage(EntryAt(journal.next(), {kStartMs / 1000}), journal::PlainOpening({}));
    EXPECT_OK(journal.Commit());
  }

  ManualClock wall_{kStartMs};
  store::MemoryStore store_;
  Gate gate_;
  CountingState state_;
  LedgerClock clock_{wall_};
  Threads threads_;
  Mutex mutex_;
  std::vector<bool> reports_;  // Of writing behind: whether it works.
  Committer committer_{
      store_, kShard, state_, clock_, threads_, [this](const absl::Status& status) {
        MutexLock lock(&mutex_);
        reports_.push_back(status.ok());
      }};
};

TEST_F(CommitterTest, SaysHowMuchWaitsAndForHowLongAndHowGroupsWent) {
  EXPECT_EQ(committer_.statistics().oldest_nanos, 0);
  HoldCommits();
  const auto first = Submit(1, 3);
  gate_.AwaitSomebody();
  const auto second = Submit(1, 40);
  absl::SleepFor(absl::Milliseconds(20));
  CommitterStatistics held = committer_.statistics();
  EXPECT_EQ(held.queued, 43u);
  EXPECT_GE(held.oldest_nanos, 20'000'000) << "also while a commit hangs";
  gate_.LetGo(2);
  second->answered.WaitForNotification();
  committer_.Stop();
  const CommitterStatistics done = committer_.statistics();
  EXPECT_EQ(done.queued, 0u);
  EXPECT_EQ(done.oldest_nanos, 0);
  EXPECT_EQ(done.group_sizes.sum, 43u);
  EXPECT_EQ(done.group_sizes.counts[2], 1u) << "the group of 3: above 2, up to 4";
  EXPECT_EQ(done.group_sizes.counts[6], 1u) << "the group of 40: above 32, up to 64";
  EXPECT_GE(done.commit_nanos.sum, 20'000'000u);
}

TEST_F(CommitterTest, WhoAsksAloneIsNotTakenForSeveral) {
  HoldCommits();
  constexpr Lane kLane{5};
  Submit(1, 1, kLane);
  gate_.AwaitSomebody();
  for (int part = 0; part < 8; ++part) Submit(1, kPartMax, kLane);
  gate_.LetGo(9);
  committer_.Stop();
  const CommitterStatistics done = committer_.statistics();
  EXPECT_EQ(done.group_sizes.counts[8], 1u) << "the group of 256: above 128, up to 256";
}

TEST_F(CommitterTest, WhatQueuesDuringACommitSharesTheNext) {
  HoldCommits();
  const auto first = Submit();
  gate_.AwaitSomebody();
  std::vector<std::shared_ptr<Fate>> rest;
  for (int i = 0; i < 500; ++i) rest.push_back(Submit());
  gate_.LetGo(2);
  for (const auto& fate : rest) fate->answered.WaitForNotification();
  EXPECT_OK(first->durable);
  EXPECT_EQ(store_.statistics().commits, 2u);
  EXPECT_EQ(DurableSize(), 501u);
  for (size_t i = 0; i < rest.size(); ++i) EXPECT_EQ(rest[i]->position, i + 1);
}

TEST_F(CommitterTest, AFullStoreRefusesThoseWhoWriteAndAnswersThoseWhoLook) {
  ASSERT_OK(Do());
  const int loads = state_.loads;
  HoldCommits();
  const auto first = Submit();
  gate_.AwaitSomebody();
  // All of one group, which meets a store that has become full meanwhile.
  const auto writer = Submit();
  const auto reader = Submit(/*entries=*/0);
  const auto another = Submit();
  store_.SetFull(true);
  gate_.LetGo(1);
  for (const auto& fate : {first, writer, reader, another}) fate->answered.WaitForNotification();
  EXPECT_OK(first->durable);
  EXPECT_OK(reader->durable);
  for (const auto& refused : {writer, another}) {
    EXPECT_EQ(ReasonOf(refused->durable), "STORE_FULL");
    EXPECT_EQ(refused->judged, 0) << "what was judged would have to be forgotten";
  }
  EXPECT_EQ(state_.loads, loads) << "what is in memory is as good as before";
  store_.SetFull(false);
  store_.SetBeforeCommit(nullptr);
  EXPECT_OK(Do());
}

TEST_F(CommitterTest, AJumpIsSeenThoughNobodyHasAskedForTheTimeInAYear) {
  ASSERT_OK(Do());
  wall_.Advance(INT64_C(365) * 86'400'000);
  // So much may have been slewed in a year; but the committer looks, with nothing to do, too.
  absl::SleepFor(absl::Milliseconds(400));
  wall_.Jump(3'600'000);
  EXPECT_EQ(ReasonOf(Do()), "CLOCK_UNCERTAIN");
}

TEST_F(CommitterTest, NobodyIsAnsweredBeforeTheCommitIsDurable) {
  HoldCommits();
  const auto first = Submit();
  gate_.AwaitSomebody();
  EXPECT_FALSE(first->answered.WaitForNotificationWithTimeout(absl::Milliseconds(50)));
  // One that only reads stands on the ground of the group it is judged in.
  const auto second = Submit();
  const auto reader = Submit(/*entries=*/0);
  gate_.LetGo(1);
  first->answered.WaitForNotification();
  gate_.AwaitSomebody();
  EXPECT_FALSE(reader->answered.WaitForNotificationWithTimeout(absl::Milliseconds(50)));
  EXPECT_FALSE(second->answered.HasBeenNotified());
  gate_.LetGo(1);
  reader->answered.WaitForNotification();
  EXPECT_EQ(reader->position, 2u);
  EXPECT_OK(reader->durable);
}

TEST_F(CommitterTest, ReadsAloneCommitNothing) {
  EXPECT_OK(Do(/*entries=*/0));
  EXPECT_EQ(store_.statistics().commits, 0u);
}

TEST_F(CommitterTest, FailedCommitSaysSoAndIsForgotten) {
  store_.FailNextCommit(absl::InternalError("disk"), store::MemoryStore::Outcome::kNotApplied);
  const absl::Status failed = Do();
  EXPECT_THAT(failed, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ReasonOf(failed), "STORE_UNAVAILABLE");
  EXPECT_EQ(state_.loads, 1);
  EXPECT_OK(Do());
  EXPECT_EQ(state_.loads, 2) << "memory must not be believed after a failed commit";
  EXPECT_EQ(DurableSize(), 1u);
}

TEST_F(CommitterTest, UnknownOutcomeIsResolvedByLoadingAgain) {
  store_.FailNextCommit(absl::DeadlineExceededError("?"), store::MemoryStore::Outcome::kApplied);
  EXPECT_EQ(ReasonOf(Do()), "STORE_UNAVAILABLE");
  const auto next = Submit();
  next->answered.WaitForNotification();
  EXPECT_OK(next->durable);
  EXPECT_EQ(state_.loaded, 1u);
  EXPECT_EQ(next->position, 1u);
  EXPECT_EQ(DurableSize(), 2u);
}

TEST_F(CommitterTest, OvertakenGroupIsJudgedAgainOnTheNewGround) {
  std::atomic<bool> overtaken = false;
  store_.SetBeforeCommit([this, &overtaken](ShardId) {
    if (!overtaken.exchange(true)) Overtake();
  });
  const auto fate = Submit();
  fate->answered.WaitForNotification();
  EXPECT_OK(fate->durable);
  EXPECT_EQ(fate->judged, 2);
  EXPECT_EQ(fate->position, 1u);
  EXPECT_EQ(state_.loaded, 1u);
  EXPECT_EQ(DurableSize(), 2u);
}

TEST_F(CommitterTest, GivesUpWhenAlwaysOvertaken) {
  std::atomic<bool> inside = false;
  store_.SetBeforeCommit([this, &inside](ShardId) {
    if (inside.exchange(true)) return;
    Overtake();
    inside = false;
  });
  const auto fate = Submit();
  fate->answered.WaitForNotification();
  EXPECT_EQ(ReasonOf(fate->durable), "STORE_UNAVAILABLE");
  EXPECT_EQ(fate->judged, 8);
  EXPECT_EQ(DurableSize(), 8u) << "none of them is ours";
}

TEST_F(CommitterTest, FullQueueRefusesAtOnce) {
  HoldCommits();
  const auto first = Submit();
  gate_.AwaitSomebody();
  const auto full = Submit(1, Committer::kQueueMax - 1);  // The first is not answered yet.
  const auto refused = Submit();
  ASSERT_TRUE(refused->answered.HasBeenNotified());
  EXPECT_THAT(refused->durable, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_EQ(ReasonOf(refused->durable), "OVERLOADED");
  EXPECT_EQ(refused->judged, 0);
  gate_.LetGo(2);
  full->answered.WaitForNotification();
  EXPECT_OK(full->durable);
  gate_.LetGo(1);
  EXPECT_OK(Do()) << "room is given back";
}

TEST_F(CommitterTest, NoCallerLeavesTheOthersWithoutRoom) {
  HoldCommits();
  const auto first = Submit();
  gate_.AwaitSomebody();
  // Each asks until it is refused; the last of them finds room all the same.
  std::vector<std::shared_ptr<Fate>> waiting;
  for (uint64_t lane = 1; lane <= 8; ++lane) {
    size_t asked = 0;
    for (; asked < Committer::kQueueMax; asked += 100) {
      const auto fate = Submit(1, 100, Lane{lane});
      if (fate->answered.HasBeenNotified()) {
        EXPECT_EQ(ReasonOf(fate->durable), "OVERLOADED");
        break;
      }
      waiting.push_back(fate);
    }
    EXPECT_GT(asked, 0u) << lane;
    EXPECT_LE(asked, Committer::kQueueMax / 2 + 100) << lane;
  }
  EXPECT_OK(committer_.CheckRoom(Lane{21}, 1));
  EXPECT_FALSE(committer_.CheckRoom(Lane{1}, 100).ok());
  const auto last = Submit(1, 1, Lane{21});
  gate_.LetGo(1000);
  last->answered.WaitForNotification();
  EXPECT_OK(last->durable);
  for (const auto& fate : waiting) fate->answered.WaitForNotification();
}

class SharingTest : public CommitterTest, public ::testing::WithParamInterface<Lane> {};

TEST_P(SharingTest, WhereOthersAskNobodyWaitsForAllThatOneCallerHasWaiting) {
  HoldCommits();
  const auto first = Submit(1, 1, Lane{1});
  gate_.AwaitSomebody();
  std::vector<std::shared_ptr<Fate>> many;
  for (int i = 0; i < 8; ++i) many.push_back(Submit(1, 100, Lane{1}));
  const auto other = Submit(1, 1, GetParam());
  gate_.LetGo(1);
  gate_.AwaitSomebody();
  gate_.LetGo(1);
  other->answered.WaitForNotification();
  EXPECT_EQ(other->position, 2u) << "behind one turn of the other's";
  const bool is_small = !many[4]->answered.WaitForNotificationWithTimeout(absl::Milliseconds(50));
  EXPECT_EQ(is_small, GetParam() != kOwnLane) << "the group is as small as it may be";
  gate_.LetGo(100);
  for (const auto& fate : many) fate->answered.WaitForNotification();
}

INSTANTIATE_TEST_SUITE_P(Others, SharingTest, ::testing::Values(Lane{2}, kOwnLane));

TEST_F(CommitterTest, QueuesAllPartsOfABatchOrNone) {
  HoldCommits();
  const auto first = Submit();
  gate_.AwaitSomebody();
  std::vector<std::shared_ptr<Fate>> fates;
  std::vector<std::unique_ptr<Task>> tasks;
  for (int i = 0; i < 3; ++i) {
    fates.push_back(std::make_shared<Fate>());
    tasks.push_back(std::make_unique<StagingTask>(fates.back(), 1, Committer::kQueueMax / 2));
  }
  committer_.Submit(Lane(), absl::MakeSpan(tasks));
  for (const auto& fate : fates) {
    ASSERT_TRUE(fate->answered.HasBeenNotified());
    EXPECT_EQ(ReasonOf(fate->durable), "OVERLOADED");
    EXPECT_EQ(fate->judged, 0);
  }
  EXPECT_OK(committer_.CheckRoom(Lane(), Committer::kQueueMax - 1));
  gate_.LetGo(1);
  first->answered.WaitForNotification();
}

TEST_F(CommitterTest, OneGroupIsBounded) {
  HoldCommits();
  const auto first = Submit();
  gate_.AwaitSomebody();
  constexpr size_t kWeight = 1000;
  std::vector<std::shared_ptr<Fate>> rest;
  for (int i = 0; i < 27; ++i) rest.push_back(Submit(1, kWeight));
  gate_.LetGo(100);
  for (const auto& fate : rest) fate->answered.WaitForNotification();
  // 9 of 1,000 reach 8,192.
  EXPECT_EQ(store_.statistics().commits, 1u + 3u);
}

TEST_F(CommitterTest, StopAnswersWhatIsQueuedAndRefusesTheRest) {
  HoldCommits();
  const auto first = Submit();
  gate_.AwaitSomebody();
  const auto queued = Submit();
  gate_.LetGo(2);
  committer_.Stop();
  ASSERT_TRUE(queued->answered.HasBeenNotified());
  EXPECT_OK(first->durable);
  EXPECT_OK(queued->durable);
  EXPECT_EQ(state_.written_behind, 2u);
  const auto late = Submit();
  ASSERT_TRUE(late->answered.HasBeenNotified());
  EXPECT_EQ(ReasonOf(late->durable), "SHUTTING_DOWN");
  EXPECT_EQ(late->judged, 0);
}

TEST_F(CommitterTest, DoubtfulClockWritesNothing) {
  ASSERT_OK(Do());
  wall_.Jump(3600 * 1000);
  const auto fate = Submit();
  fate->answered.WaitForNotification();
  EXPECT_THAT(fate->durable, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(ReasonOf(fate->durable), "CLOCK_UNCERTAIN");
  EXPECT_EQ(fate->judged, 0);
  EXPECT_EQ(DurableSize(), 1u);
}

TEST_F(CommitterTest, FailedReloadIsTriedAgainByTheNextGroup) {
  store_.FailNextCommit(absl::InternalError("disk"), store::MemoryStore::Outcome::kNotApplied);
  EXPECT_FALSE(Do().ok());
  store_.FailNextRead(absl::InternalError("disk"));
  EXPECT_EQ(ReasonOf(Do()), "STORE_UNAVAILABLE");
  EXPECT_OK(Do());
  EXPECT_EQ(DurableSize(), 1u);
}

TEST_F(CommitterTest, SaysOnceThatWritingBehindFailsAndOnceThatItWorksAgain) {
  const auto reports = [this](const std::vector<bool>& expected) {
    MutexLock lock(&mutex_);
    const auto there = [&] { return reports_.size() >= expected.size(); };
    return mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(20)) &&
           reports_ == expected;
  };
  EXPECT_OK(Do());
  EXPECT_TRUE(reports({}));
  state_.behind_fails = true;
  for (int i = 0; i < 5; ++i) EXPECT_OK(Do()) << "what is derived may come late";
  EXPECT_TRUE(reports({false}));
  state_.behind_fails = false;
  EXPECT_TRUE(reports({false, true}));
  EXPECT_OK(Do());
  committer_.Stop();
  EXPECT_TRUE(reports({false, true}));
}

TEST_F(CommitterTest, MalformedHeadKeepsItFromStarting) {
  ASSERT_OK(store_.Commit(ShardId{8}, {.bundle = {.first = {}, .entries = {"e"}, .openings = {"o"}},
                                       .head_state = "not a head",
                                       .secrets = {}}));
  Committer other(store_, ShardId{8}, state_, clock_, threads_);
  EXPECT_THAT(other.Load(), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace consent::ledger

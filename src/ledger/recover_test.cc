// SPDX-License-Identifier: Apache-2.0
//
// A ledger that goes on from an old backup.

#include "src/ledger/recover.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/journal/log_keys.h"
#include "src/journal/reader.h"
#include "src/ledger/loss.h"
#include "src/ledger/test_ledger.h"
#include "src/tlog/checkpoint.h"

namespace consent::ledger {
namespace {

using ::testing::HasSubstr;
using Loss = store::MemoryStore::Loss;

std::string OriginOf(const char* rest) { return std::string(kTestOrigin) + rest; }

class RecoverTest : public ::testing::Test {
 protected:
  // A ledger with a consumer, a used permit and a held one, of which a backup is made; then
  // something happens that the backup lacks.
  RecoverTest() {
    TestLedger ledger(store_, clock_);
    ledger.Settle(alice_, 5, 5);
    used_ = *ledger.Consume(alice_, "used")->permit;
    ContactCommand hold = ledger.Wish(alice_, "held");
    hold.request.hold = {3600};
    held_ = *ledger.Consume(hold)->permit;
    clock_.Advance(60'000);
    ledger->Stop();
    backup_ = store_.DurableCopy(Loss::kNothing);
    kept_ = backup_->ReadHead(kConsumerShard)->size;
  }

  RecoverReport Accept() {
    auto report = Recover(*backup_, clock_, {});
    EXPECT_OK(report);
    return report.ok() ? *std::move(report) : RecoverReport{};
  }
  TreeSize Size(ShardId shard) { return backup_->ReadHead(shard)->size; }

  ManualClock clock_{kTestStartMs};
  store::MemoryStore store_;
  std::unique_ptr<store::MemoryStore> backup_;
  const Person alice_ = PersonOf(1);
  PermitRef used_, held_;
  TreeSize kept_;
};

TEST_F(RecoverTest, BothJournalsGoOnUnderNewOrigins) {
  const TreeSize directory = Size(kDirectoryShard);
  const RecoverReport report = Accept();
  EXPECT_EQ(report.generation, 1u);
  ASSERT_EQ(report.journals.size(), 2u);
  EXPECT_EQ(report.journals[0].entry, LeafIndex{directory.value});
  EXPECT_EQ(report.journals[1].entry, LeafIndex{kept_.value});
  EXPECT_EQ(report.journals[1].old_origin, OriginOf("/1"));
  EXPECT_EQ(report.journals[1].recovered_at, (Instant{clock_.WallMillis() / 1000}));
  EXPECT_EQ(report.journals[1].lost_from, (Instant{kTestStartMs / 1000}));

  TestLedger ledger(*backup_, clock_);
  EXPECT_EQ(ledger->JournalOrigin(kDirectoryShard), OriginOf("/directory/r1"));
  EXPECT_EQ(ledger->JournalOrigin(kConsumerShard), OriginOf("/1/r1"));
  EXPECT_EQ(ledger->FindJournal(OriginOf("/1")), std::nullopt);
  EXPECT_EQ(ledger->directory().Snapshot()->size(), TreeSize{directory.value + 1});
  // The directory is still written and read.
  ledger.AddCompany("new");
  EXPECT_OK(ledger.StopAndCompare());
  TestLedger again(*backup_, clock_);
  EXPECT_NE(again->directory().Snapshot()->Find("new", directory::Role::kCompany), nullptr);
}

TEST_F(RecoverTest, LimitsAreFullAndPermitsAreVoid) {
  Accept();
  TestLedger ledger(*backup_, clock_);
  EXPECT_EQ(ledger.Consume(alice_, "new")->decision.reason, core::Reason::kLimitReached);
  EXPECT_EQ(ledger.Consume(alice_, "used")->decision.reason, core::Reason::kPermitExpired);
  EXPECT_EQ(ledger.Act({held_, "acme", ConfirmPermit{}})->decision.reason,
            core::Reason::kPermitLapsed);
  EXPECT_EQ(ledger.Act({used_, "acme", ReportOutcome{core::Outcome::kConnected}})->decision.verdict,
            core::Verdict::kDone);
  const auto view = ledger.View(alice_, alice_.key);
  ASSERT_OK(view);
  EXPECT_EQ(view->Now().loss->position, LeafIndex{kept_.value});
  EXPECT_OK(ledger.StopAndCompare());
}

// The entry is far behind what a start replays.
TEST_F(RecoverTest, ALaterStartStillKnows) {
  Accept();
  {
    TestLedger ledger(*backup_, clock_);
    ledger.Settle(PersonOf(2), 1, 1);
  }
  EXPECT_EQ(backup_->ReadApplied(kConsumerShard)->value, Size(kConsumerShard).value);
  TestLedger ledger(*backup_, clock_);
  EXPECT_EQ(ledger.Consume(alice_, "new")->decision.reason, core::Reason::kLimitReached);
}

// The store does not say so, but the journal does.
TEST_F(RecoverTest, AReplayFindsALossThatWasNotNotedDown) {
  auto noted = backup_->DurableCopy(Loss::kNothing);
  Accept();
  // As the call would have been interrupted before it wrote any fact.
  for (const ShardId shard : {kDirectoryShard, kConsumerShard}) {
    const store::Head head = *backup_->ReadHead(shard);
    const auto bundles = *backup_->ReadBundles(shard, LeafIndex{head.size.value - 1}, 1);
    ASSERT_OK(noted->Commit(
        shard, {.bundle = bundles[0], .head_state = head.state, .secrets = {}, .erase = {}}));
  }
  {
    TestLedger ledger(*noted, clock_);
    EXPECT_EQ(ledger.Consume(alice_, "new")->decision.reason, core::Reason::kLimitReached);
  }
  TestLedger ledger(*noted, clock_);
  EXPECT_EQ(ledger.Consume(alice_, "new")->decision.reason, core::Reason::kLimitReached);
}

TEST_F(RecoverTest, WhatWasPromisedIsCited) {
  // The store's own last checkpoint.
  const RecoverReport survey = *SurveyLoss(*backup_, {});
  EXPECT_EQ(survey.journals[1].promised_size, kept_);
  EXPECT_EQ(survey.journals[1].promised_root, survey.journals[1].kept_root);
  EXPECT_EQ(survey.journals[1].entry, std::nullopt);
  EXPECT_EQ(Size(kConsumerShard), kept_) << "a survey writes nothing";

  const std::string path = absl::StrCat(::testing::TempDir(), "/recover_guard");
  std::remove(path.c_str());
  ASSERT_OK_AND_ASSIGN(const auto guard, Guard::Create(path));
  std::vector<crypto::SigningKey> keys;
  keys.push_back(KeyOf("journal"));
  const tlog::Checkpoint promised{.origin = OriginOf("/1"),
                                  .size = {kept_.value + 7},
                                  .root = Digest{{1, 2, 3}},
                                  .extensions = {}};
  ASSERT_OK(guard->Keep(promised.origin, *journal::LogKeys::Make(std::move(keys))->Sign(promised)));
  ASSERT_OK_AND_ASSIGN(const RecoverReport report,
                       Recover(*backup_, clock_, {.guard = guard.get()}));
  EXPECT_EQ(report.journals[1].promised_size, promised.size);

  journal::Opener opener(*backup_, kConsumerShard);
  std::optional<core::Recovered> recovered;
  ASSERT_OK(journal::ForEachLeaf(*backup_, kConsumerShard, LeafIndex{kept_.value},
                                 Size(kConsumerShard), [&](const journal::Leaf& leaf) {
                                   const auto opened = opener.Open(leaf);
                                   if (!opened.ok()) return opened.status();
                                   EXPECT_FALSE(opened->consumer.has_value());
                                   recovered = std::get<core::Recovered>(opened->event.body);
                                   return absl::OkStatus();
                                 }));
  ASSERT_TRUE(recovered.has_value());
  EXPECT_EQ(recovered->promised_size, promised.size);
  EXPECT_EQ(recovered->promised_root, promised.root);
  EXPECT_EQ(recovered->kept_size, kept_);
  EXPECT_EQ(recovered->old_origin, promised.origin);
}

TEST_F(RecoverTest, AnInterruptedCallIsFinishedByTheNext) {
  const TreeSize directory = Size(kDirectoryShard);
  // The directory's entry is written, the consumers' is not.
  backup_->SetBeforeCommit([this](ShardId shard) {
    if (shard == kConsumerShard) {
      backup_->FailNextCommit(absl::UnavailableError("?"),
                              store::MemoryStore::Outcome::kNotApplied);
    }
  });
  EXPECT_THAT(Recover(*backup_, clock_, {}), StatusIs(absl::StatusCode::kUnavailable));
  backup_->SetBeforeCommit({});
  EXPECT_EQ(Size(kDirectoryShard), TreeSize{directory.value + 1});
  EXPECT_EQ(*ReadGeneration(*backup_), 0u);
  clock_.Advance(5000);
  const RecoverReport report = Accept();
  EXPECT_EQ(report.generation, 1u);
  EXPECT_EQ(report.journals[0].kept_size, directory);
  EXPECT_EQ(Size(kDirectoryShard), TreeSize{directory.value + 1});
  EXPECT_EQ(Size(kConsumerShard), TreeSize{kept_.value + 1});
}

TEST_F(RecoverTest, ASecondLossIsCountedToo) {
  Accept();
  clock_.Advance(60'000);
  const RecoverReport report = Accept();
  EXPECT_EQ(report.generation, 2u);
  EXPECT_EQ(report.journals[1].old_origin, OriginOf("/1/r1"));
  EXPECT_EQ(report.journals[1].new_origin, OriginOf("/1/r2"));
  EXPECT_EQ((*ReadLoss(*backup_, kConsumerShard))->position, LeafIndex{kept_.value + 1});
  TestLedger ledger(*backup_, clock_);
  EXPECT_EQ(ledger->JournalOrigin(kConsumerShard), OriginOf("/1/r2"));
  EXPECT_OK(ledger.StopAndCompare());
}

TEST_F(RecoverTest, AnEmptyStoreIsNoLedger) {
  store::MemoryStore empty;
  EXPECT_THAT(SurveyLoss(empty, {}), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(Recover(empty, clock_, {}), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(RecoverTest, AClockBehindTheLastEntryRefuses) {
  clock_.Jump(-3'600'000);
  EXPECT_THAT(Recover(*backup_, clock_, {}), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(Size(kConsumerShard), kept_);
}

TEST(LossFactTest, AnEarlierLossDoesNotReplaceALaterOne) {
  store::MemoryStore store;
  EXPECT_THAT(ReadLoss(store, kConsumerShard), IsOkAndHolds(std::optional<core::Loss>()));
  const core::Loss late{{1}, {2}, {9}};
  ASSERT_OK(KeepLoss(store, kConsumerShard, late));
  ASSERT_OK(KeepLoss(store, kConsumerShard, {{0}, {1}, {4}}));
  EXPECT_THAT(ReadLoss(store, kConsumerShard), IsOkAndHolds(std::optional(late)));
  ASSERT_OK(store.WriteFact("loss/1", "?"));
  EXPECT_THAT(ReadLoss(store, kConsumerShard),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("loss/1")));
}

}  // namespace
}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0
//
// A consumer is erased: what is gone, what stays, and what happens when it is interrupted.

#include "src/ledger/erase_task.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/ledger/fingerprint.h"
#include "src/ledger/test_ledger.h"
#include "src/ledger/watched_store.h"

namespace consent::ledger {
namespace {

using core::Reason;
using core::Verdict;
using ::testing::HasSubstr;
using Loss = store::MemoryStore::Loss;
using Outcome = store::MemoryStore::Outcome;

class EraseTaskTest : public ::testing::Test {
 protected:
  EraseTaskTest() { ledger_->AddCompany("beta"); }

  TestLedger& ledger() { return *ledger_; }
  void Restart(std::unique_ptr<store::MemoryStore> store) {
    ledger_.reset();
    store_ = std::move(store);
    ledger_ = std::make_unique<TestLedger>(*store_, clock_);
  }
  void Bind(const Person& person) {
    ASSERT_OK(ledger().Say(ledger().Binding(person), ledger().registrar_key));
  }
  EraseAnswer Erase(const Person& person) {
    const auto answer = ledger().Erase(ledger().ToErase(person));
    EXPECT_OK(answer);
    return answer.value_or(EraseAnswer{});
  }
  Reason Asked(const Person& person, const std::string& company = "acme") {
    const auto check = ledger().Check(ledger().Wish(person, "", core::Channel::kCall, company));
    return check.ok() ? check->decision.reason : Reason::kUnspecified;
  }
  std::string Refusal(const v1::Statement& statement, const crypto::PrivateKey& key) {
    return ReasonOf(ledger().Say(statement, key).status());
  }
  core::Record RecordOf(const Person& person) {
    const auto view = ledger().View(person, person.key);
    EXPECT_OK(view);
    return view.ok() ? view->record : core::Record();
  }
  // Waits until records are written behind.
  void Settled() {
    while (*store_->ReadApplied(kConsumerShard) < ledger().JournalSize()) {
      absl::SleepFor(absl::Milliseconds(10));
    }
  }
  // Whether the store has any row of the consumer that was.
  bool IsInStore(store::Store& store, const core::Record& record) {
    bool found = store.ReadSecret(kConsumerShard, record.handle)->has_value() ||
                 store.ReadRecord(kConsumerShard, record.consumer)->has_value();
    for (const ContactId& contact : record.contact_ids) {
      const auto row = *store.ReadContact(kConsumerShard, contact);
      found = found || (row.has_value() && *row == record.consumer);
    }
    return found;
  }

  std::unique_ptr<store::MemoryStore> store_ = std::make_unique<store::MemoryStore>();
  ManualClock clock_{kTestStartMs};
  std::unique_ptr<TestLedger> ledger_ = std::make_unique<TestLedger>(*store_, clock_);
  const Person alice_ = PersonOf(1);
  const Person bob_ = PersonOf(2);
};

// ---- What is gone.

TEST_F(EraseTaskTest, NothingOfTheErasedIsKnownAnyMore) {
  ledger().Settle(alice_, 2, 3);
  ledger().Settle(bob_, 2, 3);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer call, ledger().Consume(alice_, "c1"));
  const core::Record dead = RecordOf(alice_);
  Settled();
  EXPECT_TRUE(IsInStore(*store_, dead));

  const TreeSize before = ledger().JournalSize();
  const EraseAnswer erased = Erase(alice_);
  EXPECT_EQ(erased.entry.value, before.value);
  EXPECT_EQ(erased.at.unix_seconds, clock_.WallMillis() / 1000);
  EXPECT_FALSE(erased.repeated);
  EXPECT_FALSE(IsInStore(*store_, dead));
  EXPECT_EQ(ReasonOf(ledger().View(alice_, alice_.key).status()), "UNKNOWN_KEY");
  EXPECT_EQ(Asked(alice_), Reason::kNoPermission);
  EXPECT_EQ(ledger()
                .Act({*call.permit, "acme", ReportOutcome{core::Outcome::kConnected}})
                ->decision.reason,
            Reason::kNoSuchPermit);
  // The request id is free again, and takes nothing.
  EXPECT_EQ(ledger().Consume(alice_, "c1")->decision.reason, Reason::kNoPermission);
  EXPECT_EQ(Asked(bob_), Reason::kOk);

  Settled();
  EXPECT_FALSE(IsInStore(*store_, dead));
  ASSERT_OK_AND_ASSIGN(const ReplayReport report, ledger().StopAndCompare());
  EXPECT_EQ(report.erased, 3u);  // The binding, the grant, the call.
}

TEST_F(EraseTaskTest, TheFilesArePurgedAfterwards) {
  Bind(alice_);
  EXPECT_EQ(store_->statistics().purges, 0u);
  Erase(alice_);
  for (int i = 0; i < 500 && store_->statistics().purges == 0; ++i) {
    absl::SleepFor(absl::Milliseconds(10));
  }
  EXPECT_EQ(store_->statistics().purges, 1u);
}

TEST_F(EraseTaskTest, NoIndexRowNamesTheErased) {
  Bind(alice_);
  Erase(alice_);
  Settled();
  const ContactId contact = ledger().IdOf(alice_.contact_point);
  EXPECT_THAT(store_->ReadContact(kConsumerShard, contact), IsOkAndHolds(std::nullopt));
  EXPECT_TRUE(store_->ReadContact(kConsumerShard, FingerprintOf(contact))->has_value());
}

TEST_F(EraseTaskTest, AStrangerHearsWhatTheyHearOfAnybody) {
  Bind(alice_);
  ASSERT_OK(ledger().Say(ledger().Block(alice_, "*"), alice_.key));
  Erase(alice_);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer erased,
                       ledger().Check(ledger().Wish(alice_, "", core::Channel::kCall, "beta")));
  ASSERT_OK_AND_ASSIGN(
      const ContactAnswer unknown,
      ledger().Check(ledger().Wish(PersonOf(77), "", core::Channel::kCall, "beta")));
  EXPECT_EQ(erased.decision.reason, unknown.decision.reason);
  EXPECT_EQ(erased.decision.verdict, unknown.decision.verdict);
}

// ---- What stays.

TEST_F(EraseTaskTest, BlocksOutliveTheErasureAndTheReturn) {
  ledger().Settle(alice_, 2, 3);
  ledger().Settle(alice_, 2, 3, "beta");
  ASSERT_OK(ledger().Say(ledger().Block(alice_, "acme"), alice_.key));
  Erase(alice_);
  clock_.Advance(10'000);
  // They come back, on the same number with the same key, and allow acme again.
  Bind(alice_);
  ASSERT_OK(ledger().Say(ledger().Grant(alice_, "g9", 2, 3), alice_.key));
  EXPECT_EQ(Asked(alice_), Reason::kBlocked);
  EXPECT_EQ(Asked(alice_, "beta"), Reason::kNoPermission) << "grants are not carried on";
  // The objection is theirs to lift.
  v1::Statement unblock = ledger().Statement(alice_);
  unblock.mutable_unblock()->set_company("acme");
  ASSERT_OK(ledger().Say(unblock, alice_.key));
  EXPECT_EQ(Asked(alice_), Reason::kOk);
  EXPECT_OK(ledger().StopAndCompare());
}

TEST_F(EraseTaskTest, WhatWasSignedBeforeIsNeverTakenInAgain) {
  Bind(alice_);
  const v1::Statement old_binding = ledger().Binding(alice_);
  const v1::Statement old_grant = ledger().Grant(alice_, "g1", 5, 5);
  const v1::Statement old_claim = ledger().Claim(alice_, "g2", clock_.WallMillis() / 1000);
  clock_.Advance(1'000);
  Erase(alice_);
  clock_.Advance(1'000);
  EXPECT_EQ(Refusal(old_grant, alice_.key), "UNKNOWN_KEY");
  EXPECT_EQ(Refusal(old_binding, ledger().registrar_key), "NARROWED_SINCE");
  EXPECT_EQ(Refusal(old_claim, ledger().registrar_key), "NARROWED_SINCE");
  Bind(alice_);
  EXPECT_EQ(Refusal(old_grant, alice_.key), "NARROWED_SINCE");
  EXPECT_EQ(
      Refusal(ledger().Claim(alice_, "g3", clock_.WallMillis() / 1000 - 2), ledger().registrar_key),
      "OUTRANKED")
      << "signed since, but of a consent collected before";
  EXPECT_EQ(Refusal(ledger().Grant(alice_, "g4", 5, 5), alice_.key), "");
}

TEST_F(EraseTaskTest, WhoComesBackMayBeErasedAgain) {
  Bind(alice_);
  ASSERT_OK(ledger().Say(ledger().Block(alice_, "acme"), alice_.key));
  for (int round = 0; round < 3; ++round) {
    Erase(alice_);
    clock_.Advance(2'000);
    if (round == 1) Restart(store_->DurableCopy(Loss::kDerivedRows));
    Bind(alice_);
    clock_.Advance(2'000);
    EXPECT_EQ(RecordOf(alice_).contact_ids.size(), 2u) << "the number, and its fingerprint";
    EXPECT_EQ(RecordOf(alice_).blocks.size(), 1u);
  }
  EXPECT_EQ(RecordOf(alice_).erased->handles.size(), 3u);
  EXPECT_OK(ledger().StopAndCompare());
}

TEST_F(EraseTaskTest, BothNumbersOfAConsumerLeadToTheTombstone) {
  Bind(alice_);
  clock_.Advance(1'000);
  v1::Statement second = ledger().Binding({bob_.contact_point, alice_.key});
  second.mutable_key_binding()->set_same_consumer_as(alice_.contact_point);
  ASSERT_OK(ledger().Say(second, ledger().registrar_key));
  ASSERT_OK(ledger().Say(ledger().Block(alice_, "*"), alice_.key));
  Erase(alice_);
  clock_.Advance(1'000);
  Bind(bob_);
  ASSERT_OK(ledger().Say(ledger().Grant(bob_, "g1", 1, 1), bob_.key));
  EXPECT_EQ(Asked(bob_), Reason::kBlocked);
}

// ---- Who may, and when.

TEST_F(EraseTaskTest, OnlyTheConsumersOwnKeyErasesAndOnlyAFreshOrder) {
  ledger().Settle(alice_, 2, 3);
  const auto refusal = [&](const EraseCommand& command) {
    return ReasonOf(ledger().Erase(command).status());
  };
  EXPECT_EQ(refusal(ledger().ToErase({alice_.contact_point, bob_.key})), "UNKNOWN_KEY");
  EXPECT_EQ(refusal(ledger().ToErase({alice_.contact_point, ledger().registrar_key})),
            "UNKNOWN_KEY");
  EXPECT_EQ(refusal(ledger().ToErase(bob_)), "UNKNOWN_KEY") << "nobody there";
  EraseCommand command = ledger().ToErase(alice_);
  command.signed_at_ms -= EraseTask::kAgeMaxMs + 1;
  EXPECT_EQ(refusal(command), "REQUEST_NOT_FRESH");
  command.signed_at_ms += 2 * EraseTask::kAgeMaxMs + 2;
  EXPECT_EQ(refusal(command), "REQUEST_NOT_FRESH");
  EXPECT_EQ(Asked(alice_), Reason::kOk);
  Erase(alice_);
}

TEST_F(EraseTaskTest, TheSameOrderAgainIsAnsweredAsTheFirstTime) {
  ledger().Settle(alice_, 2, 3);
  const EraseCommand order = ledger().ToErase(alice_);
  ASSERT_OK_AND_ASSIGN(const EraseAnswer first, ledger().Erase(order));
  const TreeSize size = ledger().JournalSize();
  clock_.Advance(60'000);
  const auto again = [&] {
    ASSERT_OK_AND_ASSIGN(const EraseAnswer answer, ledger().Erase(order));
    EXPECT_TRUE(answer.repeated);
    EXPECT_EQ(answer.entry, first.entry);
    EXPECT_EQ(answer.at, first.at);
  };
  again();
  Restart(store_->DurableCopy(Loss::kSinceCommit));
  again();
  EXPECT_EQ(ledger().JournalSize(), size);
  EXPECT_EQ(ReasonOf(ledger().Erase(ledger().ToErase(alice_)).status()), "UNKNOWN_KEY")
      << "another order finds nobody";
  // Who has come back is not erased by the order of before.
  Bind(alice_);
  again();
  EXPECT_OK(ledger().View(alice_, alice_.key));
}

// ---- In one group, one commit.

TEST_F(EraseTaskTest, AllOfALifeInOneGroup) {
  // The slow commit gathers what follows it into the next group.
  const uint64_t commits = store_->statistics().commits;
  store_->SetCommitDelay(absl::Milliseconds(100));
  ledger().shard().Consume(Lane(), {ledger().Wish(bob_, "b1")}, [](auto) {});
  absl::SleepFor(absl::Milliseconds(30));
  ledger().shard().Take(Lane(),
                        {ledger().ToCommand(ledger().Binding(alice_), ledger().registrar_key),
                         ledger().ToCommand(ledger().Grant(alice_, "g1", 1, 1), alice_.key),
                         ledger().ToCommand(ledger().Block(alice_, "beta"), alice_.key)},
                        [](auto) {});
  ledger().shard().Consume(Lane(), {ledger().Wish(alice_, "a1")}, [](auto) {});
  const EraseCommand order = ledger().ToErase(alice_);
  ledger().shard().Erase(Lane(), order, [](auto answer) { EXPECT_OK(answer); });
  ledger().shard().Erase(Lane(), order, [](auto answer) {
    EXPECT_OK(answer);
    EXPECT_TRUE(answer.ok() && answer->repeated);
  });
  ASSERT_OK_AND_ASSIGN(const ContactAnswer answer, ledger().Consume(alice_, "a1"));
  EXPECT_EQ(answer.decision.reason, Reason::kNoPermission);
  EXPECT_EQ(store_->statistics().commits, commits + 2) << "bob's, and all of this in one";
  EXPECT_EQ(ledger().StopAndCompare()->erased, 4u);
}

TEST_F(EraseTaskTest, WhatFollowsInTheGroupFindsTheTombstoneNotTheStoredRecord) {
  ledger().Settle(alice_, 2, 3);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer call, ledger().Consume(alice_, "c1"));
  Settled();
  Restart(store_->DurableCopy(Loss::kNothing));  // Nobody is in memory.
  store_->SetCommitDelay(absl::Milliseconds(100));
  ledger().shard().Consume(Lane(), {ledger().Wish(bob_, "b1")}, [](auto) {});
  absl::SleepFor(absl::Milliseconds(30));
  ledger().shard().Erase(Lane(), ledger().ToErase(alice_), [](auto answer) { EXPECT_OK(answer); });
  ledger().shard().Act(
      Lane(), {*call.permit, "acme", ReportOutcome{core::Outcome::kConnected}},
      [](auto answer) { EXPECT_EQ(answer->decision.reason, Reason::kNoSuchPermit); });
  EXPECT_EQ(ledger().Consume(alice_, "c2")->decision.reason, Reason::kNoPermission);
  EXPECT_OK(ledger().StopAndCompare());
}

// ---- Interrupted.

TEST_F(EraseTaskTest, AFailedCommitErasesAllOrNothing) {
  for (const Outcome outcome : {Outcome::kNotApplied, Outcome::kApplied}) {
    const Person person = PersonOf(outcome == Outcome::kApplied ? 11 : 12);
    ledger().Settle(person, 2, 3);
    const core::Record record = RecordOf(person);
    store_->FailNextCommit(absl::InternalError("disk"), outcome);
    const EraseCommand order = ledger().ToErase(person);
    EXPECT_EQ(ReasonOf(ledger().Erase(order).status()), "STORE_UNAVAILABLE");
    const bool erased = outcome == Outcome::kApplied;
    EXPECT_EQ(Asked(person), erased ? Reason::kNoPermission : Reason::kOk);
    EXPECT_EQ(store_->ReadSecret(kConsumerShard, record.handle)->has_value(), !erased);
    ASSERT_OK_AND_ASSIGN(const EraseAnswer again, ledger().Erase(order));
    EXPECT_EQ(again.repeated, erased);
  }
  EXPECT_OK(ledger().StopAndCompare());
}

TEST_F(EraseTaskTest, ACrashBringsNobodyBack) {
  ledger().Settle(alice_, 2, 3);
  ledger().Settle(bob_, 2, 3);
  const core::Record dead = RecordOf(alice_);
  Settled();
  EXPECT_OK(ledger().Consume(alice_, "c1"));  // Waits to be written behind.
  Erase(alice_);
  for (const Loss loss : {Loss::kNothing, Loss::kSinceCommit, Loss::kDerivedRows}) {
    Restart(store_->DurableCopy(loss));
    EXPECT_EQ(Asked(alice_), Reason::kNoPermission);
    EXPECT_EQ(Asked(bob_), Reason::kOk);
    EXPECT_FALSE(IsInStore(*store_, dead));
  }
  EXPECT_OK(ledger().StopAndCompare());
}

TEST_F(EraseTaskTest, ALongReplayWritesBehindThoughSomebodyWasErasedLater) {
  ledger().Settle(alice_, 2, 3);
  ledger().Settle(bob_, 2, 3);
  for (int round = 0; round < 17; ++round) {  // More than a replay reads before it writes.
    ASSERT_OK(ledger().ConsumeAll(
        std::vector<ContactCommand>(1000, ledger().Wish(bob_, "r", core::Channel::kEmail))));
  }
  Erase(alice_);
  Restart(store_->DurableCopy(Loss::kDerivedRows));
  EXPECT_EQ(Asked(bob_), Reason::kOk);
  EXPECT_EQ(Asked(alice_), Reason::kNoPermission);
  EXPECT_OK(ledger().StopAndCompare());
}

TEST_F(EraseTaskTest, AReplayDuringWhichSomebodyIsErasedIsToBeTriedAgain) {
  ledger().Settle(alice_, 2, 3);
  ledger().Settle(bob_, 2, 3);
  Settled();
  // Of the first entry, alice's, the secret has been read when she goes; bob's has not.
  for (const Person* const person : {&alice_, &bob_}) {
    bool erased = false;
    const auto erase = [&](uint64_t) {
      if (!std::exchange(erased, true)) Erase(*person);
    };
    EXPECT_THAT(ReplayAndCompare(*store_, kConsumerShard, erase),
                StatusIs(absl::StatusCode::kAborted, HasSubstr("try again")));
    EXPECT_TRUE(erased);
    Settled();
    EXPECT_OK(ReplayAndCompare(*store_, kConsumerShard, {}));
  }
}

TEST_F(EraseTaskTest, ASecretThatIsGoneWithoutATombstoneIsDataLoss) {
  ledger().Settle(alice_, 2, 3);
  ledger().Settle(bob_, 2, 3);
  Erase(alice_);
  const Handle handle = RecordOf(bob_).handle;
  EXPECT_OK(ledger().StopAndCompare());
  WatchedStore watched(*store_);
  EXPECT_OK(ReplayAndCompare(watched, kConsumerShard, {}));
  watched.hidden.insert(handle);
  EXPECT_THAT(ReplayAndCompare(watched, kConsumerShard, {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("leaf 2: no secret")));
  // Nor does a start pass over it.
  const auto lost = store_->DurableCopy(Loss::kDerivedRows);
  WatchedStore start(*lost);
  start.hidden.insert(handle);
  Consumers consumers(start, kConsumerShard, 100);
  EXPECT_THAT(CatchUp(start, kConsumerShard, start.ReadHead(kConsumerShard)->size, consumers, {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("leaf 2: no secret")));
}

// ---- Remembered outside the store.

TEST_F(EraseTaskTest, ARestoredBackupErasesAgainWhomTheGuardRemembers) {
  const std::string path = ::testing::TempDir() + "/erase_task_test.guard";
  std::filesystem::remove(path);
  std::filesystem::remove(path + ".erased");
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Guard> guard, Guard::Create(path));
  const auto open = [&](store::Store& store) {
    return Ledger::Open(store, clock_,
                        {.origin = std::string(kTestOrigin),
                         .peppers = TestPeppers(1, 1).Checks(),
                         .journal_keys = {KeyOf("journal")},
                         .publishing = {.guard = guard.get()}});
  };
  ledger().Settle(alice_, 2, 3);
  ledger().Settle(bob_, 2, 3);
  const core::Record dead = RecordOf(alice_);
  const EraseCommand order = ledger().ToErase(alice_);
  ledger().StopAndCompare().IgnoreError();
  const auto backup = store_->DurableCopy(Loss::kNothing);
  {
    ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Ledger> guarded, open(*store_));
    ASSERT_OK(Await<EraseAnswer>([&](Done<EraseAnswer> done) {
      guarded->FindShard(kConsumerShard)->Erase(Lane(), order, std::move(done));
    }));
  }
  EXPECT_THAT(guard->Erased(), ::testing::ElementsAre(dead.handle));
  // The backup is refused while the guard promises more; a guard that knows the erasure alone:
  ASSERT_TRUE(std::filesystem::remove(path));
  std::filesystem::rename(path + ".erased", path + ".kept");
  ASSERT_OK(Guard::Create(path));
  std::filesystem::rename(path + ".kept", path + ".erased");
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Guard> fresh, Guard::Open(path));
  EXPECT_TRUE(IsInStore(*backup, dead));
  ASSERT_OK(Ledger::Open(*backup, clock_,
                         {.origin = std::string(kTestOrigin),
                          .peppers = TestPeppers(1, 1).Checks(),
                          .journal_keys = {KeyOf("journal")},
                          .publishing = {.guard = fresh.get()}}));
  EXPECT_FALSE(IsInStore(*backup, dead));
  ASSERT_OK_AND_ASSIGN(const ReplayReport report, ReplayAndCompare(*backup, kConsumerShard, {}));
  EXPECT_EQ(report.erased, 2u);
  EXPECT_EQ(report.records, 2u);  // The tombstone, and bob.
}

TEST_F(EraseTaskTest, WithoutANoteOutsideNothingIsErased) {
  ledger().Settle(alice_, 2, 3);
  const core::Record record = RecordOf(alice_);
  const EraseCommand order = ledger().ToErase(alice_);
  EXPECT_OK(ledger().StopAndCompare());
  LedgerClock clock(clock_);
  Threads threads;
  DirectoryShard directory(*store_, clock, threads);
  ASSERT_OK(directory.Start());
  absl::Status kept = absl::UnavailableError("the guard's disk is full");
  std::vector<Handle> noted;
  Shard shard(*store_, kConsumerShard, directory, clock, threads,
              {.before_erase = [&](const Handle& handle) {
                noted.push_back(handle);
                EXPECT_TRUE(IsInStore(*store_, record)) << "before the commit";
                return kept;
              }});
  ASSERT_OK(shard.Load());
  ASSERT_OK(shard.Start({}));
  const auto erase = [&] {
    return Await<EraseAnswer>(
        [&](Done<EraseAnswer> done) { shard.Erase(Lane(), order, std::move(done)); });
  };
  EXPECT_EQ(ReasonOf(erase().status()), "STORE_UNAVAILABLE");
  EXPECT_TRUE(IsInStore(*store_, record));
  kept = absl::OkStatus();
  EXPECT_OK(erase());
  EXPECT_FALSE(IsInStore(*store_, record));
  EXPECT_THAT(noted, ::testing::ElementsAre(record.handle, record.handle));
  EXPECT_OK(erase());  // A repeat needs no note.
  EXPECT_EQ(noted.size(), 2u);
  shard.Stop();
  directory.Stop();
}

}  // namespace
}  // namespace consent::ledger

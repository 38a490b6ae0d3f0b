// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/publisher.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/durable_file.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/journal/entry.h"
#include "src/journal/journal.h"
#include "src/ledger/test_ledger.h"
#include "src/ledger/watched_store.h"
#include "src/store/memory_store.h"
#include "src/store/temporary_folder.h"

namespace consent::ledger {
namespace {

using ::testing::HasSubstr;
using Loss = store::MemoryStore::Loss;

constexpr ShardId kShard{1};
constexpr char kOrigin[] = "ledger.example/1";

// Appends entries that differ by `mark`, in one commit.
void Append(store::Store& store, int count, char mark = 'a') {
  auto journal = journal::Journal::Load(store, kShard);
  ASSERT_OK(journal.status());
  for (int i = 0; i < count; ++i) {
    journal::Entry entry;
    entry.kind = 6;
    entry.position = journal->next();
    entry.commitment.bytes.fill(static_cast<uint8_t>(mark));
    journal->Stage(entry, std::string(16, '\0'));
  }
  ASSERT_OK(journal->Commit());
}

// A store whose facts can be refused.
class FactStore : public WatchedStore {
 public:
  using WatchedStore::WatchedStore;
  absl::Status WriteFact(std::string_view name, std::string_view value) override {
    if (refuse) return absl::UnavailableError("no space");
    return WatchedStore::WriteFact(name, value);
  }
  std::atomic<bool> refuse = false;
};

// A witness that has seen what it is told, and counts.
class FakeWitness : public Witnesses {
 public:
  std::string Cosign(const tlog::Checkpoint& checkpoint, const std::string& note,
                     const Prove& prove) override {
    if (last > 0) {
      EXPECT_OK(prove(TreeSize{last}).status());
    }
    last = checkpoint.size.value;
    return note;
  }
  std::vector<std::string> Seen(const std::string&) override { return seen; }

  uint64_t last = 0;
  std::vector<std::string> seen;
};

class PublisherTest : public ::testing::Test {
 protected:
  std::unique_ptr<Publisher> Make(store::Store& store) {
    return std::make_unique<Publisher>(
        store, keys_, clock_, threads_,
        Publisher::Options{.guard = guard_.get(), .witnesses = witness_.get(), .report = report_});
  }
  absl::Status Open(store::Store& store) { return Make(store)->Open(kShard, kOrigin); }
  void AddGuard() {
    auto guard = Guard::Create(folder_.path() + "/guard");
    ASSERT_OK(guard.status());
    guard_ = *std::move(guard);
  }
  // The size of the last checkpoint, which must be signed.
  uint64_t SizeOf(const Publisher& publisher) {
    const auto published = publisher.Latest(kShard);
    const auto opened = tlog::OpenCheckpoint(published->note, kOrigin, keys_.VerifierKeys(kOrigin));
    EXPECT_OK(opened.status());
    EXPECT_EQ(opened->checkpoint, published->checkpoint);
    return published->checkpoint.size.value;
  }
  absl::StatusOr<std::shared_ptr<const Published>> Wait(Publisher& publisher, uint64_t entry) {
    return Await<std::shared_ptr<const Published>>(
        [&](auto done) { publisher.WhenCovered(kShard, {entry}, done); });
  }

  store::TemporaryFolder folder_;
  store::MemoryStore store_;
  SystemClock clock_;
  Threads threads_;
  const journal::LogKeys keys_ = *journal::LogKeys::Make({KeyOf("journal")});
  std::unique_ptr<Guard> guard_;
  std::unique_ptr<FakeWitness> witness_;
  std::function<void(const absl::Status&)> report_;
};

TEST_F(PublisherTest, AnEmptyJournalHasACheckpoint) {
  const auto publisher = Make(store_);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  EXPECT_EQ(SizeOf(*publisher), 0);
}

TEST_F(PublisherTest, ACommitIsCoveredWithinASecond) {
  const auto publisher = Make(store_);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  publisher->Start();
  for (const int count : {1, 300, 1000}) {
    Append(store_, count);
    const uint64_t size = store_.ReadHead(kShard)->size.value;
    const absl::Time committed = absl::Now();
    while (SizeOf(*publisher) < size &&
           absl::Now() < committed + absl::Milliseconds(Publisher::kCoveredWithinMs)) {
      absl::SleepFor(absl::Milliseconds(5));
    }
    EXPECT_EQ(SizeOf(*publisher), size);
  }
}

TEST_F(PublisherTest, WhoWaitsIsServedSoonerThanThePace) {
  const auto publisher = Make(store_);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  publisher->Start();
  absl::Duration fastest = absl::InfiniteDuration();
  for (uint64_t i = 0; i < 5; ++i) {
    Append(store_, 1);
    const absl::Time asked = absl::Now();
    ASSERT_OK_AND_ASSIGN(const auto published, Wait(*publisher, i));
    EXPECT_GT(published->checkpoint.size.value, i);
    fastest = std::min(fastest, absl::Now() - asked);
  }
  EXPECT_LT(fastest, absl::Milliseconds(150));
}

TEST_F(PublisherTest, WhoWaitsForWhatNeverComesIsToldAtTheEnd) {
  const auto publisher = Make(store_);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  publisher->Start();
  std::promise<absl::Status> told;
  publisher->WhenCovered(kShard, {7}, [&](auto covered) { told.set_value(covered.status()); });
  publisher->Stop();
  EXPECT_EQ(ReasonOf(told.get_future().get()), "SHUTTING_DOWN");
  EXPECT_EQ(ReasonOf(Wait(*publisher, 7).status()), "SHUTTING_DOWN");
}

TEST_F(PublisherTest, WhatIsCommittedLastIsPublishedAtTheEnd) {
  const auto publisher = Make(store_);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  publisher->Start();
  Append(store_, 10);
  publisher->Stop();
  EXPECT_EQ(SizeOf(*publisher), 10);
}

TEST_F(PublisherTest, NothingIsPublishedBeforeItIsStored) {
  FactStore store(store_);
  std::vector<bool> reports;
  report_ = [&reports](const absl::Status& status) { reports.push_back(status.ok()); };
  const auto publisher = Make(store);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  store.refuse = true;
  Append(store_, 5);
  publisher->Start();
  absl::SleepFor(absl::Milliseconds(600));
  EXPECT_EQ(SizeOf(*publisher), 0);
  store.refuse = false;
  EXPECT_OK(Wait(*publisher, 4).status());
  publisher->Stop();
  EXPECT_THAT(reports, ::testing::ElementsAre(false, true));
}

TEST_F(PublisherTest, NothingIsPublishedBeforeTheGuardKeepsIt) {
  AddGuard();
  const auto publisher = Make(store_);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  std::filesystem::remove_all(folder_.path());
  Append(store_, 5);
  publisher->Start();
  absl::SleepFor(absl::Milliseconds(400));
  EXPECT_EQ(SizeOf(*publisher), 0);
}

TEST_F(PublisherTest, ARestoredBackupIsRefusedByTheGuard) {
  AddGuard();
  Append(store_, 300);
  ASSERT_OK(Open(store_));
  const auto backup = store_.DurableCopy(Loss::kNothing);
  Append(store_, 1);
  ASSERT_OK(Open(store_));
  EXPECT_THAT(Open(*backup), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("has 300 entries, but the guard holds a "
                                                "checkpoint of 301")));
  EXPECT_OK(Open(store_));
}

TEST_F(PublisherTest, ARestoredBackupIsRefusedByAWitness) {
  Append(store_, 300);
  const auto backup = store_.DurableCopy(Loss::kNothing);
  Append(store_, 1);
  const auto publisher = Make(store_);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  witness_ = std::make_unique<FakeWitness>();
  witness_->seen = {publisher->Latest(kShard)->note};
  EXPECT_THAT(Open(*backup),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("a witness")));
  EXPECT_OK(Open(store_));
}

TEST_F(PublisherTest, AnotherHistoryIsRefused) {
  AddGuard();
  Append(store_, 300);
  const auto fork = store_.DurableCopy(Loss::kNothing);
  Append(store_, 10, 'a');
  ASSERT_OK(Open(store_));
  Append(*fork, 20, 'b');
  EXPECT_THAT(Open(*fork), StatusIs(absl::StatusCode::kFailedPrecondition,
                                    HasSubstr("first 310 entries are not those")));
}

TEST_F(PublisherTest, AJournalThatShrinksUnderItIsNotSigned) {
  const auto publisher = Make(store_);
  Append(store_, 300);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  // The same facts, and a shorter journal: what a store that lost a write would show.
  store::MemoryStore shorter;
  Append(shorter, 299);
  ASSERT_OK_AND_ASSIGN(const auto fact, store_.ReadFact(absl::StrCat("checkpoint/", kOrigin)));
  ASSERT_OK(shorter.WriteFact(absl::StrCat("checkpoint/", kOrigin), *fact));
  EXPECT_THAT(Open(shorter),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("the store itself")));
}

TEST_F(PublisherTest, EntriesThatAreNotThoseOfTheHeadAreNotSigned) {
  Append(store_, 300);
  WatchedStore damaged(store_);
  damaged.falsify = [](ShardId, store::Bundle& bundle) { bundle.entries[17].back() ^= 1; };
  EXPECT_THAT(Open(damaged), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("root of its head")));
}

TEST_F(PublisherTest, TilesLostInACrashAreMadeAgain) {
  Append(store_, 40'000);
  Append(store_, 30'000);
  ASSERT_OK(Open(store_));
  const auto crashed = store_.DurableCopy(Loss::kDerivedRows);
  EXPECT_EQ(crashed->ReadTiled(kShard)->value, 0);
  const auto publisher = Make(*crashed);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  EXPECT_EQ(SizeOf(*publisher), 70'000);
  EXPECT_EQ(*crashed->ReadTile(kShard, 1, 0), *store_.ReadTile(kShard, 1, 0));
}

TEST_F(PublisherTest, WitnessesAreShownThatTheTreeGrows) {
  witness_ = std::make_unique<FakeWitness>();
  const auto publisher = Make(store_);
  ASSERT_OK(publisher->Open(kShard, kOrigin));
  publisher->Start();
  Append(store_, 3);
  ASSERT_OK(Wait(*publisher, 2).status());
  Append(store_, 500);
  ASSERT_OK(Wait(*publisher, 502).status());
  publisher->Stop();
  EXPECT_EQ(witness_->last, 503);
}

TEST_F(PublisherTest, OneSizeIsNeverSignedWithTwoRoots) {
  AddGuard();
  std::map<uint64_t, Digest> signed_roots;
  std::unique_ptr<store::MemoryStore> store = store_.DurableCopy(Loss::kNothing);
  // Crashes that lose tiles and facts written behind, at any point of a growing journal.
  for (int round = 0; round < 60; ++round) {
    Append(*store, 1 + round % 7, static_cast<char>('a' + round % 3));
    const auto publisher = Make(*store);
    ASSERT_OK(publisher->Open(kShard, kOrigin));
    const tlog::Checkpoint& checkpoint = publisher->Latest(kShard)->checkpoint;
    const auto [known, fresh] = signed_roots.emplace(checkpoint.size.value, checkpoint.root);
    EXPECT_EQ(known->second, checkpoint.root);
    store = store->DurableCopy(round % 2 == 0 ? Loss::kDerivedRows : Loss::kSinceCommit);
  }
}

TEST(GuardTest, KeepsCheckpointsOfSeveralJournalsAndWhoWasErased) {
  store::TemporaryFolder folder;
  const std::string path = folder.path() + "/guard";
  Handle handle;
  handle.bytes.fill(7);
  {
    ASSERT_OK_AND_ASSIGN(const auto guard, Guard::Create(path));
    ASSERT_OK(guard->Keep("a/1", "a/1\n5\nroot\n\n— a/1 sig\n"));
    ASSERT_OK(guard->Keep("a/directory", "a/directory\n2\nroot\n\n— a/directory sig\n"));
    ASSERT_OK(guard->Keep("a/1", "a/1\n6\nroot\n\n— a/1 sig\n"));
    ASSERT_OK(guard->Erase(handle));
  }
  ASSERT_OK_AND_ASSIGN(const auto guard, Guard::Open(path));
  EXPECT_EQ(guard->Checkpoint("a/1"), "a/1\n6\nroot\n\n— a/1 sig\n");
  EXPECT_EQ(guard->Checkpoint("a/directory"), "a/directory\n2\nroot\n\n— a/directory sig\n");
  EXPECT_EQ(guard->Checkpoint("a/2"), std::nullopt);
  EXPECT_THAT(guard->Erased(), ::testing::ElementsAre(handle));
}

TEST(GuardTest, AnErasureCutShortByACrashSpoilsNone) {
  store::TemporaryFolder folder;
  const std::string path = folder.path() + "/guard";
  ASSERT_OK_AND_ASSIGN(auto guard, Guard::Create(path));
  ASSERT_OK(AppendDurably(path + ".erased", "\n0102"));
  Handle handle;
  ASSERT_OK(guard->Erase(handle));
  ASSERT_OK_AND_ASSIGN(guard, Guard::Open(path));
  EXPECT_THAT(guard->Erased(), ::testing::ElementsAre(handle));
}

TEST(GuardTest, WhatIsNoGuardIsRefused) {
  store::TemporaryFolder folder;
  const std::string path = folder.path() + "/guard";
  EXPECT_THAT(Guard::Open(path), StatusIs(absl::StatusCode::kNotFound));
  for (const char* content : {"hello", "-- checkpoint\n", "-- checkpoint\n\n", "\n"}) {
    ASSERT_OK(WriteDurably(path, content));
    EXPECT_THAT(Guard::Open(path), StatusIs(absl::StatusCode::kFailedPrecondition)) << content;
  }
  ASSERT_OK(WriteDurably(path, ""));
  EXPECT_OK(Guard::Open(path).status());
}

}  // namespace
}  // namespace consent::ledger

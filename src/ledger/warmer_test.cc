// SPDX-License-Identifier: Apache-2.0
//
// Everybody comes into memory after a start, as far as there is room, and as they are.

#include "src/ledger/warmer.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/journal/secret_value.h"
#include "src/ledger/test_ledger.h"
#include "src/store/forwarding_store.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(20);

// In the order of their numbers, with ends that look random.
template <class T>
T Numbered(uint64_t number) {
  constexpr uint64_t kScatter = 0x9e3779b97f4a7c15;
  T id;
  for (size_t i = 0; i < sizeof(number); ++i) {
    id.bytes[sizeof(number) - 1 - i] = static_cast<uint8_t>(number >> (8 * i));
    id.bytes[id.bytes.size() - 1 - i] = static_cast<uint8_t>((number + 1) * kScatter >> (8 * i));
  }
  return id;
}

// Steps are taken when the test says so.
class ByHand : public Workers {
 public:
  std::unique_ptr<Worker> Start(std::string, Step step, Priority) override {
    steps.push_back(std::move(step));
    return std::make_unique<Idle>();
  }

  std::vector<Step> steps;

 private:
  struct Idle : Worker {
    void Wake() override {}
    void Finish() override {}
  };
};

// Something happens once rows have been read.
class InterruptedStore : public store::ForwardingStore {
 public:
  using store::ForwardingStore::ForwardingStore;
  absl::Status ForEachRecord(
      ShardId shard, const ConsumerId& from,
      const std::function<bool(const ConsumerId&, std::string_view)>& visit) override {
    const absl::Status read = store::ForwardingStore::ForEachRecord(shard, from, visit);
    if (const auto then = std::exchange(meanwhile, nullptr)) then();
    return read;
  }

  std::function<void()> meanwhile;
};

class WarmerTest : public ::testing::Test {
 protected:
  static constexpr ShardId kShard{1};
  static constexpr size_t kRoom = 5 * Warmer::kRound;

  void Enter(size_t people) {
    store::CommitRequest request;
    store::DerivedRows rows;
    for (uint64_t i = 0; i < people; ++i) {
      const journal::SecretValue value{
          .consumer = Numbered<ConsumerId>(i), .day = 0, .secret = Secret()};
      if (i != no_secret_) request.secrets.push_back({Numbered<Handle>(i), Encode(value)});
      core::Record record;
      record.consumer = Numbered<ConsumerId>(i == malformed_ ? i + 1 : i);
      record.handle = Numbered<Handle>(i);
      record.contact_ids = {Numbered<ContactId>(i)};
      rows.records.push_back({Numbered<ConsumerId>(i), Encode(record)});
      rows.contacts.push_back({Numbered<ContactId>(i), Numbered<ConsumerId>(i)});
    }
    request.bundle = {.first = {0}, .entries = {"e"}, .openings = {"o"}};
    ASSERT_OK(real_.Commit(kShard, request));
    rows.applied = {1};
    ASSERT_OK(real_.WriteBehind(kShard, rows));
    warmer_.Start();
  }
  static crypto::Secret Secret() { return *crypto::Secret::FromBytes(std::string(32, 's')); }

  Rest Step() { return workers_.steps.front()(Call::kWoken); }
  // Until the warmer has ended; returns how many rounds it took.
  size_t StepToTheEnd() {
    size_t rounds = 0;
    while (!Step().ended && rounds < 100) ++rounds;
    return rounds;
  }
  // Whether somebody is found without a look into the store.
  bool IsInMemory(uint64_t number) {
    const uint64_t misses = consumers_.statistics().misses;
    const auto found = consumers_.Find(contact::ContactName(Numbered<ContactId>(number)));
    EXPECT_OK(found);
    EXPECT_EQ((*found)->record.consumer, Numbered<ConsumerId>(number));
    EXPECT_TRUE((*found)->secret == Secret());
    return consumers_.statistics().misses == misses;
  }

  store::MemoryStore real_;
  InterruptedStore store_{real_};
  ByHand workers_;
  Consumers consumers_{store_, kShard, kRoom};
  std::optional<uint64_t> no_secret_, malformed_;
  std::vector<size_t> handed_over_;
  bool refuse_ = false;
  ReadAhead read_ahead_{consumers_, workers_, Priority::kLow};
  Warmer warmer_{store_,
                 kShard,
                 consumers_,
                 read_ahead_,
                 workers_,
                 [this](std::vector<FetchedPacked> fetched, Done<KeepAnswers> done) {
                   handed_over_.push_back(fetched.size());
                   if (std::exchange(refuse_, false)) return done(absl::ResourceExhaustedError(""));
                   KeepAnswers kept;
                   for (FetchedPacked& one : fetched)
                     kept.push_back(consumers_.Keep(std::move(one)));
                   EXPECT_OK(consumers_.WriteBehind(0, TreeSize{1}));
                   done(std::move(kept));
                 }};
};

TEST_F(WarmerTest, EverybodyComesIntoMemory) {
  constexpr size_t kPeople = 2 * Warmer::kRound + 10;
  Enter(kPeople);
  EXPECT_EQ(StepToTheEnd(), 3u);
  EXPECT_EQ(handed_over_, (std::vector<size_t>{Warmer::kRound, Warmer::kRound, 10}));
  EXPECT_EQ(consumers_.statistics().resident, kPeople);
  for (uint64_t i = 0; i < kPeople; ++i) ASSERT_TRUE(IsInMemory(i)) << i;
}

TEST_F(WarmerTest, NoMoreComeThanThereIsRoomFor) {
  constexpr size_t kPeople = kRoom + Warmer::kRound / 2;
  Enter(kPeople);
  StepToTheEnd();
  EXPECT_EQ(consumers_.statistics().resident, kRoom);
  EXPECT_TRUE(IsInMemory(0));
  EXPECT_FALSE(IsInMemory(kPeople - 1));
}

TEST_F(WarmerTest, WhoIsInMemoryIsNotReadAgain) {
  Enter(10);
  for (const uint64_t i : {3, 4}) EXPECT_FALSE(IsInMemory(i));
  StepToTheEnd();
  EXPECT_EQ(handed_over_, std::vector<size_t>{8});
  for (uint64_t i = 0; i < 10; ++i) EXPECT_TRUE(IsInMemory(i)) << i;
}

TEST_F(WarmerTest, WhoIsRefusedIsBroughtAgainLater) {
  Enter(10);
  refuse_ = true;
  EXPECT_FALSE(Step().ended);
  EXPECT_GT(Step().least, absl::ZeroDuration());
  StepToTheEnd();
  EXPECT_EQ(handed_over_, (std::vector<size_t>{10, 10}));
  for (uint64_t i = 0; i < 10; ++i) EXPECT_TRUE(IsInMemory(i)) << i;
}

TEST_F(WarmerTest, OneWhoCannotBeReadDoesNotKeepTheOthersOut) {
  malformed_ = 4;
  no_secret_ = 6;
  Enter(10);
  StepToTheEnd();
  EXPECT_EQ(handed_over_, std::vector<size_t>{8});
  EXPECT_TRUE(IsInMemory(5));
  for (const uint64_t i : {4, 6}) {
    EXPECT_EQ(consumers_.Find(contact::ContactName(Numbered<ContactId>(i))).status().code(),
              absl::StatusCode::kDataLoss);
  }
}

TEST_F(WarmerTest, WhoChangedWhileTheyWereReadIsNotFoundAsTheyWere) {
  Enter(10);
  store_.meanwhile = [this] {
    // Comes into memory, changes, is written, and leaves.
    const auto found = consumers_.Find(Numbered<ConsumerId>(7));
    ASSERT_OK(found);
    core::Bound bound;
    bound.subject.contact_id = Numbered<ContactId>(100);
    consumers_.Apply(**found, {.at = {100}, .position = {0}, .body = bound});
    ASSERT_OK(consumers_.WriteBehind(kRoom, TreeSize{1}));
    consumers_.Clear();
  };
  StepToTheEnd();
  const auto found = consumers_.Find(Numbered<ConsumerId>(7));
  ASSERT_OK(found);
  EXPECT_EQ((*found)->record.contact_ids.size(), 2u);
}

TEST_F(WarmerTest, ItEndsWhereNothingCanBeRead) {
  Enter(10);
  real_.FailNextRead(absl::UnavailableError("torn"));
  EXPECT_TRUE(Step().ended);
  EXPECT_TRUE(handed_over_.empty());
}

// --- In a ledger.

TEST(WarmLedgerTest, NobodyNeedBeReadAfterAStart) {
  store::MemoryStore store;
  ManualClock clock(kTestStartMs);
  constexpr int kPeople = 100;
  {
    TestLedger ledger(store, clock);
    for (int i = 0; i < kPeople; ++i) ledger.Settle(PersonOf(i), 1, 0);
  }
  TestLedger ledger(store, clock);
  const absl::Time end = absl::Now() + kPatience;
  while (ledger.shard().consumers_statistics().resident < kPeople && absl::Now() < end) {
    absl::SleepFor(absl::Milliseconds(5));
  }
  ASSERT_EQ(ledger.shard().consumers_statistics().resident, uint64_t{kPeople});
  for (int i = 0; i < kPeople; ++i) {
    ASSERT_OK_AND_ASSIGN(const ContactAnswer answer, ledger.Consume(PersonOf(i), "r1"));
    EXPECT_EQ(answer.decision.verdict, core::Verdict::kAllowed);
  }
  EXPECT_EQ(ledger.shard().consumers_statistics().misses, 0u);
  EXPECT_OK(ledger.StopAndCompare());
}

}  // namespace
}  // namespace consent::ledger

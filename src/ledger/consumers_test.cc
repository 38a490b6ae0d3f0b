// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/consumers.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/consent/record_row.h"
#include "src/journal/secret_value.h"
#include "src/ledger/fingerprint.h"
#include "src/ledger/test_ids.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

constexpr ShardId kShard{1};
constexpr size_t kAll = 1'000'000;

class ConsumersTest : public ::testing::Test {
 protected:
  // A new consumer, whose secret is in the store.
  Consumer& Add(Consumers& consumers, uint8_t number) {
    const auto id = Id<ConsumerId>(number);
    const auto handle = Id<Handle>(number);
    const crypto::Secret secret = *crypto::Secret::FromBytes(std::string(32, 's'));
    journal::SecretValue row{.consumer = id, .day = 0, .secret = secret.Copy()};
    Append({{handle, Encode(row)}});
    return consumers.Add(id, handle, secret.Copy());
  }
  // An event about the consumer, at the end of the journal.
  void Happen(Consumers& consumers, Consumer& consumer, uint8_t contact) {
    core::Bound bound;
    bound.subject = {.contact_id = Id<ContactId>(contact),
                     .place = {.zones = {"Europe/Paris"}, .regions = {}}};
    Happen(consumers, consumer, bound);
  }
  void Happen(Consumers& consumers, Consumer& consumer, core::EventBody body,
              std::vector<core::Renamed> renamed = {}) {
    const LeafIndex position{size_.value};
    Append({});
    consumers.Apply(consumer, {.at = {100},
                               .position = position,
                               .body = std::move(body),
                               .renamed = std::move(renamed)});
  }
  static contact::ContactName Name(uint8_t newest, const std::vector<uint8_t>& older) {
    contact::ContactName name(Id<ContactId>(newest));
    for (const uint8_t number : older) name.older.push_back(Id<ContactId>(number));
    return name;
  }
  // Something is recorded about who goes by that name.
  void Rename(Consumers& consumers, Consumer& consumer, const contact::ContactName& name) {
    Happen(consumers, consumer, core::Released{}, RenamesOf(consumer.record, name));
  }
  std::vector<ContactId> Indexed() {
    std::vector<ContactId> ids;
    EXPECT_OK(store_.ForEachContact(kShard, [&](const ContactId& contact, const ConsumerId&) {
      ids.push_back(contact);
      return true;
    }));
    return ids;
  }
  void Append(std::vector<store::SecretRow> secrets) {
    ASSERT_OK(store_.Commit(
        kShard, {.bundle = {.first = {size_.value}, .entries = {"e"}, .openings = {"o"}},
                 .head_state = "",
                 .secrets = std::move(secrets)}));
    ++size_.value;
  }
  TreeSize Applied() { return *store_.ReadApplied(kShard); }

  store::MemoryStore store_;
  TreeSize size_;
  Consumers consumers_{store_, kShard, /*resident_max=*/kAll};
};

TEST_F(ConsumersTest, NobodyIsFoundInAnEmptyStore) {
  EXPECT_THAT(consumers_.Find(Id<ContactId>(1)), IsOkAndHolds(nullptr));
  EXPECT_THAT(consumers_.Find(Id<ConsumerId>(1)), IsOkAndHolds(nullptr));
}

TEST_F(ConsumersTest, IsFoundByContactBeforeAndAfterBeingWritten) {
  Consumer& consumer = Add(consumers_, 1);
  Happen(consumers_, consumer, 11);
  EXPECT_THAT(consumers_.Find(Id<ContactId>(11)), IsOkAndHolds(&consumer));
  const core::Record before = consumer.record;
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));

  Consumers others(store_, kShard, kAll);
  ASSERT_OK_AND_ASSIGN(const Consumer* const found, others.Find(Id<ContactId>(11)));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->record, before);
  EXPECT_EQ(found->secret, *crypto::Secret::FromBytes(std::string(32, 's')));
  ASSERT_EQ(found->zones.size(), 1u);
  EXPECT_EQ(found->zones[0].name(), "Europe/Paris");
}

TEST_F(ConsumersTest, WhatIsLoadedAheadChangesNothing) {
  Consumer& consumer = Add(consumers_, 1);
  Happen(consumers_, consumer, 11);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  consumer.recently_used = false;
  const core::Record before = consumer.record;
  for (const uint8_t contact : {11, 12}) {
    for (int step = 0; step < Consumers::kPrefetchSteps; ++step) {
      consumers_.Prefetch(Id<ContactId>(contact), step);
    }
    consumers_.PrefetchWouldFetch(Name(contact, {}));
  }
  EXPECT_EQ(consumer.record, before);
  EXPECT_FALSE(consumer.recently_used);
  EXPECT_EQ(consumers_.statistics().hits + consumers_.statistics().misses, 0u);
  EXPECT_EQ(consumers_.statistics().unknown, 0u);
}

TEST_F(ConsumersTest, CountsWhereRecordsWereFound) {
  Consumer& alice = Add(consumers_, 1);
  Happen(consumers_, alice, 11);
  ASSERT_OK(consumers_.WriteBehind(0, size_));
  EXPECT_EQ(consumers_.statistics().dirty, 1u);
  EXPECT_EQ(consumers_.statistics().late, 1u) << "her event is in no record of the store's";
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  ASSERT_OK(consumers_.Find(Id<ContactId>(11)).status());
  ASSERT_OK(consumers_.Find(Id<ContactId>(12)).status());
  consumers_.Clear();
  ASSERT_OK(consumers_.Find(Id<ContactId>(11)).status());
  const ConsumersStatistics found = consumers_.statistics();
  EXPECT_EQ(found.hits, 1u);
  EXPECT_EQ(found.misses, 1u);
  EXPECT_EQ(found.unknown, 1u);
  EXPECT_EQ(found.dirty, 0u);
  EXPECT_EQ(found.late, 0u);
}

TEST_F(ConsumersTest, MarkStopsBeforeTheOldestChangeNotYetWritten) {
  Consumer& a = Add(consumers_, 1);
  Consumer& b = Add(consumers_, 2);
  Happen(consumers_, a, 11);  // Leaf 2.
  Happen(consumers_, b, 12);  // Leaf 3.
  Happen(consumers_, a, 13);  // Leaf 4.
  ASSERT_OK(consumers_.WriteBehind(1, size_));
  EXPECT_EQ(Applied(), TreeSize{3}) << "b's change at leaf 3 is not in the store";
  EXPECT_EQ(consumers_.dirty(), 1u);
  ASSERT_OK(consumers_.WriteBehind(1, size_));
  EXPECT_EQ(Applied(), size_);
  EXPECT_EQ(consumers_.dirty(), 0u);
}

TEST_F(ConsumersTest, ChangeAfterAWriteIsWrittenAgain) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  Happen(consumers_, a, 12);
  EXPECT_EQ(consumers_.dirty(), 1u);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  EXPECT_EQ(*store_.ReadRecord(kShard, a.record.consumer), Encode(a.record));
}

TEST_F(ConsumersTest, EntriesThatChangeNoRecordMoveTheMark) {
  Append({});
  Append({});
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  EXPECT_EQ(Applied(), TreeSize{2});
}

TEST_F(ConsumersTest, FailedWriteIsTriedAgain) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  store_.FailNextWriteBehind(absl::InternalError("disk"));
  EXPECT_FALSE(consumers_.WriteBehind(kAll, size_).ok());
  EXPECT_EQ(consumers_.dirty(), 1u);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  EXPECT_EQ(Applied(), size_);
  EXPECT_EQ(*store_.ReadRecord(kShard, a.record.consumer), Encode(a.record));
}

// What a write failed to append may be there or not: the row is written whole.
TEST_F(ConsumersTest, OnlyWhatIsNewIsWrittenUnlessAWriteFailed) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  Happen(consumers_, a, core::Decided());
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  const std::string expected = **store_.ReadRecord(kShard, a.record.consumer);
  EXPECT_EQ(expected, a.row);
  EXPECT_NE(expected, Encode(a.record)) << "it is appended";
  EXPECT_THAT(core::DecodeRow(expected), IsOkAndHolds(a.record));

  Happen(consumers_, a, core::Decided());
  store_.FailNextWriteBehind(absl::InternalError("disk"));
  EXPECT_FALSE(consumers_.WriteBehind(kAll, size_).ok());
  // Meanwhile it turns out to be there.
  ASSERT_OK(store_.WriteBehind(kShard,
                               {.records = {},
                                .contacts = {},
                                .applied = size_,
                                .appended = {{a.record.consumer, a.row.substr(expected.size())}}}));
  Happen(consumers_, a, core::Decided());
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  EXPECT_EQ(*store_.ReadRecord(kShard, a.record.consumer), a.row);

  // Also from memory where they lay packed, and from the store.
  for (int round = 0; round < 2; ++round) {
    Consumers again(store_, kShard, /*resident_max=*/1);
    ASSERT_OK_AND_ASSIGN(Consumer * found, again.Find(a.record.consumer));
    Happen(again, *found, core::Decided());
    ASSERT_OK(again.WriteBehind(kAll, size_));
    ASSERT_OK(again.WriteBehind(kAll, size_));
    ASSERT_OK_AND_ASSIGN(found, again.Find(a.record.consumer));
    EXPECT_EQ(found->row, *store_.ReadRecord(kShard, a.record.consumer));
    EXPECT_THAT(core::DecodeRow(found->row), IsOkAndHolds(found->record));
  }
}

TEST_F(ConsumersTest, LetsGoOfThoseNotUsedLatelyAndFindsThemAgain) {
  Consumers few(store_, kShard, /*resident_max=*/2);
  for (uint8_t i = 1; i <= 8; ++i) Happen(few, Add(few, i), i);
  ASSERT_OK(few.WriteBehind(kAll, size_));
  ASSERT_OK(few.WriteBehind(kAll, size_));  // The first round forgives all of them once.
  // None is held any more: the store is asked.
  store_.FailNextRead(absl::InternalError("asked the store"));
  int asked = 0;
  for (uint8_t i = 1; i <= 8; ++i) asked += few.Find(Id<ContactId>(i)).ok() ? 0 : 1;
  EXPECT_EQ(asked, 1);
  // Who was used is forgiven once while open, and once while packed.
  for (int round = 0; round < 4; ++round) ASSERT_OK(few.WriteBehind(kAll, size_));
  int would_be_fetched = 0;
  for (uint8_t i = 1; i <= 8; ++i) would_be_fetched += few.WouldFetch(Name(i, {})) ? 1 : 0;
  EXPECT_EQ(would_be_fetched, 6);
  for (uint8_t i = 1; i <= 8; ++i) {
    ASSERT_OK_AND_ASSIGN(const Consumer* const found, few.Find(Id<ContactId>(i)));
    ASSERT_NE(found, nullptr) << int{i};
    EXPECT_EQ(found->record.consumer, Id<ConsumerId>(i));
  }
}

TEST_F(ConsumersTest, KeepsWhatIsNotWrittenHoweverManyTheyAre) {
  Consumers few(store_, kShard, /*resident_max=*/1);
  for (uint8_t i = 1; i <= 8; ++i) Happen(few, Add(few, i), i);
  for (int round = 0; round < 3; ++round) ASSERT_OK(few.WriteBehind(0, size_));
  EXPECT_EQ(few.dirty(), 8u);
  for (uint8_t i = 1; i <= 8; ++i) {
    ASSERT_OK_AND_ASSIGN(const Consumer* const found, few.Find(Id<ContactId>(i)));
    ASSERT_NE(found, nullptr) << "a change was let go of before it was written";
  }
}

TEST_F(ConsumersTest, WhatWasFetchedBeforeAReloadIsNotKept) {
  Happen(consumers_, Add(consumers_, 1), 11);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  consumers_.Clear();
  std::unique_ptr<Fetched> fetched = consumers_.Fetch(Name(11, {}));
  ASSERT_NE(fetched, nullptr);
  Consumers other(store_, kShard, kAll);  // Of another process, which writes first.
  ASSERT_OK_AND_ASSIGN(Consumer* const theirs, other.Find(Id<ContactId>(11)));
  Happen(other, *theirs, 12);
  ASSERT_OK(other.WriteBehind(kAll, size_));
  consumers_.Clear();
  consumers_.Keep(std::move(fetched));
  ASSERT_OK_AND_ASSIGN(const Consumer* const found, consumers_.Find(Id<ContactId>(11)));
  EXPECT_EQ(found->record, theirs->record);
}

// ---- A newer pepper.

TEST_F(ConsumersTest, IsFoundByAnyIdOfANameAndMovedByAnEventAlone) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  const contact::ContactName name = Name(22, {15, 11});
  for (int i = 0; i < 2; ++i) EXPECT_THAT(consumers_.Find(name), IsOkAndHolds(&a));
  EXPECT_EQ(consumers_.dirty(), 0u);
  EXPECT_THAT(consumers_.Find(Name(22, {15})), IsOkAndHolds(nullptr));

  Rename(consumers_, a, name);
  EXPECT_EQ(a.record.contact_ids, std::vector{Id<ContactId>(22)});
  EXPECT_THAT(consumers_.Find(Name(22, {})), IsOkAndHolds(&a));
  EXPECT_THAT(consumers_.Find(Name(11, {})), IsOkAndHolds(nullptr));
  EXPECT_TRUE(RenamesOf(a.record, name).empty());
}

TEST_F(ConsumersTest, TheOlderRowLeavesTheIndexTogetherWithTheMove) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  Rename(consumers_, a, Name(22, {11}));
  store_.FailNextWriteBehind(absl::InternalError("disk"));
  EXPECT_FALSE(consumers_.WriteBehind(kAll, size_).ok());
  EXPECT_EQ(Indexed(), std::vector{Id<ContactId>(11)});
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  EXPECT_EQ(Indexed(), std::vector{Id<ContactId>(22)});
}

TEST_F(ConsumersTest, WhoIsErasedTakesTheOlderRowAlong) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  Rename(consumers_, a, Name(22, {11}));
  const store::Erasure rows = consumers_.Remove(a, {size_.value});
  EXPECT_EQ(rows.contacts, (std::vector{Id<ContactId>(22), Id<ContactId>(11)}));
}

TEST_F(ConsumersTest, FingerprintsOfTheErasedMoveToo) {
  Consumer& a = Add(consumers_, 1);
  core::Erased erased;
  erased.fingerprints = {FingerprintOf(Id<ContactId>(11)), FingerprintOf(Id<ContactId>(12))};
  Happen(consumers_, a, core::EventBody(erased));
  Happen(consumers_, a, 11);  // Somebody speaks for that contact point again.
  ASSERT_OK(consumers_.Find(Name(22, {11})).status());
  Rename(consumers_, a, Name(22, {11}));
  EXPECT_EQ(a.record.contact_ids,
            (std::vector{FingerprintOf(Id<ContactId>(22)), FingerprintOf(Id<ContactId>(12)),
                         Id<ContactId>(22)}));
}

TEST_F(ConsumersTest, RecordDecidesWhereTheIndexDisagrees) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  ASSERT_OK(store_.WriteBehind(
      kShard,
      {.records = {}, .contacts = {{Id<ContactId>(99), a.record.consumer}}, .applied = size_}));
  EXPECT_THAT(consumers_.Find(Id<ContactId>(99)), IsOkAndHolds(nullptr));
}

TEST_F(ConsumersTest, EventAlreadySeenChangesNothing) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  const core::Record before = a.record;
  core::Bound bound;
  bound.subject.contact_id = Id<ContactId>(12);
  consumers_.Apply(a, {.at = {100}, .position = {a.record.seen.value - 1}, .body = bound});
  EXPECT_EQ(a.record, before);
}

TEST_F(ConsumersTest, DamagedRowsAreDataLoss) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  ASSERT_OK(store_.WriteBehind(
      kShard, {.records = {{Id<ConsumerId>(1), "not a record"}}, .contacts = {}, .applied = {}}));
  Consumers others(store_, kShard, kAll);
  EXPECT_THAT(others.Find(Id<ConsumerId>(1)), StatusIs(absl::StatusCode::kDataLoss));
  // A record whose secret is gone.
  core::Record lonely;
  lonely.consumer = Id<ConsumerId>(2);
  lonely.handle = Id<Handle>(77);
  ASSERT_OK(store_.WriteBehind(
      kShard, {.records = {{Id<ConsumerId>(2), Encode(lonely)}}, .contacts = {}, .applied = {}}));
  EXPECT_THAT(others.Find(Id<ConsumerId>(2)), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(ConsumersTest, LagIsTheDistanceOfTheMark) {
  Consumer& a = Add(consumers_, 1);
  Happen(consumers_, a, 11);
  EXPECT_EQ(consumers_.Lag(size_), size_.value);
  ASSERT_OK(consumers_.WriteBehind(kAll, size_));
  EXPECT_EQ(consumers_.Lag(size_), 0u);
}

}  // namespace
}  // namespace consent::ledger

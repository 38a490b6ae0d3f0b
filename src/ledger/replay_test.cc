// SPDX-License-Identifier: Apache-2.0
//
// Replaying a journal and its openings from zero gives the stored records, byte for byte; and
// whatever was changed by hand is found.

#include "src/ledger/replay.h"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/ledger/history.h"
#include "src/ledger/watched_store.h"

namespace consent::ledger {

// How a counterexample is shown.
inline std::ostream& operator<<(std::ostream& out, const Step& step) {
  return out << "{" << step.what << ", " << step.whom << "}";
}

}  // namespace consent::ledger

namespace rc {

template <>
struct Arbitrary<consent::ledger::Step> {
  static Gen<consent::ledger::Step> arbitrary() {
    return gen::build<consent::ledger::Step>(
        gen::set(&consent::ledger::Step::what,
                 gen::resize(kNominalSize, gen::inRange(0u, consent::ledger::History::kKinds))),
        gen::set(&consent::ledger::Step::whom, gen::resize(kNominalSize, gen::inRange(0u, 256u))));
  }
};

}  // namespace rc

namespace consent::ledger {
namespace {

using ::testing::HasSubstr;
using Loss = store::MemoryStore::Loss;

// Whatever happens, and wherever it is interrupted.
RC_GTEST_PROP(ReplayPropertyTest, EqualsTheRecordsAfterAnyHistory, ()) {
  const auto steps = *rc::gen::resize(
      rc::kNominalSize / 2, rc::gen::container<std::vector<Step>>(rc::gen::arbitrary<Step>()));
  History history;
  for (const Step& step : steps) history.Happen(step);
  history.CheckAcknowledged();
  RC_ASSERT(!::testing::Test::HasFailure());
  const auto crashed = history.store().DurableCopy(Loss::kSinceCommit);
  const auto at_the_crash = ReplayAndCompare(*crashed, kConsumerShard, {});
  if (!at_the_crash.ok()) RC_FAIL(at_the_crash.status().ToString());
  const auto at_the_end = history.ledger().StopAndCompare();
  if (!at_the_end.ok()) RC_FAIL(at_the_end.status().ToString());
  RC_ASSERT(at_the_end->root == at_the_crash->root);
  history.CheckIndex();
  RC_ASSERT(!::testing::Test::HasFailure());
}

// A few of the histories that generators seldom make: everything on one consumer.
TEST(ReplayTest, EqualsTheRecordsAfterALongHistory) {
  History history;
  uint32_t state = 1;
  for (int i = 0; i < 1500; ++i) {
    state = state * 1664525 + 1013904223;
    history.Happen({.what = (state >> 8) % History::kKinds, .whom = state >> 24});
  }
  history.CheckAcknowledged();
  ASSERT_OK_AND_ASSIGN(const ReplayReport report, history.ledger().StopAndCompare());
  EXPECT_GT(report.entries, 300u);
  EXPECT_GE(report.records, 3u);
  history.CheckIndex();
}

class FalsifiedTest : public ::testing::Test {
 protected:
  FalsifiedTest() {
    TestLedger ledger(store_, clock_);
    ledger.AddCompany("beta", /*named_in_entries=*/true);
    for (int i = 0; i < 3; ++i) ledger.Settle(PersonOf(i), 2, 2);
    for (int i = 0; i < 3; ++i) EXPECT_OK(ledger.Consume(PersonOf(i), "r1"));
    EXPECT_OK(ledger.Consume(PersonOf(9), "r1", core::Channel::kCall, "beta"));
    EXPECT_OK(ledger.StopAndCompare());
  }
  std::string Finding() {
    const auto report = ReplayAndCompare(watched_, kConsumerShard, {});
    if (report.ok()) return "nothing";
    EXPECT_THAT(report, StatusIs(absl::StatusCode::kDataLoss));
    return std::string(report.status().message());
  }
  // The records as stored, in key order.
  std::vector<std::pair<ConsumerId, std::string>> Records() {
    std::vector<std::pair<ConsumerId, std::string>> records;
    EXPECT_OK(store_.ForEachRecord(kConsumerShard, ConsumerId(),
                                   [&](const ConsumerId& id, std::string_view row) {
                                     records.emplace_back(id, row);
                                     return true;
                                   }));
    return records;
  }
  void Write(const ConsumerId& id, const std::string& row) {
    EXPECT_OK(store_.WriteBehind(
        kConsumerShard,
        {.records = {{id, row}}, .contacts = {}, .applied = *store_.ReadApplied(kConsumerShard)}));
  }
  // Changes what is read of one leaf.
  void FalsifyLeaf(uint64_t position,
                   const std::function<void(std::string&, std::string&)>& change) {
    watched_.falsify = [position, change](ShardId shard, store::Bundle& bundle) {
      if (shard != kConsumerShard || bundle.first.value > position ||
          position >= bundle.first.value + bundle.entries.size()) {
        return;
      }
      const size_t i = position - bundle.first.value;
      change(bundle.entries[i], bundle.openings[i]);
    };
  }

  store::MemoryStore store_;
  WatchedStore watched_{store_};
  ManualClock clock_{kTestStartMs};
};

TEST_F(FalsifiedTest, UntouchedStoreIsFine) { EXPECT_EQ(Finding(), "nothing"); }

TEST_F(FalsifiedTest, RecordWithAnotherLimitIsFound) {
  const auto records = Records();
  ASSERT_EQ(records.size(), 3u);
  core::Record record = *Decode<core::Record>(records[1].second);
  record.companies.at(0).grants.at(0).grant.limits.at(0).max = 1000;
  Write(records[1].first, Encode(record));
  EXPECT_THAT(Finding(), HasSubstr("stored record number 1 is not what the journal makes of it"));
}

TEST_F(FalsifiedTest, RecordThatForgotAContactIsFound) {
  const auto records = Records();
  core::Record record = *Decode<core::Record>(records[2].second);
  record.companies.at(0).contacts.clear();
  Write(records[2].first, Encode(record));
  EXPECT_THAT(Finding(), HasSubstr("stored record number 2"));
}

TEST_F(FalsifiedTest, MalformedRecordIsFound) {
  Write(Records()[0].first, "nonsense");
  EXPECT_THAT(Finding(), HasSubstr("stored record number 0 is malformed"));
}

TEST_F(FalsifiedTest, InventedRecordIsFound) {
  core::Record record = *Decode<core::Record>(Records()[0].second);
  record.consumer.bytes.fill(0xee);
  Write(record.consumer, Encode(record));
  EXPECT_THAT(Finding(), HasSubstr("3 records follow from it, 4 are stored"));
}

TEST_F(FalsifiedTest, RecordsThatLagAreBroughtUpToDate) {
  const auto lagging = store_.DurableCopy(Loss::kDerivedRows);
  EXPECT_OK(ReplayAndCompare(*lagging, kConsumerShard, {}));
}

TEST_F(FalsifiedTest, ARecordThatShouldBeThereAlreadyIsMissed) {
  // All but the one that changed last is there; the store says that its last change alone is not.
  auto records = Records();
  const auto last = std::max_element(records.begin(), records.end(), [](auto& a, auto& b) {
    return Decode<core::Record>(a.second)->seen < Decode<core::Record>(b.second)->seen;
  });
  const TreeSize seen = Decode<core::Record>(last->second)->seen;
  const auto lagging = store_.DurableCopy(Loss::kDerivedRows);
  for (const auto& [id, row] : records) {
    if (id == last->first) continue;
    ASSERT_OK(lagging->WriteBehind(
        kConsumerShard, {.records = {{id, row}}, .contacts = {}, .applied = {seen.value - 1}}));
  }
  EXPECT_THAT(ReplayAndCompare(*lagging, kConsumerShard, {}),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr("a record that follows from it is not stored")));
}

TEST_F(FalsifiedTest, AMalformedRowThatNeedNotBeThereYetIsFound) {
  const auto lagging = store_.DurableCopy(Loss::kDerivedRows);
  const ConsumerId id = Records()[0].first;
  ASSERT_OK(lagging->WriteBehind(kConsumerShard,
                                 {.records = {{id, "nonsense"}}, .contacts = {}, .applied = {0}}));
  EXPECT_THAT(ReplayAndCompare(*lagging, kConsumerShard, {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is malformed")));
}

TEST_F(FalsifiedTest, WhatOnlyTheEntrySaysIsUnderTheRoot) {
  FalsifyLeaf(6, [](std::string& leaf, std::string&) {
    journal::Entry entry = *journal::ParseEntry(leaf);
    ++entry.directory_size.value;
    leaf = Encode(entry);
  });
  EXPECT_THAT(Finding(), HasSubstr("its entries do not hash to its root"));
}

TEST_F(FalsifiedTest, EveryByteOfAnEntryCounts) {
  size_t size = 0;
  FalsifyLeaf(6, [&](std::string& leaf, std::string&) { size = leaf.size(); });
  EXPECT_EQ(Finding(), "nothing");
  ASSERT_GT(size, 50u);
  for (size_t i = 0; i < size; ++i) {
    FalsifyLeaf(6, [i](std::string& leaf, std::string&) { leaf[i] ^= 1; });
    EXPECT_NE(Finding(), "nothing") << "byte " << i;
  }
}

TEST_F(FalsifiedTest, EveryByteOfAnOpeningCounts) {
  size_t size = 0;
  FalsifyLeaf(6, [&](std::string&, std::string& opening) { size = opening.size(); });
  EXPECT_EQ(Finding(), "nothing");
  for (size_t i = 0; i < size; ++i) {
    FalsifyLeaf(6, [i](std::string&, std::string& opening) { opening[i] ^= 1; });
    EXPECT_NE(Finding(), "nothing") << "byte " << i;
  }
}

TEST_F(FalsifiedTest, SwappedLeavesAreFound) {
  std::string other;
  std::string other_opening;
  FalsifyLeaf(6, [&](std::string& leaf, std::string& opening) {
    other = leaf;
    other_opening = opening;
  });
  EXPECT_EQ(Finding(), "nothing");
  FalsifyLeaf(7, [&](std::string& leaf, std::string& opening) {
    leaf = other;
    opening = other_opening;
  });
  EXPECT_THAT(Finding(), HasSubstr("leaf 7 is not an entry of that position"));
}

TEST_F(FalsifiedTest, VisitorSeesEveryEntryInOrder) {
  std::vector<uint64_t> seen;
  uint64_t progress = 0;
  ASSERT_OK_AND_ASSIGN(const ReplayReport report,
                       ReplayAndCompare(
                           store_, kConsumerShard, [&](uint64_t entries) { progress = entries; },
                           [&](const journal::OpenedEvent& opened) {
                             seen.push_back(opened.entry.position.value);
                           }));
  EXPECT_EQ(seen.size(), report.entries);
  for (size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i);
  EXPECT_EQ(progress, report.entries);
  EXPECT_EQ(report.records, 3u);
}

}  // namespace
}  // namespace consent::ledger

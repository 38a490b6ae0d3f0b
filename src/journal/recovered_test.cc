// SPDX-License-Identifier: Apache-2.0

#include "src/journal/recovered.h"

#include <string>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/journal/event_parts.h"
#include "src/journal/reader.h"
#include "src/journal/test_events.h"
#include "src/store/memory_store.h"

namespace consent::journal {
namespace {

constexpr ShardId kShard{1};

class RecoveredTest : public ::testing::Test {
 protected:
  // The leaf and the opening of a journal's only entry.
  std::pair<std::string, std::string> Written(const core::Recovered& recovered) {
    Journal journal = *Journal::Load(store_, kShard);
    StageRecovered(journal, recovered, kTestTime, TreeSize{7});
    EXPECT_OK(journal.Commit());
    const auto bundles = *store_.ReadBundles(kShard, {0}, 1);
    return {bundles[0].entries[0], bundles[0].openings[0]};
  }

  store::MemoryStore store_;
};

TEST_F(RecoveredTest, AnyoneReadsIt) {
  const auto [leaf, opening] = Written(TestRecovered());
  ASSERT_OK_AND_ASSIGN(const Entry entry, ParseEntry(leaf));
  EXPECT_TRUE(IsRecovered(entry));
  EXPECT_EQ(entry.at, kTestTime);
  EXPECT_EQ(entry.directory_size, TreeSize{7});
  EXPECT_EQ(entry.tag, Tag{});
  EXPECT_THAT(OpenRecovered(entry, opening), IsOkAndHolds(TestRecovered()));
}

TEST_F(RecoveredTest, TheOpeningMustProveIt) {
  const auto [leaf, opening] = Written(TestRecovered());
  Entry entry = *ParseEntry(leaf);
  core::Recovered other = TestRecovered();
  ++other.kept_size.value;
  EXPECT_THAT(OpenRecovered(entry, PlainOpening(ToParts(other, ""))),
              StatusIs(absl::StatusCode::kDataLoss));
  // Plain openings of other kinds are none of a recovery.
  const Parts parts = ToParts(TestEvents()[7], "");
  entry.kind = static_cast<uint8_t>(core::Kind::kReleased);
  entry.commitment = Commit(Salts{}, parts);
  EXPECT_THAT(OpenRecovered(entry, PlainOpening(parts)), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(RecoveredTest, ItNamesNoContactPoint) {
  Entry entry = *ParseEntry(Written(TestRecovered()).first);
  const Parts parts = ToParts(TestRecovered(), kTestContactPoint);
  entry.commitment = Commit(Salts{}, parts);
  EXPECT_THAT(OpenRecovered(entry, PlainOpening(parts)), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace consent::journal

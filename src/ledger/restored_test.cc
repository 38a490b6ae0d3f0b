// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/restored.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/ledger/loss.h"
#include "src/ledger/test_ledger.h"
#include "src/store/memory_store.h"

namespace consent::ledger {
namespace {

using ::testing::HasSubstr;

class RestoredTest : public testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<Ledger>> Open() {
    Ledger::Options options;
    options.origin = std::string(kTestOrigin);
    options.peppers = TestPeppers(1, 1).Checks();
    options.journal_keys = {KeyOf("journal")};
    return Ledger::Open(store_, clock_, options);
  }
  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
};

TEST_F(RestoredTest, ALedgerThatCameOutOfABackupDoesNotOpenWithoutAGuardThatKnowsIt) {
  ASSERT_OK(Open());
  ASSERT_OK(MarkRestored(store_, {.backup = 3, .made_at = {1772442000}}));
  EXPECT_THAT(Open().status().ToString(), HasSubstr("restored from backup 3 of 2026-03-02"));
  ASSERT_OK(ClearRestored(store_));
  EXPECT_OK(Open());
}

TEST_F(RestoredTest, TheMarkOfAnEarlierGenerationCountsNoMore) {
  ASSERT_OK(Open());
  ASSERT_OK(MarkRestored(store_, {.backup = 3, .made_at = {}, .cut = true}));
  EXPECT_THAT(Open().status().ToString(), HasSubstr("cut short"));
  ASSERT_OK(WriteGeneration(store_, 1));
  EXPECT_OK(Open());
}

TEST_F(RestoredTest, AMalformedMarkIsDataLoss) {
  ASSERT_OK(store_.WriteFact("restored", "x"));
  EXPECT_EQ(Open().status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace consent::ledger

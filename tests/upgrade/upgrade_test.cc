// SPDX-License-Identifier: Apache-2.0
//
// A ledger goes on from a store of the format before: it knows all that was said and taken, and
// what it makes of it is what the journal makes of it.

#include <string>

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/ledger/test_ledger.h"
#include "src/store/format_before.h"
#include "src/store/rocksdb_store.h"
#include "src/store/temporary_folder.h"

namespace consent::ledger {
namespace {

using core::Reason;
using store::RocksDbStore;

TEST(UpgradeTest, ALedgerKnowsAllThatWasSaidAndTaken) {
  const store::TemporaryFolder folder;
  const std::string dir = folder.path() + "/store";
  ManualClock clock(kTestStartMs);
  const Person alice = PersonOf(1), bob = PersonOf(2), carol = PersonOf(3);
  LeafIndex taken;
  {
    ASSERT_OK_AND_ASSIGN(const auto store, RocksDbStore::Open(dir, {}));
    TestLedger ledger(*store, clock);
    for (const Person& person : {alice, bob, carol}) ledger.Settle(person, 2, 3);
    ASSERT_OK_AND_ASSIGN(const ContactAnswer call, ledger.Consume(alice, "c1"));
    taken = *call.entry;
    ASSERT_OK(ledger.Erase(ledger.ToErase(carol)));
    ASSERT_OK(ledger.StopAndCompare());
  }
  ASSERT_OK(store::MakeFormatBefore(dir));

  ASSERT_OK_AND_ASSIGN(const auto store, RocksDbStore::Open(dir, {}));
  TestLedger ledger(*store, clock);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer again, ledger.Consume(alice, "c1"));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.entry, taken);
  EXPECT_OK(ledger.Consume(alice, "c2"));
  EXPECT_EQ(ledger.Consume(alice, "c3")->decision.reason, Reason::kLimitReached);
  EXPECT_EQ(ledger.Consume(bob, "c1")->decision.reason, Reason::kOk);
  EXPECT_EQ(ledger.Consume(carol, "c1")->decision.reason, Reason::kNoPermission);
  EXPECT_OK(ledger.StopAndCompare());
}

}  // namespace
}  // namespace consent::ledger

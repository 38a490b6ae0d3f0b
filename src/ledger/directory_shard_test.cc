// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/directory_shard.h"

#include <string>

#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/directory/directory.h"
#include "src/ledger/test_ledger.h"
#include "src/ledger/watched_store.h"

namespace consent::ledger {
namespace {

using directory::KeyRetired;
using directory::Party;
using directory::PartyPut;
using directory::Role;

KeyId KeyNumber(uint8_t number) {
  KeyId id;
  id.bytes.fill(number);
  return id;
}

class DirectoryShardTest : public ::testing::Test {
 protected:
  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
};

TEST_F(DirectoryShardTest, ChangeIsSeenOnceItIsDurable) {
  TestLedger ledger(store_, clock_);
  const TreeSize before = ledger->directory().Snapshot()->size();
  ASSERT_OK_AND_ASSIGN(const DirectoryChange change,
                       ledger.Change(PartyPut{"beta", Role::kCompany, "Beta", false}));
  EXPECT_EQ(change.entry.value, before.value);
  EXPECT_FALSE(change.repeated);
  EXPECT_NE(ledger->directory().Snapshot()->Find("beta", Role::kCompany), nullptr);
  ASSERT_OK_AND_ASSIGN(const DirectoryChange again,
                       ledger.Change(PartyPut{"beta", Role::kCompany, "Beta", false}));
  EXPECT_TRUE(again.repeated);
  EXPECT_EQ(again.entry, change.entry);
}

TEST_F(DirectoryShardTest, FailedChangeIsSeenByNobody) {
  TestLedger ledger(store_, clock_);
  store_.FailNextCommit(absl::InternalError("disk"), store::MemoryStore::Outcome::kNotApplied);
  const PartyPut beta{"beta", Role::kCompany, "Beta", false};
  EXPECT_EQ(ReasonOf(ledger.Change(beta).status()), "STORE_UNAVAILABLE");
  EXPECT_EQ(ledger->directory().Snapshot()->Find("beta", Role::kCompany), nullptr);
  ASSERT_OK_AND_ASSIGN(const DirectoryChange change, ledger.Change(beta));
  EXPECT_FALSE(change.repeated);
}

TEST_F(DirectoryShardTest, IsTheSameAfterARestart) {
  std::shared_ptr<const directory::Directory> before;
  {
    TestLedger ledger(store_, clock_);
    ledger.AddCompany("named", /*named_in_entries=*/true);
    ASSERT_OK(ledger.Change(KeyRetired{"acme", ledger.acme_key.public_key().id()}));
    before = ledger->directory().Snapshot();
  }
  TestLedger ledger(store_, clock_);
  const auto after = ledger->directory().Snapshot();
  EXPECT_EQ(after->size(), before->size());
  ASSERT_EQ(after->parties().size(), before->parties().size());
  for (const auto& [id, party] : before->parties()) {
    const Party& same = after->parties().at(id);
    EXPECT_EQ(same.role, party.role) << id;
    EXPECT_EQ(same.legal_name, party.legal_name) << id;
    EXPECT_EQ(same.named_in_entries, party.named_in_entries) << id;
    EXPECT_EQ(same.last_change, party.last_change) << id;
    ASSERT_EQ(same.keys.size(), party.keys.size()) << id;
    for (size_t i = 0; i < same.keys.size(); ++i) {
      EXPECT_EQ(same.keys[i].id, party.keys[i].id);
      EXPECT_EQ(same.keys[i].spki, party.keys[i].spki);
      EXPECT_EQ(same.keys[i].added_at, party.keys[i].added_at);
      EXPECT_EQ(same.keys[i].retired_at, party.keys[i].retired_at);
    }
  }
  EXPECT_EQ(after->HolderOf(ledger.acme_key.public_key().id()), nullptr);
}

TEST_F(DirectoryShardTest, JournalThatCannotHaveBeenKeepsItFromStarting) {
  { TestLedger ledger(store_, clock_); }
  WatchedStore forged(store_);
  forged.falsify = [](ShardId shard, store::Bundle& bundle) {
    if (shard != kDirectoryShard || bundle.first.value != 2) return;
    // Commitment and opening agree; but nobody ever had that key.
    const journal::Parts parts = ToParts(KeyRetired{"acme", KeyNumber(7)});
    journal::Entry entry = *journal::ParseEntry(bundle.entries[0]);
    entry.kind = 66;
    entry.commitment = journal::Commit(journal::Salts{}, parts);
    bundle.entries[0] = Encode(entry);
    bundle.openings[0] = journal::PlainOpening(parts);
  };
  EXPECT_THAT(Ledger::Open(forged, clock_,
                           {.origin = std::string(kTestOrigin),
                            .peppers = TestPeppers(1, 1).Checks(),
                            .journal_keys = {KeyOf("journal")}}),
              StatusIs(absl::StatusCode::kDataLoss, ::testing::HasSubstr("directory leaf 2")));
}

}  // namespace
}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/directory.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/ledger/test_ledger.h"
#include "src/ledger/watched_store.h"

namespace consent::ledger {
namespace {

using ::testing::Eq;
using ::testing::Optional;

KeyId KeyNumber(uint8_t number) {
  KeyId id;
  id.bytes.fill(number);
  return id;
}
PartyPut Acme() { return {"acme", Role::kCompany, "Acme S.A.", false}; }

class DirectoryTest : public ::testing::Test {
 protected:
  void Apply(const DirectoryEvent& event) {
    ASSERT_THAT(directory_.Judge(event), IsOkAndHolds(Eq(std::nullopt)));
    directory_.Apply(event, {directory_.size().value}, {1000});
  }
  std::string Refusal(const DirectoryEvent& event) {
    return ReasonOf(directory_.Judge(event).status());
  }
  Directory directory_;
};

TEST_F(DirectoryTest, PartyIsFoundInItsRoleOnly) {
  Apply(Acme());
  ASSERT_NE(directory_.Find("acme", Role::kCompany), nullptr);
  EXPECT_EQ(directory_.Find("acme", Role::kCompany)->legal_name, "Acme S.A.");
  EXPECT_EQ(directory_.Find("acme", Role::kRegistrar), nullptr);
  EXPECT_EQ(directory_.Find("other", Role::kCompany), nullptr);
}

TEST_F(DirectoryTest, RepeatedChangeNamesTheEntryItWasMadeAt) {
  Apply(Acme());
  Apply(KeyAdded{"acme", KeyNumber(1), "spki"});
  EXPECT_THAT(directory_.Judge(KeyAdded{"acme", KeyNumber(1), "spki"}),
              IsOkAndHolds(Optional(LeafIndex{1})));
  Apply(KeyRetired{"acme", KeyNumber(1)});
  EXPECT_THAT(directory_.Judge(KeyRetired{"acme", KeyNumber(1)}),
              IsOkAndHolds(Optional(LeafIndex{2})));
  EXPECT_THAT(directory_.Judge(Acme()), IsOkAndHolds(Optional(LeafIndex{2})));
}

TEST_F(DirectoryTest, PartyMayChangeItsNameButNotItsRole) {
  Apply(Acme());
  PartyPut renamed = Acme();
  renamed.legal_name = "Acme & Sons";
  Apply(renamed);
  EXPECT_EQ(directory_.Find("acme", Role::kCompany)->legal_name, "Acme & Sons");
  PartyPut other_role = Acme();
  other_role.role = Role::kRegistrar;
  EXPECT_THAT(directory_.Judge(other_role), StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(DirectoryTest, KeyBelongsToOnePartyAndNeverComesBack) {
  Apply(Acme());
  Apply(PartyPut{"beta", Role::kRegistrar, "Beta", false});
  Apply(KeyAdded{"acme", KeyNumber(1), "spki"});
  ASSERT_NE(directory_.HolderOf(KeyNumber(1)), nullptr);
  EXPECT_EQ(directory_.HolderOf(KeyNumber(1))->id, "acme");
  EXPECT_THAT(directory_.Judge(KeyAdded{"beta", KeyNumber(1), "spki"}),
              StatusIs(absl::StatusCode::kAlreadyExists));
  Apply(KeyRetired{"acme", KeyNumber(1)});
  EXPECT_EQ(directory_.HolderOf(KeyNumber(1)), nullptr) << "a retired key is not believed";
  EXPECT_THAT(directory_.Judge(KeyAdded{"acme", KeyNumber(1), "spki"}),
              StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(DirectoryTest, RefusesWhatIsMalformed) {
  for (const std::string& id : {std::string(), std::string(65, 'a'), std::string("Acme"),
                                std::string("a b"), std::string("a/b"), std::string("*")}) {
    EXPECT_EQ(Refusal(PartyPut{id, Role::kCompany, "Name", false}), "INVALID_FIELD") << id;
  }
  EXPECT_EQ(Refusal(PartyPut{"acme", Role::kUnspecified, "Name", false}), "INVALID_FIELD");
  EXPECT_EQ(Refusal(PartyPut{"acme", static_cast<Role>(3), "Name", false}), "INVALID_FIELD");
  EXPECT_EQ(Refusal(PartyPut{"acme", Role::kCompany, "", false}), "INVALID_FIELD");
  EXPECT_EQ(Refusal(PartyPut{"acme", Role::kCompany, std::string(257, 'x'), false}),
            "INVALID_FIELD");
}

TEST_F(DirectoryTest, RefusesWhatConcernsNobody) {
  EXPECT_EQ(Refusal(KeyAdded{"acme", KeyNumber(1), "spki"}), "UNKNOWN_COMPANY");
  EXPECT_EQ(Refusal(KeyRetired{"acme", KeyNumber(1)}), "UNKNOWN_COMPANY");
  Apply(Acme());
  EXPECT_EQ(Refusal(KeyRetired{"acme", KeyNumber(1)}), "UNKNOWN_KEY");
}

TEST_F(DirectoryTest, PartyHasAtMost256Keys) {
  Apply(Acme());
  for (size_t i = 0; i < kKeysPerPartyMax; ++i) {
    KeyId id = KeyNumber(0);
    id.bytes[0] = static_cast<uint8_t>(i);
    id.bytes[1] = 1;
    Apply(KeyAdded{"acme", id, "spki"});
  }
  EXPECT_THAT(directory_.Judge(KeyAdded{"acme", KeyNumber(9), "spki"}),
              StatusIs(absl::StatusCode::kResourceExhausted));
}

TEST_F(DirectoryTest, EventsRoundTripThroughTheirParts) {
  const auto round_trip = [](const DirectoryEvent& event, uint8_t kind) {
    journal::Entry entry;
    entry.kind = kind;
    const journal::Parts parts = ToParts(event);
    const auto again = ToDirectoryEvent(entry, parts);
    return again.ok() && again->index() == event.index() && ToParts(*again) == parts;
  };
  EXPECT_TRUE(round_trip(Acme(), 64));
  EXPECT_TRUE(round_trip(KeyAdded{"acme", KeyNumber(1), "spki"}, 65));
  EXPECT_TRUE(round_trip(KeyRetired{"acme", KeyNumber(1)}, 66));
  EXPECT_TRUE(round_trip(RulePackPut{"fr", "2026-11-22", {}}, 67));
  EXPECT_TRUE(round_trip(RulePackRetired{"fr"}, 68));
  EXPECT_TRUE(round_trip(NumberRegistered{"acme", "38000"}, 69));
  EXPECT_TRUE(round_trip(NumberRetired{"acme", "38000"}, 70));
  EXPECT_TRUE(round_trip(Delegated{"acme", "calls", "by", {1}, {2}}, 71));
  EXPECT_TRUE(round_trip(DelegationRevoked{"acme", "calls"}, 72));
  EXPECT_TRUE(round_trip(ListImported{"list", "source"}, 73));
  EXPECT_FALSE(round_trip(Acme(), 74));
  EXPECT_FALSE(round_trip(Acme(), 66));
}

// --- Its shard.

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
  std::shared_ptr<const Directory> before;
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
                            .pepper_check = "test",
                            .journal_keys = {KeyOf("journal")}}),
              StatusIs(absl::StatusCode::kDataLoss, ::testing::HasSubstr("directory leaf 2")));
}

}  // namespace
}  // namespace consent::ledger

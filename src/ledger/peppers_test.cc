// SPDX-License-Identifier: Apache-2.0
//
// The pepper is replaced: what moves and when, what a start wants, and that nobody is lost.

#include "src/ledger/peppers.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/journal/reader.h"
#include "src/ledger/fingerprint.h"
#include "src/ledger/test_ledger.h"

namespace consent::ledger {
namespace {

using core::Reason;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Loss = store::MemoryStore::Loss;

class PeppersTest : public ::testing::Test {
 protected:
  PeppersTest() { Serve(1, 1); }

  TestLedger& ledger() { return *ledger_; }
  // Stops, and starts with the peppers from `newest` down to `oldest`.
  void Serve(uint8_t newest, uint8_t oldest) {
    ledger_.reset();
    ledger_ =
        std::make_unique<TestLedger>(*store_, clock_, Shard::kRecordsInMemory, newest, oldest);
  }
  absl::Status Refusal(uint8_t newest, uint8_t oldest) {
    ledger_.reset();
    return RefusalOf(TestPeppers(newest, oldest).Checks());
  }
  absl::Status RefusalOf(PeppersAtHand peppers) {
    return Ledger::Open(*store_, clock_,
                        {.origin = std::string(kTestOrigin),
                         .peppers = std::move(peppers),
                         .journal_keys = {KeyOf("journal")}})
        .status();
  }
  // Stops, and tells the versions of the ids in the index.
  std::vector<int> Indexed() {
    EXPECT_OK(ledger().StopAndCompare());
    std::vector<int> versions;
    EXPECT_OK(store_->ForEachContact(kConsumerShard, [&](const ContactId& id, const ConsumerId&) {
      versions.push_back(contact::VersionOf(id));
      return true;
    }));
    return versions;
  }
  Reason Asked(const Person& person) {
    return ledger().Check(ledger().Wish(person, ""))->decision.reason;
  }
  Reason Consumed(const Person& person, const std::string& request_id) {
    return ledger().Consume(person, request_id)->decision.reason;
  }
  void Say(const v1::Statement& statement, const crypto::PrivateKey& key) {
    EXPECT_OK(ledger().Say(statement, key));
  }
  void Erase(const Person& person) { EXPECT_OK(ledger().Erase(ledger().ToErase(person))); }

  std::unique_ptr<store::MemoryStore> store_ = std::make_unique<store::MemoryStore>();
  ManualClock clock_{kTestStartMs};
  std::unique_ptr<TestLedger> ledger_;
  const Person alice_ = PersonOf(1);
  const Person bob_ = PersonOf(2);
};

// ---- What moves.

TEST_F(PeppersTest, WhoIsAskedAboutMovesWithThatEntryAndKeepsEverything) {
  ledger().Settle(alice_, 1, 0);
  ledger().Settle(bob_, 1, 0);
  EXPECT_EQ(Consumed(alice_, "r1"), Reason::kOk);
  Serve(2, 1);
  EXPECT_THAT(ledger()->older_peppers_in_use(), ElementsAre(1));
  const TreeSize before = ledger().JournalSize();
  EXPECT_EQ(Consumed(alice_, "r2"), Reason::kLimitReached);
  EXPECT_EQ(ledger().JournalSize().value, before.value + 1) << "no entry tells of the move";
  EXPECT_THAT(Indexed(), ElementsAre(1, 2));

  Serve(2, 1);
  EXPECT_TRUE(ledger().Consume(alice_, "r1")->repeated);
  EXPECT_EQ(Consumed(bob_, "r1"), Reason::kOk);
  EXPECT_THAT(Indexed(), ElementsAre(2, 2));
  Serve(2, 2);
  EXPECT_THAT(ledger()->older_peppers_in_use(), IsEmpty());
  EXPECT_EQ(Consumed(bob_, "r2"), Reason::kLimitReached);
  EXPECT_EQ(Consumed(alice_, "r2"), Reason::kLimitReached);
}

TEST_F(PeppersTest, StatementsAndListsMoveToo) {
  ledger().Settle(alice_, 1, 0);
  ledger().Settle(bob_, 1, 0);
  Serve(3, 1);
  Say(ledger().Revocation(alice_), alice_.key);
  ListingCommand listing;
  listing.contact = ledger().NameOf(bob_.contact_point);
  listing.contact_point = bob_.contact_point;
  listing.listing = {.list = "do-not-call", .company = "*", .listed_at = {}};
  EXPECT_OK(Await<ListingAnswers>([&](Done<ListingAnswers> done) {
    ledger().shard().List(Lane(), {listing}, std::move(done));
  }));
  EXPECT_EQ(Asked(alice_), Reason::kRevoked);
  EXPECT_THAT(Indexed(), ElementsAre(3, 3));
}

TEST_F(PeppersTest, WhoeverOnlyLooksMovesNothing) {
  ledger().Settle(alice_, 1, 0);
  Serve(2, 1);
  EXPECT_EQ(Asked(alice_), Reason::kOk);
  EXPECT_OK(ledger().View(alice_, alice_.key));
  EXPECT_THAT(Indexed(), ElementsAre(1));
}

TEST_F(PeppersTest, ASecondContactPointIsFoundAndMovesByItself) {
  ledger().Settle(alice_, 1, 0);
  Serve(2, 1);
  v1::Statement second = ledger().Binding({bob_.contact_point, alice_.key});
  second.mutable_key_binding()->set_same_consumer_as(alice_.contact_point);
  Say(second, ledger().registrar_key);
  EXPECT_THAT(Indexed(), ElementsAre(1, 2));
  Serve(3, 1);
  EXPECT_EQ(Consumed(bob_, "r1"), Reason::kOk);
  EXPECT_EQ(Consumed(alice_, "r2"), Reason::kLimitReached);
  EXPECT_THAT(Indexed(), ElementsAre(3, 3));
}

// A stranger must not see in an entry that the number is known.
TEST_F(PeppersTest, TheEntryOfAMoveHasTheSizeOfAnyOther) {
  Say(ledger().Binding(alice_), ledger().registrar_key);
  Say(ledger().Block(alice_, "*"), alice_.key);
  Serve(2, 1);
  std::vector<size_t> sizes;
  const uint64_t first = ledger().JournalSize().value;
  EXPECT_EQ(Consumed(alice_, "r1"), Reason::kNoPermission);
  EXPECT_EQ(Consumed(PersonOf(9), "r1"), Reason::kNoPermission);
  ASSERT_OK(journal::ForEachLeaf(*store_, kConsumerShard, {first}, {first + 2},
                                 [&](const journal::Leaf& leaf) {
                                   sizes.push_back(leaf.bytes.size());
                                   return absl::OkStatus();
                                 }));
  ASSERT_EQ(sizes.size(), 2u);
  EXPECT_EQ(sizes[0], sizes[1]);
}

// ---- The erased.

TEST_F(PeppersTest, AnErasedPersonsObjectionHoldsAndMoves) {
  ledger().Settle(alice_, 1, 0);
  Say(ledger().Block(alice_, "*"), alice_.key);
  const v1::Statement old_grant = ledger().Grant(alice_, "old", 1, 0);
  Erase(alice_);
  Serve(2, 1);
  EXPECT_EQ(Consumed(alice_, "r1"), Reason::kNoPermission);
  EXPECT_THAT(Indexed(), ElementsAre(2));
  Serve(2, 2);
  clock_.Advance(1000);
  Say(ledger().Binding(alice_), ledger().registrar_key);
  EXPECT_FALSE(ledger().Say(old_grant, alice_.key).ok()) << "signed before the erasure";
  Say(ledger().Grant(alice_, "new", 1, 0), alice_.key);
  EXPECT_EQ(Asked(alice_), Reason::kBlocked) << "the objection outlived erasure and pepper";
  EXPECT_THAT(Indexed(), ElementsAre(2, 2));
}

TEST_F(PeppersTest, WhatIsLeftOfTheErasedIsLeftUnderTheNewestPepper) {
  ledger().Settle(alice_, 1, 0);
  Serve(2, 1);
  Erase(alice_);
  EXPECT_THAT(Indexed(), ElementsAre(2));
  EXPECT_THAT(
      store_->ReadContact(kConsumerShard, FingerprintOf(ledger().IdOf(alice_.contact_point))),
      IsOkAndHolds(::testing::Optional(::testing::_)));
}

TEST_F(PeppersTest, AnErasureSoonAfterTheMoveLeavesNoRowUnderTheOldPepper) {
  ledger().Settle(alice_, 1, 0);
  Serve(2, 1);
  // What is moved is not written behind before the person is erased.
  for (int i = 0; i < 1000; ++i) store_->FailNextWriteBehind(absl::InternalError("disk"));
  EXPECT_EQ(Consumed(alice_, "r1"), Reason::kOk);
  Erase(alice_);
  const auto crashed = store_->DurableCopy(Loss::kSinceCommit);
  EXPECT_THAT(crashed->HasContacts(kConsumerShard, 1), IsOkAndHolds(false));
}

// ---- What a start wants.

TEST_F(PeppersTest, AnOlderPepperIsWantedWhileSomethingLiesUnderIt) {
  ledger().Settle(alice_, 1, 0);
  Serve(2, 1);
  ledger().Settle(bob_, 1, 0);
  EXPECT_THAT(Refusal(2, 2), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      AllOf(HasSubstr("pepper.1: "), HasSubstr("still needed"))));
  Serve(2, 1);
  EXPECT_EQ(Consumed(alice_, "r1"), Reason::kOk);
  EXPECT_OK(Refusal(2, 2));
}

TEST_F(PeppersTest, ItIsWantedAlsoWhereTheIndexDoesNotTellOfItYet) {
  ledger().Settle(alice_, 1, 0);
  store_ = [&] {
    auto survived = store_->DurableCopy(Loss::kDerivedRows);
    ledger_.reset();
    return survived;
  }();
  ASSERT_THAT(store_->HasContacts(kConsumerShard, 1), IsOkAndHolds(false));
  EXPECT_THAT(Refusal(2, 2),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("pepper.1: ")));
  Serve(2, 1);
  EXPECT_EQ(Consumed(alice_, "r1"), Reason::kOk);
}

TEST_F(PeppersTest, ARefusedStartTakesNoNewPepperIntoUse) {
  ledger().Settle(alice_, 1, 0);
  EXPECT_FALSE(Refusal(2, 2).ok());
  EXPECT_OK(Refusal(1, 1));
}

TEST_F(PeppersTest, ThereIsNoWayBackToAnOlderPepper) {
  Serve(2, 1);
  EXPECT_THAT(Refusal(1, 1),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("pepper.2: is missing")));
  EXPECT_OK(Refusal(3, 3));
}

TEST_F(PeppersTest, AWrongPepperIsNamed) {
  Serve(3, 1);
  ledger_.reset();
  PeppersAtHand peppers = TestPeppers(3, 1).Checks();
  std::swap(peppers[1].check, peppers[2].check);
  EXPECT_THAT(RefusalOf(peppers), StatusIs(absl::StatusCode::kFailedPrecondition,
                                           HasSubstr("pepper.2: is not the one")));
  EXPECT_OK(Refusal(5, 5));
  EXPECT_THAT(Refusal(5, 4), StatusIs(absl::StatusCode::kFailedPrecondition,
                                      HasSubstr("pepper.4: expected none")));
  EXPECT_THAT(RefusalOf({}), StatusIs(absl::StatusCode::kInvalidArgument));
}

// Whichever way the last process ended between the commit and the records.
TEST_F(PeppersTest, ACrashAfterTheMoveLosesNeitherThePersonNorTheMove) {
  for (const Loss loss : {Loss::kNothing, Loss::kSinceCommit, Loss::kDerivedRows}) {
    ledger_.reset();
    store_ = std::make_unique<store::MemoryStore>();
    Serve(1, 1);
    ledger().Settle(alice_, 1, 0);
    Serve(2, 1);
    EXPECT_EQ(Consumed(alice_, "r1"), Reason::kOk);
    auto survived = store_->DurableCopy(loss);
    ledger_.reset();
    store_ = std::move(survived);
    Serve(2, 2);
    EXPECT_EQ(Consumed(alice_, "r2"), Reason::kLimitReached);
    EXPECT_THAT(Indexed(), ElementsAre(2));
  }
}

}  // namespace
}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/listing_task.h"

#include <gtest/gtest.h>

#include <vector>

#include "src/base/status_matchers.h"
#include "src/contact/contact_point.h"
#include "src/ledger/place_of.h"
#include "src/ledger/test_ledger.h"

namespace consent::ledger {
namespace {

class ListingTaskTest : public ::testing::Test {
 protected:
  ListingCommand On(const Person& person, std::string list = "red", std::string company = "*") {
    ListingCommand command;
    command.contact = ledger_.IdOf(person.contact_point);
    command.contact_point = person.contact_point;
    command.place = PlaceOf(*contact::ContactPoint::Parse(person.contact_point));
    command.listing.list = std::move(list);
    command.listing.company = std::move(company);
    return command;
  }
  bool Changed(const ListingCommand& command) {
    const auto answers = Await<ListingAnswers>(
        [&](auto done) { ledger_.shard().List(Lane(), {command}, std::move(done)); });
    EXPECT_OK(answers);
    EXPECT_OK((*answers)[0]);
    return (*answers)[0]->changed;
  }
  core::Reason Asked(const Person& person, const std::string& request_id) {
    return ledger_.Consume(person, request_id)->decision.reason;
  }

  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
  TestLedger ledger_{store_, clock_};
  const Person alice_ = PersonOf(1);
};

TEST_F(ListingTaskTest, WhoIsListedIsNotContactedAndWhoIsTakenOffIs) {
  ledger_.Settle(alice_, 3, 3);
  EXPECT_EQ(Asked(alice_, "r1"), core::Reason::kOk);
  EXPECT_TRUE(Changed(On(alice_)));
  EXPECT_EQ(Asked(alice_, "r2"), core::Reason::kListed);
  ListingCommand off = On(alice_);
  off.removed = true;
  EXPECT_TRUE(Changed(off));
  EXPECT_EQ(Asked(alice_, "r3"), core::Reason::kOk);
}

TEST_F(ListingTaskTest, WhatIsKnownMakesNoEntry) {
  EXPECT_TRUE(Changed(On(alice_)));
  const TreeSize size = ledger_.JournalSize();
  clock_.Advance(60'000);
  EXPECT_FALSE(Changed(On(alice_))) << "its date is that of the first time";
  ListingCommand unknown = On(PersonOf(2));
  unknown.removed = true;
  EXPECT_FALSE(Changed(unknown));
  EXPECT_EQ(ledger_.JournalSize(), size);
  EXPECT_TRUE(Changed(On(alice_, "red", "acme"))) << "against one company it is another listing";
}

TEST_F(ListingTaskTest, AListingWaitsForTheConsumerToComeAndYieldsToTheirWord) {
  EXPECT_TRUE(Changed(On(alice_)));
  clock_.Advance(1'000);
  ledger_.Settle(alice_, 3, 3);
  EXPECT_EQ(Asked(alice_, "r1"), core::Reason::kOk) << "the grant is later";
  ListingCommand later = On(alice_);
  clock_.Advance(60'000);
  later.listed_at = later.listing.listed_at = Instant{kTestStartMs / 1000 + 61};
  EXPECT_TRUE(Changed(later));
  EXPECT_EQ(Asked(alice_, "r2"), core::Reason::kListed);
  EXPECT_OK(ledger_.StopAndCompare()) << "records follow from the journal";
}

TEST_F(ListingTaskTest, AListingOfTomorrowIsRefused) {
  ListingCommand command = On(alice_);
  command.listed_at = command.listing.listed_at = Instant{kTestStartMs / 1000 + 86'400};
  const auto answers = Await<ListingAnswers>(
      [&](auto done) { ledger_.shard().List(Lane(), {command}, std::move(done)); });
  ASSERT_OK(answers);
  EXPECT_THAT((*answers)[0], StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace consent::ledger

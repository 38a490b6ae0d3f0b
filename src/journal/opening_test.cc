// SPDX-License-Identifier: Apache-2.0

#include "src/journal/opening.h"

#include <string>

#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/crypto/hash.h"
#include "src/journal/event_parts.h"
#include "src/journal/test_events.h"

namespace consent::journal {
namespace {

using ::testing::HasSubstr;

class OpeningTest : public ::testing::Test {
 protected:
  const core::EventBody body_ = TestEvents()[5];
  const Parts parts_ = ToParts(body_, kTestContactPoint);
  const Entry entry_ = TestEntry(body_);
  const Sealer sealer_{TestSecret()};
  const std::string opening_ = sealer_.Seal(TestHandle(), entry_.commitment, parts_);
};

TEST_F(OpeningTest, OpensUnderItsSecret) {
  EXPECT_THAT(sealer_.Open(entry_, opening_), IsOkAndHolds(parts_));
  EXPECT_THAT(HandleOf(opening_), IsOkAndHolds(TestHandle()));
}

TEST_F(OpeningTest, HidesTheParts) {
  for (const std::string& hidden : {parts_.contact, std::string("acme"), std::string("calls")}) {
    EXPECT_EQ(opening_.find(hidden), std::string::npos);
  }
}

TEST_F(OpeningTest, OtherSecretOpensNothing) {
  const Sealer other(*crypto::Secret::FromBytes(std::string(32, 'x')));
  EXPECT_THAT(other.Open(entry_, opening_),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("does not unseal")));
}

TEST_F(OpeningTest, EveryChangedByteIsFound) {
  for (size_t i = Handle::kSize; i < opening_.size(); ++i) {
    std::string changed = opening_;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_THAT(sealer_.Open(entry_, changed), StatusIs(absl::StatusCode::kDataLoss)) << i;
  }
  for (size_t size = 0; size < opening_.size(); ++size) {
    EXPECT_THAT(sealer_.Open(entry_, opening_.substr(0, size)),
                StatusIs(absl::StatusCode::kDataLoss))
        << size;
  }
}

TEST_F(OpeningTest, ChangedCommitmentOrPositionIsFound) {
  for (size_t i = 0; i < Digest::kSize; ++i) {
    Entry changed = entry_;
    changed.commitment.bytes[i] ^= 1;
    EXPECT_THAT(sealer_.Open(changed, opening_), StatusIs(absl::StatusCode::kDataLoss)) << i;
  }
  Entry moved = entry_;
  ++moved.position.value;
  EXPECT_THAT(sealer_.Open(moved, opening_), StatusIs(absl::StatusCode::kDataLoss));
}

// Whoever seals may seal anything; the commitment says what was meant.
TEST_F(OpeningTest, WellSealedFalsePartsAreFound) {
  for (std::string Parts::*part : {&Parts::contact, &Parts::company, &Parts::ledger}) {
    Parts others = parts_;
    (others.*part) += "x";
    EXPECT_THAT(
        sealer_.Open(entry_, sealer_.Seal(TestHandle(), entry_.commitment, others)),
        StatusIs(absl::StatusCode::kDataLoss, HasSubstr("not those that the entry commits to")));
  }
}

TEST_F(OpeningTest, PartsCannotBeShiftedIntoEachOther) {
  const Salts none;
  EXPECT_NE(Commit(none, {"ab", "c", ""}), Commit(none, {"a", "bc", ""}));
  EXPECT_NE(Commit(none, {"a", "b", ""}), Commit(none, {"b", "a", ""}));
  EXPECT_NE(Commit(none, {"a", "", ""}), Commit(none, {"", "a", ""}));
}

// A receipt: contact and company part with their salts, of the ledger's part only the hash.
TEST_F(OpeningTest, TwoPartsAndTheHashOfTheThirdProveTheCommitment) {
  const Salts salts = sealer_.SaltsAt(kTestPosition);
  const Digest contact = crypto::Sha256({"\x01", salts.contact.view(), parts_.contact});
  const Digest company = crypto::Sha256({"\x02", salts.company.view(), parts_.company});
  const Digest ledger = crypto::Sha256({"\x03", salts.ledger.view(), parts_.ledger});
  EXPECT_EQ(
      crypto::Sha256({std::string_view("\0", 1), contact.view(), company.view(), ledger.view()}),
      entry_.commitment);
}

TEST_F(OpeningTest, SaltsAreOfOneEntryAndOnePart) {
  const Salts here = sealer_.SaltsAt(kTestPosition);
  const Salts there = sealer_.SaltsAt({kTestPosition.value + 1});
  EXPECT_NE(here.contact, there.contact);
  EXPECT_NE(here.company, there.company);
  EXPECT_NE(here.ledger, there.ledger);
  EXPECT_NE(here.contact, here.company);
  EXPECT_NE(here.company, here.ledger);
  EXPECT_NE(here.contact, here.ledger);
}

TEST_F(OpeningTest, TagsAreOfOneYearAndOneCount) {
  EXPECT_EQ(TagOf(sealer_.YearKey(2026), 3), entry_.tag);
  EXPECT_NE(TagOf(sealer_.YearKey(2026), 4), entry_.tag);
  EXPECT_NE(TagOf(sealer_.YearKey(2027), 3), entry_.tag);
}

TEST_F(OpeningTest, PlainOpeningsHideNothingAndAreChecked) {
  const Parts parts{.contact = "", .company = "a company", .ledger = ""};
  Entry entry;
  entry.commitment = Commit(Salts{}, parts);
  EXPECT_THAT(OpenPlain(entry, PlainOpening(parts)), IsOkAndHolds(parts));
  std::string changed = PlainOpening(parts);
  changed.back() ^= 1;
  EXPECT_THAT(OpenPlain(entry, changed), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(OpenPlain(entry, "short"), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(OpenPlain(entry_, opening_),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("sealed")));
}

}  // namespace
}  // namespace consent::journal

// SPDX-License-Identifier: Apache-2.0

#include "src/consent/record_row.h"

#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

constexpr size_t kContactBytesMax = 64;

// A world, and a copy of its record beside a row of it.
class RecordRowTest : public ::testing::Test {
 protected:
  RecordRowTest() {
    world_.At("2026-03-02T12:00:00Z");
    world_.Give(GrantOf("g", world_.now(), {AtMost(3, "calls", On({Channel::kCall}), Lifetime())}));
    Restart();
  }
  void Restart() {
    record_ = world_.record;
    row_ = NewRow(record_);
  }
  // Takes what was judged into the copy and its row.
  void Take(const Judgement& judgement) {
    EvolveRow(record_, row_, {world_.now(), world_.last(), judgement.event.value()},
              Retention::kForever);
    ASSERT_EQ(record_, world_.record);
  }
  // What the last event appended; "" where the row was emptied.
  template <typename Judge>
  std::string AppendedBy(const Judge& judge) {
    const std::string before = row_;
    Take(judge());
    if (row_.empty()) return "";
    EXPECT_TRUE(row_.starts_with(before));
    EXPECT_THAT(DecodeRow(row_), IsOkAndHolds(record_));
    return row_.substr(before.size());
  }
  std::string AppendedByACall() {
    return AppendedBy([&] { return world_.Consume(); });
  }

  World world_;
  Record record_;
  std::string row_;
};

TEST_F(RecordRowTest, ContactsAndDenialsAreAppended) {
  const size_t first = AppendedByACall().size();
  const size_t second = AppendedByACall().size();
  EXPECT_GT(first, second) << "its circumstances are told once";
  EXPECT_LE(second, kContactBytesMax);
  AppendedByACall();
  ASSERT_EQ(world_.Check().decision.reason, Reason::kLimitReached);
  EXPECT_GT(AppendedByACall().size(), 0u);
  EXPECT_EQ(record_.Find("acme")->contacts.size(), 3u);
}

TEST_F(RecordRowTest, ARowIsHardlyLongerThanOneMadeAnew) {
  world_.Give(GrantOf("h", world_.now(), {AtMost(99, "sms", On({Channel::kSms}), Lifetime())}));
  Restart();
  const size_t before = row_.size();
  for (int i = 0; i < 50; ++i) AppendedBy([&] { return world_.Consume(Channel::kSms); });
  EXPECT_LE(row_.size() - before, 2 * (NewRow(record_).size() - before));
}

TEST_F(RecordRowTest, WhatChangesMoreHasItMadeAnew) {
  AppendedByACall();
  const LeafIndex permit = world_.last();
  EXPECT_EQ(AppendedBy([&] { return world_.Report(permit, Outcome::kNoAnswer); }), "");
  AppendedByACall();
  EXPECT_EQ(row_, "") << "stays empty";
  Restart();
  // The first contact with a company that the record did not know.
  Decided decided;
  decided.request.company = "another";
  decided.answer.verdict = Verdict::kAllowed;
  EvolveRow(record_, row_, {world_.now(), {record_.seen.value}, decided});
  EXPECT_EQ(row_, "");
  // One that brings an id, and one that comes under a newer one.
  row_ = NewRow(record_);
  decided.subject = Subject{.contact_id = ContactId{{7}}, .place = {}};
  EvolveRow(record_, row_, {world_.now(), {record_.seen.value}, decided});
  EXPECT_EQ(row_, "");
  row_ = NewRow(record_);
  decided.subject.reset();
  EvolveRow(record_, row_,
            {world_.now(), {record_.seen.value}, decided, {{ContactId{{7}}, ContactId{{8}}}}});
  EXPECT_EQ(row_, "");
  EXPECT_EQ(record_.contact_ids.back(), ContactId{{8}});
}

TEST_F(RecordRowTest, WhatPrunesHasItMadeAnew) {
  AppendedByACall();
  world_.Revoke();
  Restart();
  Decided decided;
  decided.request.company = "acme";
  decided.answer.verdict = Verdict::kAllowed;
  EvolveRow(record_, row_, {T("2031-02-01T12:00:00Z"), {record_.seen.value}, decided});
  EXPECT_THAT(DecodeRow(row_), IsOkAndHolds(record_)) << "within five years";
  EvolveRow(record_, row_, {T("2031-03-04T12:00:00Z"), {record_.seen.value}, decided});
  EXPECT_EQ(row_, "");
  EXPECT_EQ(record_.Find("acme")->contacts.size(), 2u);
}

TEST_F(RecordRowTest, WhatIsAppendedTwiceCountsOnce) {
  const std::string first = AppendedByACall();
  const std::string second = AppendedByACall();
  EXPECT_THAT(DecodeRow(row_ + first + second), IsOkAndHolds(record_));
  EXPECT_THAT(DecodeRow(row_ + second), IsOkAndHolds(record_));
}

TEST_F(RecordRowTest, WhatIsMissingIsNoticed) {
  const std::string before = row_;
  const std::string first = AppendedByACall();
  const std::string second = AppendedByACall();
  EXPECT_OK(DecodeRow(before + first));
  EXPECT_FALSE(DecodeRow(before + second).ok());
  EXPECT_FALSE(DecodeRow(first + second).ok());
  EXPECT_FALSE(DecodeRow(second).ok());
  // A denial leans on nothing before it.
  AppendedByACall();
  const std::string allowed = row_;
  const std::string denied = AppendedByACall(), denied_again = AppendedByACall();
  EXPECT_OK(DecodeRow(allowed + denied));
  EXPECT_FALSE(DecodeRow(allowed + denied_again).ok());
}

TEST_F(RecordRowTest, ARowCutShortOrWithOtherBytesBehindItIsRefused) {
  const size_t before = row_.size();
  AppendedByACall();
  for (size_t size = before + 1; size < row_.size(); ++size) {
    EXPECT_FALSE(DecodeRow(row_.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeRow(row_ + '\0').ok());
  EXPECT_FALSE(DecodeRow(row_ + "\1\1").ok());
  EXPECT_FALSE(Decode<Record>(row_).ok()) << "a row is more than its encoding";
}

TEST_F(RecordRowTest, APartNamesACompanyOfTheRecord) {
  std::string part;
  Writer writer(part);
  writer(record_.seen);
  writer.Varint(0);
  const Instant now = world_.now();
  writer(now);
  writer.Varint(0);
  const auto with = [&](uint64_t company) {
    std::string row = row_;
    part.back() = static_cast<char>(company);
    Writer whole(row);
    whole(part);
    return DecodeRow(row);
  };
  EXPECT_OK(with(0));
  EXPECT_FALSE(with(1).ok()) << "a contact is missing";
  EXPECT_FALSE(with(2).ok());
}

}  // namespace
}  // namespace consent::core

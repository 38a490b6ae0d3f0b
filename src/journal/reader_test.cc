// SPDX-License-Identifier: Apache-2.0

#include "src/journal/reader.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/journal/event_parts.h"
#include "src/journal/journal.h"
#include "src/journal/opening.h"
#include "src/journal/test_events.h"
#include "src/store/memory_store.h"

namespace consent::journal {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr ShardId kShard{1};

class ReaderTest : public ::testing::Test {
 protected:
  // An event of every kind, in groups of two.
  void SetUp() override {
    Journal journal = *Journal::Load(store_, kShard);
    SecretValue secret{.consumer = Id<ConsumerId>(9), .day = 0, .secret = TestSecret()};
    journal.StageSecret({TestHandle(), Encode(secret)});
    const Sealer sealer(TestSecret());
    for (const core::EventBody& body : events_) {
      Entry entry = TestEntry(body);
      entry.position = journal.next();
      const Parts parts = ToParts(body, kTestContactPoint);
      entry.commitment = Commit(sealer.SaltsAt(entry.position), parts);
      journal.Stage(entry, sealer.Seal(TestHandle(), entry.commitment, parts));
      if (journal.staged() == 2) {
        ASSERT_OK(journal.Commit());
      }
    }
    ASSERT_OK(journal.Commit());
  }
  template <class T>
  static T Id(uint8_t byte) {
    T id;
    id.bytes.fill(byte);
    return id;
  }
  std::vector<uint64_t> Positions(uint64_t from, uint64_t until) {
    std::vector<uint64_t> positions;
    EXPECT_OK(ForEachLeaf(store_, kShard, {from}, {until}, [&](const Leaf& leaf) {
      positions.push_back(leaf.position.value);
      return absl::OkStatus();
    }));
    return positions;
  }

  const std::vector<core::EventBody> events_ = TestEvents();
  store::MemoryStore store_;
};

TEST_F(ReaderTest, LeavesComeInOrderFromAnyPlaceToAnyOther) {
  EXPECT_EQ(Positions(0, events_.size()).size(), events_.size());
  EXPECT_THAT(Positions(3, 6), ElementsAre(3, 4, 5));
  EXPECT_THAT(Positions(2, 3), ElementsAre(2));
  EXPECT_THAT(Positions(4, 4), ElementsAre());
  EXPECT_THAT(Positions(5, 2), ElementsAre());
}

TEST_F(ReaderTest, MissingLeavesAreDataLoss) {
  const auto nothing = [](const Leaf&) { return absl::OkStatus(); };
  EXPECT_THAT(ForEachLeaf(store_, kShard, {0}, {events_.size() + 1}, nothing),
              StatusIs(absl::StatusCode::kDataLoss,
                       HasSubstr(absl::StrCat("leaf ", events_.size(), " is missing of ",
                                              events_.size() + 1))));
}

TEST_F(ReaderTest, VisitorsErrorStopsTheReading) {
  int seen = 0;
  EXPECT_THAT(ForEachLeaf(store_, kShard, {0}, {events_.size()},
                          [&](const Leaf&) -> absl::Status {
                            if (++seen == 4) return absl::CancelledError("enough");
                            return absl::OkStatus();
                          }),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_EQ(seen, 4);
}

TEST_F(ReaderTest, EveryEventIsOpened) {
  Opener opener(store_, kShard);
  std::vector<core::EventBody> opened_bodies;
  ASSERT_OK(
      ForEachLeaf(store_, kShard, {0}, {events_.size()}, [&](const Leaf& leaf) -> absl::Status {
        ASSIGN_OR_RETURN(OpenedEvent opened, opener.Open(leaf));
        EXPECT_EQ(opened.consumer, Id<ConsumerId>(9));
        EXPECT_EQ(opened.handle, TestHandle());
        EXPECT_EQ(opened.contact_point, kTestContactPoint);
        EXPECT_EQ(opened.event.position, leaf.position);
        opened_bodies.push_back(std::move(opened.event.body));
        return absl::OkStatus();
      }));
  EXPECT_EQ(opened_bodies, events_);
}

TEST_F(ReaderTest, ALeafWithoutASecretIsErasedIfATombstoneSaysSo) {
  // All entries are of one who is then erased, by an entry under a secret of its own.
  const uint64_t before = events_.size();
  Journal journal = *Journal::Load(store_, kShard);
  const auto erase = [&](const Handle& told) {
    const Handle tombstone = Id<Handle>(7);
    journal.StageSecret(
        {tombstone, Encode(SecretValue{.consumer = Id<ConsumerId>(7),
                                       .secret = *crypto::Secret::FromBytes(std::string(32, 7))})});
    core::Erased erased;
    erased.handles = {told};
    const Sealer sealer(*crypto::Secret::FromBytes(std::string(32, 7)));
    Entry entry = TestEntry(erased);
    entry.position = journal.next();
    const Parts parts = ToParts(erased, "");
    entry.commitment = Commit(sealer.SaltsAt(entry.position), parts);
    journal.Stage(entry, sealer.Seal(tombstone, entry.commitment, parts));
    journal.StageErasure({.secrets = {TestHandle()}, .records = {}, .contacts = {}});
    ASSERT_OK(journal.Commit());
  };
  const auto read = [&](Opener& opener) {
    EXPECT_OK(ForEachLeaf(store_, kShard, {0}, {journal.next().value},
                          [&](const Leaf& leaf) -> absl::Status {
                            ASSIGN_OR_RETURN(const auto opened, opener.OpenUnlessErased(leaf));
                            EXPECT_EQ(opened.has_value(), leaf.position.value >= before);
                            return absl::OkStatus();
                          }));
  };
  erase(Id<Handle>(8));  // A tombstone, but of somebody else.
  Opener lost(store_, kShard);
  read(lost);
  EXPECT_THAT(lost.CheckErasures(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("leaf 0: no secret")));
  erase(TestHandle());
  Opener opener(store_, kShard);
  read(opener);
  EXPECT_OK(opener.CheckErasures());
  EXPECT_EQ(opener.erased(), before);
}

TEST_F(ReaderTest, LeafAtAnotherPositionIsFound) {
  Opener opener(store_, kShard);
  ASSERT_OK(ForEachLeaf(store_, kShard, {1}, {2}, [&](const Leaf& leaf) {
    EXPECT_OK(opener.Open(leaf));
    const Leaf moved{{2}, leaf.bytes, leaf.opening};
    EXPECT_THAT(opener.Open(moved),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("not an entry of that position")));
    const Leaf spoilt{{1}, leaf.bytes.substr(1), leaf.opening};
    EXPECT_THAT(opener.Open(spoilt), StatusIs(absl::StatusCode::kDataLoss));
    const Leaf unopened{{1}, leaf.bytes, "short"};
    EXPECT_THAT(opener.Open(unopened), StatusIs(absl::StatusCode::kDataLoss));
    std::string other_handle(leaf.opening);
    other_handle[0] = static_cast<char>(other_handle[0] ^ 1);
    EXPECT_THAT(opener.Open({{1}, leaf.bytes, other_handle}),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("no secret")));
    return absl::OkStatus();
  }));
}

// The commitment does not cover what an entry shows in clear: the opener compares the two.
TEST_F(ReaderTest, LeafThatShowsAnotherAnswerIsFound) {
  Opener opener(store_, kShard);
  ASSERT_OK(ForEachLeaf(store_, kShard, {5}, {6}, [&](const Leaf& leaf) {
    Entry reason = *ParseEntry(leaf.bytes);
    reason.reason = core::Reason::kOk;
    EXPECT_THAT(opener.Open({{5}, Encode(reason), leaf.opening}),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("another answer")));
    Entry channel = *ParseEntry(leaf.bytes);
    channel.channel = core::Channel::kSms;
    EXPECT_THAT(opener.Open({{5}, Encode(channel), leaf.opening}),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("another answer")));
    return absl::OkStatus();
  }));
}

TEST_F(ReaderTest, EveryChangedByteOfAnOpeningIsFound) {
  Opener opener(store_, kShard);
  ASSERT_OK(ForEachLeaf(store_, kShard, {5}, {6}, [&](const Leaf& leaf) {
    for (size_t i = 0; i < leaf.opening.size(); ++i) {
      std::string changed(leaf.opening);
      changed[i] = static_cast<char>(changed[i] ^ 0x80);
      EXPECT_THAT(opener.Open({{5}, leaf.bytes, changed}), StatusIs(absl::StatusCode::kDataLoss))
          << i;
    }
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace consent::journal

// SPDX-License-Identifier: Apache-2.0

#include "src/journal/sealed_store.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/journal/secret_value.h"
#include "src/store/memory_store.h"

namespace consent::journal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr ShardId kShard{1};
constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;

MasterKey Master(uint32_t number, char seed) {
  return {number, *crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, seed))};
}

template <class... Key>
std::vector<MasterKey> Keys(Key&&... key) {
  std::vector<MasterKey> keys;
  (keys.push_back(std::forward<Key>(key)), ...);
  return keys;
}

Handle HandleOf(int n) {
  Handle handle;
  handle.bytes.fill(static_cast<uint8_t>(n));
  handle.bytes[0] = static_cast<uint8_t>(n >> 8);
  return handle;
}

std::string ValueOf(int n) {
  SecretValue value{.consumer = {},
                    .day = n,
                    .secret = *crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, 's'))};
  return Encode(value);
}

bool Never() { return false; }

class SealedStoreTest : public ::testing::Test {
 protected:
  std::unique_ptr<SealedStore> Open(std::vector<MasterKey> keys) {
    auto store = SealedStore::Open(real_, std::move(keys), SealedStore::Use::kServe);
    EXPECT_OK(store.status());
    return *std::move(store);
  }
  absl::Status Refusal(std::vector<MasterKey> keys,
                       SealedStore::Use use = SealedStore::Use::kServe) {
    return SealedStore::Open(real_, std::move(keys), use).status();
  }

  void Commit(store::Store& store, int from, int to, store::Erasure erase = {}) {
    store::CommitRequest request{.bundle = {{next_++}, {"entry"}, {"opening"}},
                                 .head_state = "state",
                                 .secrets = {},
                                 .erase = std::move(erase)};
    for (int n = from; n < to; ++n) request.secrets.push_back({HandleOf(n), ValueOf(n)});
    ASSERT_OK(store.Commit(kShard, request));
  }

  std::string Row(int n) { return *real_.ReadSecret(kShard, HandleOf(n)).value(); }
  void ExpectValues(store::Store& store, int from, int to) {
    for (int n = from; n < to; ++n) {
      EXPECT_THAT(store.ReadSecret(kShard, HandleOf(n)),
                  IsOkAndHolds(::testing::Optional(ValueOf(n))))
          << n;
    }
  }

  store::MemoryStore real_;
  uint64_t next_ = 0;
  uint64_t resealed_ = 0;
};

TEST_F(SealedStoreTest, WhatLiesInTheStoreIsSealedAndReadsAsItWas) {
  const auto store = Open(Keys(Master(1, 'a')));
  Commit(*store, 0, 3);
  ExpectValues(*store, 0, 3);
  const std::string secret(crypto::Secret::kSize, 's');
  EXPECT_THAT(ValueOf(1), HasSubstr(secret));
  EXPECT_THAT(Row(1), Not(HasSubstr("ssss")));
  EXPECT_THAT(store->ReadSecret(kShard, HandleOf(9)), IsOkAndHolds(std::nullopt));
}

TEST_F(SealedStoreTest, WithoutItsKeyOrWithAnotherItDoesNotOpen) {
  Commit(*Open(Keys(Master(1, 'a'))), 0, 1);
  for (const auto use : {SealedStore::Use::kServe, SealedStore::Use::kRead}) {
    const absl::Status missing = Refusal({}, use);
    EXPECT_THAT(missing, StatusIs(kRefused));
    EXPECT_THAT(std::string(missing.message()), HasSubstr("master.1: is missing"));
    EXPECT_THAT(std::string(Refusal(Keys(Master(2, 'b')), use).message()),
                HasSubstr("master.1: is missing"));
    EXPECT_THAT(std::string(Refusal(Keys(Master(1, 'b')), use).message()),
                HasSubstr("master.1: is another key"));
  }
  EXPECT_OK(Refusal(Keys(Master(1, 'a'))));
}

TEST_F(SealedStoreTest, ANewStoreIsNotServedWithoutAKey) {
  EXPECT_THAT(Refusal({}), StatusIs(kRefused));
  EXPECT_OK(Refusal({}, SealedStore::Use::kRead));
  EXPECT_THAT(Refusal({}, SealedStore::Use::kCreate), StatusIs(kRefused));
  EXPECT_THAT(real_.ReadFact(SealedStore::kFact), IsOkAndHolds(std::nullopt));
  ASSERT_OK_AND_ASSIGN(const auto made,
                       SealedStore::Open(real_, Keys(Master(1, 'a')), SealedStore::Use::kCreate));
  EXPECT_FALSE(made->HasOldSeals());
  EXPECT_FALSE(Open(Keys(Master(1, 'a')))->HasOldSeals());
}

TEST_F(SealedStoreTest, ANewKeySealsAtOnceAndTheOldOneIsNeededUntilAllIsSealedAnew) {
  Commit(*Open(Keys(Master(1, 'a'))), 0, 2'500);
  {
    const auto store = Open(Keys(Master(2, 'b'), Master(1, 'a')));
    EXPECT_TRUE(store->HasOldSeals());
    Commit(*store, 2'500, 2'501);
    ExpectValues(*store, 0, 2'501);
  }
  EXPECT_THAT(Refusal(Keys(Master(2, 'b'))), StatusIs(kRefused));
  EXPECT_THAT(Refusal(Keys(Master(1, 'a'))), StatusIs(kRefused));  // Rows lie under the new one.
  {
    const auto store = Open(Keys(Master(1, 'a'), Master(2, 'b')));
    ASSERT_OK(store->Reseal({kShard}, Never, resealed_));
    EXPECT_EQ(resealed_, 2'500u);
    EXPECT_FALSE(store->HasOldSeals());
    EXPECT_EQ(real_.statistics().purges, 1u);  // The old form has left the files.
  }
  const auto store = Open(Keys(Master(2, 'b')));
  ExpectValues(*store, 0, 2'501);
  EXPECT_FALSE(store->HasOldSeals());
}

TEST_F(SealedStoreTest, ResealingThatIsStoppedGoesOnWhereItWas) {
  Commit(*Open(Keys(Master(1, 'a'))), 0, 2'500);
  const auto store = Open(Keys(Master(2, 'b'), Master(1, 'a')));
  EXPECT_THAT(store->Reseal(
                  {kShard}, [] { return true; }, resealed_),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_EQ(resealed_, 1'000u);
  EXPECT_TRUE(store->HasOldSeals());
  ExpectValues(*store, 0, 2'500);
  EXPECT_THAT(Refusal(Keys(Master(2, 'b'))), StatusIs(kRefused));
  const auto again = Open(Keys(Master(2, 'b'), Master(1, 'a')));
  uint64_t rest = 0;
  ASSERT_OK(again->Reseal({kShard}, Never, rest));
  EXPECT_EQ(rest, 1'500u);
  ExpectValues(*again, 0, 2'500);
}

TEST_F(SealedStoreTest, ResealingBringsNobodyBackWhoIsErasedMeanwhile) {
  Commit(*Open(Keys(Master(1, 'a'))), 0, 1'500);
  const auto store = Open(Keys(Master(2, 'b'), Master(1, 'a')));
  // After the first thousand rows were read and written, one of the rest is erased; the visitor
  // sees all rows as they were at the beginning.
  ASSERT_OK(store->Reseal(
      {kShard},
      [&] {
        Commit(*store, 0, 0,
               {.secrets = {HandleOf(1'400), HandleOf(5)}, .records = {}, .contacts = {}});
        return false;
      },
      resealed_));
  EXPECT_THAT(store->ReadSecret(kShard, HandleOf(1'400)), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(store->ReadSecret(kShard, HandleOf(5)), IsOkAndHolds(std::nullopt));
}

TEST_F(SealedStoreTest, RowsFromBeforeThereWereMasterKeysAreSealedToo) {
  Commit(real_, 0, 2);
  EXPECT_EQ(Row(0), ValueOf(0));
  const auto store = Open(Keys(Master(1, 'a')));
  ExpectValues(*store, 0, 2);
  EXPECT_TRUE(store->HasOldSeals());
  ASSERT_OK(store->Reseal({kShard}, Never, resealed_));
  EXPECT_EQ(resealed_, 2u);
  EXPECT_NE(Row(0), ValueOf(0));
  ExpectValues(*store, 0, 2);
}

TEST_F(SealedStoreTest, ARowOfOnePersonDoesNotOpenAsAnothers) {
  const auto store = Open(Keys(Master(1, 'a')));
  Commit(*store, 0, 2);
  ASSERT_OK(real_.ReplaceSecrets(kShard, {{HandleOf(0), Row(1)}}));
  EXPECT_THAT(store->ReadSecret(kShard, HandleOf(0)), StatusIs(absl::StatusCode::kDataLoss));
  // Not even where the nonce, which is a part of the handle, is the same.
  Handle twin = HandleOf(1);
  twin.bytes.back() ^= 1;
  ASSERT_OK(real_.Commit(kShard, {.bundle = {{next_++}, {"entry"}, {"opening"}},
                                  .head_state = "state",
                                  .secrets = {{twin, Row(1)}},
                                  .erase = {}}));
  EXPECT_THAT(store->ReadSecret(kShard, twin), StatusIs(absl::StatusCode::kDataLoss));
  std::string damaged = Row(1);
  damaged.back() = static_cast<char>(damaged.back() ^ 1);
  ASSERT_OK(real_.ReplaceSecrets(kShard, {{HandleOf(1), damaged}}));
  EXPECT_THAT(store->ReadSecret(kShard, HandleOf(1)), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace consent::journal

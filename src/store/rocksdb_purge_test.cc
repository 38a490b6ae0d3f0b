// SPDX-License-Identifier: Apache-2.0
//
// What an erasure leaves in the files of a RocksDbStore: searched for, byte by byte.

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/conformance.h"
#include "src/store/rocksdb_store.h"
#include "src/store/temporary_folder.h"

namespace consent::store {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::IsEmpty;

constexpr ShardId kShard{1};

// Bytes that no other row shares, so that a search finds them and nothing else.
template <typename Id>
Id Unlikely(char what, uint32_t n) {
  Id id;
  uint32_t x = n * 2654435761u + static_cast<uint8_t>(what) * 40503u + 1;
  for (uint8_t& byte : id.bytes) {
    x ^= x << 13, x ^= x >> 17, x ^= x << 5;
    byte = static_cast<uint8_t>(x);
  }
  return id;
}

class RocksDbPurgeTest : public testing::Test {
 protected:
  void SetUp() override { Open(); }

  void Open() {
    store_.reset();
    ASSERT_OK_AND_ASSIGN(store_, RocksDbStore::Open(dir()));
  }
  std::string dir() const { return folder_.path() + "/store"; }

  static Handle HandleOf(uint32_t n) { return Unlikely<Handle>('h', n); }
  static ConsumerId ConsumerOf(uint32_t n) { return Unlikely<ConsumerId>('p', n); }
  static ContactId ContactOf(uint32_t n) { return Unlikely<ContactId>('c', n); }
  static std::string SecretOf(uint32_t n) { return Unlikely<Digest>('s', n).str(); }
  static std::string RecordOf(uint32_t n) { return Unlikely<Digest>('r', n).str(); }

  // Commits and writes behind people `first` to `last` - 1.
  void Settle(uint32_t first, uint32_t last) {
    CommitRequest request = MakeCommit(size_, 1);
    DerivedRows rows;
    for (uint32_t n = first; n < last; ++n) {
      request.secrets.push_back({HandleOf(n), SecretOf(n)});
      rows.records.push_back({ConsumerOf(n), RecordOf(n)});
      rows.contacts.push_back({ContactOf(n), ConsumerOf(n)});
    }
    ASSERT_OK(store_->Commit(kShard, request));
    rows.applied = rows.seen = {++size_};
    ASSERT_OK(store_->WriteBehind(kShard, rows));
  }
  void Erase(uint32_t n) {
    CommitRequest request = MakeCommit(size_, 1);
    request.erase = {
        .secrets = {HandleOf(n)}, .records = {ConsumerOf(n)}, .contacts = {ContactOf(n)}};
    ASSERT_OK(store_->Commit(kShard, request));
    ++size_;
  }

  // Which of the person's bytes are in any file of the store; half of each, since RocksDB may store
  // a key without the beginning that it shares with the one before.
  std::set<std::string> Found(uint32_t n) const {
    const std::pair<const char*, std::string> wanted[] = {{"handle", HandleOf(n).str()},
                                                          {"consumer", ConsumerOf(n).str()},
                                                          {"contact", ContactOf(n).str()},
                                                          {"secret", SecretOf(n)},
                                                          {"record", RecordOf(n)}};
    std::set<std::string> found;
    for (const auto& file : fs::recursive_directory_iterator(dir())) {
      if (!file.is_regular_file()) continue;
      std::ifstream in(file.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(in), {}};
      for (const auto& [name, value] : wanted) {
        if (bytes.find(value.substr(value.size() / 2)) != std::string::npos) found.insert(name);
      }
    }
    return found;
  }

  const TemporaryFolder folder_;
  std::unique_ptr<RocksDbStore> store_;
  uint64_t size_ = 0;
};

const std::set<std::string> kEverything = {"handle", "consumer", "contact", "secret", "record"};

TEST_F(RocksDbPurgeTest, NoByteOfTheErasedStaysInAnyFile) {
  Settle(0, 50);
  Erase(20);
  // Deleted is not gone: without a purge all of it is still in the log.
  EXPECT_EQ(Found(20), kEverything);
  ASSERT_OK(store_->PurgeErased());
  EXPECT_THAT(Found(20), IsEmpty());
  EXPECT_EQ(Found(21), kEverything);
  Open();
  EXPECT_THAT(Found(20), IsEmpty());
  EXPECT_THAT(store_->ReadSecret(kShard, HandleOf(21)), IsOkAndHolds(SecretOf(21)));
}

TEST_F(RocksDbPurgeTest, NorWhereItWasTheFirstOrLastOrOnlyKeyOfATable) {
  // The catalogue names such keys.
  Settle(0, 1);
  ASSERT_OK(store_->PurgeErased());  // Now it lies in a table, alone.
  EXPECT_EQ(Found(0), kEverything);
  Erase(0);
  ASSERT_OK(store_->PurgeErased());
  EXPECT_THAT(Found(0), IsEmpty());
}

TEST_F(RocksDbPurgeTest, NorWhereItLiesInSeveralTablesAndAnOlderCatalogue) {
  for (int round = 0; round < 4; ++round) {  // Each start makes new tables and a new catalogue.
    Settle(0, 40);
    Settle(40, 80);
    Open();
  }
  Erase(33);
  Open();
  ASSERT_OK(store_->PurgeErased());
  EXPECT_THAT(Found(33), IsEmpty());
  EXPECT_EQ(Found(34), kEverything);
}

TEST_F(RocksDbPurgeTest, NorAfterManyErasuresWithOthersWritingMeanwhile) {
  Settle(0, 3000);
  for (uint32_t n = 0; n < 3000; n += 100) Erase(n);
  std::thread writer([this] {
    for (uint32_t n = 3000; n < 3200; ++n) Settle(n, n + 1);
  });
  EXPECT_OK(store_->PurgeErased());
  writer.join();
  for (uint32_t n = 0; n < 3000; n += 100) EXPECT_THAT(Found(n), IsEmpty()) << n;
  EXPECT_EQ(Found(3100), kEverything);
  EXPECT_EQ(Found(1), kEverything);
}

TEST_F(RocksDbPurgeTest, APurgeWaitsForAReaderOfOldFiles) {
  Settle(0, 50);
  ASSERT_OK(store_->PurgeErased());
  Erase(20);
  std::thread purger;
  ASSERT_OK(store_->ForEachRecord(kShard, ConsumerId(), [&](const ConsumerId&, std::string_view) {
    purger = std::thread([this] {
      EXPECT_OK(store_->PurgeErased());
      EXPECT_THAT(Found(20), IsEmpty());
    });
    absl::SleepFor(absl::Seconds(1));
    EXPECT_THAT(Found(20), Contains("record"));  // The reader's files are still there.
    EXPECT_EQ(store_->statistics().purges, 1u);
    return false;
  }));
  purger.join();
}

TEST_F(RocksDbPurgeTest, OnlyAWriterMayPurge) {
  Settle(0, 1);
  store_.reset();
  ASSERT_OK_AND_ASSIGN(const auto reader, RocksDbStore::OpenReadOnly(dir()));
  EXPECT_THAT(reader->PurgeErased(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace consent::store

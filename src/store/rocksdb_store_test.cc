// SPDX-License-Identifier: Apache-2.0
//
// RocksDbStore as a directory: reopened, opened twice, opened to read, damaged.

#include "src/store/rocksdb_store.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rocksdb/db.h"
#include "src/base/status_matchers.h"
#include "src/store/bundle_row.h"
#include "src/store/conformance.h"
#include "src/store/format_before.h"
#include "src/store/rocksdb_options.h"
#include "src/store/temporary_folder.h"

namespace consent::store {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Optional;

constexpr ShardId kShard{1};
constexpr auto kDataLoss = absl::StatusCode::kDataLoss;
constexpr auto kPrecondition = absl::StatusCode::kFailedPrecondition;

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

class RocksDbStoreTest : public testing::Test {
 protected:
  std::string dir() const { return folder_.path() + "/store"; }

  absl::StatusOr<std::unique_ptr<RocksDbStore>> Open() { return RocksDbStore::Open(dir()); }

  // A store with `commits` commits of one entry, closed.
  void Fill(uint64_t commits) {
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    for (uint64_t i = 0; i < commits; ++i) ASSERT_OK(store->Commit(kShard, MakeCommit(i, 1)));
  }
  // The log that holds the last commits.
  fs::path LastLog(const fs::path& dir) const {
    fs::path last;
    for (const auto& file : fs::directory_iterator(dir)) {
      if (file.path().extension() == ".log") last = std::max(last, file.path());
    }
    return last;
  }
  std::string Copy() {
    const std::string copy = absl::StrCat(folder_.path(), "/copy", ++copies_);
    fs::copy(dir(), copy, fs::copy_options::recursive);
    return copy;
  }
  // Writes behind the store's back.
  template <typename Change>
  void Tamper(const Change& change) {
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* db = nullptr;
    const rocksdb::Status status =
        rocksdb::DB::Open(MakeDbOptions({}, false), dir(), MakeFamilies({}), &handles, &db);
    ASSERT_TRUE(status.ok()) << status.ToString();
    change(*db, handles);
    for (auto* handle : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    delete db;
  }

  const TemporaryFolder folder_;
  int copies_ = 0;
};

// ---- Opening.

TEST_F(RocksDbStoreTest, ReopeningFindsEverything) {
  CommitRequest request = MakeCommit(0, 100);
  request.secrets = {{FilledWith<Handle>(1), "secret"}};
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    ASSERT_OK(store->Commit(kShard, request));
    ASSERT_OK(store->WriteBehind(
        kShard, {.records = {{FilledWith<ConsumerId>(2), "record"}},
                 .contacts = {{FilledWith<ContactId>(3), FilledWith<ConsumerId>(2)}},
                 .applied = {60}}));
    ASSERT_OK(store->WriteFact("origin", "ledger.example/1"));
  }
  for (int round = 0; round < 3; ++round) {
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    EXPECT_THAT(store->ReadHead(kShard), IsOkAndHolds(Head{{100}, "state at 100"}));
    EXPECT_THAT(store->ReadBundles(kShard, {50}, 1),
                IsOkAndHolds(testing::ElementsAre(request.bundle)));
    EXPECT_THAT(store->ReadSecret(kShard, FilledWith<Handle>(1)),
                IsOkAndHolds(Optional(std::string("secret"))));
    EXPECT_THAT(store->ReadRecord(kShard, FilledWith<ConsumerId>(2)),
                IsOkAndHolds(Optional(std::string("record"))));
    EXPECT_THAT(store->ReadContact(kShard, FilledWith<ContactId>(3)),
                IsOkAndHolds(Optional(FilledWith<ConsumerId>(2))));
    EXPECT_THAT(store->ReadApplied(kShard), IsOkAndHolds(TreeSize{60}));
    EXPECT_THAT(store->ReadFact("origin"), IsOkAndHolds(Optional(std::string("ledger.example/1"))));
  }
}

TEST_F(RocksDbStoreTest, ASecondStoreInThisProcessIsRefused) {
  ASSERT_OK_AND_ASSIGN(const auto store, Open());
  const auto refused =
      StatusIs(kPrecondition, AllOf(HasSubstr("another process has"), HasSubstr(dir())));
  EXPECT_THAT(Open(), refused);
  EXPECT_THAT(RocksDbStore::OpenReadOnly(dir()), refused);
}

TEST_F(RocksDbStoreTest, ASecondProcessIsRefused) {
  Fill(1);
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {  // Holds the lock as another server would, until it is killed.
    const int fd = open((dir() + "/LOCK").c_str(), O_RDWR);
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const char ok = fcntl(fd, F_SETLK, &lock) == 0 ? 'y' : 'n';
    if (write(ready[1], &ok, 1) == 1) pause();
    _exit(0);
  }
  char ok = 0;
  EXPECT_EQ(read(ready[0], &ok, 1), 1);
  EXPECT_EQ(ok, 'y');
  const auto refused = StatusIs(kPrecondition, HasSubstr("another process has"));
  EXPECT_THAT(Open(), refused);
  EXPECT_THAT(RocksDbStore::OpenReadOnly(dir()), refused);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  close(ready[0]);
  close(ready[1]);
  EXPECT_OK(Open());
}

TEST_F(RocksDbStoreTest, AnotherFormatIsRefusedWithBothVersionsNamed) {
  Fill(1);
  Tamper([](rocksdb::DB& db, auto&) { ASSERT_TRUE(db.Put({}, "v", "6").ok()); });
  const auto refused = StatusIs(
      kPrecondition, AllOf(HasSubstr("expected format 5, found 6"), HasSubstr("newer release")));
  EXPECT_THAT(Open(), refused);
  EXPECT_THAT(RocksDbStore::OpenReadOnly(dir()), refused);
  Tamper([](rocksdb::DB& db, auto&) { ASSERT_TRUE(db.Delete({}, "v").ok()); });
  EXPECT_THAT(Open(), StatusIs(kPrecondition, HasSubstr("expected format 5, found none")));
}

TEST_F(RocksDbStoreTest, AStoreOfTheFormatBeforeLosesItsRecordsAndNothingElse) {
  Fill(3);
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    ASSERT_OK(store->WriteBehind(
        kShard, {.records = {{FilledWith<ConsumerId>(0), "record"},
                             {FilledWith<ConsumerId>(0xff), "record"}},
                 .contacts = {{FilledWith<ContactId>(3), FilledWith<ConsumerId>(0)}},
                 .applied = {3}}));
    ASSERT_OK(store->WriteFact("a fact", "stays"));
  }
  ASSERT_OK(MakeFormatBefore(dir()));
  EXPECT_THAT(RocksDbStore::OpenReadOnly(dir()),
              StatusIs(kPrecondition, AllOf(HasSubstr("expected format 5, found 4"),
                                            HasSubstr("start consentd on it once"))));
  for (int round = 0; round < 2; ++round) {
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    EXPECT_THAT(store->ReadHead(kShard), IsOkAndHolds(testing::Field(&Head::size, TreeSize{3})));
    EXPECT_THAT(store->ReadBundles(kShard, {0}, 3), IsOkAndHolds(testing::SizeIs(3)));
    EXPECT_THAT(store->ReadApplied(kShard), IsOkAndHolds(TreeSize{0}));
    for (const uint8_t fill : {0, 0xff}) {
      EXPECT_THAT(store->ReadRecord(kShard, FilledWith<ConsumerId>(fill)),
                  IsOkAndHolds(std::nullopt));
    }
    EXPECT_THAT(store->ReadContact(kShard, FilledWith<ContactId>(3)),
                IsOkAndHolds(Optional(FilledWith<ConsumerId>(0))));
    EXPECT_THAT(store->ReadFact("a fact"), IsOkAndHolds(Optional(std::string("stays"))));
  }
  EXPECT_OK(RocksDbStore::OpenReadOnly(dir()));
}

TEST_F(RocksDbStoreTest, AStoreFromBeforeTheFirstReleaseIsRefusedAndStaysAsItIs) {
  Fill(1);
  Tamper([](rocksdb::DB& db, auto& handles) {  // Format 1 had no tiles.
    ASSERT_TRUE(db.Put({}, "v", "1").ok());
    ASSERT_TRUE(db.DropColumnFamily(handles[kTiles]).ok());
  });
  const auto refused = StatusIs(kPrecondition, AllOf(HasSubstr("expected format 5, found 1"),
                                                     HasSubstr("before the first release")));
  EXPECT_THAT(Open(), refused);
  EXPECT_THAT(RocksDbStore::OpenReadOnly(dir()), refused);
  std::vector<std::string> families;
  ASSERT_TRUE(rocksdb::DB::ListColumnFamilies(MakeDbOptions({}, true), dir(), &families).ok());
  EXPECT_THAT(families, testing::Not(testing::Contains("tiles")));
}

TEST_F(RocksDbStoreTest, AStoreWithoutOneOfItsColumnFamiliesIsDataLoss) {
  Fill(1);
  Tamper([](rocksdb::DB& db, auto& handles) {
    ASSERT_TRUE(db.DropColumnFamily(handles[kSecrets]).ok());
  });
  EXPECT_THAT(Open(), StatusIs(kDataLoss, HasSubstr("not all of its column families")));
}

TEST_F(RocksDbStoreTest, AStoreWhoseMakingWasInterruptedIsFinished) {
  Fill(0);
  Tamper([](rocksdb::DB& db, auto& handles) {
    ASSERT_TRUE(db.Delete({}, "v").ok());
    ASSERT_TRUE(db.DropColumnFamily(handles[kTiles]).ok());
    ASSERT_TRUE(db.DropColumnFamily(handles[kSecrets]).ok());
  });
  EXPECT_FALSE(RocksDbStore::OpenReadOnly(dir()).ok());
  ASSERT_OK_AND_ASSIGN(const auto store, Open());
  EXPECT_OK(store->Commit(kShard, MakeCommit(0, 1)));
}

TEST_F(RocksDbStoreTest, AnUnknownColumnFamilyIsRefused) {
  Fill(1);
  Tamper([](rocksdb::DB& db, auto& handles) {
    handles.push_back(nullptr);
    ASSERT_TRUE(db.CreateColumnFamily({}, "shadows", &handles.back()).ok());
  });
  EXPECT_THAT(Open(), StatusIs(kPrecondition, HasSubstr("found `shadows`")));
}

TEST_F(RocksDbStoreTest, DataWithoutTheirCatalogueAreNotBuiltOver) {
  Fill(3);
  fs::remove(dir() + "/CURRENT");
  EXPECT_THAT(Open(), StatusIs(kDataLoss, HasSubstr("no file CURRENT")));
}

TEST_F(RocksDbStoreTest, ReadingOnlyReadsAllAndWritesNothing) {
  Fill(7);
  const auto files = [&] {
    std::map<std::string, std::pair<std::string, fs::file_time_type>> found;
    for (const auto& file : fs::directory_iterator(dir())) {
      found[file.path().filename()] = {ReadFile(file.path()), file.last_write_time()};
    }
    return found;
  };
  const auto before = files();
  {
    ASSERT_OK_AND_ASSIGN(const auto store, RocksDbStore::OpenReadOnly(dir()));
    EXPECT_THAT(store->ReadHead(kShard), IsOkAndHolds(Head{{7}, "state at 7"}));
    ASSERT_OK_AND_ASSIGN(const auto bundles, store->ReadBundles(kShard, {0}, 100));
    EXPECT_EQ(bundles.size(), 7u);
    EXPECT_THAT(store->Commit(kShard, MakeCommit(7, 1)), StatusIs(kPrecondition));
    EXPECT_THAT(store->WriteBehind(kShard, {}), StatusIs(kPrecondition));
    EXPECT_THAT(store->WriteTiles(kShard, {}), StatusIs(kPrecondition));
    EXPECT_THAT(store->WriteFact("origin", "x"), StatusIs(kPrecondition));
    // No server may start under a reader.
    EXPECT_THAT(Open(), StatusIs(kPrecondition, HasSubstr("another process has")));
  }
  EXPECT_EQ(files(), before);
  EXPECT_OK(Open());
}

TEST_F(RocksDbStoreTest, ReadingOnlyMakesNoStore) {
  EXPECT_THAT(RocksDbStore::OpenReadOnly(dir()), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_FALSE(fs::exists(dir()));
}

// ---- Damage to the log.

TEST_F(RocksDbStoreTest, ATornTailOfTheLogLosesTheUnfinishedCommitAlone) {
  constexpr uint64_t kCommits = 20;
  Fill(kCommits - 1);
  // Opening again begins a new log: these two commits are all there is in it.
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    ASSERT_OK(store->Commit(kShard, MakeCommit(kCommits - 1, 1)));
    ASSERT_OK(store->Commit(kShard, MakeCommit(kCommits, 1)));
  }
  const uintmax_t size = fs::file_size(LastLog(dir()));
  for (const uintmax_t torn : {1, 2, 7, 50, 300}) {
    const std::string copy = Copy();
    fs::resize_file(LastLog(copy), size - torn);
    ASSERT_OK_AND_ASSIGN(const auto store, RocksDbStore::Open(copy));
    EXPECT_THAT(store->ReadHead(kShard),
                IsOkAndHolds(Head{{kCommits}, absl::StrCat("state at ", kCommits)}))
        << torn;
    ASSERT_OK_AND_ASSIGN(const auto bundles, store->ReadBundles(kShard, {0}, 100));
    EXPECT_EQ(bundles.size(), kCommits);
    EXPECT_OK(store->Commit(kShard, MakeCommit(kCommits, 1)));
  }
}

TEST_F(RocksDbStoreTest, AFlippedByteInsideTheLogRefusesToOpen) {
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    for (uint64_t i = 0; i < 300; ++i) ASSERT_OK(store->Commit(kShard, MakeCommit(i, 1)));
  }
  const std::string original = ReadFile(LastLog(dir()));
  // Past its last block of 32 KiB the log is whole, whatever byte is hit, a length included. In the
  // last block a record that seems to pass the log's end reads as torn: RocksDB cannot tell.
  constexpr size_t kBlock = 32 << 10;
  ASSERT_GT(original.size(), 3 * kBlock);
  const size_t whole = original.size() / kBlock * kBlock;
  const std::string copy = Copy();
  for (size_t at = 0; at < whole; at += 1499) {
    std::string damaged = original;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    WriteFile(LastLog(copy), damaged);
    EXPECT_THAT(RocksDbStore::OpenReadOnly(copy), StatusIs(kDataLoss)) << at;
  }
  std::string damaged = original;
  damaged[whole / 2] = static_cast<char>(damaged[whole / 2] ^ 0x20);
  WriteFile(LastLog(copy), damaged);
  EXPECT_THAT(RocksDbStore::Open(copy), StatusIs(kDataLoss));
}

// ---- Damage to rows: found when they are read, and named.

TEST_F(RocksDbStoreTest, AMissingBundleIsDataLossThatNamesShardAndLeaf) {
  Fill(5);
  const std::string key = BundleKey(kShard, {3});
  for (const Family family : {kEntries, kOpenings}) {
    const std::string name = family == kEntries ? "entries" : "openings";
    std::string row;
    Tamper([&](rocksdb::DB& db, auto& handles) {
      ASSERT_TRUE(db.Get({}, handles[family], key, &row).ok());
      ASSERT_TRUE(db.Delete({}, handles[family], key).ok());
    });
    {
      ASSERT_OK_AND_ASSIGN(const auto store, Open());
      const auto lost = StatusIs(kDataLoss, AllOf(HasSubstr("shard 1"), HasSubstr("leaf 3"),
                                                  HasSubstr(name), HasSubstr("missing")));
      EXPECT_THAT(store->ReadBundles(kShard, {0}, 10), lost);
      EXPECT_THAT(store->ReadBundles(kShard, {3}, 1), lost);
      EXPECT_OK(store->ReadBundles(kShard, {4}, 1));
      EXPECT_OK(store->ReadBundles(kShard, {0}, 3));
    }
    Tamper([&](rocksdb::DB& db, auto& handles) {
      ASSERT_TRUE(db.Put({}, handles[family], key, row).ok());
    });
  }
}

TEST_F(RocksDbStoreTest, ARowUnderAnotherRowsKeyOrWithAFlippedBitIsDataLoss) {
  Fill(5);
  const std::string key = BundleKey(kShard, {3});
  const auto lost = StatusIs(kDataLoss, AllOf(HasSubstr("leaf 3"), HasSubstr("checksum")));
  Tamper([&](rocksdb::DB& db, auto& handles) {
    std::string other;
    ASSERT_TRUE(db.Get({}, handles[kEntries], BundleKey(kShard, {2}), &other).ok());
    ASSERT_TRUE(db.Put({}, handles[kEntries], key, other).ok());
  });
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    EXPECT_THAT(store->ReadBundles(kShard, {3}, 1), lost);
  }
  Tamper([&](rocksdb::DB& db, auto& handles) {
    std::string row = EncodeBundleRow(RowKind::kEntries, key, {"entry"});
    row[row.size() - 6] = static_cast<char>(row[row.size() - 6] ^ 1);
    ASSERT_TRUE(db.Put({}, handles[kEntries], key, row).ok());
  });
  ASSERT_OK_AND_ASSIGN(const auto store, Open());
  EXPECT_THAT(store->ReadBundles(kShard, {3}, 1), lost);
}

TEST_F(RocksDbStoreTest, ADamagedRowOfTilesIsNeverServed) {
  Fill(2);
  const std::string hashes(64, 'h');
  {
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    ASSERT_OK(store->WriteTiles(
        kShard, {.rows = {{.level = 0, .index = 3, .hashes = hashes}}, .tiled = {2}}));
  }
  const auto lost = StatusIs(kDataLoss, AllOf(HasSubstr("shard 1: row 3 of tiles, level 0")));
  const auto tamper = [&](const std::string& row) {
    Tamper([&](rocksdb::DB& db, auto& handles) {
      ASSERT_TRUE(db.Put({}, handles[kTiles], TileKey(kShard, 0, 3), row).ok());
    });
  };
  std::string flipped = EncodeTileRow(TileKey(kShard, 0, 3), hashes);
  flipped[10] = static_cast<char>(flipped[10] ^ 1);
  for (const std::string& row :
       {flipped, EncodeTileRow(TileKey(kShard, 0, 2), hashes), std::string(),
        EncodeTileRow(TileKey(kShard, 0, 3), std::string(33, 'h'))}) {
    tamper(row);
    ASSERT_OK_AND_ASSIGN(const auto store, Open());
    EXPECT_THAT(store->ReadTile(kShard, 0, 3), lost);
  }
  tamper(EncodeTileRow(TileKey(kShard, 0, 3), hashes));
  ASSERT_OK_AND_ASSIGN(const auto store, Open());
  EXPECT_THAT(store->ReadTile(kShard, 0, 3), IsOkAndHolds(Optional(hashes)));
}

TEST_F(RocksDbStoreTest, ADamagedHeadStopsReadersAndCommitters) {
  Fill(2);
  const std::string key = "h" + ShardPrefix(kShard);
  Tamper([&](rocksdb::DB& db, auto&) {
    std::string row;
    ASSERT_TRUE(db.Get({}, key, &row).ok());
    row[2] = 1;  // Its size: one entry less.
    ASSERT_TRUE(db.Put({}, key, row).ok());
  });
  ASSERT_OK_AND_ASSIGN(const auto store, Open());
  EXPECT_THAT(store->ReadHead(kShard), StatusIs(kDataLoss, HasSubstr("shard 1: head")));
  EXPECT_THAT(store->Commit(kShard, MakeCommit(1, 1)), StatusIs(kDataLoss));
  EXPECT_THAT(store->ReadBundles(kShard, {0}, 1), StatusIs(kDataLoss));
}

}  // namespace
}  // namespace consent::store

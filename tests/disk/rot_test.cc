// SPDX-License-Identifier: Apache-2.0
//
// Bytes that change at rest, anywhere in a store: whatever is then read is right, or an error that
// names the place.
//
// One kind of damage a store cannot see by itself: where the newest log ends early, torn or with a
// length in its last block of 32 KiB that was changed, it reads as if it had been written so far
// and no further. The test counts these, and accepts them there alone: what is left is then a
// journal that is whole and shorter. The last published checkpoint, kept by the guard, finds that.

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/faulty_disk.h"
#include "src/store/rocksdb_store.h"
#include "tests/disk/rounds.h"
#include "tests/disk/script.h"

namespace consent::disk {
namespace {

using store::FaultyDisk;
using store::FileKind;
using store::RocksDbStore;

constexpr uint64_t kLogBlockBytes = 32 << 10;
constexpr int kSteps = 400;
// Of a table: its footer, the index of its parts, and the last byte of its properties.
constexpr uint64_t kTableEndBytes = 300;

absl::StatusOr<std::unique_ptr<RocksDbStore>> OpenOn(rocksdb::Env& env) {
  store::RocksDbOptions options;
  options.cache_bytes = size_t{1} << 20;
  options.write_buffer_bytes = size_t{64} << 10;
  options.env = &env;
  return RocksDbStore::Open("/disk/store", options);
}

// Whether `found` is the beginning of what was there: no line of a journal is another.
bool IsShorter(const Contents& whole, const Contents& found) {
  for (const ShardId shard : kShards) {
    const auto size = [&](const Contents& in) { return std::stoull(in.at(Line("size", shard))); };
    if (size(found) > size(whole)) return false;
  }
  return std::all_of(found.begin(), found.end(), [&](const auto& line) {
    if (!line.first.starts_with("bundle/")) return true;
    const auto same = whole.find(line.first);
    return same != whole.end() && same->second == line.second;
  });
}

TEST(RotTest, WhateverChangesAtRestIsReadRightOrNotAtAll) {
  const uint64_t seed = Seed();
  const uint64_t damages = Repeats(400, 20'000);
  const auto disk = std::make_shared<FaultyDisk>();
  const auto env = store::EnvOf(disk);
  Script script(seed);
  {
    ASSERT_OK_AND_ASSIGN(const auto store, OpenOn(*env));
    for (int i = 0; i < kSteps; ++i) ASSERT_OK(script.Step(*store));
  }
  {
    const auto sound = store::EnvOf(disk->Copy());
    ASSERT_OK_AND_ASSIGN(const auto store, OpenOn(*sound));
    ASSERT_OK_AND_ASSIGN(const Contents found, ReadContents(*store, script.names()));
    ASSERT_EQ(Difference(script.current(), found), "");
  }
  std::vector<std::string> paths;
  std::string newest_log;
  for (const auto& [path, size] : disk->Files()) {
    const FileKind kind = store::KindOf(path);
    if (size == 0 || kind == FileKind::kOther || kind == FileKind::kOptions) continue;
    if (kind == FileKind::kLog) newest_log = path;
    paths.push_back(path);
  }
  std::mt19937_64 chance(seed);
  std::vector<uint64_t> seeds(damages);
  for (uint64_t& one : seeds) one = chance();
  std::atomic<uint64_t> harmless = 0, told = 0, shorter = 0;
  AtOnce(damages, [&](uint64_t i) {
    std::mt19937_64 mine(seeds[i]);
    const std::string& path = paths[mine() % paths.size()];
    std::string bytes = disk->Bytes(path);
    const uint64_t at = mine() % bytes.size();
    const uint64_t how = mine() % 6;
    const bool flips = how < 4;
    const bool in_last_block = at / kLogBlockBytes == (bytes.size() - 1) / kLogBlockBytes;
    SCOPED_TRACE(absl::StrCat("CONSENT_SEED=", seed, " damage ", i, ": ", path, " at ", at, " of ",
                              bytes.size(),
                              how == 4   ? ", torn"
                              : how == 5 ? ", zeroed"
                                         : ", a bit"));
    if (flips) {
      // One bit there, the highest of the properties' last byte, ends the process:
      // disk_e2e_test.py.
      const bool in_end =
          store::KindOf(path) == FileKind::kTable && bytes.size() - at <= kTableEndBytes;
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << (mine() % (in_end ? 7 : 8))));
    } else if (how == 4) {
      bytes.resize(at);
    } else {
      std::fill(bytes.begin() + static_cast<ptrdiff_t>(at), bytes.end(), '\0');
    }
    const std::shared_ptr<FaultyDisk> copy = disk->Copy();
    copy->Replace(path, std::move(bytes));
    const auto copy_env = store::EnvOf(copy);
    const auto opened = OpenOn(*copy_env);
    const absl::StatusOr<Contents> found = opened.ok() ? ReadContents(**opened, script.names())
                                                       : absl::StatusOr<Contents>(opened.status());
    if (!found.ok()) {
      EXPECT_THAT(found.status().message(),
                  testing::AnyOf(testing::HasSubstr("shard "), testing::HasSubstr("/disk/store")));
      ++told;
    } else if (*found == script.current()) {
      ++harmless;
    } else {
      EXPECT_TRUE(path == newest_log && (!flips || in_last_block) &&
                  IsShorter(script.current(), *found))
          << Difference(script.current(), *found);
      ++shorter;
    }
  });
  std::printf("%llu damages: %llu told, %llu harmless, %llu read as a shorter log\n",
              static_cast<unsigned long long>(damages), static_cast<unsigned long long>(told),
              static_cast<unsigned long long>(harmless), static_cast<unsigned long long>(shorter));
  EXPECT_GT(told, damages / 4);
}

}  // namespace
}  // namespace consent::disk

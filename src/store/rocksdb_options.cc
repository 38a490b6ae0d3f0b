// SPDX-License-Identifier: Apache-2.0

#include "src/store/rocksdb_options.h"

#include <cstdarg>
#include <memory>
#include <string>

#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/merge_operator.h"
#include "rocksdb/statistics.h"
#include "rocksdb/table.h"

namespace consent::store {
namespace {

constexpr size_t kMiB = size_t{1} << 20;
constexpr int kOpenFilesMax = 512;
constexpr size_t kLogFilesMax = 4;
constexpr size_t kLogFileBytesMax = 4 * kMiB;
// Bounds the log that a start has to read again: about a second of it.
constexpr size_t kWalBytesMax = 256 * kMiB;
// Ten bits a key let one absent key in a hundred through to a read.
constexpr double kFilterBitsPerKey = 10;
// Share of a memtable given to its own filter, so that an absent key costs no walk through it.
constexpr double kMemtableFilterShare = 0.05;
constexpr size_t kSmallBlockBytes = 4 << 10;   // Rows of a few dozen bytes, read one by one.
constexpr size_t kLargeBlockBytes = 32 << 10;  // Rows of kilobytes, read in order.

class SilentLogger final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
};

// What is merged into a row is appended to it. Its name lies in the database.
class Append final : public rocksdb::AssociativeMergeOperator {
 public:
  const char* Name() const override { return "consent.append"; }
  bool Merge(const rocksdb::Slice&, const rocksdb::Slice* existing, const rocksdb::Slice& value,
             std::string* merged, rocksdb::Logger*) const override {
    merged->clear();
    merged->reserve((existing != nullptr ? existing->size() : 0) + value.size());
    if (existing != nullptr) merged->append(existing->data(), existing->size());
    merged->append(value.data(), value.size());
    return true;
  }
};

struct FamilySettings {
  const char* name;
  size_t write_buffer_bytes;
  size_t block_bytes;
  bool filtered;    // Rows are looked up by whole keys that may be absent.
  bool compressed;  // Others are hashes and sealed bytes, which do not shrink.
  bool appended;    // Rows are appended to.
};

constexpr FamilySettings kSettings[kFamilies] = {
    {"default", 4 * kMiB, kSmallBlockBytes, false, false, false},
    {"entries", 32 * kMiB, kLargeBlockBytes, false, false, false},
    {"openings", 64 * kMiB, kLargeBlockBytes, false, false, false},
    {"secrets", 16 * kMiB, kSmallBlockBytes, true, false, false},
    {"records", 64 * kMiB, kSmallBlockBytes, true, true, true},
    {"contacts", 32 * kMiB, kSmallBlockBytes, true, false, false},
    {"tiles", 8 * kMiB, kLargeBlockBytes, false, false, false},
};

}  // namespace

rocksdb::DBOptions MakeDbOptions(const RocksDbOptions& options, bool read_only) {
  rocksdb::DBOptions db;
  if (options.env != nullptr) db.env = options.env;
  db.create_if_missing = !read_only;
  db.create_missing_column_families = !read_only;

  // A torn last record was never acknowledged; damage anywhere else is. RocksDB's default, point in
  // time, would cut the log there and open as if nothing had been lost. The manifest names the logs
  // that must be there, and their synced sizes.
  db.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  db.track_and_verify_wals_in_manifest = true;
  db.recycle_log_file_num = 0;  // Old records behind the end would look like damage.
  db.paranoid_checks = true;
  // Each change of the catalogue of files begins a new one. The catalogue names the first and last
  // key of each file, those of files long gone too: an old one would keep what has been erased.
  db.max_manifest_file_size = 1;
  // No going on after a failed write of RocksDB's own accord (rocksdb_room.cc).
  db.max_bgerror_resume_count = 0;

  // What lies in memory is in the log as well, but for one row that nobody misses.
  db.avoid_flush_during_shutdown = true;

  // Rows written behind come in large batches. Pipelined, their way into the memtables does not
  // hold up the next commit's way into the log.
  db.enable_pipelined_write = true;
  // The log is never off, so a batch is whole after recovery without flushing families together.
  db.atomic_flush = false;
  db.max_total_wal_size = kWalBytesMax;
  db.max_background_jobs = 2;
  // Spreads the writing of large files, so that a commit's sync does not wait behind all of it.
  db.bytes_per_sync = kMiB;

  db.max_open_files = kOpenFilesMax;
  db.skip_stats_update_on_db_open = true;
  db.statistics = rocksdb::CreateDBStatistics();
  db.statistics->set_stats_level(rocksdb::StatsLevel::kExceptHistogramOrTimers);
  db.stats_dump_period_sec = 0;
  db.stats_persist_period_sec = 0;
  db.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  db.keep_log_file_num = kLogFilesMax;
  db.max_log_file_size = kLogFileBytesMax;
  if (read_only) db.info_log = std::make_shared<SilentLogger>();
  return db;
}

std::vector<rocksdb::ColumnFamilyDescriptor> MakeFamilies(const RocksDbOptions& options) {
  const auto cache = rocksdb::NewLRUCache(options.cache_bytes);
  const std::shared_ptr<const rocksdb::FilterPolicy> filter(
      rocksdb::NewBloomFilterPolicy(kFilterBitsPerKey));
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const FamilySettings& settings : kSettings) {
    rocksdb::BlockBasedTableOptions table;
    table.block_cache = cache;
    table.block_size = settings.block_bytes;
    // In the cache, so that its size bounds them too.
    table.cache_index_and_filter_blocks = true;
    table.pin_l0_filter_and_index_blocks_in_cache = true;
    table.optimize_filters_for_memory = true;
    // And stay there: each look-up needs them.
    table.metadata_cache_options.unpartitioned_pinning = rocksdb::PinningTier::kAll;
    table.format_version = 5;

    rocksdb::ColumnFamilyOptions family;
    family.write_buffer_size =
        options.write_buffer_bytes > 0 ? options.write_buffer_bytes : settings.write_buffer_bytes;
    family.level_compaction_dynamic_level_bytes = true;
    family.compression = settings.compressed ? rocksdb::kLZ4Compression : rocksdb::kNoCompression;
    if (settings.appended) family.merge_operator = std::make_shared<Append>();
    if (settings.filtered) {
      table.filter_policy = filter;
      table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
      family.memtable_whole_key_filtering = true;
      family.memtable_prefix_bloom_size_ratio = kMemtableFilterShare;
    }
    family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
    families.emplace_back(settings.name, family);
  }
  return families;
}

}  // namespace consent::store

// SPDX-License-Identifier: Apache-2.0
//
// WatchedFileSystem: a file system for RocksDB that counts the syncs of its log, knows how much of
// each log file is synced, and can fail. Test code only.

#ifndef CONSENT_STORE_WATCHED_FILE_SYSTEM_H_
#define CONSENT_STORE_WATCHED_FILE_SYSTEM_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace consent::store {

class WatchedFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  WatchedFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "WatchedFileSystem"; }

  // Syncs of log files that succeeded.
  uint64_t log_syncs() const { return log_syncs_.load(); }
  // For each log file, by path: how many bytes had been written when it was last synced.
  std::map<std::string, uint64_t> synced_bytes() const {
    const std::lock_guard lock(mutex_);
    return synced_bytes_;
  }
  // From now on all syncs, or all appends, to log files fail.
  void FailLogSyncs(bool fail) { fail_syncs_ = fail; }
  void FailLogAppends(bool fail) { fail_appends_ = fail; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    rocksdb::IOStatus status = FileSystemWrapper::NewWritableFile(path, options, file, debug);
    if (status.ok() && path.ends_with(".log")) {
      *file = std::make_unique<Log>(*this, path, std::move(*file));
    }
    return status;
  }

 private:
  class Log final : public rocksdb::FSWritableFileOwnerWrapper {
   public:
    Log(WatchedFileSystem& system, std::string path,
        std::unique_ptr<rocksdb::FSWritableFile>&& file)
        : FSWritableFileOwnerWrapper(std::move(file)), system_(system), path_(std::move(path)) {}

    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override {
      if (system_.fail_appends_) return rocksdb::IOStatus::IOError("injected append failure");
      bytes_ += data.size();
      return FSWritableFileOwnerWrapper::Append(data, options, debug);
    }
    rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                             const rocksdb::DataVerificationInfo&,
                             rocksdb::IODebugContext* debug) override {
      return Append(data, options, debug);
    }
    rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
      return Synced(FSWritableFileOwnerWrapper::Sync(options, debug));
    }
    rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                            rocksdb::IODebugContext* debug) override {
      return Synced(FSWritableFileOwnerWrapper::Fsync(options, debug));
    }

   private:
    rocksdb::IOStatus Synced(rocksdb::IOStatus status) {
      if (system_.fail_syncs_) return rocksdb::IOStatus::IOError("injected sync failure");
      if (!status.ok()) return status;
      system_.log_syncs_.fetch_add(1);
      const std::lock_guard lock(system_.mutex_);
      system_.synced_bytes_[path_] = bytes_;
      return status;
    }

    WatchedFileSystem& system_;
    const std::string path_;
    std::atomic<uint64_t> bytes_ = 0;
  };

  std::atomic<uint64_t> log_syncs_ = 0;
  std::atomic<bool> fail_syncs_ = false;
  std::atomic<bool> fail_appends_ = false;
  mutable std::mutex mutex_;
  std::map<std::string, uint64_t> synced_bytes_;  // Guarded by mutex_.
};

}  // namespace consent::store

#endif  // CONSENT_STORE_WATCHED_FILE_SYSTEM_H_

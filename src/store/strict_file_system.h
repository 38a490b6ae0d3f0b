// SPDX-License-Identifier: Apache-2.0
//
// StrictFileSystem: what stands between RocksDB and the disk. It hears of every failed write and
// sync before RocksDB does, which treats some of them as worth another try and others as nobody's
// business.
//
//   a sync fails, of a file or a folder, whatever the reason    Health::Fail
//   another write, or the closing of a written file, fails      Health::Fail
//   there is no room for it                                     Health::Fill
//   a file cannot be read, or is not there                      RocksDB's to say
//
// Once the store has failed nothing more is written, by whatever thread of RocksDB's: every
// operation but reading and closing is refused here.
//
// Threads: as rocksdb::FileSystem. The health must outlive it.

#ifndef CONSENT_STORE_STRICT_FILE_SYSTEM_H_
#define CONSENT_STORE_STRICT_FILE_SYSTEM_H_

#include <memory>
#include <string>
#include <utility>

#include "rocksdb/file_system.h"
#include "src/base/histogram.h"
#include "src/store/health.h"

namespace consent::store {

class StrictFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  // `log_syncs` is told how many nanoseconds each sync of a log took, and outlives this; null:
  // nobody is.
  StrictFileSystem(const std::shared_ptr<rocksdb::FileSystem>& base, Health& health,
                   Histogram* log_syncs = nullptr)
      : FileSystemWrapper(base), health_(health), log_syncs_(log_syncs) {}
  const char* Name() const override { return "StrictFileSystem"; }

  using Io = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    Debug* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       Debug* debug) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& path, const std::string& old,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      Debug* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const Io& io,
                                 std::unique_ptr<rocksdb::FSDirectory>* folder,
                                 Debug* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const Io& io,
                               Debug* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to, const Io& io,
                             Debug* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const Io& io, Debug* debug) override;
  rocksdb::IOStatus Truncate(const std::string& path, size_t size, const Io& io,
                             Debug* debug) override;

 private:
  class File;
  class Folder;

  // Does `write` unless the store has failed; remembers how it went.
  template <typename Write>
  rocksdb::IOStatus Try(const char* what, const std::string& path, const Write& write) const;
  // The same for what is lost for good when it fails, be it for want of room.
  template <typename Sync>
  rocksdb::IOStatus TrySync(const char* what, const std::string& path, const Sync& sync) const;

  Health& health_;
  Histogram* const log_syncs_;
};

}  // namespace consent::store

#endif  // CONSENT_STORE_STRICT_FILE_SYSTEM_H_

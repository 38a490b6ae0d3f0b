// SPDX-License-Identifier: Apache-2.0
//
// FaultyDisk: a file system in memory, below RocksDB, that can lose power, fail and rot. Test code
// only.
//
// It knows of each file which bytes have been synced, and of each folder which creations, renames
// and deletions have been. A power cut leaves what was synced, and of the rest what chance will
// have. A sync that failed is never made good by a later one, as with Linux: whoever tries again
// loses the bytes.
//
// Threads: all methods from any thread.

#ifndef CONSENT_STORE_FAULTY_DISK_H_
#define CONSENT_STORE_FAULTY_DISK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "rocksdb/env.h"
#include "rocksdb/file_system.h"

namespace consent::store {

enum class DiskOp {
  kCreate,
  kAppend,
  kOverwrite,
  kSync,
  kSyncFolder,
  kRename,
  kDelete,
  kTruncate,
  kClose,
  kRead
};
inline constexpr DiskOp kDiskOps[] = {
    DiskOp::kCreate, DiskOp::kAppend, DiskOp::kOverwrite, DiskOp::kSync,  DiskOp::kSyncFolder,
    DiskOp::kRename, DiskOp::kDelete, DiskOp::kTruncate,  DiskOp::kClose, DiskOp::kRead};
const char* NameOf(DiskOp op);

enum class FileKind { kLog, kTable, kManifest, kCurrent, kOptions, kMark, kFolder, kOther };
const char* NameOf(FileKind kind);
// What a file is, by its path. What becomes CURRENT is kCurrent already.
FileKind KindOf(const std::string& path);

// Operations that fail, each once.
struct DiskFault {
  std::optional<DiskOp> op = {};      // None: any but reads and deletions.
  std::optional<FileKind> kind = {};  // None: any.
  uint64_t skip = 0;                  // So many go well before.
  bool full = false;                  // ENOSPC; else EIO.
  bool partly = false;                // An append writes some of its bytes first, never all.
  bool lasting = false;               // Not once: all from then on, until Mend.
};

class FaultyDisk final : public rocksdb::FileSystem {
 public:
  explicit FaultyDisk(uint64_t seed = 1) : chance_(seed) {}
  const char* Name() const override { return "FaultyDisk"; }

  // --- Faults.

  void Break(const DiskFault& fault);
  // No fault is waiting or lasting any more.
  void Mend();
  // Whether the fault of the last Break has struck, and where.
  std::optional<std::string> struck() const;
  // How many operations there were of this kind; on success and failure alike.
  uint64_t count(DiskOp op, std::optional<FileKind> kind = std::nullopt) const;
  // All but reads.
  uint64_t count() const;
  // Of these, all but closings, since the fault of the last Break struck.
  uint64_t written_since_strike() const;

  // Each append to a file of this kind takes so long, beside all others.
  void SlowDown(FileKind kind, absl::Duration append);

  // Room for so many bytes in all; what an append has no room for is not written.
  void SetCapacity(uint64_t bytes);
  uint64_t used() const;

  // --- Power.

  // The power goes at the operation that writes after `skip` others: that one and all after fail
  // and do nothing, but that an append may leave some bytes behind.
  void CutPowerAfter(uint64_t skip);
  bool off() const;

  struct Left {
    bool unsynced = true;  // Of what was not synced some may be left; else nothing.
    bool garbage = false;  // The last sector of an unsynced file may hold anything.
  };
  // What a power cut leaves now; the power is on again. No store may be open.
  void LosePower(uint64_t seed, Left left);
  // A second disk with the same on it, without faults.
  std::shared_ptr<FaultyDisk> Copy() const;

  // --- Rot, at rest.

  // Paths and sizes.
  std::map<std::string, uint64_t> Files() const;
  std::string Bytes(const std::string& path) const;
  void Replace(const std::string& path, std::string bytes);

  // --- rocksdb::FileSystem.

  using Io = rocksdb::IOOptions;
  using Debug = rocksdb::IODebugContext;
  rocksdb::IOStatus NewSequentialFile(const std::string& path, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* file,
                                      Debug* debug) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& path,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                        Debug* debug) override;
  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    Debug* debug) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                    Debug* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const Io& io,
                                 std::unique_ptr<rocksdb::FSDirectory>* folder,
                                 Debug* debug) override;
  rocksdb::IOStatus FileExists(const std::string& path, const Io& io, Debug* debug) override;
  rocksdb::IOStatus GetChildren(const std::string& path, const Io& io,
                                std::vector<std::string>* names, Debug* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const Io& io, Debug* debug) override;
  rocksdb::IOStatus Truncate(const std::string& path, size_t size, const Io& io,
                             Debug* debug) override;
  rocksdb::IOStatus CreateDir(const std::string& path, const Io& io, Debug* debug) override;
  rocksdb::IOStatus CreateDirIfMissing(const std::string& path, const Io& io,
                                       Debug* debug) override;
  rocksdb::IOStatus DeleteDir(const std::string& path, const Io& io, Debug* debug) override;
  rocksdb::IOStatus GetFileSize(const std::string& path, const Io& io, uint64_t* size,
                                Debug* debug) override;
  rocksdb::IOStatus GetFileModificationTime(const std::string& path, const Io& io, uint64_t* time,
                                            Debug* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const Io& io,
                               Debug* debug) override;
  rocksdb::IOStatus LockFile(const std::string& path, const Io& io, rocksdb::FileLock** lock,
                             Debug* debug) override;
  rocksdb::IOStatus UnlockFile(rocksdb::FileLock* lock, const Io& io, Debug* debug) override;
  rocksdb::IOStatus GetTestDirectory(const Io& io, std::string* path, Debug* debug) override;
  rocksdb::IOStatus NewLogger(const std::string& path, const Io& io,
                              std::shared_ptr<rocksdb::Logger>* logger, Debug* debug) override;
  rocksdb::IOStatus GetAbsolutePath(const std::string& path, const Io& io, std::string* absolute,
                                    Debug* debug) override;
  rocksdb::IOStatus IsDirectory(const std::string& path, const Io& io, bool* is,
                                Debug* debug) override;
  rocksdb::IOStatus GetFreeSpace(const std::string& path, const Io& io, uint64_t* bytes,
                                 Debug* debug) override;

 private:
  class Reader;
  class Writer;
  class Folder;
  struct File {
    std::string bytes;     // As the machine sees them.
    std::string durable;   // As they were when last synced.
    bool appended = true;  // Since that sync, only appended to.
    bool broken = false;   // A sync has failed: no other makes anything durable.
  };
  using FilePtr = std::shared_ptr<File>;
  // What a folder's operation did to one name; a rename does two things at once.
  struct Change {
    std::string removed;
    std::string made;
    FilePtr file;
  };

  // Whether this operation fails, and how. Guarded by mutex_, as all that follows.
  rocksdb::IOStatus Try(DiskOp op, const std::string& path, bool* partly = nullptr);
  rocksdb::IOStatus Append(const FilePtr& file, const std::string& path,
                           const rocksdb::Slice& data);
  rocksdb::IOStatus Sync(const FilePtr& file, const std::string& path);
  FilePtr Find(const std::string& path) const;
  uint64_t UsedLocked() const;

  mutable std::mutex mutex_;
  std::map<std::string, FilePtr> files_;    // By path, as the machine sees them.
  std::map<std::string, FilePtr> durable_;  // As the folders were when last synced.
  std::vector<Change> changes_;             // Since then, oldest first.
  std::set<std::string> folders_;
  std::set<std::string> locks_;
  std::map<std::pair<DiskOp, FileKind>, uint64_t> counts_;
  uint64_t written_ = 0;
  uint64_t written_since_strike_ = 0;
  std::optional<uint64_t> off_at_;
  bool off_ = false;
  std::optional<DiskFault> fault_;
  std::optional<std::string> struck_;
  std::map<FileKind, absl::Duration> slow_;  // Of an append.
  uint64_t capacity_ = uint64_t{1} << 40;
  std::mt19937_64 chance_;
};

// What RocksDbOptions::env wants.
std::unique_ptr<rocksdb::Env> EnvOf(const std::shared_ptr<FaultyDisk>& disk);
// Gives RocksDB so many threads of each kind, which all stores of the process share.
void TakeThreads(int count);

}  // namespace consent::store

#endif  // CONSENT_STORE_FAULTY_DISK_H_

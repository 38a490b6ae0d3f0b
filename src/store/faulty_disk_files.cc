// SPDX-License-Identifier: Apache-2.0
//
// FaultyDisk as RocksDB sees it: files, folders, locks.

#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <utility>

#include "rocksdb/env.h"
#include "src/store/faulty_disk.h"

namespace consent::store {
namespace {

using rocksdb::FileOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class Silent final : public rocksdb::Logger {
 public:
  using Logger::Logv;
  void Logv(const char*, va_list) override {}
  size_t GetLogFileSize() const override { return 0; }
};

class Lock final : public rocksdb::FileLock {
 public:
  explicit Lock(std::string path) : path(std::move(path)) {}
  const std::string path;
};

// RocksDB names a folder with a slash at its end too.
std::string FolderName(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

// Whether `path` lies directly in `folder`.
bool LiesIn(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() + 1 && path.starts_with(folder + "/") &&
         path.find('/', folder.size() + 1) == std::string::npos;
}

}  // namespace

// Reads from beginning to end, or anywhere.
class FaultyDisk::Reader final : public rocksdb::FSSequentialFile,
                                 public rocksdb::FSRandomAccessFile {
 public:
  Reader(FaultyDisk& disk, std::string path, FilePtr file)
      : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}

  IOStatus Read(uint64_t offset, size_t n, const Io&, Slice* result, char* scratch,
                Debug*) const override {
    const std::lock_guard lock(disk_.mutex_);
    if (IOStatus status = disk_.Try(DiskOp::kRead, path_); !status.ok()) return status;
    const size_t size = file_->bytes.size();
    const size_t count = offset < size ? std::min<size_t>(n, size - offset) : 0;
    if (count > 0) std::memcpy(scratch, file_->bytes.data() + offset, count);
    *result = Slice(scratch, count);
    return IOStatus::OK();
  }
  IOStatus Read(size_t n, const Io& io, Slice* result, char* scratch, Debug* debug) override {
    IOStatus status = Read(at_, n, io, result, scratch, debug);
    if (status.ok()) at_ += result->size();
    return status;
  }
  IOStatus Skip(uint64_t n) override {
    at_ += n;
    return IOStatus::OK();
  }
  bool use_direct_io() const override { return false; }
  size_t GetRequiredBufferAlignment() const override { return 1; }
  IOStatus InvalidateCache(size_t, size_t) override { return IOStatus::OK(); }

 private:
  FaultyDisk& disk_;
  const std::string path_;
  const FilePtr file_;
  uint64_t at_ = 0;
};

// Appends, or overwrites in place.
class FaultyDisk::Writer final : public rocksdb::FSWritableFile, public rocksdb::FSRandomRWFile {
 public:
  Writer(FaultyDisk& disk, std::string path, FilePtr file)
      : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}

  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const Io&, Debug*) override {
    return disk_.Append(file_, path_, data);
  }
  IOStatus Truncate(uint64_t size, const Io&, Debug*) override {
    const std::lock_guard lock(disk_.mutex_);
    if (IOStatus status = disk_.Try(DiskOp::kTruncate, path_); !status.ok()) return status;
    file_->bytes.resize(size);
    return IOStatus::OK();
  }
  IOStatus Write(uint64_t offset, const Slice& data, const Io&, Debug*) override {
    const std::lock_guard lock(disk_.mutex_);
    if (IOStatus status = disk_.Try(DiskOp::kOverwrite, path_); !status.ok()) return status;
    if (offset + data.size() > file_->bytes.size()) file_->bytes.resize(offset + data.size());
    file_->bytes.replace(offset, data.size(), data.data(), data.size());
    file_->appended = false;
    return IOStatus::OK();
  }
  IOStatus Read(uint64_t offset, size_t n, const Io& io, Slice* result, char* scratch,
                Debug* debug) const override {
    return Reader(disk_, path_, file_).Read(offset, n, io, result, scratch, debug);
  }
  IOStatus Close(const Io&, Debug*) override {
    const std::lock_guard lock(disk_.mutex_);
    return disk_.Try(DiskOp::kClose, path_);
  }
  IOStatus Flush(const Io&, Debug*) override { return IOStatus::OK(); }
  IOStatus Sync(const Io&, Debug*) override { return disk_.Sync(file_, path_); }
  IOStatus Fsync(const Io&, Debug*) override { return disk_.Sync(file_, path_); }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const Io&, Debug*) override {
    const std::lock_guard lock(disk_.mutex_);
    return file_->bytes.size();
  }
  bool use_direct_io() const override { return false; }
  size_t GetRequiredBufferAlignment() const override { return 1; }

 private:
  FaultyDisk& disk_;
  const std::string path_;
  const FilePtr file_;
};

class FaultyDisk::Folder final : public rocksdb::FSDirectory {
 public:
  Folder(FaultyDisk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}

  IOStatus Fsync(const Io&, Debug*) override {
    const std::lock_guard lock(disk_.mutex_);
    if (IOStatus status = disk_.Try(DiskOp::kSyncFolder, path_); !status.ok()) return status;
    std::vector<Change> others;
    for (Change& change : disk_.changes_) {
      if (!LiesIn(change.removed, path_) && !LiesIn(change.made, path_)) {
        others.push_back(std::move(change));
        continue;
      }
      if (!change.removed.empty()) disk_.durable_.erase(change.removed);
      if (!change.made.empty()) disk_.durable_[change.made] = change.file;
    }
    disk_.changes_ = std::move(others);
    return IOStatus::OK();
  }
  IOStatus Close(const Io&, Debug*) override { return IOStatus::OK(); }

 private:
  FaultyDisk& disk_;
  const std::string path_;
};

IOStatus FaultyDisk::NewSequentialFile(const std::string& path, const FileOptions&,
                                       std::unique_ptr<rocksdb::FSSequentialFile>* file, Debug*) {
  const std::lock_guard lock(mutex_);
  const FilePtr found = Find(path);
  if (found == nullptr) return IOStatus::PathNotFound(path);
  *file = std::make_unique<Reader>(*this, path, found);
  return IOStatus::OK();
}

IOStatus FaultyDisk::NewRandomAccessFile(const std::string& path, const FileOptions&,
                                         std::unique_ptr<rocksdb::FSRandomAccessFile>* file,
                                         Debug*) {
  const std::lock_guard lock(mutex_);
  const FilePtr found = Find(path);
  if (found == nullptr) return IOStatus::PathNotFound(path);
  *file = std::make_unique<Reader>(*this, path, found);
  return IOStatus::OK();
}

IOStatus FaultyDisk::NewWritableFile(const std::string& path, const FileOptions&,
                                     std::unique_ptr<rocksdb::FSWritableFile>* file, Debug*) {
  const std::lock_guard lock(mutex_);
  if (IOStatus status = Try(DiskOp::kCreate, path); !status.ok()) return status;
  const FilePtr made = std::make_shared<File>();
  files_[path] = made;
  changes_.push_back({.removed = "", .made = path, .file = made});
  *file = std::make_unique<Writer>(*this, path, made);
  return IOStatus::OK();
}

IOStatus FaultyDisk::NewRandomRWFile(const std::string& path, const FileOptions&,
                                     std::unique_ptr<rocksdb::FSRandomRWFile>* file, Debug*) {
  const std::lock_guard lock(mutex_);
  const FilePtr found = Find(path);
  if (found == nullptr) return IOStatus::PathNotFound(path);
  *file = std::make_unique<Writer>(*this, path, found);
  return IOStatus::OK();
}

IOStatus FaultyDisk::NewDirectory(const std::string& path, const Io&,
                                  std::unique_ptr<rocksdb::FSDirectory>* folder, Debug*) {
  *folder = std::make_unique<Folder>(*this, FolderName(path));
  return IOStatus::OK();
}

IOStatus FaultyDisk::FileExists(const std::string& path, const Io&, Debug*) {
  const std::lock_guard lock(mutex_);
  const bool is = Find(path) != nullptr || folders_.contains(FolderName(path));
  return is ? IOStatus::OK() : IOStatus::NotFound(path);
}

IOStatus FaultyDisk::GetChildren(const std::string& path, const Io&,
                                 std::vector<std::string>* names, Debug*) {
  const std::lock_guard lock(mutex_);
  const std::string folder = FolderName(path);
  names->clear();
  for (const auto& [child, file] : files_) {
    if (LiesIn(child, folder)) names->push_back(child.substr(folder.size() + 1));
  }
  return names->empty() && !folders_.contains(folder) ? IOStatus::NotFound(path) : IOStatus::OK();
}

IOStatus FaultyDisk::DeleteFile(const std::string& path, const Io&, Debug*) {
  const std::lock_guard lock(mutex_);
  if (Find(path) == nullptr) return IOStatus::PathNotFound(path);
  if (IOStatus status = Try(DiskOp::kDelete, path); !status.ok()) return status;
  files_.erase(path);
  changes_.push_back({.removed = path, .made = "", .file = nullptr});
  return IOStatus::OK();
}

IOStatus FaultyDisk::Truncate(const std::string& path, size_t size, const Io&, Debug*) {
  const std::lock_guard lock(mutex_);
  const FilePtr file = Find(path);
  if (file == nullptr) return IOStatus::PathNotFound(path);
  if (IOStatus status = Try(DiskOp::kTruncate, path); !status.ok()) return status;
  file->bytes.resize(size);
  file->appended = false;
  return IOStatus::OK();
}

IOStatus FaultyDisk::CreateDir(const std::string& path, const Io&, Debug*) {
  const std::lock_guard lock(mutex_);
  folders_.insert(FolderName(path));
  return IOStatus::OK();
}

IOStatus FaultyDisk::CreateDirIfMissing(const std::string& path, const Io& io, Debug* debug) {
  return CreateDir(path, io, debug);
}

IOStatus FaultyDisk::DeleteDir(const std::string& path, const Io&, Debug*) {
  const std::lock_guard lock(mutex_);
  folders_.erase(FolderName(path));
  return IOStatus::OK();
}

IOStatus FaultyDisk::GetFileSize(const std::string& path, const Io&, uint64_t* size, Debug*) {
  const std::lock_guard lock(mutex_);
  const FilePtr file = Find(path);
  if (file == nullptr) return IOStatus::PathNotFound(path);
  *size = file->bytes.size();
  return IOStatus::OK();
}

IOStatus FaultyDisk::GetFileModificationTime(const std::string&, const Io&, uint64_t* time,
                                             Debug*) {
  *time = 0;
  return IOStatus::OK();
}

IOStatus FaultyDisk::RenameFile(const std::string& from, const std::string& to, const Io&, Debug*) {
  const std::lock_guard lock(mutex_);
  const FilePtr file = Find(from);
  if (file == nullptr) return IOStatus::PathNotFound(from);
  if (IOStatus status = Try(DiskOp::kRename, to); !status.ok()) return status;
  files_.erase(from);
  files_[to] = file;
  changes_.push_back({.removed = from, .made = to, .file = file});
  return IOStatus::OK();
}

IOStatus FaultyDisk::LockFile(const std::string& path, const Io&, rocksdb::FileLock** lock,
                              Debug*) {
  const std::lock_guard guard(mutex_);
  if (off_) return IOStatus::IOError("the power is off", path);
  if (!locks_.insert(path).second) return IOStatus::IOError("lock " + path, "is held");
  if (files_[path] == nullptr) {
    files_[path] = std::make_shared<File>();
    changes_.push_back({.removed = "", .made = path, .file = files_[path]});
  }
  *lock = new Lock(path);
  return IOStatus::OK();
}

IOStatus FaultyDisk::UnlockFile(rocksdb::FileLock* lock, const Io&, Debug*) {
  const std::lock_guard guard(mutex_);
  const std::unique_ptr<Lock> held(static_cast<Lock*>(lock));
  locks_.erase(held->path);
  return IOStatus::OK();
}

IOStatus FaultyDisk::GetTestDirectory(const Io&, std::string* path, Debug*) {
  *path = "/test";
  return IOStatus::OK();
}

IOStatus FaultyDisk::NewLogger(const std::string&, const Io&,
                               std::shared_ptr<rocksdb::Logger>* logger, Debug*) {
  *logger = std::make_shared<Silent>();
  return IOStatus::OK();
}

IOStatus FaultyDisk::GetAbsolutePath(const std::string& path, const Io&, std::string* absolute,
                                     Debug*) {
  *absolute = path;
  return IOStatus::OK();
}

IOStatus FaultyDisk::IsDirectory(const std::string& path, const Io&, bool* is, Debug*) {
  const std::lock_guard lock(mutex_);
  *is = folders_.contains(FolderName(path));
  return IOStatus::OK();
}

IOStatus FaultyDisk::GetFreeSpace(const std::string&, const Io&, uint64_t* bytes, Debug*) {
  const std::lock_guard lock(mutex_);
  const uint64_t used = UsedLocked();
  *bytes = capacity_ > used ? capacity_ - used : 0;
  return IOStatus::OK();
}

std::unique_ptr<rocksdb::Env> EnvOf(const std::shared_ptr<FaultyDisk>& disk) {
  return rocksdb::NewCompositeEnv(disk);
}

void TakeThreads(int count) {
  for (const auto priority : {rocksdb::Env::Priority::LOW, rocksdb::Env::Priority::HIGH}) {
    rocksdb::Env::Default()->SetBackgroundThreads(count, priority);
  }
}

}  // namespace consent::store

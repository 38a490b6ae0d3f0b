// SPDX-License-Identifier: Apache-2.0

#include "src/store/strict_file_system.h"

#include "absl/strings/str_cat.h"

namespace consent::store {
namespace {

using rocksdb::FileOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

std::string Told(const char* what, const std::string& path, const IOStatus& status) {
  return absl::StrCat(what, " ", path, ": ", status.ToString());
}

IOStatus Refused(const std::string& path) {
  return IOStatus::IOError("nothing is written since a write failed", path);
}

}  // namespace

template <typename Write>
IOStatus StrictFileSystem::Try(const char* what, const std::string& path,
                               const Write& write) const {
  if (health_.failed()) return Refused(path);
  IOStatus status = write();
  if (status.ok() || status.IsNotSupported() || status.IsNotFound() || status.IsPathNotFound()) {
    return status;
  }
  if (status.IsNoSpace()) {
    health_.Fill(Told(what, path, status));
  } else {
    health_.Fail(Told(what, path, status));
  }
  return status;
}

template <typename Sync>
IOStatus StrictFileSystem::TrySync(const char* what, const std::string& path,
                                   const Sync& sync) const {
  if (health_.failed()) return Refused(path);
  IOStatus status = sync();
  if (!status.ok() && !status.IsNotSupported()) health_.Fail(Told(what, path, status));
  return status;
}

class StrictFileSystem::File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(const StrictFileSystem& system, std::string path,
       std::unique_ptr<rocksdb::FSWritableFile>&& file)
      : FSWritableFileOwnerWrapper(std::move(file)), system_(system), path_(std::move(path)) {}

  IOStatus Append(const Slice& data, const Io& io, Debug* debug) override {
    return Write([&] { return target()->Append(data, io, debug); });
  }
  IOStatus Append(const Slice& data, const Io& io, const rocksdb::DataVerificationInfo& info,
                  Debug* debug) override {
    return Write([&] { return target()->Append(data, io, info, debug); });
  }
  IOStatus PositionedAppend(const Slice& data, uint64_t offset, const Io& io,
                            Debug* debug) override {
    return Write([&] { return target()->PositionedAppend(data, offset, io, debug); });
  }
  IOStatus PositionedAppend(const Slice& data, uint64_t offset, const Io& io,
                            const rocksdb::DataVerificationInfo& info, Debug* debug) override {
    return Write([&] { return target()->PositionedAppend(data, offset, io, info, debug); });
  }
  IOStatus Truncate(uint64_t size, const Io& io, Debug* debug) override {
    return system_.Try("truncate", path_, [&] { return target()->Truncate(size, io, debug); });
  }
  IOStatus Flush(const Io& io, Debug* debug) override {
    return Write([&] { return target()->Flush(io, debug); });
  }
  IOStatus Sync(const Io& io, Debug* debug) override {
    return Timed(
        [&] { return system_.TrySync("sync", path_, [&] { return target()->Sync(io, debug); }); });
  }
  IOStatus Fsync(const Io& io, Debug* debug) override {
    return Timed(
        [&] { return system_.TrySync("sync", path_, [&] { return target()->Fsync(io, debug); }); });
  }
  IOStatus RangeSync(uint64_t offset, uint64_t bytes, const Io& io, Debug* debug) override {
    return system_.TrySync("sync", path_,
                           [&] { return target()->RangeSync(offset, bytes, io, debug); });
  }
  // The file goes back to the system in any case.
  IOStatus Close(const Io& io, Debug* debug) override {
    IOStatus status = target()->Close(io, debug);
    if (!status.ok() && !status.IsNotSupported()) {
      system_.health_.Fail(Told("close", path_, status));
    }
    return status;
  }
  // Only ever an attempt: an append that finds no room tells.
  void PrepareWrite(size_t offset, size_t bytes, const Io& io, Debug* debug) override {
    if (!system_.health_.failed()) target()->PrepareWrite(offset, bytes, io, debug);
  }

 private:
  // What fails may have left some of its bytes.
  template <typename Bytes>
  IOStatus Write(const Bytes& bytes) {
    IOStatus status = system_.Try("write", path_, bytes);
    if (!status.ok() && is_log_) system_.health_.SetLogTorn(true);
    return status;
  }
  // Has the histogram know how long a sync of the log took.
  template <typename Sync>
  IOStatus Timed(const Sync& sync) {
    if (!is_log_ || system_.log_syncs_ == nullptr) return sync();
    const int64_t began = SteadyNanos();
    IOStatus status = sync();
    system_.log_syncs_->Observe(SteadyNanos() - began);
    return status;
  }

  const StrictFileSystem& system_;
  const std::string path_;
  const bool is_log_ = path_.ends_with(".log");
};

class StrictFileSystem::Folder final : public rocksdb::FSDirectoryWrapper {
 public:
  Folder(const StrictFileSystem& system, std::string path,
         std::unique_ptr<rocksdb::FSDirectory>&& folder)
      : FSDirectoryWrapper(std::move(folder)), system_(system), path_(std::move(path)) {}

  IOStatus Fsync(const Io& io, Debug* debug) override {
    return system_.TrySync("sync", path_, [&] { return FSDirectoryWrapper::Fsync(io, debug); });
  }
  IOStatus FsyncWithDirOptions(const Io& io, Debug* debug,
                               const rocksdb::DirFsyncOptions& options) override {
    return system_.TrySync(
        "sync", path_, [&] { return FSDirectoryWrapper::FsyncWithDirOptions(io, debug, options); });
  }

 private:
  const StrictFileSystem& system_;
  const std::string path_;
};

IOStatus StrictFileSystem::NewWritableFile(const std::string& path, const FileOptions& options,
                                           std::unique_ptr<rocksdb::FSWritableFile>* file,
                                           Debug* debug) {
  IOStatus status = Try(
      "make", path, [&] { return FileSystemWrapper::NewWritableFile(path, options, file, debug); });
  if (status.ok()) *file = std::make_unique<File>(*this, path, std::move(*file));
  return status;
}

IOStatus StrictFileSystem::ReopenWritableFile(const std::string& path, const FileOptions& options,
                                              std::unique_ptr<rocksdb::FSWritableFile>* file,
                                              Debug* debug) {
  IOStatus status = Try("open", path, [&] {
    return FileSystemWrapper::ReopenWritableFile(path, options, file, debug);
  });
  if (status.ok()) *file = std::make_unique<File>(*this, path, std::move(*file));
  return status;
}

IOStatus StrictFileSystem::ReuseWritableFile(const std::string& path, const std::string& old,
                                             const FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                                             Debug* debug) {
  IOStatus status = Try("open", path, [&] {
    return FileSystemWrapper::ReuseWritableFile(path, old, options, file, debug);
  });
  if (status.ok()) *file = std::make_unique<File>(*this, path, std::move(*file));
  return status;
}

IOStatus StrictFileSystem::NewDirectory(const std::string& path, const Io& io,
                                        std::unique_ptr<rocksdb::FSDirectory>* folder,
                                        Debug* debug) {
  IOStatus status = FileSystemWrapper::NewDirectory(path, io, folder, debug);
  if (status.ok()) *folder = std::make_unique<Folder>(*this, path, std::move(*folder));
  return status;
}

IOStatus StrictFileSystem::RenameFile(const std::string& from, const std::string& to, const Io& io,
                                      Debug* debug) {
  // CURRENT leads to a catalogue that was made just before. RocksDB trusts the file system to lose
  // neither or both; where names are not kept in order, CURRENT could outlive what it leads to.
  if (to.ends_with("/CURRENT")) {
    std::unique_ptr<rocksdb::FSDirectory> folder;
    IOStatus status = NewDirectory(to.substr(0, to.rfind('/')), io, &folder, debug);
    if (status.ok()) status = folder->Fsync(io, debug);
    if (!status.ok()) return status;
  }
  return Try("rename to", to, [&] { return FileSystemWrapper::RenameFile(from, to, io, debug); });
}

IOStatus StrictFileSystem::LinkFile(const std::string& from, const std::string& to, const Io& io,
                                    Debug* debug) {
  return Try("link", to, [&] { return FileSystemWrapper::LinkFile(from, to, io, debug); });
}

IOStatus StrictFileSystem::DeleteFile(const std::string& path, const Io& io, Debug* debug) {
  return Try("delete", path, [&] { return FileSystemWrapper::DeleteFile(path, io, debug); });
}

IOStatus StrictFileSystem::Truncate(const std::string& path, size_t size, const Io& io,
                                    Debug* debug) {
  return Try("truncate", path, [&] { return FileSystemWrapper::Truncate(path, size, io, debug); });
}

}  // namespace consent::store

// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/fragile_files.h"

#include <string>
#include <string_view>
#include <utility>

#include "rocksdb/file_system.h"
#include "tests/fault/doom.h"

namespace consent::fault {
namespace {

using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

enum class Kind { kLog, kTable, kCatalogue, kOther };

Kind KindOf(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.ends_with(".log")) return Kind::kLog;
  if (name.ends_with(".sst")) return Kind::kTable;
  return name.starts_with("MANIFEST-") ? Kind::kCatalogue : Kind::kOther;
}

// Any change of any file, passed before it is made.
void PassChange() {
  if (phase != Phase::kOpening) return;
  Pass(Point::kOpening);
  Pass(Point::kCreatingStore);
}

class FragileFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FragileFile(std::unique_ptr<FSWritableFile> file, Kind kind)
      : FSWritableFileOwnerWrapper(std::move(file)), kind_(kind) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    PassChange();
    if (kind_ == Kind::kLog) {
      if (doing == Doing::kCommit) Pass(Point::kCommitLogBefore);
      AppendHalf(data, options, debug);
    }
    IOStatus status = target()->Append(data, options, debug);
    if (kind_ == Kind::kLog && doing == Doing::kBehind && phase == Phase::kServing) {
      Pass(Point::kBehindLogWritten);
    }
    return status;
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo&,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return Synced([&] { return target()->Sync(options, debug); });
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Synced([&] { return target()->Fsync(options, debug); });
  }

 private:
  // The first half goes to the file only where this process then dies.
  void AppendHalf(const Slice& data, const IOOptions& options, IODebugContext* debug) {
    const Point point = doing == Doing::kCommit   ? Point::kCommitLogHalf
                        : doing == Doing::kBehind ? Point::kBehindLogHalf
                                                  : Point::kTilesLogHalf;
    if (doing == Doing::kOther) return;
    PassAfter(point, [&] {
      target()->Append(Slice(data.data(), data.size() / 2), options, debug).PermitUncheckedError();
    });
  }

  template <class Call>
  IOStatus Synced(const Call& sync) {
    PassChange();
    if (kind_ == Kind::kLog && doing == Doing::kCommit) Pass(Point::kCommitLogWritten);
    IOStatus status = sync();
    if (kind_ == Kind::kLog && doing == Doing::kCommit) Pass(Point::kCommitLogSynced);
    if (kind_ == Kind::kTable && purging) Pass(Point::kPurgeTableSynced);
    return status;
  }

  const Kind kind_;
};

class FragileFiles final : public rocksdb::FileSystemWrapper {
 public:
  FragileFiles() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FragileFiles"; }

  IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                           std::unique_ptr<FSWritableFile>* file, IODebugContext* debug) override {
    PassChange();
    const Kind kind = KindOf(path);
    if (purging && kind == Kind::kTable) Pass(Point::kPurgeNewTable);
    if (purging && kind == Kind::kCatalogue) Pass(Point::kPurgeCatalogue);
    IOStatus status = target()->NewWritableFile(path, options, file, debug);
    if (status.ok()) *file = std::make_unique<FragileFile>(std::move(*file), kind);
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    PassChange();
    return target()->RenameFile(from, to, options, debug);
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions& options,
                      IODebugContext* debug) override {
    PassChange();
    if (purging) Pass(Point::kPurgeDeletes);
    return target()->DeleteFile(path, options, debug);
  }
};

}  // namespace

std::unique_ptr<rocksdb::Env> MakeFragileFiles() {
  return rocksdb::NewCompositeEnv(std::make_shared<FragileFiles>());
}

}  // namespace consent::fault

// SPDX-License-Identifier: Apache-2.0
//
// What a FaultyDisk keeps, loses and refuses. Its files as RocksDB sees them: faulty_disk_files.cc.

#include "src/store/faulty_disk.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"

namespace consent::store {
namespace {

using rocksdb::IOStatus;

constexpr size_t kSectorBytes = 512;

}  // namespace

const char* NameOf(DiskOp op) {
  switch (op) {
    case DiskOp::kCreate:
      return "create";
    case DiskOp::kAppend:
      return "append";
    case DiskOp::kOverwrite:
      return "overwrite";
    case DiskOp::kSync:
      return "sync";
    case DiskOp::kSyncFolder:
      return "sync-folder";
    case DiskOp::kRename:
      return "rename";
    case DiskOp::kDelete:
      return "delete";
    case DiskOp::kTruncate:
      return "truncate";
    case DiskOp::kClose:
      return "close";
    case DiskOp::kRead:
      return "read";
  }
  return "?";
}

const char* NameOf(FileKind kind) {
  switch (kind) {
    case FileKind::kLog:
      return "log";
    case FileKind::kTable:
      return "table";
    case FileKind::kManifest:
      return "MANIFEST";
    case FileKind::kCurrent:
      return "CURRENT";
    case FileKind::kOptions:
      return "OPTIONS";
    case FileKind::kMark:
      return "mark";
    case FileKind::kFolder:
      return "folder";
    case FileKind::kOther:
      return "other";
  }
  return "?";
}

FileKind KindOf(const std::string& path) {
  const std::string name = path.substr(path.rfind('/') + 1);
  if (name.ends_with(".log")) return FileKind::kLog;
  if (name.ends_with(".sst")) return FileKind::kTable;
  if (name.starts_with("MANIFEST")) return FileKind::kManifest;
  if (name.starts_with("OPTIONS")) return FileKind::kOptions;
  if (name == "CURRENT" || name.ends_with(".dbtmp")) return FileKind::kCurrent;
  if (name.starts_with("SYNCED")) return FileKind::kMark;
  return FileKind::kOther;
}

void FaultyDisk::Break(const DiskFault& fault) {
  const std::lock_guard lock(mutex_);
  fault_ = fault;
  struck_.reset();
  written_since_strike_ = 0;
}

void FaultyDisk::Mend() {
  const std::lock_guard lock(mutex_);
  fault_.reset();
}

std::optional<std::string> FaultyDisk::struck() const {
  const std::lock_guard lock(mutex_);
  return struck_;
}

uint64_t FaultyDisk::count(DiskOp op, std::optional<FileKind> kind) const {
  const std::lock_guard lock(mutex_);
  uint64_t sum = 0;
  for (const auto& [what, count] : counts_) {
    if (what.first == op && (!kind.has_value() || what.second == *kind)) sum += count;
  }
  return sum;
}

uint64_t FaultyDisk::count() const {
  const std::lock_guard lock(mutex_);
  return written_;
}

uint64_t FaultyDisk::written_since_strike() const {
  const std::lock_guard lock(mutex_);
  return written_since_strike_;
}

void FaultyDisk::SlowDown(FileKind kind, absl::Duration append) {
  const std::lock_guard lock(mutex_);
  slow_[kind] = append;
}

void FaultyDisk::SetCapacity(uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  capacity_ = bytes;
}

uint64_t FaultyDisk::used() const {
  const std::lock_guard lock(mutex_);
  return UsedLocked();
}

uint64_t FaultyDisk::UsedLocked() const {
  uint64_t sum = 0;
  for (const auto& [path, file] : files_) sum += file->bytes.size();
  return sum;
}

void FaultyDisk::CutPowerAfter(uint64_t skip) {
  const std::lock_guard lock(mutex_);
  off_at_ = written_ + skip;
}

bool FaultyDisk::off() const {
  const std::lock_guard lock(mutex_);
  return off_;
}

IOStatus FaultyDisk::Try(DiskOp op, const std::string& path, bool* partly) {
  const FileKind kind = op == DiskOp::kSyncFolder ? FileKind::kFolder : KindOf(path);
  ++counts_[{op, kind}];
  if (op != DiskOp::kRead) {
    if (!off_ && off_at_.has_value() && written_ == *off_at_) {
      off_ = true;
      if (partly != nullptr) *partly = true;
    }
    ++written_;
    if (struck_.has_value() && op != DiskOp::kClose) ++written_since_strike_;
  }
  if (off_) return IOStatus::IOError("the power is off", path);
  if (!fault_.has_value()) return IOStatus::OK();
  const bool meant =
      fault_->op.has_value() ? *fault_->op == op : op != DiskOp::kRead && op != DiskOp::kDelete;
  if (!meant || (fault_->kind.has_value() && *fault_->kind != kind)) return IOStatus::OK();
  if (fault_->skip > 0) {
    --fault_->skip;
    return IOStatus::OK();
  }
  if (partly != nullptr) *partly = fault_->partly;
  const bool full = fault_->full;
  if (!struck_.has_value()) {
    struck_ = std::string(NameOf(op)) + " of " + path;
  }
  if (!fault_->lasting) fault_.reset();
  if (!full) return IOStatus::IOError("injected: input/output error", path);
  IOStatus status = IOStatus::NoSpace("injected: no space left on device", path);
  status.SetRetryable(true);  // As RocksDB's own does.
  return status;
}

IOStatus FaultyDisk::Append(const FilePtr& file, const std::string& path,
                            const rocksdb::Slice& data) {
  absl::Duration wait;
  {
    const std::lock_guard lock(mutex_);
    if (const auto slow = slow_.find(KindOf(path)); slow != slow_.end()) wait = slow->second;
  }
  absl::SleepFor(wait);
  const std::lock_guard lock(mutex_);
  bool partly = false;
  IOStatus status = Try(DiskOp::kAppend, path, &partly);
  size_t room = data.size();
  if (!status.ok()) {
    room = partly && data.size() > 0 ? chance_() % data.size() : 0;
  } else if (const uint64_t used = UsedLocked(); used + data.size() > capacity_) {
    room = capacity_ > used ? capacity_ - used : 0;
    status = IOStatus::NoSpace("the disk is full", path);
    status.SetRetryable(true);
  }
  file->bytes.append(data.data(), room);
  return status;
}

IOStatus FaultyDisk::Sync(const FilePtr& file, const std::string& path) {
  const std::lock_guard lock(mutex_);
  const IOStatus status = Try(DiskOp::kSync, path);
  if (!status.ok()) {
    file->broken = true;
  } else if (!file->broken) {
    file->durable = file->bytes;
    file->appended = true;
  }
  return status;
}

FaultyDisk::FilePtr FaultyDisk::Find(const std::string& path) const {
  // RocksDB names a file in a folder named with a slash at its end with two of them.
  if (const size_t twice = path.find("//"); twice != std::string::npos) {
    return Find(path.substr(0, twice) + path.substr(twice + 1));
  }
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : found->second;
}

void FaultyDisk::LosePower(uint64_t seed, Left left) {
  const std::lock_guard lock(mutex_);
  std::mt19937_64 chance(seed);
  // Of the changes to a folder, any may be lost; but what happens to a name happens in order, and
  // after a change that was lost nothing of the same names is kept.
  std::set<std::string> lost;
  for (const Change& change : changes_) {
    const bool follows = lost.contains(change.removed) || lost.contains(change.made);
    if (!left.unsynced || follows || chance() % 2 == 0) {
      lost.insert(change.removed);
      lost.insert(change.made);
      lost.erase("");
      continue;
    }
    if (!change.removed.empty()) durable_.erase(change.removed);
    if (!change.made.empty()) durable_[change.made] = change.file;
  }
  for (auto& [path, file] : durable_) {
    std::string after = file->durable;
    if (left.unsynced && file->appended && file->bytes.size() > after.size()) {
      const size_t more = chance() % (file->bytes.size() - after.size() + 1);
      after = file->bytes.substr(0, after.size() + more);
      if (left.garbage && more > 0 && chance() % 2 == 0) {
        const size_t spoilt = 1 + chance() % std::min(more, kSectorBytes);
        for (size_t i = after.size() - spoilt; i < after.size(); ++i) {
          after[i] = static_cast<char>(chance());
        }
      }
    } else if (left.unsynced && !file->appended && chance() % 2 == 0) {
      after = file->bytes;  // Overwritten in place: the old or the new.
    }
    file->bytes = file->durable = std::move(after);
    file->appended = true;
    file->broken = false;
  }
  files_ = durable_;
  changes_.clear();
  locks_.clear();
  fault_.reset();
  off_at_.reset();
  off_ = false;
}

std::shared_ptr<FaultyDisk> FaultyDisk::Copy() const {
  const std::lock_guard lock(mutex_);
  auto copy = std::make_shared<FaultyDisk>();
  std::map<FilePtr, FilePtr> copies;
  const auto copied = [&](const FilePtr& file) {
    FilePtr& known = copies[file];
    if (known == nullptr && file != nullptr) known = std::make_shared<File>(*file);
    return known;
  };
  for (const auto& [path, file] : files_) copy->files_[path] = copied(file);
  for (const auto& [path, file] : durable_) copy->durable_[path] = copied(file);
  for (const Change& change : changes_) {
    copy->changes_.push_back({change.removed, change.made, copied(change.file)});
  }
  copy->folders_ = folders_;
  copy->capacity_ = capacity_;
  return copy;
}

std::map<std::string, uint64_t> FaultyDisk::Files() const {
  const std::lock_guard lock(mutex_);
  std::map<std::string, uint64_t> found;
  for (const auto& [path, file] : files_) found[path] = file->bytes.size();
  return found;
}

std::string FaultyDisk::Bytes(const std::string& path) const {
  const std::lock_guard lock(mutex_);
  const FilePtr file = Find(path);
  return file == nullptr ? "" : file->bytes;
}

void FaultyDisk::Replace(const std::string& path, std::string bytes) {
  const std::lock_guard lock(mutex_);
  const FilePtr file = Find(path);
  if (file != nullptr) file->bytes = file->durable = std::move(bytes);
}

}  // namespace consent::store

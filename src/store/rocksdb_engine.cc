// SPDX-License-Identifier: Apache-2.0

#include "src/store/rocksdb_engine.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/store/bundle_row.h"

namespace consent::store {

std::string FactKey(std::string_view name) { return std::string("f").append(name); }
std::string HeadKey(ShardId shard) { return "h" + ShardPrefix(shard); }
std::string AppliedKey(ShardId shard) { return "a" + ShardPrefix(shard); }
std::string ErasedKey(ShardId shard) { return "e" + ShardPrefix(shard); }
std::string TiledKey(ShardId shard) { return "t" + ShardPrefix(shard); }

absl::Status FromRocksDb(const rocksdb::Status& status, std::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat(std::string(doing), ": ", status.ToString());
  if (status.IsCorruption()) return absl::DataLossError(text);
  if (status.IsInvalidArgument() || status.IsNotSupported()) {
    return absl::FailedPreconditionError(text);
  }
  return absl::UnavailableError(text);
}

bool IsLetGo(const rocksdb::Status& status) { return status.IsIncomplete(); }

void BackgroundErrors::OnBackgroundError(rocksdb::BackgroundErrorReason reason,
                                         rocksdb::Status* error) {
  if (error->IsNoSpace()) {
    // No new log could be made. RocksDB fears for what a buffer of the old one still held, and
    // would never go on; but here each write has emptied that buffer.
    if (reason == rocksdb::BackgroundErrorReason::kMemTable) {
      *error = rocksdb::Status(*error, rocksdb::Status::Severity::kHardError);
    }
    health_->Fill(error->ToString());
  } else {
    health_->Fail(error->ToString());
  }
}

void BackgroundErrors::OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status,
                                            bool* auto_recovery) {
  *auto_recovery = false;
}

RocksDbStore::Engine::~Engine() {
  if (db != nullptr) {
    StopTakingUp();
    for (rocksdb::ColumnFamilyHandle* family : families) {
      // The handle of the default family is ours as well.
      if (family != nullptr) db->DestroyColumnFamilyHandle(family).PermitUncheckedError();
    }
    // Nothing durable hangs on closing; there is nobody to tell.
    db->Close().PermitUncheckedError();
  }
  if (lock != nullptr) env->UnlockFile(lock).PermitUncheckedError();
}

RocksDbStore::Engine::Shard& RocksDbStore::Engine::shard(ShardId id) {
  const std::lock_guard guard(mutex_);
  return shards_[id];
}

absl::Status RocksDbStore::Engine::CheckWritable() const {
  if (read_only) {
    return absl::FailedPreconditionError(absl::StrCat("store ", dir, " is open to read only"));
  }
  return health->failed() ? health->Check() : absl::OkStatus();
}

absl::Status RocksDbStore::Engine::Write(rocksdb::WriteBatch& batch, Sync sync, Use use) {
  RETURN_IF_ERROR(CheckRoom(use));
  rocksdb::WriteOptions options;
  options.sync = sync == Sync::kYes;
  const rocksdb::Status status = db->Write(options, &batch);
  if (status.ok()) return absl::OkStatus();
  if (IsLetGo(status)) {
    const absl::Status amiss = health->Check();
    return amiss.ok() ? StoreFull(dir, status.ToString()) : amiss;
  }
  if (!status.IsNoSpace()) health->Fail(status.ToString());
  if (health->failed()) return health->Check();
  health->Fill(status.ToString());
  return absl::UnavailableError(
      absl::StrCat("store ", dir, ": the disk became full during a write: ", status.ToString()));
}

absl::StatusOr<std::optional<std::string>> RocksDbStore::Engine::Get(Family family,
                                                                     std::string_view key) {
  rocksdb::PinnableSlice value;
  const rocksdb::Status status = db->Get(rocksdb::ReadOptions(), families[family],
                                         rocksdb::Slice(key.data(), key.size()), &value);
  if (status.IsNotFound()) return std::nullopt;
  RETURN_IF_ERROR(FromRocksDb(status, dir));
  return value.ToString();
}

absl::StatusOr<Head> RocksDbStore::Engine::ReadHead(ShardId shard) {
  const std::string key = HeadKey(shard);
  ASSIGN_OR_RETURN(const std::optional<std::string> row, Get(kFacts, key));
  if (!row.has_value()) return Head{};
  absl::StatusOr<Head> head = DecodeHeadRow(key, *row);
  if (!head.ok()) {
    return absl::DataLossError(
        absl::StrCat("shard ", shard.value, ": head: ", std::string(head.status().message())));
  }
  return head;
}

absl::StatusOr<TreeSize> RocksDbStore::Engine::ReadMark(ShardId shard, const std::string& key,
                                                        std::string_view mark) {
  ASSIGN_OR_RETURN(const std::optional<std::string> row, Get(kFacts, key));
  if (!row.has_value()) return TreeSize{};
  absl::StatusOr<TreeSize> size = Decode<TreeSize>(*row);
  if (!size.ok()) {
    return absl::DataLossError(
        absl::StrCat("shard ", shard.value, ": mark `", std::string(mark), "` is malformed"));
  }
  return size;
}

}  // namespace consent::store

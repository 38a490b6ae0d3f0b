// SPDX-License-Identifier: Apache-2.0

#include "src/store/rocksdb_store.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "rocksdb/statistics.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/store/bundle_row.h"
#include "src/store/commit_check.h"
#include "src/store/rocksdb_engine.h"

namespace consent::store {
namespace {

using rocksdb::Slice;

std::string_view View(const Slice& slice) { return {slice.data(), slice.size()}; }

std::string RowKey(ShardId shard, std::string_view key) { return ShardPrefix(shard).append(key); }

absl::Status Lost(ShardId shard, uint64_t leaf, std::string_view what, std::string_view why) {
  return absl::DataLossError(absl::StrCat("shard ", shard.value, ": ", std::string(what),
                                          " at leaf ", leaf, ": ", std::string(why)));
}

// Checks the row `it` stands on: it must start at `first`.
absl::StatusOr<std::vector<std::string>> ReadRow(const rocksdb::Iterator& it, RowKind kind,
                                                 ShardId shard, uint64_t first) {
  const std::string_view what = kind == RowKind::kEntries ? "entries" : "openings";
  if (!it.Valid()) {
    if (!it.status().ok()) return Lost(shard, first, what, it.status().ToString());
    return Lost(shard, first, what, "missing");
  }
  const std::optional<LeafIndex> found = BundleKeyFirst(shard, View(it.key()));
  if (found != LeafIndex{first}) return Lost(shard, first, what, "missing");
  absl::StatusOr<std::vector<std::string>> items =
      DecodeBundleRow(kind, View(it.key()), View(it.value()));
  if (!items.ok()) return Lost(shard, first, what, std::string(items.status().message()));
  return items;
}

// Visits the rows of `shard` whose keys are of type Id, from `from` on in key order.
template <typename Id, typename Visit>
absl::Status ForEachRow(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, ShardId shard,
                        const Id& from, const Visit& visit) {
  const std::string prefix = ShardPrefix(shard);
  rocksdb::ReadOptions options;
  options.fill_cache = false;  // A walk over all rows would empty the cache of those in use.
  options.readahead_size = size_t{1} << 20;
  const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options, family));
  for (it->Seek(RowKey(shard, from.view())); it->Valid() && it->key().starts_with(prefix);
       it->Next()) {
    const auto id = Id::FromBytes(View(it->key()).substr(prefix.size()));
    if (!id.has_value()) {
      return absl::DataLossError(absl::StrCat("shard ", shard.value, ": a row of `",
                                              family->GetName(), "` has a key of ",
                                              it->key().size(), " bytes"));
    }
    ASSIGN_OR_RETURN(const bool more, visit(*id, View(it->value())));
    if (!more) break;
  }
  return FromRocksDb(it->status(), absl::StrCat("shard ", shard.value, ": ", family->GetName()));
}

}  // namespace

RocksDbStore::RocksDbStore(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
RocksDbStore::~RocksDbStore() = default;

absl::StatusOr<Head> RocksDbStore::ReadHead(ShardId shard) {
  // After a failure the head in memory may be behind the one on disk: nobody may rely on it.
  if (engine_->health->failed()) return engine_->health->Check();
  return engine_->ReadHead(shard);
}

absl::Status RocksDbStore::CheckRoom() { return engine_->CheckRoom(Engine::Use::kCommit); }

absl::Status RocksDbStore::Commit(ShardId shard, const CommitRequest& request) {
  RETURN_IF_ERROR(CheckCommit(shard, request));
  RETURN_IF_ERROR(engine_->CheckWritable());
  const TreeSize expected{request.bundle.first.value};
  const TreeSize size{expected.value + request.bundle.entries.size()};
  const std::string head_key = HeadKey(shard);
  const std::string key = BundleKey(shard, request.bundle.first);
  const auto& families = engine_->families;

  rocksdb::WriteBatch batch;
  batch.Put(families[kEntries], key,
            EncodeBundleRow(RowKind::kEntries, key, request.bundle.entries));
  batch.Put(families[kOpenings], key,
            EncodeBundleRow(RowKind::kOpenings, key, request.bundle.openings));
  for (const SecretRow& row : request.secrets) {
    batch.Put(families[kSecrets], RowKey(shard, row.handle.view()), row.value);
  }
  for (const Handle& handle : request.erase.secrets) {
    batch.Delete(families[kSecrets], RowKey(shard, handle.view()));
  }
  for (const ConsumerId& consumer : request.erase.records) {
    batch.Delete(families[kRecords], RowKey(shard, consumer.view()));
  }
  for (const ContactId& contact : request.erase.contacts) {
    batch.Delete(families[kContacts], RowKey(shard, contact.view()));
  }
  const bool erases = !request.erase.empty();
  if (erases) batch.Put(families[kFacts], ErasedKey(shard), Encode(size));
  batch.Put(families[kFacts], head_key, EncodeHeadRow(head_key, {size, request.head_state}));

  Engine::Shard& state = engine_->shard(shard);
  const std::lock_guard lock(state.commit);
  std::unique_lock<std::mutex> behind(state.behind, std::defer_lock);
  if (erases) behind.lock();
  if (!state.size.has_value()) {
    ASSIGN_OR_RETURN(const Head head, engine_->ReadHead(shard));
    state.size = head.size;
  }
  if (*state.size != expected) return SizeMoved(shard, expected, *state.size);
  if (absl::Status status = engine_->Write(batch, Engine::Sync::kYes, Engine::Use::kCommit);
      !status.ok()) {
    state.size.reset();
    return status;
  }
  state.size = size;
  engine_->commits.fetch_add(1);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Bundle>> RocksDbStore::ReadBundles(ShardId shard, LeafIndex from,
                                                              size_t entries_max) {
  std::vector<Bundle> bundles;
  // The head first, the iterators after it: bundles below a head are in every later view.
  ASSIGN_OR_RETURN(const Head head, engine_->ReadHead(shard));
  if (from.value >= head.size.value || entries_max == 0) return bundles;
  rocksdb::ReadOptions options;
  options.fill_cache = false;  // Journals are read from end to end, or not at all.
  const std::unique_ptr<rocksdb::Iterator> entries(
      engine_->db->NewIterator(options, engine_->families[kEntries]));
  const std::unique_ptr<rocksdb::Iterator> openings(
      engine_->db->NewIterator(options, engine_->families[kOpenings]));
  entries->SeekForPrev(BundleKey(shard, from));
  if (!entries->Valid() && entries->status().ok()) {
    return Lost(shard, from.value, "entries", "missing");
  }
  std::optional<LeafIndex> first;
  if (entries->Valid()) first = BundleKeyFirst(shard, View(entries->key()));
  uint64_t next = first.value_or(from).value;
  openings->Seek(BundleKey(shard, LeafIndex{next}));

  for (size_t count = 0; count < entries_max && next < head.size.value;) {
    Bundle bundle{.first = {next}, .entries = {}, .openings = {}};
    ASSIGN_OR_RETURN(bundle.entries, ReadRow(*entries, RowKind::kEntries, shard, next));
    ASSIGN_OR_RETURN(bundle.openings, ReadRow(*openings, RowKind::kOpenings, shard, next));
    if (bundle.entries.size() != bundle.openings.size()) {
      return Lost(shard, next, "openings", "not one for each entry");
    }
    next += bundle.entries.size();
    if (next > head.size.value) return Lost(shard, next - 1, "entries", "beyond the head");
    // Only the first bundle can end before `from`: then the one that holds `from` is missing.
    if (next <= from.value) return Lost(shard, from.value, "entries", "missing");
    count += bundle.entries.size();
    bundles.push_back(std::move(bundle));
    entries->Next();
    openings->Next();
  }
  return bundles;
}

absl::StatusOr<std::optional<std::string>> RocksDbStore::ReadSecret(ShardId shard,
                                                                    const Handle& handle) {
  return engine_->Get(kSecrets, RowKey(shard, handle.view()));
}

absl::StatusOr<std::optional<std::string>> RocksDbStore::ReadRecord(ShardId shard,
                                                                    const ConsumerId& consumer) {
  return engine_->Get(kRecords, RowKey(shard, consumer.view()));
}

absl::StatusOr<std::optional<ConsumerId>> RocksDbStore::ReadContact(ShardId shard,
                                                                    const ContactId& contact) {
  ASSIGN_OR_RETURN(const std::optional<std::string> row,
                   engine_->Get(kContacts, RowKey(shard, contact.view())));
  if (!row.has_value()) return std::nullopt;
  const std::optional<ConsumerId> consumer = ConsumerId::FromBytes(*row);
  if (!consumer.has_value()) {
    return absl::DataLossError(
        absl::StrCat("shard ", shard.value, ": a contact's row has ", row->size(), " bytes"));
  }
  return consumer;
}

absl::StatusOr<bool> RocksDbStore::HasContacts(ShardId shard, uint8_t first_byte) {
  const char first = static_cast<char>(first_byte);
  const std::string prefix = RowKey(shard, {&first, 1});
  const std::unique_ptr<rocksdb::Iterator> it(
      engine_->db->NewIterator(rocksdb::ReadOptions(), engine_->families[kContacts]));
  it->Seek(prefix);
  if (it->Valid()) return it->key().starts_with(prefix);
  RETURN_IF_ERROR(FromRocksDb(it->status(), absl::StrCat("shard ", shard.value, ": contacts")));
  return false;
}

absl::Status RocksDbStore::WriteBehind(ShardId shard, const DerivedRows& rows) {
  RETURN_IF_ERROR(engine_->CheckWritable());
  rocksdb::WriteBatch batch;
  for (const RecordRow& row : rows.records) {
    batch.Put(engine_->families[kRecords], RowKey(shard, row.consumer.view()), row.record);
  }
  for (const RecordRow& row : rows.appended) {
    batch.Merge(engine_->families[kRecords], RowKey(shard, row.consumer.view()), row.record);
  }
  for (const ContactId& gone : rows.contacts_gone) {
    batch.Delete(engine_->families[kContacts], RowKey(shard, gone.view()));
  }
  for (const ContactRow& row : rows.contacts) {
    const std::string_view consumer = row.consumer.view();
    batch.Put(engine_->families[kContacts], RowKey(shard, row.contact.view()),
              Slice(consumer.data(), consumer.size()));
  }
  batch.Put(engine_->families[kFacts], AppliedKey(shard), Encode(rows.applied));

  const std::lock_guard lock(engine_->shard(shard).behind);
  ASSIGN_OR_RETURN(const Head head, engine_->ReadHead(shard));
  ASSIGN_OR_RETURN(const TreeSize applied, ReadApplied(shard));
  RETURN_IF_ERROR(CheckApplied(shard, rows.applied, applied, head.size));
  ASSIGN_OR_RETURN(const TreeSize erased, ReadErased(shard));
  RETURN_IF_ERROR(CheckSeen(shard, rows.seen, erased));
  return engine_->Write(batch, Engine::Sync::kNo, Engine::Use::kRest);
}

absl::StatusOr<TreeSize> RocksDbStore::ReadApplied(ShardId shard) {
  return engine_->ReadMark(shard, AppliedKey(shard), "applied");
}

absl::StatusOr<TreeSize> RocksDbStore::ReadErased(ShardId shard) {
  return engine_->ReadMark(shard, ErasedKey(shard), "erased");
}

absl::Status RocksDbStore::WriteTiles(ShardId shard, const TileRows& rows) {
  RETURN_IF_ERROR(CheckTiles(shard, rows));
  RETURN_IF_ERROR(engine_->CheckWritable());
  rocksdb::WriteBatch batch;
  for (const TileRow& row : rows.rows) {
    const std::string key = TileKey(shard, row.level, row.index);
    batch.Put(engine_->families[kTiles], key, EncodeTileRow(key, row.hashes));
  }
  batch.Put(engine_->families[kFacts], TiledKey(shard), Encode(rows.tiled));

  const std::lock_guard lock(engine_->shard(shard).tiling);
  ASSIGN_OR_RETURN(const Head head, engine_->ReadHead(shard));
  ASSIGN_OR_RETURN(const TreeSize tiled, ReadTiled(shard));
  RETURN_IF_ERROR(CheckTiled(shard, rows.tiled, tiled, head.size));
  return engine_->Write(batch, Engine::Sync::kNo, Engine::Use::kRest);
}

absl::StatusOr<TreeSize> RocksDbStore::ReadTiled(ShardId shard) {
  return engine_->ReadMark(shard, TiledKey(shard), "tiled");
}

absl::StatusOr<std::optional<std::string>> RocksDbStore::ReadTile(ShardId shard, int level,
                                                                  uint64_t index) {
  if (level < 0 || level > TileRow::kLevelMax) return std::nullopt;
  const std::string key = TileKey(shard, level, index);
  ASSIGN_OR_RETURN(const std::optional<std::string> row, engine_->Get(kTiles, key));
  if (!row.has_value()) return std::nullopt;
  absl::StatusOr<std::string> hashes = DecodeTileRow(key, *row);
  if (!hashes.ok()) {
    return absl::DataLossError(absl::StrCat("shard ", shard.value, ": row ", index,
                                            " of tiles, level ", level, ": ",
                                            std::string(hashes.status().message())));
  }
  return *std::move(hashes);
}

absl::Status RocksDbStore::ForEachRecord(
    ShardId shard, const ConsumerId& from,
    const std::function<bool(const ConsumerId&, std::string_view record)>& visit) {
  return ForEachRow(
      *engine_->db, engine_->families[kRecords], shard, from,
      [&](const ConsumerId& consumer, std::string_view record) -> absl::StatusOr<bool> {
        return visit(consumer, record);
      });
}

absl::Status RocksDbStore::ForEachContact(
    ShardId shard, const std::function<bool(const ContactId&, const ConsumerId&)>& visit) {
  return ForEachRow(*engine_->db, engine_->families[kContacts], shard, ContactId(),
                    [&](const ContactId& contact, std::string_view row) -> absl::StatusOr<bool> {
                      const std::optional<ConsumerId> consumer = ConsumerId::FromBytes(row);
                      if (!consumer.has_value()) {
                        return absl::DataLossError(absl::StrCat(
                            "shard ", shard.value, ": a contact's row has ", row.size(), " bytes"));
                      }
                      return visit(contact, *consumer);
                    });
}

absl::Status RocksDbStore::ForEachSecret(
    ShardId shard, const std::function<bool(const Handle&, std::string_view value)>& visit) {
  return ForEachRow(*engine_->db, engine_->families[kSecrets], shard, Handle(),
                    [&](const Handle& handle, std::string_view value) -> absl::StatusOr<bool> {
                      return visit(handle, value);
                    });
}

absl::Status RocksDbStore::ReplaceSecrets(ShardId shard, const std::vector<SecretRow>& rows) {
  RETURN_IF_ERROR(engine_->CheckWritable());
  // Erasing commits hold this too: what is found here is not deleted before it is written.
  const std::lock_guard lock(engine_->shard(shard).behind);
  rocksdb::WriteBatch batch;
  for (const SecretRow& row : rows) {
    const std::string key = RowKey(shard, row.handle.view());
    ASSIGN_OR_RETURN(const std::optional<std::string> found, engine_->Get(kSecrets, key));
    if (found.has_value()) batch.Put(engine_->families[kSecrets], key, row.value);
  }
  return batch.Count() == 0 ? absl::OkStatus()
                            : engine_->Write(batch, Engine::Sync::kYes, Engine::Use::kRest);
}

absl::StatusOr<std::optional<std::string>> RocksDbStore::ReadFact(std::string_view name) {
  return engine_->Get(kFacts, FactKey(name));
}

absl::Status RocksDbStore::WriteFact(std::string_view name, std::string_view value) {
  rocksdb::WriteBatch batch;
  batch.Put(engine_->families[kFacts], FactKey(name), Slice(value.data(), value.size()));
  return engine_->Write(batch, Engine::Sync::kYes, Engine::Use::kRest);
}

Statistics RocksDbStore::statistics() const {
  Statistics statistics{
      .commits = engine_->commits.load(),
      .syncs = engine_->statistics->getTickerCount(rocksdb::WAL_FILE_SYNCED),
      .purges = engine_->purges.load(),
      .log_sync_nanos = engine_->log_syncs.totals(),
      .stalled_micros = engine_->statistics->getTickerCount(rocksdb::STALL_MICROS),
      .full = engine_->health->full()};
  std::vector<rocksdb::Env::FileAttributes> files;
  engine_->env->GetChildrenFileAttributes(engine_->dir, &files).PermitUncheckedError();
  for (const auto& file : files) statistics.bytes += file.size_bytes;
  engine_->env->GetFreeSpace(engine_->dir, &statistics.free_bytes).PermitUncheckedError();
  return statistics;
}

}  // namespace consent::store

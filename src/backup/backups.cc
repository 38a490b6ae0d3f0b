// SPDX-License-Identifier: Apache-2.0

#include "src/backup/backups.h"

#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"
#include "src/journal/journal.h"
#include "src/journal/reader.h"
#include "src/ledger/ledger.h"
#include "src/ledger/loss.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"
#include "src/store/rocksdb_store.h"

namespace consent::backup {
namespace {

constexpr ShardId kShards[] = {kDirectoryShard, ledger::kConsumerShard};
constexpr uint64_t kEntriesBetweenReports = 8'192;

absl::Status Damaged(uint32_t id, const absl::Status& why) {
  return absl::DataLossError(absl::StrCat("backup ", id, " is damaged: ", why.message(),
                                          "; take another one (consentctl backup list)"));
}

// What a copy of a ledger's store says of itself.
absl::StatusOr<Manifest> Describe(store::Store& copy) {
  Manifest manifest;
  ASSIGN_OR_RETURN(const std::optional<std::string> origin, copy.ReadFact(ledger::kOriginFact));
  if (!origin.has_value()) return absl::FailedPreconditionError("the store holds no ledger");
  manifest.origin = *origin;
  ASSIGN_OR_RETURN(const uint32_t generation, ledger::ReadGeneration(copy));
  for (const ShardId shard : kShards) {
    ASSIGN_OR_RETURN(const store::Head head, copy.ReadHead(shard));
    ASSIGN_OR_RETURN(const journal::HeadState state, journal::ParseHead(head));
    manifest.journals.push_back({.origin = ledger::JournalOriginOf(*origin, shard, generation),
                                 .size = head.size,
                                 .root = state.tree.Root()});
  }
  return manifest;
}

absl::Status CheckJournal(store::Store& store, ShardId shard, const BackedUpJournal& expected,
                          const Progress& progress) {
  ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(shard));
  merkle::CompactTree tree;
  if (head.size == expected.size) {
    RETURN_IF_ERROR(journal::ForEachLeaf(
        store, shard, LeafIndex{0}, head.size, [&](const journal::Leaf& leaf) -> absl::Status {
          tree.Append(merkle::LeafHash(leaf.bytes));
          if (progress && leaf.position.value % kEntriesBetweenReports == 0) {
            progress(leaf.position.value);
          }
          return absl::OkStatus();
        }));
  }
  if (head.size == expected.size && tree.Root() == expected.root) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat("journal ", expected.origin, ": expected ", expected.size.value,
                   " entries that hash to the manifest's root, found ",
                   head.size == expected.size ? "others" : absl::StrCat(head.size.value)));
}

}  // namespace

absl::Status CheckJournals(store::Store& store, const Manifest& manifest,
                           const Progress& progress) {
  ASSIGN_OR_RETURN(const std::optional<std::string> origin, store.ReadFact(ledger::kOriginFact));
  if (origin != manifest.origin || manifest.journals.size() != std::size(kShards)) {
    return absl::DataLossError("it holds another ledger than its manifest says");
  }
  for (size_t i = 0; i < std::size(kShards); ++i) {
    RETURN_IF_ERROR(CheckJournal(store, kShards[i], manifest.journals[i], progress));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Backups>> Backups::Open(const std::string& dir,
                                                       const std::string& origin) {
  ASSIGN_OR_RETURN(std::unique_ptr<store::BackupFolder> folder, store::BackupFolder::Open(dir));
  auto backups = std::unique_ptr<Backups>(new Backups(std::move(folder)));
  for (const uint32_t id : backups->folder_->Ids()) {
    const absl::StatusOr<Manifest> manifest = backups->ReadManifest(id);
    if (!manifest.ok() || manifest->origin == origin) continue;
    return absl::FailedPreconditionError(absl::StrCat(dir, ": expected backups of the ledger ",
                                                      origin, ", found those of ", manifest->origin,
                                                      "; name another folder"));
  }
  return backups;
}

absl::StatusOr<std::unique_ptr<Backups>> Backups::OpenReadOnly(const std::string& dir) {
  ASSIGN_OR_RETURN(std::unique_ptr<store::BackupFolder> folder,
                   store::BackupFolder::OpenReadOnly(dir));
  return std::unique_ptr<Backups>(new Backups(std::move(folder)));
}

absl::StatusOr<Backups::Made> Backups::Make(store::Store& store, const Clock& clock,
                                            const std::string& release, size_t keep) {
  auto* const engine = dynamic_cast<store::RocksDbStore*>(&store);
  if (engine == nullptr) {
    return absl::FailedPreconditionError("a store of this kind cannot be backed up");
  }
  Made made;
  ASSIGN_OR_RETURN(const store::BackupFolder::Copied copied,
                   folder_->Copy(*engine,
                                 [&](const store::BackupFolder::Copied& copy, store::Store& inside,
                                     const std::string& catalogue) -> absl::StatusOr<std::string> {
                                   ASSIGN_OR_RETURN(made.manifest, Describe(inside));
                                   made.manifest.id = copy.id;
                                   made.manifest.made_at = Instant{clock.WallMillis() / 1000};
                                   if (!absl::SimpleAtoi(std::string(store::kFormatVersion),
                                                         &made.manifest.store_format)) {
                                     return absl::InternalError("the store's format is no number");
                                   }
                                   made.manifest.release = release;
                                   made.manifest.bytes = copy.bytes;
                                   made.manifest.catalogue = crypto::Sha256({catalogue});
                                   return WriteManifest(made.manifest);
                                 }));
  made.bytes_copied = copied.bytes_copied;
  // Damaged ones are left to people, and do not count.
  std::vector<uint32_t> whole;
  for (const Listed& listed : List()) {
    if (listed.manifest.ok()) whole.push_back(listed.id);
  }
  for (size_t i = 0; i + keep < whole.size(); ++i) RETURN_IF_ERROR(folder_->Remove(whole[i]));
  return made;
}

absl::StatusOr<Manifest> Backups::ReadManifest(uint32_t id) const {
  ASSIGN_OR_RETURN(const std::string text, folder_->Label(id));
  absl::StatusOr<Manifest> manifest = ParseManifest(text);
  if (!manifest.ok()) return Damaged(id, manifest.status());
  if (manifest->id != id) return Damaged(id, absl::DataLossError("its manifest is another's"));
  ASSIGN_OR_RETURN(const std::string catalogue, folder_->Catalogue(id));
  if (crypto::Sha256({catalogue}) != manifest->catalogue) {
    return Damaged(id, absl::DataLossError("its catalogue is not the one its manifest names"));
  }
  return manifest;
}

std::vector<Backups::Listed> Backups::List() const {
  std::vector<Listed> listed;
  for (const uint32_t id : folder_->Ids()) {
    Listed backup{.id = id, .manifest = ReadManifest(id)};
    if (backup.manifest.ok()) {
      const absl::StatusOr<uint64_t> bytes = folder_->Bytes(id);
      if (!bytes.ok()) {
        backup.manifest = Damaged(id, bytes.status());
      } else if (*bytes != backup.manifest->bytes) {
        backup.manifest =
            Damaged(id, absl::DataLossError(absl::StrCat("expected ", backup.manifest->bytes,
                                                         " bytes of files, found ", *bytes)));
      }
    }
    listed.push_back(std::move(backup));
  }
  return listed;
}

absl::StatusOr<Manifest> Backups::Verify(uint32_t id, const Progress& progress) {
  ASSIGN_OR_RETURN(Manifest manifest, ReadManifest(id));
  const auto check = [&]() -> absl::Status {
    RETURN_IF_ERROR(folder_->Check(id));
    ASSIGN_OR_RETURN(const std::unique_ptr<store::RocksDbStore> copy, folder_->Read(id));
    return CheckJournals(*copy, manifest, progress);
  };
  if (const absl::Status checked = check(); !checked.ok()) {
    return absl::IsDataLoss(checked) ? Damaged(id, checked) : checked;
  }
  return manifest;
}

}  // namespace consent::backup

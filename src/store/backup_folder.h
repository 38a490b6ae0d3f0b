// SPDX-License-Identifier: Apache-2.0
//
// BackupFolder: copies of a RocksDbStore, made while it is written to, in a folder of their own.
//
// A copy is a set of files; tables that do not differ are kept once for all copies that hold them.
// Each copy has a label: a text of the caller's that says what it is. The label is written last,
// and removed first: a copy without one was interrupted, counts for nothing, and is removed when
// the next is made. Everything is synced before it counts.
//
// In the folder: what RocksDB's BackupEngine makes (`meta`, `private`, `shared_checksum`), the
// labels in `label/`, and LOCK. Exact bytes: docs/formats/backup.md.
//
// Threads: one at a time, but for Cancel.

#ifndef CONSENT_STORE_BACKUP_FOLDER_H_
#define CONSENT_STORE_BACKUP_FOLDER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/store/rocksdb_store.h"

namespace consent::store {

class BackupFolder {
 public:
  static constexpr size_t kLabelBytesMax = size_t{1} << 16;

  // Opens the folder to make copies, or makes it; the folder above must exist. FailedPrecondition
  // when another process makes copies there, when it cannot be written to, or when it holds what
  // is no backup. `env` is where the folder lies; nullptr is the machine's file system, where
  // stores, and what is restored, always lie.
  static absl::StatusOr<std::unique_ptr<BackupFolder>> Open(const std::string& dir,
                                                            rocksdb::Env* env = nullptr);
  // Opens it to read, and writes nothing. Copies that are made meanwhile are not seen; one that is
  // removed meanwhile is damaged. NotFound when there are no backups in `dir`.
  static absl::StatusOr<std::unique_ptr<BackupFolder>> OpenReadOnly(const std::string& dir,
                                                                    rocksdb::Env* env = nullptr);
  ~BackupFolder();
  BackupFolder(const BackupFolder&) = delete;
  BackupFolder& operator=(const BackupFolder&) = delete;

  // A copy as it was made.
  struct Copied {
    uint32_t id = 0;
    uint64_t bytes = 0;         // Of all its files.
    uint64_t bytes_copied = 0;  // Of those that no other copy had.
  };
  // Writes a copy's label, given the copy, and the text that names its files and their checksums.
  using Describe = std::function<absl::StatusOr<std::string>(
      const Copied& copied, RocksDbStore& copy, const std::string& catalogue)>;

  // Copies the store; on OK the copy is durable. Holds everything that was durable in the store
  // when the call began. Unavailable: it could not be written; Aborted: Cancel. What is left of a
  // copy that failed is removed by the next.
  absl::StatusOr<Copied> Copy(RocksDbStore& store, const Describe& describe);
  // Ends a Copy that is under way. From any thread.
  void Cancel();

  // Those with a label, oldest first.
  std::vector<uint32_t> Ids() const;
  // DataLoss when it is not there or is too long.
  absl::StatusOr<std::string> Label(uint32_t id) const;
  // The text that names the copy's files and their checksums. DataLoss as above.
  absl::StatusOr<std::string> Catalogue(uint32_t id) const;

  // The bytes of the files that the copy has now. DataLoss when one is missing.
  absl::StatusOr<uint64_t> Bytes(uint32_t id) const;
  // Whether each file holds the bytes that the catalogue says. DataLoss names the one that does
  // not.
  absl::Status Check(uint32_t id) const;

  // The copy, opened where it lies. This folder must outlive it.
  absl::StatusOr<std::unique_ptr<RocksDbStore>> Read(uint32_t id);
  // Writes the copy's files to `dir`, which must not exist, each compared with its checksum on the
  // way, and all durable on OK. After an error `dir` holds a part.
  absl::Status Restore(uint32_t id, const std::string& dir) const;

  // Removes a copy, and all files that no other has.
  absl::Status Remove(uint32_t id);

 private:
  struct Engine;
  explicit BackupFolder(std::unique_ptr<Engine> engine);

  const std::unique_ptr<Engine> engine_;
};

}  // namespace consent::store

#endif  // CONSENT_STORE_BACKUP_FOLDER_H_

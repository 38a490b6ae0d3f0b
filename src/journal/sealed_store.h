// SPDX-License-Identifier: Apache-2.0
//
// SealedStore: a store whose secrets lie on the disk sealed, under a master key that is kept
// elsewhere. Whoever has a copy of the files without that key can open nothing in them.
//
//   row = 02 ‖ varint number ‖ string sealed
//   sealed = AES-256-GCM(master key of that number, nonce, aad = "secret" ‖ handle, value)
//   nonce  = first 12 bytes of the handle
//
// Handles are random and each has one value for ever, so no nonce seals two values; two of 2^32
// handles begin alike with probability below 2^-33.
//
// The newest key seals. Rows under older keys are read, and `Reseal` writes them anew; a row in the
// clear (01, as made before there were master keys) counts as one under the key number 0. A fact in
// the store says, before it comes true, under which keys rows may lie: a start without one of them,
// or with another in its place, is refused rather than met by surprise later.
//
// Threads: as store::Store.

#ifndef CONSENT_JOURNAL_SEALED_STORE_H_
#define CONSENT_JOURNAL_SEALED_STORE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "src/base/mutex.h"
#include "src/crypto/secret.h"
#include "src/store/forwarding_store.h"

namespace consent::journal {

// Numbers count up from 1.
struct MasterKey {
  uint32_t number = 0;
  crypto::Secret key;
};

class SealedStore : public store::ForwardingStore {
 public:
  static constexpr std::string_view kFact = "master";

  enum class Use {
    kCreate,  // A store without a row: the newest key is the only one.
    kServe,   // Says durably that the newest key is in use.
    kRead,    // Writes nothing. Without any key it still reads a store that never had one.
  };

  // `real` must outlive it. FailedPrecondition when a key is missing that rows may lie under, is
  // not the one it was, or when the newest is older than one that is in use.
  static absl::StatusOr<std::unique_ptr<SealedStore>> Open(store::Store& real,
                                                           std::vector<MasterKey> keys, Use use);

  absl::Status Commit(ShardId shard, const store::CommitRequest& request) override;
  // DataLoss when the row does not open.
  absl::StatusOr<std::optional<std::string>> ReadSecret(ShardId shard,
                                                        const Handle& handle) override;
  // Here calls may overlap: they take turns.
  absl::Status PurgeErased() override;

  // Whether rows may lie under other keys than the newest.
  bool HasOldSeals() const;
  uint32_t newest() const { return keys_.empty() ? 0 : keys_.rbegin()->first; }

  // Seals under the newest key what lies under others in `shards`, which are all that have secrets;
  // then makes the old form leave the files, and forgets the older keys: from then on they are not
  // needed. Everything else goes on meanwhile. Aborted when `stop` says so, which is asked now and
  // then; what was done stays done. `resealed` counts the rows written.
  absl::Status Reseal(const std::vector<ShardId>& shards, const std::function<bool()>& stop,
                      uint64_t& resealed);

 private:
  using Keys = std::map<uint32_t, crypto::Secret>;  // By number.

  SealedStore(store::Store& real, Keys keys, bool old_seals)
      : ForwardingStore(real), keys_(std::move(keys)), old_seals_(old_seals) {}

  std::string Seal(const Handle& handle, std::string_view value) const;
  absl::StatusOr<std::string> Unseal(const Handle& handle, std::string_view row) const;
  absl::Status ResealShard(ShardId shard, const std::function<bool()>& stop, uint64_t& resealed);

  const Keys keys_;
  mutable Mutex mutex_;
  bool old_seals_ ABSL_GUARDED_BY(mutex_);
  Mutex purging_;
};

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_SEALED_STORE_H_

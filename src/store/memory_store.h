// SPDX-License-Identifier: Apache-2.0
//
// MemoryStore: the twin of the durable engines, for tests. It keeps the whole contract of Store but
// durability, and can be told to fail as they may fail.
//
// A crash is `DurableCopy`: the copy is what a restarted process would find. Commits survive it;
// rows written behind survive it or not, as the test chooses.
//
// Threads: as Store; the hooks too may be called from any thread.

#ifndef CONSENT_STORE_MEMORY_STORE_H_
#define CONSENT_STORE_MEMORY_STORE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/store/store.h"

namespace consent::store {

class MemoryStore final : public Store {
 public:
  MemoryStore() = default;
  MemoryStore(const MemoryStore&) = delete;
  MemoryStore& operator=(const MemoryStore&) = delete;

  // --- Hooks for tests.

  // What a commit that returned an error has done.
  enum class Outcome {
    kNotApplied,  // Nothing.
    kApplied,     // All of it: the case in which only the answer was lost.
  };
  // The next commit whose size is right returns `error`, which is not OK, with this outcome. Calls
  // add up: two calls fail two commits, in order. A commit that is Aborted uses none up.
  void FailNextCommit(absl::Status error, Outcome outcome);
  // The next ReadHead, ReadBundles, Read..., the next WriteBehind or WriteTiles, or the next
  // PurgeErased returns `error` and has no effect.
  void FailNextRead(absl::Status error);
  void FailNextWriteBehind(absl::Status error);
  void FailNextPurge(absl::Status error);
  // While it is full, commits are refused for want of room, and nothing else. Not full at first.
  void SetFull(bool full);

  // Every commit from now on takes at least this long, as a slow disk would make it; commits on
  // other shards and reads go on meanwhile. Zero by default.
  void SetCommitDelay(absl::Duration delay);
  // Called in each commit before its condition is looked at, without any lock held: a test can
  // block a committer here, or let another one overtake it. Empty by default.
  void SetBeforeCommit(std::function<void(ShardId)> hook);

  // What a crash costs.
  enum class Loss {
    kNothing,      // A process that ended, on a machine that did not.
    kSinceCommit,  // Rows written behind after the last commit to any shard.
    kDerivedRows,  // All records, contacts and tiles; `applied` and `tiled` are 0 again.
  };
  // What a process that starts after a crash would find. This store goes on undisturbed, hooks and
  // counters are not copied.
  std::unique_ptr<MemoryStore> DurableCopy(Loss loss) const;

  // --- Store.

  absl::StatusOr<Head> ReadHead(ShardId shard) override;
  absl::Status CheckRoom() override;
  absl::Status Commit(ShardId shard, const CommitRequest& request) override;
  absl::StatusOr<std::vector<Bundle>> ReadBundles(ShardId shard, LeafIndex from,
                                                  size_t entries_max) override;
  absl::StatusOr<std::optional<std::string>> ReadSecret(ShardId shard,
                                                        const Handle& handle) override;
  absl::StatusOr<std::optional<std::string>> ReadRecord(ShardId shard,
                                                        const ConsumerId& consumer) override;
  absl::StatusOr<std::optional<ConsumerId>> ReadContact(ShardId shard,
                                                        const ContactId& contact) override;
  absl::StatusOr<bool> HasContacts(ShardId shard, uint8_t first_byte) override;
  absl::Status WriteBehind(ShardId shard, const DerivedRows& rows) override;
  absl::StatusOr<TreeSize> ReadApplied(ShardId shard) override;
  absl::StatusOr<TreeSize> ReadErased(ShardId shard) override;
  absl::Status WriteTiles(ShardId shard, const TileRows& rows) override;
  absl::StatusOr<TreeSize> ReadTiled(ShardId shard) override;
  absl::StatusOr<std::optional<std::string>> ReadTile(ShardId shard, int level,
                                                      uint64_t index) override;
  // Nothing erased stays anywhere: counts, and fails when it is told to.
  absl::Status PurgeErased() override;
  // `visit` sees the rows as they were when the call began, and may call this store.
  absl::Status ForEachRecord(
      ShardId shard, const ConsumerId& from,
      const std::function<bool(const ConsumerId&, std::string_view record)>& visit) override;
  absl::Status ForEachContact(
      ShardId shard,
      const std::function<bool(const ContactId&, const ConsumerId&)>& visit) override;
  absl::Status ForEachSecret(
      ShardId shard,
      const std::function<bool(const Handle&, std::string_view value)>& visit) override;
  absl::Status ReplaceSecrets(ShardId shard, const std::vector<SecretRow>& rows) override;
  absl::StatusOr<std::optional<std::string>> ReadFact(std::string_view name) override;
  absl::Status WriteFact(std::string_view name, std::string_view value) override;
  Statistics statistics() const override;

 private:
  using TilePlace = std::pair<int, uint64_t>;  // Level and index.
  struct Derived {
    std::map<ConsumerId, std::string> records;
    std::map<ContactId, ConsumerId> contacts;
    TreeSize applied;
    std::map<TilePlace, std::string> tiles;
    TreeSize tiled;
  };
  struct Shard {
    Head head;
    std::map<LeafIndex, Bundle> bundles;  // By their first entry.
    std::map<Handle, std::string> secrets;
    TreeSize erased;  // The journal's size after the last commit that erased something.
    Derived derived;
  };
  // What one WriteBehind or WriteTiles replaced; nullopt where there was no row.
  struct Undo {
    ShardId shard;
    std::map<ConsumerId, std::optional<std::string>> records;
    std::map<ContactId, std::optional<ConsumerId>> contacts;
    TreeSize applied;
    std::map<TilePlace, std::optional<std::string>> tiles;
    TreeSize tiled;
  };
  struct Failure {
    absl::Status error;
    Outcome outcome;
  };

  static absl::Status Take(std::deque<absl::Status>& failures);
  absl::Status TakeReadFailure() { return Take(read_failures_); }
  // Nothing replaced yet; the marks as they are.
  static Undo UndoOf(ShardId shard, const Derived& derived);
  static void Revert(const Undo& undo, std::map<ShardId, Shard>& shards);

  mutable std::mutex mutex_;  // Guards all below.
  std::map<ShardId, Shard> shards_;
  std::map<std::string, std::string, std::less<>> facts_;
  std::vector<Undo> since_commit_;  // Oldest first.
  std::deque<Failure> commit_failures_;
  std::deque<absl::Status> read_failures_;
  std::deque<absl::Status> write_behind_failures_;
  std::deque<absl::Status> purge_failures_;
  bool full_ = false;
  absl::Duration commit_delay_ = absl::ZeroDuration();
  std::function<void(ShardId)> before_commit_;
  uint64_t commits_ = 0;
  uint64_t purges_ = 0;
};

}  // namespace consent::store

#endif  // CONSENT_STORE_MEMORY_STORE_H_

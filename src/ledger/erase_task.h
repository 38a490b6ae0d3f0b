// SPDX-License-Identifier: Apache-2.0
//
// EraseTask: erases a consumer who orders it, with one entry.
//
// The entry is the tombstone (core::Tombstone): the first event of a new consumer, with a secret of
// their own, who is found by fingerprints and carries on the blocks that stood. In the same commit
// the old consumer's secret, record and contact rows cease to be; before it their handle is kept
// outside the store (`Erasing::before`), so that a restored backup can be told. After a crash
// either all of this has happened, or nothing but the note outside.

#ifndef CONSENT_LEDGER_ERASE_TASK_H_
#define CONSENT_LEDGER_ERASE_TASK_H_

#include <functional>
#include <utility>
#include <vector>

#include "src/ledger/command.h"
#include "src/ledger/committer.h"
#include "src/ledger/desk.h"
#include "src/store/store.h"

namespace consent::ledger {

// What an erasure needs beside the desk.
struct Erasing {
  store::Store& store;
  ShardId shard;
  // Remembers outside the store whose openings will be gone; durable on OK, without which nothing
  // is erased. May be called again for the same handle. Empty: nothing is kept.
  std::function<absl::Status(const Handle&)> before;
  // Called when an erasure is durable. Must not block.
  std::function<void()> after;
};

class EraseTask : public Task {
 public:
  // As old or as far ahead as an order may be.
  static constexpr int64_t kAgeMaxMs = INT64_C(5) * 60 * 1000;

  EraseTask(const Desk& desk, const Erasing& erasing, const EraseCommand& command,
            Done<EraseAnswer> done)
      : desk_(desk), erasing_(erasing), command_(command), done_(std::move(done)) {}

  void Judge(Turn& turn) override { answer_ = Decide(turn); }
  void Answer(const absl::Status& durable) override;

 private:
  absl::StatusOr<EraseAnswer> Decide(Turn& turn);
  // The answer to an order obeyed before, by the entry at `position`.
  absl::StatusOr<EraseAnswer> Repeat(const Turn& turn, LeafIndex position);

  const Desk& desk_;
  const Erasing& erasing_;
  const EraseCommand command_;
  const Done<EraseAnswer> done_;
  absl::StatusOr<EraseAnswer> answer_;
};

// Erases those of whom only handles are known: erased before, as somebody outside the store
// remembers, in a store that does not (a restored backup, or a crash between the two). Handles that
// the store does not know are passed over. `done`: how many were erased.
class EraseAgainTask : public Task {
 public:
  EraseAgainTask(const Desk& desk, const Erasing& erasing, std::vector<Handle> handles,
                 Done<size_t> done)
      : desk_(desk), erasing_(erasing), handles_(std::move(handles)), done_(std::move(done)) {}

  void Judge(Turn& turn) override { answer_ = Decide(turn); }
  void Answer(const absl::Status& durable) override;

 private:
  absl::StatusOr<size_t> Decide(Turn& turn);

  const Desk& desk_;
  const Erasing& erasing_;
  const std::vector<Handle> handles_;
  const Done<size_t> done_;
  absl::StatusOr<size_t> answer_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_ERASE_TASK_H_

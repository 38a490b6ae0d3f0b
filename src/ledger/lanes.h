// SPDX-License-Identifier: Apache-2.0
//
// Lanes: the tasks that wait for a committer, a lane for each caller.
//
// Tasks of one lane are taken in order of arrival, and lanes take turns: however much one caller
// has waiting, another's next task is taken within one turn of everybody. A turn is worth a part
// of a batch (parts.h), so those who ask one by one are not behind those who ask by the thousand.
//
// Threads: one at a time.

#ifndef CONSENT_LEDGER_LANES_H_
#define CONSENT_LEDGER_LANES_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/ledger/parts.h"
#include "src/ledger/task.h"

namespace consent::ledger {

// Whose tasks share a place in the queue: any number that tells callers apart. Two callers with one
// number share a lane.
struct Lane {
  uint64_t value = 0;
  friend constexpr auto operator<=>(Lane, Lane) = default;
  template <typename H>
  friend H AbslHashValue(H h, Lane lane) {
    return H::combine(std::move(h), lane.value);
  }
};

// Of what the ledger itself wants done: nobody who asks.
inline constexpr Lane kOwnLane{~uint64_t{0}};

class Lanes {
 public:
  // What a lane may take in one turn; a task that is worth more is taken whole.
  static constexpr size_t kTurn = kPartMax;

  // `since` counts as the task's arrival.
  void Push(Lane lane, std::unique_ptr<Task> task, int64_t since);

  struct Taken {
    std::vector<std::unique_ptr<Task>> tasks;
    size_t weight = 0;
    int64_t oldest = 0;  // When the first of them came; 0 without any.
  };
  // Takes tasks until they are worth `enough`, or none is left; and then, of each lane, those of
  // its next turn that ask for one thing, up to the first that asks for more: nobody's one
  // question waits behind the next part of somebody's batch.
  Taken Take(size_t enough);

  bool empty() const { return turns_.empty(); }
  // What waits in one lane, as the sum of weights.
  size_t WeightOf(Lane lane) const;
  // When the first of those who wait came; 0 when nobody waits.
  int64_t Oldest() const;

 private:
  struct Waiting {
    std::unique_ptr<Task> task;
    int64_t since;
  };
  struct Queue {
    std::deque<Waiting> tasks;  // Never empty.
    size_t weight = 0;
  };

  // Of the next lane, as far as they are `wanted(task)`.
  template <typename Wanted>
  void TakeTurn(Taken& taken, const Wanted& wanted);

  absl::flat_hash_map<Lane, Queue> queues_;
  std::deque<Lane> turns_;  // All lanes that have something waiting, the next first.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_LANES_H_

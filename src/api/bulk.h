// SPDX-License-Identifier: Apache-2.0
//
// Bulk: threads for what large messages bring, batches above all: to read them, and to write their
// answers. They are of lower priority than all others, so whoever asks for one thing finds a
// processor at once, and they have whatever is left. Callers take turns.
//
// What waits here is bounded by whoever brings it: a stream brings its next message when the last
// one has been read, and a caller may have so many calls and decisions under way.

#ifndef CONSENT_API_BULK_H_
#define CONSENT_API_BULK_H_

#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "src/base/mutex.h"
#include "src/ledger/lanes.h"

namespace consent::api {

// Threads: safe for any.
class Bulk {
 public:
  // Below so many items a message is no bulk: to hand it over would cost more.
  static constexpr int kItemsMin = 8;
  // As many threads as there are processors.
  Bulk();
  // Finishes what is queued.
  ~Bulk();
  Bulk(const Bulk&) = delete;
  Bulk& operator=(const Bulk&) = delete;

  // Runs the work here if it is about fewer than kItemsMin items; else when its lane's turn has
  // come, after what that lane has waiting already.
  void Run(ledger::Lane lane, int items, std::function<void()> work);

 private:
  using Queue = std::deque<std::function<void()>>;

  void Work();

  Mutex mutex_;
  absl::flat_hash_map<ledger::Lane, Queue> queues_ ABSL_GUARDED_BY(mutex_);  // None is empty.
  std::deque<ledger::Lane> turns_ ABSL_GUARDED_BY(mutex_);  // Those of queues_, the next first.
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace consent::api

#endif  // CONSENT_API_BULK_H_

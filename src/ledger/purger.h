// SPDX-License-Identifier: Apache-2.0
//
// Purger: sees to it that the bytes of what has been erased leave the store's files.
//
// An erasure deletes rows; `Store::PurgeErased` makes their bytes go, and writes a good part of the
// store anew to do so. So it runs on a thread of its own, once for all erasures since the last
// time, and not again before `interval` has passed. How far it has come is a fact in the store:
// what a crash interrupts begins again at the next start.
//
// Threads: all methods from any thread, Start and Stop once each.

#ifndef CONSENT_LEDGER_PURGER_H_
#define CONSENT_LEDGER_PURGER_H_

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/base/mutex.h"
#include "src/store/store.h"

namespace consent::ledger {

class Purger {
 public:
  // From the end of one purge to the beginning of the next.
  static constexpr absl::Duration kInterval = absl::Minutes(10);

  Purger(store::Store& store, ShardId shard, absl::Duration interval = kInterval)
      : store_(store), shard_(shard), interval_(interval) {}
  ~Purger() { Stop(); }
  Purger(const Purger&) = delete;
  Purger& operator=(const Purger&) = delete;

  // Starts the thread; a purge that is due from before begins at once.
  absl::Status Start();
  // Something has been erased, durably. Does not block.
  void Wake();
  // Waits for a purge that is running, then ends the thread.
  void Stop();

 private:
  void Run();
  absl::Status Purge();
  absl::StatusOr<bool> IsDue();

  store::Store& store_;
  const ShardId shard_;
  const absl::Duration interval_;
  Mutex mutex_;
  bool due_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_PURGER_H_

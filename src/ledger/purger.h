// SPDX-License-Identifier: Apache-2.0
//
// Purger: sees to it that the bytes of what has been erased leave the store's files.
//
// An erasure deletes rows; `Store::PurgeErased` makes their bytes go, and writes a good part of the
// store anew to do so. So it is a worker of its own, once for all erasures since the last
// time, and not again before `interval` has passed. How far it has come is a fact in the store:
// what a crash interrupts begins again at the next start.
//
// Threads: all methods from any thread, Start and Stop once each.

#ifndef CONSENT_LEDGER_PURGER_H_
#define CONSENT_LEDGER_PURGER_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"
#include "src/store/store.h"

namespace consent::ledger {

class Purger {
 public:
  // From the end of one purge to the beginning of the next.
  static constexpr absl::Duration kInterval = absl::Minutes(10);

  Purger(store::Store& store, ShardId shard, Workers& workers, absl::Duration interval = kInterval)
      : store_(store), shard_(shard), workers_(workers), interval_(interval) {}
  ~Purger() { Stop(); }
  Purger(const Purger&) = delete;
  Purger& operator=(const Purger&) = delete;

  // Starts to work; a purge that is due from before begins at once.
  absl::Status Start();
  // Something has been erased, durably. Does not block.
  void Wake();
  // Waits for a purge that is running, then ends.
  void Stop();

 private:
  Rest Step(Call call);
  absl::Status Purge();
  absl::StatusOr<bool> IsDue();

  store::Store& store_;
  const ShardId shard_;
  Workers& workers_;
  const absl::Duration interval_;
  Mutex mutex_;
  bool due_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<Worker> worker_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_PURGER_H_

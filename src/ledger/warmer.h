// SPDX-License-Identifier: Apache-2.0
//
// Warmer: reads consumers into memory after a start, until all are there or memory is full.
//
// One after the other, as they lie on the disk, they are read at a fraction of what it costs to
// look each of them up when they are asked for. Other work comes first, and nothing depends on
// this.
//
// Threads: Start and Stop once each, by the owner.

#ifndef CONSENT_LEDGER_WARMER_H_
#define CONSENT_LEDGER_WARMER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "src/base/ids.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"
#include "src/ledger/consumers.h"
#include "src/ledger/fetcher.h"
#include "src/ledger/keep_task.h"
#include "src/ledger/read_ahead.h"
#include "src/store/store.h"

namespace consent::ledger {

class Warmer {
 public:
  // How many are read at once.
  static constexpr size_t kRound = 4096;

  // Where those who were read are taken in.
  using HandOver = std::function<void(std::vector<FetchedPacked>, Done<KeepAnswers>)>;

  Warmer(store::Store& store, ShardId shard, const Consumers& consumers, ReadAhead& read_ahead,
         Workers& workers, HandOver hand_over)
      : store_(store),
        shard_(shard),
        consumers_(consumers),
        read_ahead_(read_ahead),
        workers_(workers),
        hand_over_(std::move(hand_over)) {}
  ~Warmer() { Stop(); }
  Warmer(const Warmer&) = delete;
  Warmer& operator=(const Warmer&) = delete;

  void Start();
  // What has been handed over may be answered later.
  void Stop();

 private:
  struct Round {
    std::vector<FetchedPacked> fetched;
    std::optional<ConsumerId> next;  // Who follows; none: nobody.
  };

  Rest Step(Call call);
  absl::StatusOr<Round> Read(const ConsumerId& from);
  void Taken(const absl::StatusOr<KeepAnswers>& kept, std::optional<ConsumerId> next);

  store::Store& store_;
  const ShardId shard_;
  const Consumers& consumers_;
  ReadAhead& read_ahead_;
  Workers& workers_;
  const HandOver hand_over_;
  Mutex mutex_;
  std::optional<ConsumerId> from_ ABSL_GUARDED_BY(mutex_) = ConsumerId();  // None: all are read.
  bool under_way_ ABSL_GUARDED_BY(mutex_) = false;
  bool refused_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<Worker> worker_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_WARMER_H_

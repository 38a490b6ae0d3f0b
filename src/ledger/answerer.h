// SPDX-License-Identifier: Apache-2.0
//
// Answerer: gives the answers of settled groups, in their order, while the committer goes on with
// the next group. What is answered here is durable, or known not to be.
//
// Threads: Give and Stop belong to the committer's thread; answers run on the answerer's own, or,
// for a small group that nothing is ahead of, on the caller's.

#ifndef CONSENT_LEDGER_ANSWERER_H_
#define CONSENT_LEDGER_ANSWERER_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"
#include "src/ledger/task.h"

namespace consent::ledger {

class Answerer {
 public:
  // A group of fewer decisions is answered where it is: handing it over would cost more.
  static constexpr size_t kHandedOverMin = 8;

  // `answered` is called after each group, with its weight.
  Answerer(Workers& workers, std::function<void(size_t weight)> answered);
  // As Stop.
  ~Answerer();
  Answerer(const Answerer&) = delete;
  Answerer& operator=(const Answerer&) = delete;

  void Start();
  // Calls Answer of every task in the group, once.
  void Give(std::vector<std::unique_ptr<Task>> group, absl::Status durable);
  // Gives what is waiting, then ends.
  void Stop();

 private:
  struct Settled {
    std::vector<std::unique_ptr<Task>> group;
    absl::Status durable;
  };

  Rest Step(Call call);
  void AnswerAll(const Settled& settled);

  Workers& workers_;
  const std::function<void(size_t)> answered_;
  Mutex mutex_;
  std::deque<Settled> waiting_ ABSL_GUARDED_BY(mutex_);
  bool busy_ ABSL_GUARDED_BY(mutex_) = false;  // A group is being answered.
  std::unique_ptr<Worker> worker_;             // Last: it uses all of the above.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_ANSWERER_H_

// SPDX-License-Identifier: Apache-2.0
//
// Answerer: gives the answers of settled groups while the committer goes on with the next group.
// What is answered here is durable, or known not to be.
//
// Several threads share a group, one task at a time. An answer is sent by a call into the kernel,
// in which a thread may be held up; what others answer on the same connection meanwhile goes out
// with one call more. So four threads, on two processors too, send the answers of a group with a
// third fewer calls than one.
//
// Threads: Give and Stop belong to the committer's thread; answers run on the answerer's own, in
// any order, or, for a small group, on the caller's.

#ifndef CONSENT_LEDGER_ANSWERER_H_
#define CONSENT_LEDGER_ANSWERER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "src/base/worker.h"
#include "src/ledger/crew.h"
#include "src/ledger/task.h"

namespace consent::ledger {

class Answerer {
 public:
  static constexpr size_t kThreads = 4;
  // A group of fewer decisions is answered where it is: handing it over would cost more. Of more,
  // each so many call one thread.
  static constexpr size_t kHandedOverMin = 8;

  // `answered` is called once a group has been answered, from any of the threads, with the sum of
  // its tasks' weights.
  Answerer(Workers& workers, std::function<void(size_t weight)> answered);

  // Calls Answer of every task in the group, once.
  void Give(std::vector<std::unique_ptr<Task>> group, absl::Status durable);
  // Gives what is waiting, then ends.
  void Stop() { crew_.Stop(); }

 private:
  const std::function<void(size_t)> answered_;
  Crew crew_;  // Last: it uses all of the above.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_ANSWERER_H_

// SPDX-License-Identifier: Apache-2.0
//
// Crew: threads that lend a hand with work of many pieces.
//
// Whoever has such work does it, and those who are free take pieces of it meanwhile: nothing waits
// for a thread that has not come.
//
// Threads: Do from one at a time.

#ifndef CONSENT_LEDGER_CREW_H_
#define CONSENT_LEDGER_CREW_H_

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"

namespace consent::ledger {

class Crew {
 public:
  static constexpr size_t kHelpers = 3;
  // Work of fewer pieces for each that helps is done alone: to call somebody costs more.
  static constexpr size_t kPiecesEach = 4;

  explicit Crew(Workers& workers) : workers_(workers) {}
  ~Crew() { Stop(); }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void Start();
  void Stop();

  // Does work(0) ... work(count - 1), each once, here and on the crew's threads, and returns when
  // all is done. Before Start and after Stop: here.
  void Do(size_t count, const std::function<void(size_t)>& work);

 private:
  struct Job {
    const std::function<void(size_t)>& work;  // Good while pieces are left.
    const size_t count;
    std::atomic<size_t> next = 0;
    std::atomic<size_t> left;
  };

  Rest Step(Call call);
  // Does pieces for as long as there are some.
  void Help(Job& job);

  Workers& workers_;
  Mutex mutex_;
  std::shared_ptr<Job> job_ ABSL_GUARDED_BY(mutex_);  // The last; null: there was none.
  std::vector<std::unique_ptr<Worker>> helpers_;      // Last: they use all of the above.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_CREW_H_

// SPDX-License-Identifier: Apache-2.0
//
// Recorder: many clients that ask a real ledger about a few consumers at the same time, and write
// down when they asked what and what came. A call whose answer was lost is repeated by its client
// until an answer comes. A server that says that it failed, or whose connections break, is taken to
// have done by then all that it will ever do: the system closes the connections of a process that
// was killed when none of its threads runs any more.
//
// Threads: one; the clients are on threads of its own.

#ifndef CONSENT_LINEAR_RECORDER_H_
#define CONSENT_LINEAR_RECORDER_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/channel.h"
#include "tests/linear/checker.h"
#include "tests/linear/generate.h"
#include "tests/linear/history.h"
#include "tests/linear/wire.h"
#include "tests/load/population.h"

namespace consent::linear {

class Recorder {
 public:
  struct Options {
    size_t first = load::kTelephonesMax;  // The first consumer's number in the population.
    size_t consumers = 4;
    int clients = 12;
    size_t operations = 150;  // Of each consumer.
    // Whether a server that lost a call lives on. Else it is not asked again.
    bool lives_on = false;
    uint64_t seed = 1;
  };
  // A channel to the present server; null: there is none just now.
  using Server = std::function<std::shared_ptr<grpc::Channel>()>;

  // Binds the consumers at `channel`.
  static absl::StatusOr<std::unique_ptr<Recorder>> Make(
      const load::Population& population, const std::shared_ptr<grpc::Channel>& channel,
      const Options& options);
  ~Recorder() { End(); }

  void Start(Server server);
  // Whether all has been asked and answered.
  bool Done() const { return at_work_ == 0; }
  // Waits for the clients.
  void End();

  // What is wrong: histories that are not linearizable, and answers that none may be. Prints how
  // much the histories say. After End.
  std::vector<std::string> Check();

 private:
  struct Consumer {
    Consumer(const load::Population& population, size_t number, int64_t signed_at)
        : wire(population, number), asker(signed_at) {}

    Wire wire;
    absl::Mutex mutex;
    Asker asker ABSL_GUARDED_BY(mutex);
    History history ABSL_GUARDED_BY(mutex);
    size_t begun ABSL_GUARDED_BY(mutex) = 0;
  };

  explicit Recorder(const Options& options) : options_(options) {}
  void Work(const Server& server, Chance chance);
  // Asks until it is answered.
  void Ask(const Server& server, Consumer& consumer, const Asked& asked);
  void Fault(const std::string& what);

  const Options options_;
  std::vector<std::unique_ptr<Consumer>> consumers_;
  std::vector<std::thread> clients_;
  std::atomic<int> at_work_ = 0;
  absl::Mutex mutex_;
  std::vector<std::string> faults_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace consent::linear

#endif  // CONSENT_LINEAR_RECORDER_H_

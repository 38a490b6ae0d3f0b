// SPDX-License-Identifier: Apache-2.0

#include "src/base/worker.h"

#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <cstddef>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "src/base/mutex.h"

namespace consent {
namespace {

// As long as the system lets a thread's name be.
constexpr size_t kNameMax = 15;

// Invariant: whoever changes `mood_` from kResting to kWoken then takes the lock, so that the
// thread, which rests under it, looks again.
class ThreadWorker : public Worker {
 public:
  ThreadWorker(std::string name, Step step, Priority priority)
      : name_(name.substr(0, kNameMax)),
        step_(std::move(step)),
        priority_(priority),
        thread_([this] { Run(); }) {}
  ~ThreadWorker() override { Finish(); }

  void Wake() override {
    if (mood_ == Mood::kWoken) return;
    if (mood_.exchange(Mood::kWoken) == Mood::kResting) LetItLook();
  }

  void Finish() override {
    finishing_ = true;
    LetItLook();
    if (thread_.joinable()) thread_.join();
  }

 private:
  enum class Mood {
    kBusy,     // Stepping; nobody has woken it since the step began.
    kWoken,    // There is something to do.
    kResting,  // Nothing to do, maybe asleep.
  };

  void LetItLook() { MutexLock lock(&mutex_); }

  void Run() {
    pthread_setname_np(pthread_self(), name_.c_str());
    // On Linux a nice value is a thread's own, and anybody may raise theirs.
    if (priority_ == Priority::kLow) {
      [[maybe_unused]] const int now = nice(kLowPriorityNice);
    }
    Call call = Call::kWoken;
    while (true) {
      mood_ = Mood::kBusy;
      const Rest rest = step_(call);
      if (rest.ended) return;
      call = Sleep(rest);
    }
  }

  Call Sleep(const Rest& rest) {
    if (rest.least > absl::ZeroDuration() && !finishing_) {
      const auto finishing = [this] { return finishing_.load(); };
      MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&finishing), rest.least);
    }
    const absl::Duration more = rest.most - rest.least;
    Mood busy = Mood::kBusy;
    if (more > absl::ZeroDuration() && mood_.compare_exchange_strong(busy, Mood::kResting)) {
      const auto called = [this] { return mood_ == Mood::kWoken || finishing_; };
      MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&called), more);
    }
    if (finishing_) return Call::kFinish;
    return mood_ == Mood::kWoken ? Call::kWoken : Call::kDue;
  }

  const std::string name_;
  const Step step_;
  const Priority priority_;
  std::atomic<Mood> mood_ = Mood::kBusy;
  std::atomic<bool> finishing_ = false;
  Mutex mutex_;         // Guards nothing: the thread rests under it.
  std::thread thread_;  // Last: it uses all of the above.
};

}  // namespace

std::unique_ptr<Worker> Threads::Start(std::string name, Step step, Priority priority) {
  return std::make_unique<ThreadWorker>(std::move(name), std::move(step), priority);
}

}  // namespace consent

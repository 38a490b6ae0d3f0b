// SPDX-License-Identifier: Apache-2.0
//
// Crew: threads that do others' work, piece by piece.
//
// Each piece is done once, by whoever is free; several may be done at a time. The threads start
// when they are first wanted. What they cannot be given is done where it is: after Stop, and while
// too much waits.
//
// Threads: Give and Do from any thread but the crew's own. Stop once, by the owner.

#ifndef CONSENT_LEDGER_CREW_H_
#define CONSENT_LEDGER_CREW_H_

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "src/base/mutex.h"
#include "src/base/worker.h"

namespace consent::ledger {

class Crew {
 public:
  // Who comes next where several have given work.
  enum class Order {
    kFirstCome,  // All of what came first, then the next.
    kInTurn,     // A piece of each: nobody waits behind another's thousand.
  };
  struct Manner {
    std::string name;  // Of the threads, for people.
    size_t threads = 1;
    // The first pieces have one thread, each so many more another: to call one costs something.
    size_t pieces_each = 1;
    Order order = Order::kFirstCome;
    Priority priority = Priority::kUsual;
  };
  // Works that wait at most.
  static constexpr size_t kWaitingMax = 1024;

  Crew(Workers& workers, Manner manner);
  // As Stop.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Does what is waiting, then ends.
  void Stop();

  using Piece = std::function<void(size_t number)>;
  // Has piece(0) ... piece(count - 1) done, at least one of them, and calls `then` after the last,
  // on the thread that did it.
  void Give(size_t count, Piece piece, std::function<void()> then);
  // Does them on this thread as well, and returns when all are done.
  void Do(size_t count, const Piece& piece);

 private:
  struct Work {
    const size_t count;
    const Piece piece;
    const std::function<void()> then;  // Null: somebody awaits `left`.
    std::atomic<size_t> next = 0;  // The first that nobody has taken yet; `count` or more: none.
    std::atomic<size_t> left = count;  // Not done yet.
  };

  // Whether the threads will do it, as many as are wanted and free; else nothing has happened.
  bool Share(const std::shared_ptr<Work>& work, size_t wanted);
  // Whether there was one more to call.
  bool CallOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Rest Step(size_t self, Call call);
  // The next piece of all that wait, if there is one.
  bool TakeNext(std::shared_ptr<Work>& work, size_t& number) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DoPiece(Work& work, size_t number);
  // As far as nobody has taken it.
  void DoRest(Work& work);

  Workers& workers_;
  const Manner manner_;
  Mutex mutex_;
  bool open_ ABSL_GUARDED_BY(mutex_) = true;
  std::deque<std::shared_ptr<Work>> waiting_ ABSL_GUARDED_BY(mutex_);  // The next first.
  std::vector<size_t> idle_ ABSL_GUARDED_BY(mutex_);  // Threads that rest until they are woken.
  // Last: they use all of the above. None is added once it is not open any more.
  std::vector<std::unique_ptr<Worker>> threads_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_CREW_H_

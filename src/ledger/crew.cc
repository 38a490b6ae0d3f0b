// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/crew.h"

#include <utility>

namespace consent::ledger {

Crew::Crew(Workers& workers, Manner manner) : workers_(workers), manner_(std::move(manner)) {}

Crew::~Crew() { Stop(); }

void Crew::Stop() {
  {
    MutexLock lock(&mutex_);
    open_ = false;
  }
  for (const auto& thread : threads_) thread->Finish();
}

void Crew::Give(size_t count, Piece piece, std::function<void()> then) {
  const std::shared_ptr<Work> work(
      new Work{.count = count, .piece = std::move(piece), .then = std::move(then)});
  if (!Share(work, 1 + (count - 1) / manner_.pieces_each)) DoRest(*work);
}

void Crew::Do(size_t count, const Piece& piece) {
  const size_t wanted = count == 0 ? 0 : (count - 1) / manner_.pieces_each;
  const auto here = [&piece](size_t number) { piece(number); };
  const std::shared_ptr<Work> work(new Work{.count = count, .piece = here, .then = nullptr});
  if (wanted > 0) Share(work, wanted);
  DoRest(*work);
  const auto done = [&work] { return work->left == 0; };
  MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&done));
}

bool Crew::Share(const std::shared_ptr<Work>& work, size_t wanted) {
  MutexLock lock(&mutex_);
  if (!open_ || waiting_.size() >= kWaitingMax) return false;
  waiting_.push_back(work);
  for (; wanted > 0 && CallOne(); --wanted) {
  }
  return true;
}

bool Crew::CallOne() {
  if (!idle_.empty()) {
    threads_[idle_.back()]->Wake();
    idle_.pop_back();
    return true;
  }
  const size_t self = threads_.size();
  if (self == manner_.threads) return false;
  threads_.push_back(workers_.Start(
      manner_.name, [this, self](Call call) { return Step(self, call); }, manner_.priority));
  return true;
}

Rest Crew::Step(size_t self, Call call) {
  std::shared_ptr<Work> work;
  size_t number = 0;
  {
    MutexLock lock(&mutex_);
    if (!TakeNext(work, number)) {
      if (call == Call::kFinish) return Rest::Ended();
      idle_.push_back(self);
      return Rest::UntilWoken();
    }
  }
  DoPiece(*work, number);
  if (manner_.order == Order::kFirstCome) DoRest(*work);
  return Rest::None();
}

bool Crew::TakeNext(std::shared_ptr<Work>& work, size_t& number) {
  while (!waiting_.empty()) {
    work = waiting_.front();
    number = work->next++;
    const bool more = number + 1 < work->count;
    if (!more || manner_.order == Order::kInTurn) waiting_.pop_front();
    if (more && manner_.order == Order::kInTurn) waiting_.push_back(work);
    if (number < work->count) return true;
  }
  return false;
}

void Crew::DoRest(Work& work) {
  for (size_t number; (number = work.next++) < work.count;) DoPiece(work, number);
}

void Crew::DoPiece(Work& work, size_t number) {
  work.piece(number);
  if (work.left.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  if (work.then) return work.then();
  MutexLock lock(&mutex_);  // Who awaits it looks again.
}

}  // namespace consent::ledger

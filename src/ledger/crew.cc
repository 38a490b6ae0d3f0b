// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/crew.h"

#include <algorithm>

namespace consent::ledger {

void Crew::Start() {
  while (helpers_.size() < kHelpers) {
    helpers_.push_back(workers_.Start("crew", [this](Call call) { return Step(call); }));
  }
}

void Crew::Stop() {
  for (const auto& helper : helpers_) helper->Finish();
  helpers_.clear();
}

void Crew::Do(size_t count, const std::function<void(size_t)>& work) {
  const size_t wanted = std::min(count / kPiecesEach, helpers_.size());
  const std::shared_ptr<Job> job(new Job{.work = work, .count = count, .left = count});
  if (wanted > 0) {
    MutexLock lock(&mutex_);
    job_ = job;
  }
  for (size_t i = 0; i < wanted; ++i) helpers_[i]->Wake();
  Help(*job);
  const auto done = [&job] { return job->left == 0; };
  MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&done));
}

void Crew::Help(Job& job) {
  for (size_t piece; (piece = job.next.fetch_add(1)) < job.count;) {
    job.work(piece);
    if (job.left.fetch_sub(1, std::memory_order_acq_rel) > 1) continue;
    MutexLock lock(&mutex_);  // Who awaits it looks again.
  }
}

Rest Crew::Step(Call call) {
  if (call == Call::kFinish) return Rest::Ended();
  std::shared_ptr<Job> job;
  {
    MutexLock lock(&mutex_);
    job = job_;
  }
  if (job != nullptr) Help(*job);
  return Rest::UntilWoken();
}

}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/read_ahead.h"

#include <optional>
#include <utility>

namespace consent::ledger {

ReadAhead::ReadAhead(const Consumers& consumers, Workers& workers, Priority priority)
    : consumers_(consumers), workers_(workers), priority_(priority) {}

ReadAhead::~ReadAhead() { Stop(); }

void ReadAhead::Start() {
  MutexLock lock(&mutex_);
  open_ = true;
}

void ReadAhead::Stop() {
  {
    MutexLock lock(&mutex_);
    open_ = false;
  }
  for (const auto& thread : threads_) thread->Finish();
}

void ReadAhead::Prepare(ContactCommand command, std::function<void(Prepared)> then) {
  const std::optional<Located> located = consumers_.Locate(command.contact);
  if (!located.has_value()) return then({std::move(command)});
  const auto prepared = std::make_shared<Prepared>(Prepared{std::move(command)});
  const std::shared_ptr<Job> job(
      new Job{.count = 1,
              .read = [this, prepared, at = located.value_or(Located())](
                          size_t) { prepared->fetched = consumers_.Fetch(at); },
              .then = [prepared, then = std::move(then)] { then(std::move(*prepared)); }});
  if (!Share(job)) Do(*job, 0);
}

std::vector<Prepared> ReadAhead::Prepare(std::vector<ContactCommand> commands) {
  std::vector<Prepared> all;
  std::vector<size_t> absent;
  all.reserve(commands.size());
  for (const ContactCommand& command : commands) consumers_.PrefetchWouldFetch(command.contact);
  for (ContactCommand& command : commands) {
    if (consumers_.WouldFetch(command.contact)) absent.push_back(all.size());
    all.push_back({std::move(command)});
  }
  const auto read = [this, &all, &absent](size_t number) {
    Prepared& one = all[absent[number]];
    one.fetched = consumers_.Fetch(one.command.contact);
  };
  const std::shared_ptr<Job> job(new Job{.count = absent.size(), .read = read, .then = nullptr});
  if (absent.size() > 1) Share(job);
  Help(*job);
  const auto done = [&job] { return job->left == 0; };
  MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&done));
  return all;
}

bool ReadAhead::Share(const std::shared_ptr<Job>& job) {
  MutexLock lock(&mutex_);
  if (!open_ || turns_.size() >= kWaitingMax) return false;
  turns_.push_back(job);
  for (size_t wanted = job->count; wanted > 0 && WakeOne(); --wanted) {
  }
  return true;
}

bool ReadAhead::WakeOne() {
  if (!idle_.empty()) {
    threads_[idle_.back()]->Wake();
    idle_.pop_back();
    return true;
  }
  const size_t self = threads_.size();
  if (self == kThreads) return false;
  threads_.push_back(workers_.Start(
      "read ahead", [this, self](Call call) { return Step(self, call); }, priority_));
  return true;
}

void ReadAhead::Help(Job& job) {
  while (true) {
    size_t number;
    {
      MutexLock lock(&mutex_);
      if (job.next == job.count) return;
      number = job.next++;
    }
    Do(job, number);
  }
}

void ReadAhead::Do(Job& job, size_t number) {
  job.read(number);
  if (job.left.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
  if (job.then) return job.then();
  MutexLock lock(&mutex_);  // Who awaits it looks again.
}

Rest ReadAhead::Step(size_t self, Call call) {
  std::shared_ptr<Job> job;
  size_t number = 0;
  {
    MutexLock lock(&mutex_);
    while (!turns_.empty() && turns_.front()->next == turns_.front()->count) turns_.pop_front();
    if (turns_.empty()) {
      if (call == Call::kFinish) return Rest::Ended();
      idle_.push_back(self);
      return Rest::UntilWoken();
    }
    job = std::move(turns_.front());
    turns_.pop_front();
    number = job->next++;
    if (job->next < job->count) turns_.push_back(job);
  }
  Do(*job, number);
  return Rest::None();
}

}  // namespace consent::ledger

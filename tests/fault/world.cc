// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/world.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace consent::fault {
namespace {

constexpr int kTriesMax = 1000;
// Longer than a guest's machine is seen to stand still while its clocks go on.
constexpr std::chrono::seconds kCallMax(90);
// Five minutes of patience at least: a busy machine was seen to keep processes from running for
// four. Counted in looks, as nobody looks while the whole machine stands still.
constexpr absl::Duration kLook = absl::Milliseconds(10);
constexpr int kLooksMax = 30'000;

}  // namespace

bool IsLost(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
      return true;
    case grpc::StatusCode::UNKNOWN:
      // What gRPC says of a stream whose connection broke at certain moments.
      return status.error_message() == "Stream removed";
    default:
      return false;
  }
}

void World::SetServer(std::shared_ptr<grpc::Channel> channel) {
  absl::MutexLock lock(&mutex_);
  channel_ = std::move(channel);
  may_die_ = false;
}

void World::ServerMayDie() {
  absl::MutexLock lock(&mutex_);
  may_die_ = true;
}

std::shared_ptr<grpc::Channel> World::AwaitServer() {
  absl::MutexLock lock(&mutex_);
  const auto there = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return channel_ != nullptr || !may_die_ || faults_.size() >= kFaultsMax;
  };
  int looks = 1;
  while (!mutex_.AwaitWithTimeout(absl::Condition(&there), kLook) && looks < kLooksMax) ++looks;
  return channel_;
}

void World::Lost(const std::shared_ptr<grpc::Channel>& channel) {
  absl::MutexLock lock(&mutex_);
  if (channel_ == channel) channel_ = nullptr;
}

int World::UntilAnswered(const std::string& what,
                         const std::function<grpc::Status(const std::shared_ptr<grpc::Channel>&,
                                                          grpc::ClientContext&)>& call) {
  for (int tries = 1; tries <= kTriesMax; ++tries) {
    const std::shared_ptr<grpc::Channel> channel = AwaitServer();
    if (channel == nullptr) break;
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kCallMax);
    const grpc::Status status = call(channel, context);
    if (status.ok()) return tries;
    if (!IsLost(status)) {
      Fault(absl::StrCat(what, ": error ", status.error_code(), ": ", status.error_message()));
      return 0;
    }
    ++repetitions;
    Lost(channel);
  }
  Fault(absl::StrCat(what, ": never answered"));
  return 0;
}

Person& World::Add(size_t number, int64_t max) {
  absl::MutexLock lock(&mutex_);
  Person& person = *people_.emplace_back(std::make_unique<Person>());
  person.number = number;
  person.max = max;
  return person;
}

Person* World::PickActive(Chance& chance) { return PickOfLatest(chance, kActiveMax); }

Person* World::PickAnybody(Chance& chance) {
  return PickOfLatest(chance, std::numeric_limits<size_t>::max());
}

Person* World::PickOfLatest(Chance& chance, size_t count) {
  absl::MutexLock lock(&mutex_);
  if (people_.empty()) return nullptr;
  const auto back = Pick(chance, 1, static_cast<int64_t>(std::min(people_.size(), count)));
  return people_[people_.size() - static_cast<size_t>(back)].get();
}

std::vector<Person*> World::everybody() {
  absl::MutexLock lock(&mutex_);
  std::vector<Person*> people;
  for (const auto& person : people_) people.push_back(person.get());
  return people;
}

void World::Note(const Acknowledged& acknowledged) {
  absl::MutexLock lock(&mutex_);
  acknowledged_.push_back(acknowledged);
}

std::vector<Acknowledged> World::TakeAcknowledged() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(acknowledged_, {});
}

void World::NoteReceipt(const std::string& receipt) {
  absl::MutexLock lock(&mutex_);
  receipts_.push_back(receipt);
}

std::vector<std::string> World::TakeReceipts() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(receipts_, {});
}

void World::Fault(const std::string& what) {
  absl::MutexLock lock(&mutex_);
  if (faults_.size() < kFaultsMax) faults_.push_back(what);
}

std::vector<std::string> World::faults() {
  absl::MutexLock lock(&mutex_);
  return faults_;
}

}  // namespace consent::fault

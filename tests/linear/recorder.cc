// SPDX-License-Identifier: Apache-2.0

#include "tests/linear/recorder.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "consent/v1/grant_service.grpc.pb.h"

namespace consent::linear {
namespace {

// Statements are signed in the near past, one millisecond after the other: none is ever of later
// than its arrival.
constexpr absl::Duration kSignedBefore = absl::Minutes(10);
constexpr int kTriesMax = 100;
constexpr absl::Duration kNoServer = absl::Milliseconds(1);
// Five minutes at least: a busy machine was seen to keep processes from running for four. Counted
// in looks: a clock goes on while the machine stands still and nobody looks.
constexpr int kLooksMax = 300'000;

int64_t NowNanos() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Recorder>> Recorder::Make(
    const load::Population& population, const std::shared_ptr<grpc::Channel>& channel,
    const Options& options) {
  auto recorder = std::unique_ptr<Recorder>(new Recorder(options));
  v1::RecordStatementsRequest request;
  const int64_t signed_at = absl::ToUnixMillis(absl::Now() - kSignedBefore);
  for (size_t i = 0; i < options.consumers; ++i) {
    *request.add_statements() = population.Binding(options.first + i);
    recorder->consumers_.push_back(
        std::make_unique<Consumer>(population, options.first + i, signed_at));
  }
  for (int tries = 0; tries < kTriesMax; ++tries) {
    v1::RecordStatementsResponse response;
    grpc::ClientContext context;
    const grpc::Status status =
        v1::GrantService::NewStub(channel)->RecordStatements(&context, request, &response);
    if (!status.ok()) continue;
    for (const v1::StatementResult& result : response.results()) {
      if (!result.has_accepted()) return absl::InternalError(result.error().message());
    }
    return recorder;
  }
  return absl::UnavailableError("the consumers cannot be bound");
}

void Recorder::Start(Server server) {
  Chance chance(options_.seed);
  at_work_ = options_.clients;
  for (int i = 0; i < options_.clients; ++i) {
    clients_.emplace_back([this, server, own = Chance(chance())] { Work(server, own); });
  }
}

void Recorder::End() {
  for (std::thread& client : clients_) client.join();
  clients_.clear();
}

void Recorder::Work(const Server& server, Chance chance) {
  std::uniform_int_distribution<size_t> pick(0, consumers_.size() - 1);
  while (true) {
    // From one that is picked on, the first of whom something is left to ask.
    const size_t first = pick(chance);
    Consumer* chosen = nullptr;
    Asked asked;
    for (size_t i = 0; i < consumers_.size() && chosen == nullptr; ++i) {
      Consumer& consumer = *consumers_[(first + i) % consumers_.size()];
      absl::MutexLock lock(&consumer.mutex);
      if (consumer.begun >= options_.operations) continue;
      asked = ++consumer.begun == 1 ? consumer.asker.Grant(4, 6) : consumer.asker.Next(chance);
      chosen = &consumer;
    }
    if (chosen == nullptr) break;
    if (!chosen->wire.CanAsk(asked)) asked = {.call = Call::kCheck};
    Ask(server, *chosen, asked);
  }
  --at_work_;
}

void Recorder::Ask(const Server& server, Consumer& consumer, const Asked& asked) {
  std::shared_ptr<grpc::Channel> gone;
  for (int look = 0; look < kLooksMax; ++look) {
    const std::shared_ptr<grpc::Channel> channel = server();
    if (channel == nullptr || channel == gone) {
      absl::SleepFor(kNoServer);
      continue;
    }
    Operation operation{.asked = asked, .invoked = NowNanos()};
    auto answered = consumer.wire.Ask(channel, asked);
    const int64_t now = NowNanos();
    if (!answered.ok()) {
      return Fault(absl::StrCat(ToString(asked), ": ", answered.status().message()));
    }
    operation.answer = answered->answer;
    if (!answered->may_come_yet) operation.responded = now;
    absl::MutexLock lock(&consumer.mutex);
    consumer.history.push_back(operation);
    if (operation.answer.has_value()) return;
    if (!options_.lives_on && !answered->may_come_yet) gone = channel;
  }
  Fault(absl::StrCat(ToString(asked), ": never answered"));
}

void Recorder::Fault(const std::string& what) {
  absl::MutexLock lock(&mutex_);
  faults_.push_back(what);
}

std::vector<std::string> Recorder::Check() {
  absl::MutexLock lock(&mutex_);
  Extent all;
  uint64_t steps = 0;
  for (size_t i = 0; i < consumers_.size(); ++i) {
    absl::MutexLock own(&consumers_[i]->mutex);
    const History& history = consumers_[i]->history;
    const Verdict verdict = linear::Check(history);
    if (!verdict.ok()) {
      faults_.push_back(absl::StrCat(
          "consumer ", options_.first + i, ": ",
          verdict.kind == Verdict::Kind::kNot ? verdict.why : std::string("too hard to tell")));
    }
    const Extent extent = Measure(history);
    all.operations += extent.operations;
    all.lost += extent.lost;
    all.concurrent_max = std::max(all.concurrent_max, extent.concurrent_max);
    steps += verdict.steps;
  }
  std::printf("%zu operations on %zu consumers, %zu lost, up to %zu at once on one; %llu steps\n",
              all.operations, consumers_.size(), all.lost, all.concurrent_max,
              static_cast<unsigned long long>(steps));
  return faults_;
}

}  // namespace consent::linear

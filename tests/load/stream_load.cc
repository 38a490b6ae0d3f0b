// SPDX-License-Identifier: Apache-2.0

#include "tests/load/stream_load.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "tests/load/population.h"
#include "tests/load/serials.h"

namespace consent::load {
namespace {

enum class Phase { kWarmUp, kMeasured, kOver };

constexpr uint64_t kMessagesMeasuredMin = 4;
constexpr absl::Duration kMeasuredMax = absl::Seconds(30);

struct Shared {
  const MakeBatch& make;
  const SeeBatch& see;
  std::atomic<Phase> phase{Phase::kWarmUp};
  Serials serials;
  std::atomic<uint64_t> messages_measured{0};
};

struct Sent {
  uint64_t serial;
  absl::Time at;
  Phase in;
};

void Count(const v1::StreamCheckAndConsumeResponse& answer, bool measured, LoadReport& report) {
  if (answer.has_error()) {
    ++report.failed;
    report.first_failure = answer.error().message();
  }
  for (const v1::BatchResult& result : answer.results()) {
    if (result.has_decision()) {
      ++report.answered;
      if (measured) ++report.measured;
    } else {
      ++report.failed;
      report.first_failure = result.error().message();
    }
  }
}

// Keeps `window` messages in flight until the phase is over, then takes what is still to come.
void RunStream(const LoadOptions& options, size_t window, Shared& shared, LoadReport& report) {
  const auto stub = v1::ContactService::NewStub(Connect(options.address, options.credentials));
  grpc::ClientContext context;
  const auto stream = stub->StreamCheckAndConsume(&context);
  v1::StreamCheckAndConsumeRequest batch;
  v1::StreamCheckAndConsumeResponse answer;
  std::deque<Sent> sent;
  while (true) {
    const Phase phase = shared.phase.load();
    if (phase != Phase::kOver && sent.size() < window) {
      if (const std::optional<uint64_t> serial = shared.serials.Next(); serial.has_value()) {
        shared.make(*serial, batch);
        sent.push_back({*serial, absl::Now(), phase});
        if (!stream->Write(batch)) break;
        continue;
      }
    }
    if (sent.empty()) {
      stream->WritesDone();
      break;
    }
    if (!stream->Read(&answer)) break;
    const bool measured = shared.phase.load() == Phase::kMeasured;
    Count(answer, measured, report);
    if (measured) ++shared.messages_measured;
    if (measured && sent.front().in == Phase::kMeasured) {
      report.latencies.Add(absl::Now() - sent.front().at);
    }
    shared.see(sent.front().serial, answer);
    sent.pop_front();
  }
  if (const grpc::Status status = stream->Finish(); !status.ok()) {
    ++report.failed;
    report.first_failure = absl::StrCat(status.error_code(), ": ", status.error_message());
  }
}

}  // namespace

LoadReport ConsumeStream(const LoadOptions& options, const MakeBatch& make, const SeeBatch& see) {
  Shared shared{.make = make, .see = see, .serials = Serials(options.serials_max)};
  const int streams = std::max(1, options.connections);
  const int window = std::clamp(options.in_flight / streams, 1, 16);
  std::vector<LoadReport> reports(streams);
  std::vector<std::thread> threads;
  for (LoadReport& report : reports) {
    threads.emplace_back([&] { RunStream(options, window, shared, report); });
  }
  absl::SleepFor(options.warm_up);
  const absl::Time began = absl::Now();
  shared.phase = Phase::kMeasured;
  // On a busy machine the first answer to a large message may be later than that.
  do {
    shared.serials.AwaitEnd(options.measured);
  } while (shared.messages_measured < kMessagesMeasuredMin && !shared.serials.ended() &&
           absl::Now() < began + kMeasuredMax);
  shared.phase = Phase::kOver;
  LoadReport total;
  total.took = absl::Now() - began;
  for (std::thread& thread : threads) thread.join();
  for (const LoadReport& report : reports) {
    total.measured += report.measured;
    total.answered += report.answered;
    total.failed += report.failed;
    if (total.first_failure.empty()) total.first_failure = report.first_failure;
    total.latencies.Merge(report.latencies);
  }
  return total;
}

}  // namespace consent::load

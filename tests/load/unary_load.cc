// SPDX-License-Identifier: Apache-2.0

#include "tests/load/unary_load.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/time/clock.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "google/protobuf/empty.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/generic/generic_stub.h"
#include "tests/load/population.h"
#include "tests/load/serials.h"

namespace consent::load {
namespace {

enum class Phase { kWarmUp, kMeasured, kOver };

constexpr absl::Duration kMeasuredMax = absl::Seconds(30);

// One call after the other; `Service` says what is called. Touched by one callback at a time.
template <class Service>
class Slot {
 public:
  Slot(Service service, const std::atomic<Phase>& phase, Serials& serials,
       std::atomic<bool>& any_measured, absl::BlockingCounter& over)
      : service_(std::move(service)),
        phase_(phase),
        serials_(serials),
        any_measured_(any_measured),
        over_(over) {}

  void Next() {
    const std::optional<uint64_t> serial = serials_.Next();
    if (!serial.has_value()) {
      over_.DecrementCount();
      return;
    }
    serial_ = *serial;
    service_.Make(serial_);
    context_.emplace();
    began_in_ = phase_.load(std::memory_order_relaxed);
    began_ = absl::Now();
    service_.Call(*context_, [this](const grpc::Status& status) { Answered(status); });
  }

  void AddTo(LoadReport& report) const {
    report.measured += measured_;
    report.answered += answered_;
    report.failed += failed_;
    if (report.first_failure.empty()) report.first_failure = first_failure_;
    report.latencies.Merge(latencies_);
  }

 private:
  void Answered(const grpc::Status& status) {
    const Phase phase = phase_.load(std::memory_order_relaxed);
    if (phase == Phase::kMeasured && !any_measured_.load(std::memory_order_relaxed)) {
      any_measured_ = true;
    }
    if (status.ok()) {
      ++answered_;
      if (phase == Phase::kMeasured) {
        ++measured_;
        if (began_in_ == Phase::kMeasured) latencies_.Add(absl::Now() - began_);
      }
      service_.See(serial_);
    } else {
      ++failed_;
      if (first_failure_.empty()) {
        first_failure_ = absl::StrCat(status.error_code(), ": ", status.error_message());
      }
    }
    // A server that fails everything must not be asked for ever at full speed.
    if (phase == Phase::kOver || failed_ > 0) {
      over_.DecrementCount();
    } else {
      Next();
    }
  }

  Service service_;
  const std::atomic<Phase>& phase_;
  Serials& serials_;
  std::atomic<bool>& any_measured_;  // Whether any slot's call has ended in the measured phase.
  absl::BlockingCounter& over_;
  std::optional<grpc::ClientContext> context_;
  uint64_t serial_ = 0;
  Phase began_in_ = Phase::kWarmUp;
  absl::Time began_;
  uint64_t measured_ = 0;
  uint64_t answered_ = 0;
  uint64_t failed_ = 0;
  std::string first_failure_;
  Latencies latencies_;
};

// `make_service` is given the channel of the slot.
template <class MakeService>
LoadReport Run(const LoadOptions& options, const MakeService& make_service) {
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < std::min(options.connections, options.in_flight); ++i) {
    channels.push_back(Connect(options.address, options.credentials));
  }
  using Service = decltype(make_service(channels[0]));
  std::atomic<Phase> phase{Phase::kWarmUp};
  Serials serials(options.serials_max);
  std::atomic<bool> any_measured{false};
  absl::BlockingCounter over(options.in_flight);
  std::vector<std::unique_ptr<Slot<Service>>> slots;
  for (int i = 0; i < options.in_flight; ++i) {
    slots.push_back(std::make_unique<Slot<Service>>(make_service(channels[i % channels.size()]),
                                                    phase, serials, any_measured, over));
  }
  for (const auto& slot : slots) slot->Next();
  absl::SleepFor(options.warm_up);
  const absl::Time began = absl::Now();
  phase = Phase::kMeasured;
  // On a busy machine the first answer may be later than that.
  do {
    serials.AwaitEnd(options.measured);
  } while (!any_measured && !serials.ended() && absl::Now() < began + kMeasuredMax);
  phase = Phase::kOver;
  LoadReport report;
  report.took = absl::Now() - began;
  over.Wait();
  for (const auto& slot : slots) slot->AddTo(report);
  return report;
}

struct Consume {
  std::unique_ptr<v1::ContactService::Stub> stub;
  const MakeRequest* make;
  const SeeDecision* see;
  v1::CheckAndConsumeRequest request = {};
  v1::CheckAndConsumeResponse response = {};

  void Make(uint64_t serial) { (*make)(serial, request); }
  void Call(grpc::ClientContext& context, std::function<void(grpc::Status)> done) {
    stub->async()->CheckAndConsume(&context, &request, &response, std::move(done));
  }
  void See(uint64_t serial) { (*see)(serial, response.decision()); }
};

// The health service's messages are read as Empty: the answer's one field goes to the unknown ones.
struct HealthCheck {
  using Empty = google::protobuf::Empty;
  std::unique_ptr<grpc::TemplatedGenericStub<Empty, Empty>> stub;
  std::unique_ptr<Empty> request = std::make_unique<Empty>();
  std::unique_ptr<Empty> response = std::make_unique<Empty>();

  void Make(uint64_t) {}
  void Call(grpc::ClientContext& context, std::function<void(grpc::Status)> done) {
    stub->UnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::StubOptions(), request.get(),
                    response.get(), std::move(done));
  }
  void See(uint64_t) {}
};

}  // namespace

LoadReport ConsumeUnary(const LoadOptions& options, const MakeRequest& make,
                        const SeeDecision& see) {
  return Run(options, [&](const std::shared_ptr<grpc::Channel>& channel) {
    return Consume{.stub = v1::ContactService::NewStub(channel), .make = &make, .see = &see};
  });
}

LoadReport CallEmpty(const LoadOptions& options) {
  return Run(options, [](const std::shared_ptr<grpc::Channel>& channel) {
    return HealthCheck{
        .stub = std::make_unique<
            grpc::TemplatedGenericStub<google::protobuf::Empty, google::protobuf::Empty>>(channel)};
  });
}

}  // namespace consent::load

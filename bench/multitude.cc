// SPDX-License-Identifier: Apache-2.0

#include "bench/multitude.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "bench/entrance.h"
#include "consent/v1/grant_service.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "src/base/status_macros.h"
#include "tests/load/stream_load.h"

namespace consent::bench {
namespace {

constexpr size_t kStatementsAMessage = 128;
constexpr size_t kConnections = 4;
constexpr size_t kEnteredAtOnce = 1'000;
constexpr int kBatch = 1'000;
// A prime: neighbours in a batch are far apart, and everybody's turn comes once in a round.
constexpr uint64_t kStride = 1'299'709;
constexpr load::Terms kTerms{.max = 1'000'000, .period = v1::PERIOD_LIFETIME, .any_hour = true};
// A campaign ends when all have been asked.
constexpr absl::Duration kCampaignMax = absl::Hours(2);

absl::Status RecordSome(v1::GrantService::Stub& grants,
                        const std::vector<v1::SignedStatement>& statements, size_t first) {
  v1::RecordStatementsRequest request;
  for (size_t i = first; i < std::min(statements.size(), first + kStatementsAMessage); ++i) {
    *request.add_statements() = statements[i];
  }
  v1::RecordStatementsResponse response;
  grpc::ClientContext context;
  const grpc::Status status = grants.RecordStatements(&context, request, &response);
  if (!status.ok()) return absl::InternalError("RecordStatements: " + status.error_message());
  for (const v1::StatementResult& result : response.results()) {
    if (!result.has_accepted()) {
      return absl::InternalError("RecordStatements: " + result.error().message());
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<absl::Duration> Record(const std::string& address,
                                      const std::vector<v1::SignedStatement>& statements) {
  std::atomic<size_t> next{0};
  std::vector<absl::Status> statuses(kConnections);
  std::vector<std::thread> threads;
  const absl::Time began = absl::Now();
  for (absl::Status& status : statuses) {
    threads.emplace_back([&] {
      const auto grants = v1::GrantService::NewStub(load::Connect(address));
      while (status.ok()) {
        const size_t first = next.fetch_add(kStatementsAMessage);
        if (first >= statements.size()) return;
        status = RecordSome(*grants, statements, first);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const absl::Duration took = absl::Now() - began;
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  return took;
}

std::vector<v1::SignedStatement> MakeStatements(
    size_t count, const std::function<v1::SignedStatement(size_t)>& make) {
  std::vector<v1::SignedStatement> statements(count);
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
    threads.emplace_back([&] {
      for (size_t n = next++; n < count; n = next++) statements[n] = make(n);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return statements;
}

absl::Status Multitude::Grow(size_t size) {
  if (size <= size_) return absl::OkStatus();
  return session_.WhileStopped([&] { return EnterUpTo(size); });
}

absl::Status Multitude::EnterUpTo(size_t size) {
  ASSIGN_OR_RETURN(const auto entrance, Entrance::Open(session_.folder()));
  std::atomic<size_t> next{size_};
  std::vector<absl::Status> statuses(std::max(1U, std::thread::hardware_concurrency()));
  std::vector<std::thread> threads;
  for (absl::Status& status : statuses) {
    threads.emplace_back([&] {
      while (status.ok()) {
        const size_t first = next.fetch_add(kEnteredAtOnce);
        if (first >= size) return;
        std::vector<load::Spoken> spoken;
        for (size_t n = first; n < std::min(size, first + kEnteredAtOnce); ++n) {
          for (load::Spoken& one : session_.people().Entry(first_ + n, kTerms)) {
            spoken.push_back(std::move(one));
          }
        }
        status = entrance->Enter(spoken);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& status : statuses) RETURN_IF_ERROR(status);
  size_ = size;
  return absl::OkStatus();
}

absl::StatusOr<load::LoadReport> Multitude::AskEach() {
  load::LoadOptions options;
  options.warm_up = absl::ZeroDuration();
  options.measured = kCampaignMax;
  options.serials_max = size_ / kBatch;
  const absl::Time began = absl::Now();
  ASSIGN_OR_RETURN(load::LoadReport report, Ask(size_, options));
  // A load counts as over with its last message; a campaign with the last answer.
  report.took = absl::Now() - began;
  report.measured = report.answered;
  return report;
}

absl::StatusOr<load::LoadReport> Multitude::AskAround(size_t count, const Timing& timing) {
  load::LoadOptions options;
  options.warm_up = timing.warm_up;
  options.measured = timing.measured;
  return Ask(count, options);
}

absl::StatusOr<load::LoadReport> Multitude::Ask(size_t count, load::LoadOptions options) {
  options.address = session_.address();
  options.in_flight = 8;
  options.connections = 2;
  const std::string name = absl::StrCat("many", ++loads_, "-");
  std::atomic<uint64_t> allowed{0};
  const load::LoadReport report = load::ConsumeStream(
      options,
      [&](uint64_t serial, v1::StreamCheckAndConsumeRequest& request) {
        request.Clear();
        request.mutable_header()->set_company(load::kCompany);
        request.mutable_header()->set_channel(v1::CHANNEL_SMS);
        request.mutable_header()->set_purpose(v1::PURPOSE_DIRECT_MARKETING);
        for (int i = 0; i < kBatch; ++i) {
          const uint64_t ask = serial * kBatch + i;
          v1::BatchItem& item = *request.add_items();
          item.set_contact_point(load::ContactPointOf(first_ + (asked_ + ask) * kStride % count));
          item.set_request_id(absl::StrCat(name, ask));
        }
      },
      [&](uint64_t, const v1::StreamCheckAndConsumeResponse& answer) {
        for (const v1::BatchResult& result : answer.results()) {
          allowed += result.decision().verdict() == v1::VERDICT_ALLOWED ? 1 : 0;
        }
      });
  asked_ += report.answered;
  if (report.failed == 0 && allowed == report.answered && allowed > 0) return report;
  return absl::InternalError(absl::StrCat("of ", report.answered, " asks to a multitude ",
                                          allowed.load(), " were allowed; ", report.failed,
                                          " failed, first: ", report.first_failure));
}

}  // namespace consent::bench

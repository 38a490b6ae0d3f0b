// SPDX-License-Identifier: Apache-2.0

#include "tests/linear/wire.h"

#include <chrono>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "consent/v1/grant_service.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "src/base/status_macros.h"

namespace consent::linear {
namespace {

constexpr int64_t kDaySeconds = 24 * 60 * 60;
constexpr std::chrono::seconds kCallMax(20);

bool IsLost(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::CANCELLED:
      return true;
    default:
      return status.error_message() == "Stream removed";
  }
}

// The answer that did not come as an answer.
absl::StatusOr<Wire::Heard> Failed(const grpc::Status& status) {
  if (IsLost(status)) return Wire::Heard();
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    return Wire::Heard{.may_come_yet = true};
  }
  return absl::InternalError(
      absl::StrCat("error ", static_cast<int>(status.error_code()), ": ", status.error_message()));
}

absl::StatusOr<Word> WordOf(v1::Reason reason) {
  switch (reason) {
    case v1::REASON_OK:
      return Word::kOk;
    case v1::REASON_NO_PERMISSION:
      return Word::kNoPermission;
    case v1::REASON_REVOKED:
      return Word::kRevoked;
    case v1::REASON_BLOCKED:
      return Word::kBlocked;
    case v1::REASON_LIMIT_REACHED:
      return Word::kLimitReached;
    case v1::REASON_PERMIT_RELEASED:
      return Word::kPermitReleased;
    case v1::REASON_NO_SUCH_PERMIT:
      return Word::kNoSuchPermit;
    case v1::REASON_ALREADY_DONE:
      return Word::kAlreadyDone;
    default:
      return absl::InternalError(absl::StrCat("answered ", v1::Reason_Name(reason)));
  }
}

absl::StatusOr<Wire::Heard> AnswerOf(const v1::Decision& decision) {
  Answer answer;
  ASSIGN_OR_RETURN(answer.word, WordOf(decision.reason()));
  if ((decision.verdict() == v1::VERDICT_ALLOWED) != (answer.word == Word::kOk)) {
    return absl::InternalError("a verdict that its reason contradicts");
  }
  for (const v1::Remaining& remaining : decision.remaining()) {
    (remaining.limit() == "all" ? answer.all_left : answer.calls_left) = remaining.count();
  }
  answer.repeated = decision.repeated();
  return Wire::Heard{.answer = answer};
}

// The fields that a request and a check have both.
template <class Request>
void Fill(Request& request, size_t consumer, Channel channel) {
  request.set_contact_point(load::ContactPointOf(consumer));
  request.set_company(load::kCompany);
  request.set_channel(channel == Channel::kCall ? v1::CHANNEL_CALL : v1::CHANNEL_SMS);
  request.set_purpose(v1::PURPOSE_DIRECT_MARKETING);
}

void AddLimit(v1::Grant& grant, const std::string& id, int64_t max, bool sms) {
  v1::Limit& limit = *grant.add_limits();
  limit.set_limit_id(id);
  limit.add_channels(v1::CHANNEL_CALL);
  if (sms) limit.add_channels(v1::CHANNEL_SMS);
  limit.set_max(max);
  limit.mutable_window()->set_period(v1::PERIOD_LIFETIME);
}

}  // namespace

bool Wire::CanAsk(const Asked& asked) {
  if (asked.call != Call::kConfirm && asked.call != Call::kRelease) return true;
  absl::MutexLock lock(&mutex_);
  return permits_.contains(asked.number);
}

Wire::Answered Wire::Ask(const std::shared_ptr<grpc::Channel>& channel, const Asked& asked) {
  if (asked.call >= Call::kGrant) return Say(channel, asked);
  const auto stub = v1::ContactService::NewStub(channel);
  if (asked.call == Call::kCheck) return Check(*stub, asked);
  if (asked.call == Call::kConfirm || asked.call == Call::kRelease) return Finish(*stub, asked);
  return Consume(*stub, asked);
}

Wire::Answered Wire::Consume(v1::ContactService::Stub& stub, const Asked& asked) {
  v1::CheckAndConsumeRequest request;
  Fill(request, consumer_, asked.channel);
  request.set_request_id(absl::StrCat("r", asked.number));
  request.mutable_permit_ttl()->set_seconds(kDaySeconds);
  if (asked.call == Call::kHold) request.mutable_hold()->set_seconds(kDaySeconds);
  v1::CheckAndConsumeResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallMax);
  const grpc::Status status = stub.CheckAndConsume(&context, request, &response);
  if (!status.ok()) return Failed(status);
  if (!response.decision().permit_id().empty()) {
    absl::MutexLock lock(&mutex_);
    permits_[asked.number] = response.decision().permit_id();
  }
  return AnswerOf(response.decision());
}

Wire::Answered Wire::Check(v1::ContactService::Stub& stub, const Asked& asked) {
  v1::CheckRequest request;
  Fill(request, consumer_, asked.channel);
  v1::CheckResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallMax);
  const grpc::Status status = stub.Check(&context, request, &response);
  if (!status.ok()) return Failed(status);
  return AnswerOf(response.decision());
}

Wire::Answered Wire::Finish(v1::ContactService::Stub& stub, const Asked& asked) {
  std::string permit;
  {
    absl::MutexLock lock(&mutex_);
    permit = permits_.at(asked.number);
  }
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallMax);
  const auto finish = [&](auto request, auto response, auto method) -> Answered {
    request.set_company(load::kCompany);
    request.set_permit_id(permit);
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (!status.ok()) return Failed(status);
    Answer answer;
    if (!response.answer().done()) {
      ASSIGN_OR_RETURN(answer.word, WordOf(response.answer().reason()));
    }
    return Heard{.answer = answer};
  };
  if (asked.call == Call::kConfirm) {
    return finish(v1::ConfirmPermitRequest(), v1::ConfirmPermitResponse(),
                  &v1::ContactService::Stub::ConfirmPermit);
  }
  return finish(v1::ReleasePermitRequest(), v1::ReleasePermitResponse(),
                &v1::ContactService::Stub::ReleasePermit);
}

v1::SignedStatement Wire::StatementOf(const Asked& asked) {
  absl::MutexLock lock(&mutex_);
  if (const auto known = statements_.find(asked.number); known != statements_.end()) {
    return known->second;
  }
  v1::Statement statement = population_.About(consumer_);
  statement.mutable_signed_at()->set_seconds(asked.signed_at / 1000);
  statement.mutable_signed_at()->set_nanos(static_cast<int32_t>(asked.signed_at % 1000) *
                                           1'000'000);
  switch (asked.call) {
    case Call::kRevoke:
      statement.mutable_revocation()->set_company(load::kCompany);
      break;
    case Call::kBlock:
      statement.mutable_block()->set_company(load::kCompany);
      break;
    case Call::kUnblock:
      statement.mutable_unblock()->set_company(load::kCompany);
      break;
    default: {
      v1::Grant& grant = *statement.mutable_grant();
      grant.set_grant_id(absl::StrCat("g", asked.number));
      grant.set_company(load::kCompany);
      grant.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
      // In force since before the history began, so that every contact counts.
      grant.mutable_valid_from()->set_seconds(1'700'000'000);
      AddLimit(grant, "calls", asked.calls_max, /*sms=*/false);
      AddLimit(grant, "all", asked.all_max, /*sms=*/true);
    }
  }
  return statements_[asked.number] = population_.Signed(statement, consumer_);
}

Wire::Answered Wire::Say(const std::shared_ptr<grpc::Channel>& channel, const Asked& asked) {
  v1::RecordStatementsRequest request;
  *request.add_statements() = StatementOf(asked);
  v1::RecordStatementsResponse response;
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kCallMax);
  const grpc::Status status =
      v1::GrantService::NewStub(channel)->RecordStatements(&context, request, &response);
  if (!status.ok()) return Failed(status);
  const v1::StatementResult& result = response.results(0);
  if (result.has_accepted()) {
    return Heard{.answer = Answer{.word = Word::kOk, .repeated = result.accepted().repeated()}};
  }
  google::rpc::ErrorInfo info;
  for (const auto& detail : result.error().details()) detail.UnpackTo(&info);
  if (info.reason() == "NARROWED_SINCE") {
    return Heard{.answer = Answer{.word = Word::kNarrowedSince}};
  }
  return absl::InternalError(absl::StrCat("a statement: ", result.error().message()));
}

}  // namespace consent::linear

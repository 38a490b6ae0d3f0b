// SPDX-License-Identifier: Apache-2.0

#include "src/client/translate.h"

#include <optional>
#include <utility>

#include "google/protobuf/timestamp.pb.h"
#include "google/rpc/error_details.pb.h"
#include "src/client/answer_parts.h"

namespace consent::client {
namespace {

// What Request and BatchHeader share.
template <class From, class To>
void CopyShared(const From& from, To* to) {
  to->set_company(from.company);
  to->set_channel(static_cast<v1::Channel>(from.channel));
  to->set_purpose(static_cast<v1::Purpose>(from.purpose));
  if (from.permit_ttl.count() != 0) {
    to->mutable_permit_ttl()->set_seconds(from.permit_ttl.count());
  }
  if constexpr (requires { to->mutable_hold(); }) {
    if (from.hold.count() != 0) to->mutable_hold()->set_seconds(from.hold.count());
  }
  to->set_caller_number(from.caller_number);
  to->set_want_next_allowed_time(from.want_next_allowed_time);
  to->set_processor(from.processor);
  to->set_agent(from.agent);
  to->set_agent_country(from.agent_country);
  to->set_contract(from.contract);
  to->set_subject_matter(static_cast<v1::SubjectMatter>(from.subject_matter));
}

LedgerTime ToLedgerTime(const google::protobuf::Timestamp& time) {
  return LedgerTime{std::chrono::seconds{time.seconds()}};
}

Answer Nonsense(const std::string& what) {
  return AnswerParts::OfError(
      {.code = ErrorCode::kInternal, .message = "the ledger's answer makes no sense: " + what});
}

}  // namespace

v1::CheckAndConsumeRequest ToWire(const Request& request) {
  v1::CheckAndConsumeRequest wire;
  wire.set_contact_point(request.contact_point);
  wire.set_request_id(request.request_id);
  CopyShared(request, &wire);
  wire.set_want_receipt(request.want_receipt);
  wire.set_want_signed_permit(request.want_signed_permit);
  return wire;
}

v1::CheckRequest ToCheck(const Request& request) {
  v1::CheckRequest wire;
  wire.set_contact_point(request.contact_point);
  CopyShared(request, &wire);
  return wire;
}

v1::BatchHeader ToWire(const BatchHeader& header) {
  v1::BatchHeader wire;
  CopyShared(header, &wire);
  return wire;
}

Answer FromWire(const v1::Decision& wire, const std::string& company, Uptime asked_at) {
  if (wire.verdict() != v1::VERDICT_ALLOWED && wire.verdict() != v1::VERDICT_DENIED) {
    return Nonsense("it is neither ALLOWED nor DENIED");
  }
  if ((wire.verdict() == v1::VERDICT_ALLOWED) != (wire.reason() == v1::REASON_OK)) {
    return Nonsense("its reason contradicts it");
  }
  Decision decision;
  decision.verdict = static_cast<Verdict>(wire.verdict());
  decision.reason = static_cast<Reason>(wire.reason());
  decision.basis = static_cast<Basis>(wire.basis());
  decision.limit = wire.limit();
  decision.rule = wire.rule();
  decision.grant_id = wire.grant_id();
  for (const v1::Remaining& remaining : wire.remaining()) {
    decision.remaining.push_back({.limit = remaining.limit(), .count = remaining.count()});
  }
  if (wire.has_next_allowed_time()) {
    decision.next_allowed_time = ToLedgerTime(wire.next_allowed_time());
  }
  if (wire.has_contact_before()) decision.contact_before = ToLedgerTime(wire.contact_before());
  decision.permit_id = wire.permit_id();
  decision.journal_origin = wire.journal_origin();
  if (!wire.journal_origin().empty()) decision.entry = wire.entry();
  decision.decided_at = ToLedgerTime(wire.decided_at());
  decision.subject = wire.subject();
  decision.repeated = wire.repeated();
  return AnswerParts::OfDecision(std::move(decision), company, asked_at);
}

Answer FromWire(const v1::CheckAndConsumeResponse& response, const std::string& company,
                Uptime asked_at) {
  return AnswerParts::With(FromWire(response.decision(), company, asked_at), response.receipt(),
                           response.signed_permit());
}

Answer FromWire(const v1::BatchResult& result, const std::string& company, Uptime asked_at) {
  if (result.has_decision()) return FromWire(result.decision(), company, asked_at);
  if (result.has_error()) return AnswerParts::OfError(FromWire(result.error()));
  return Nonsense("an item has neither a decision nor an error");
}

Error FromWire(const google::rpc::Status& status) {
  Error error;
  const bool known = status.code() >= 1 && status.code() <= 16;
  error.code = known ? static_cast<ErrorCode>(status.code()) : ErrorCode::kUnknown;
  error.message = status.message();
  google::rpc::ErrorInfo info;
  for (const google::protobuf::Any& detail : status.details()) {
    if (detail.UnpackTo(&info)) error.reason = info.reason();
  }
  return error;
}

Answer FromWire(const Answer& held, const v1::ConfirmPermitResponse& response, Uptime asked_at) {
  const v1::PermitAnswer& answer = response.answer();
  std::optional<std::uint64_t> entry;
  if (!answer.journal_origin().empty()) entry = answer.entry();
  if (!answer.done()) {
    return AnswerParts::OfRefusal(held, static_cast<Reason>(answer.reason()),
                                  answer.journal_origin(), entry);
  }
  if (!answer.has_contact_before()) return Nonsense("it is confirmed, but not until when");
  if (!answer.has_answered_at()) return Nonsense("it is confirmed, but not when");
  return AnswerParts::With(
      AnswerParts::OfConfirmation(held,
                                  {.answered_at = ToLedgerTime(answer.answered_at()),
                                   .contact_before = ToLedgerTime(answer.contact_before()),
                                   .journal_origin = answer.journal_origin(),
                                   .entry = entry},
                                  asked_at),
      held.receipt(), response.signed_permit());
}

PermitAnswer FromWire(const v1::PermitAnswer& wire, int attempts) {
  PermitAnswer answer;
  answer.done = wire.done();
  answer.reason = static_cast<Reason>(wire.reason());
  answer.journal_origin = wire.journal_origin();
  if (!wire.journal_origin().empty()) answer.entry = wire.entry();
  answer.attempts = attempts;
  return answer;
}

}  // namespace consent::client

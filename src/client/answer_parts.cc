// SPDX-License-Identifier: Apache-2.0

#include "src/client/answer_parts.h"

#include <optional>
#include <utility>

namespace consent {
namespace {

using client::Uptime;

// The longest right to contact there is, by the wire contract.
constexpr std::chrono::hours kPermitMax{24};
// Ledger time is rounded down to this.
constexpr std::chrono::seconds kTick{1};

// When, on the clock of uptime, the ledger's clock may show `contact_before`, if it showed `then`
// some time after `asked_at`; none where the two times cannot belong together.
std::optional<Uptime> Until(LedgerTime then, LedgerTime contact_before, Uptime asked_at) {
  if (then <= LedgerTime{}) return std::nullopt;
  // Compared before it is subtracted: times from the wire may be at the ends of their range.
  if (contact_before <= then || contact_before - then > kPermitMax) return std::nullopt;
  return asked_at + (contact_before - then - kTick);
}

}  // namespace

Answer AnswerParts::OfError(Error error) {
  Answer answer;
  // An error without a code would look like an answer.
  if (error.code == ErrorCode::kNone) error.code = ErrorCode::kUnknown;
  answer.error_ = std::move(error);
  return answer;
}

Answer AnswerParts::OfDecision(Decision decision, std::string company, Uptime asked_at) {
  Answer answer;
  answer.error_ = {};
  if (decision.verdict == Verdict::kAllowed && !decision.permit_id.empty() &&
      decision.contact_before.has_value()) {
    answer.contact_before_ = Until(decision.decided_at, *decision.contact_before, asked_at);
  }
  answer.decision_ = std::move(decision);
  answer.company_ = std::move(company);
  answer.asked_at_ = asked_at;
  return answer;
}

Answer AnswerParts::OfConfirmation(const Answer& held, Confirmation confirmation, Uptime asked_at) {
  Answer answer = held;
  answer.decision_.contact_before = confirmation.contact_before;
  answer.decision_.journal_origin = std::move(confirmation.journal_origin);
  answer.decision_.entry = confirmation.entry;
  answer.asked_at_ = asked_at;
  answer.contact_before_ = Until(confirmation.answered_at, confirmation.contact_before, asked_at);
  return answer;
}

Answer AnswerParts::OfRefusal(const Answer& held, Reason reason, std::string journal_origin,
                              std::optional<std::uint64_t> entry) {
  Answer answer = held;
  answer.contact_before_.reset();
  answer.decision_.verdict = Verdict::kDenied;
  answer.decision_.reason = reason;
  answer.decision_.basis = Basis::kUnspecified;
  answer.decision_.remaining.clear();
  answer.decision_.next_allowed_time.reset();
  answer.decision_.journal_origin = std::move(journal_origin);
  answer.decision_.entry = entry;
  return answer;
}

Answer AnswerParts::With(Answer answer, std::string receipt, std::string signed_permit) {
  if (answer.is_error()) return answer;
  answer.receipt_ = std::move(receipt);
  answer.signed_permit_ = std::move(signed_permit);
  return answer;
}

Uptime AnswerParts::TimeLeft(const Answer& answer, Uptime now) {
  if (answer.is_error() || !answer.contact_before_.has_value()) return Uptime::zero();
  // A clock that went back, against its promise: who knows what time it is.
  if (now < answer.asked_at_ || now >= *answer.contact_before_) return Uptime::zero();
  return *answer.contact_before_ - now;
}

}  // namespace consent

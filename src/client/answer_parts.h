// SPDX-License-Identifier: Apache-2.0
//
// AnswerParts: makes answers, and decides until when one allows a contact. All that "fail closed"
// means for time stands here.
//
// The ledger decided after the request was sent, and its clock then showed decided_at or a fraction
// of a second more. So at `asked_at` it showed less than decided_at + 1 s, and at uptime u less
// than decided_at + 1 s + (u - asked_at). The contact may begin while that bound is before
// contact_before.

#ifndef CONSENT_CLIENT_ANSWER_PARTS_H_
#define CONSENT_CLIENT_ANSWER_PARTS_H_

#include <string>

#include "consent/answer.h"
#include "src/client/uptime.h"

namespace consent {

struct AnswerParts {
  static Answer OfError(Error error);

  // `company` asked at `asked_at`, the moment at which the answered attempt was sent. The answer
  // gives no right to contact without a permit_id (Check), without contact_before (held), or where
  // its times make no sense.
  static Answer OfDecision(Decision decision, std::string company, client::Uptime asked_at);

  // A held answer whose confirmation the ledger recorded: `contact_before` by the ledger's clock,
  // `entry` in the journal `journal_origin`. The ledger does not say what its clock showed, so the
  // bound is that of the held answer, and the two clocks may have drifted apart since by
  // 1 / kDriftPart of the time in between.
  static Answer OfConfirmation(const Answer& held, std::optional<LedgerTime> contact_before,
                               std::string journal_origin, std::optional<std::uint64_t> entry,
                               client::Uptime now);
  static constexpr int kDriftPart = 1000;

  // A held answer whose confirmation was refused.
  static Answer OfRefusal(const Answer& held, Reason reason, std::string journal_origin,
                          std::optional<std::uint64_t> entry);

  static const std::string& Company(const Answer& answer) { return answer.company_; }

  // may_contact() and time_left() as they are at `now`.
  static client::Uptime TimeLeft(const Answer& answer, client::Uptime now);
};

}  // namespace consent

#endif  // CONSENT_CLIENT_ANSWER_PARTS_H_

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

  // What the ledger recorded of a confirmation, both times by its clock: `entry` in the journal
  // `journal_origin`.
  struct Confirmation {
    LedgerTime answered_at{};
    LedgerTime contact_before{};
    std::string journal_origin = {};
    std::optional<std::uint64_t> entry = std::nullopt;
  };

  // A held answer whose confirmation the ledger recorded. `asked_at` is the moment at which the
  // answered attempt to confirm was sent: the bound above, with answered_at for decided_at. How
  // long the permit was held, and how far two clocks drifted apart meanwhile, plays no part.
  static Answer OfConfirmation(const Answer& held, Confirmation confirmation,
                               client::Uptime asked_at);

  // A held answer whose confirmation was refused.
  static Answer OfRefusal(const Answer& held, Reason reason, std::string journal_origin,
                          std::optional<std::uint64_t> entry);

  // The answer with what it brought along; errors stay without.
  static Answer With(Answer answer, std::string receipt, std::string signed_permit);

  static const std::string& Company(const Answer& answer) { return answer.company_; }

  // may_contact() and time_left() as they are at `now`.
  static client::Uptime TimeLeft(const Answer& answer, client::Uptime now);
};

}  // namespace consent

#endif  // CONSENT_CLIENT_ANSWER_PARTS_H_

// SPDX-License-Identifier: Apache-2.0
//
// Answer: what the ledger said to a wish to contact somebody, or why it said nothing.
//
// Invariant: may_contact() is true only for an ALLOWED answer of CheckAndConsume or ConfirmPermit,
// not held, well formed, whose time has certainly not run out. Everything else (a denial, an error,
// an answer to Check, a default Answer, an answer that makes no sense) is false. An answer never
// turns true later; it turns false when its time is over.
//
// Time. The ledger's clock alone decides when a contact must begin; this machine's wall clock is
// not looked at. The answer's time is measured from the moment the request left this process, on a
// clock that cannot be set and goes on while the machine sleeps. The way to the ledger and back,
// and the second to which ledger time is rounded down, are taken off: a permit_ttl of one second
// thus never allows a contact. An answer means nothing in another process or after a reboot; after
// either, repeat the request with its request_id.
//
// Threads: const functions may be called from many at once. Values; copy them freely: a copy is the
// same permit, for the same one contact.

#ifndef CONSENT_ANSWER_H_
#define CONSENT_ANSWER_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "consent/vocabulary.h"

namespace consent {

// Why there is no answer. Whatever it is: no contact.
struct Error {
  ErrorCode code = ErrorCode::kNone;
  // The ledger's own reason (proto/consent/v1/error_reason.proto) without its prefix, such as
  // "UNKNOWN_COMPANY". Empty where the ledger was not reached, or said none.
  std::string reason = {};
  // In English, for logs; without contact points.
  std::string message = {};
};

// Ledger time, whole seconds. Shown and stored, never compared with this machine's clock.
using LedgerTime = std::chrono::sys_seconds;

// What one limit has left.
struct Remaining {
  std::string limit = {};
  std::int64_t count = 0;
};

// All of an answer (proto/consent/v1/contact_service.proto, Decision). For display and records;
// whether to contact is may_contact()'s to say.
struct Decision {
  Verdict verdict = Verdict::kUnspecified;
  Reason reason = Reason::kUnspecified;
  Basis basis = Basis::kUnspecified;
  std::string limit;     // The first full limit, where the reason is kLimitReached.
  std::string rule;      // The law's rule that decided; empty when none did.
  std::string grant_id;  // The grant that spoke; empty when none did.
  std::vector<Remaining> remaining;
  // When the same wish, with a new request_id, may be allowed; nothing within five years if unset.
  // Set in denials, and where Request::want_next_allowed_time asked for it.
  std::optional<LedgerTime> next_allowed_time;
  std::optional<LedgerTime> contact_before;  // Unset when denied or held.
  std::string permit_id;                     // Set when allowed. Opaque.
  std::string journal_origin;                // With `entry`: where the journal holds this answer.
  std::optional<std::uint64_t> entry;        // Unset in answers to Check.
  LedgerTime decided_at{};
  std::string subject;    // The consumer as this company may know them, 32 bytes.
  bool repeated = false;  // The request_id had been allowed before: the first answer again.
};

class [[nodiscard]] Answer {
 public:
  // Nobody was asked: an error, and no contact.
  Answer();

  // Whether the contact may begin at this very moment. Ask right before it begins, not earlier:
  // the answer changes with time. One permit is for one contact.
  bool may_contact() const;
  // How much longer may_contact() stays true; 0 when it is false.
  std::chrono::milliseconds time_left() const;

  // Whether the unit is taken but waits for Client::ConfirmPermit. may_contact() is false.
  bool held() const;

  bool is_error() const { return error_.code != ErrorCode::kNone; }
  // Code kNone when there is an answer.
  const Error& error() const { return error_; }
  // Of an error: empty, its verdict kUnspecified.
  const Decision& decision() const { return decision_; }

  // If asked for: the proof that the journal holds this answer, allowed or denied, in the form of
  // C2SP tlog-proof (docs/formats/receipt.md). Keep it as long as somebody may doubt the contact;
  // verify it with VerifyReceipt of consent/verifier.h. Personal data: it opens the contact point.
  // A confirmation keeps that of the held answer. Empty: not asked for, or no checkpoint came in
  // time; the answer stands, and GetReceipt of the JournalService gives it later.
  const std::string& receipt() const { return receipt_; }
  // If asked for, and the answer gives the right to contact: a JWS that a gateway or the called
  // party verifies offline (docs/formats/signed-permit.md). Personal data.
  const std::string& signed_permit() const { return signed_permit_; }

  // One line for a log, without personal data: "ALLOWED for 298 s",
  // "ALLOWED, but its time is over", "ALLOWED, nothing taken" (Check), "HELD",
  // "DENIED LIMIT_REACHED calls, next 2027-01-01T00:00:00Z",
  // "ERROR UNAVAILABLE: failed to connect to all addresses".
  std::string Summary() const;

 private:
  friend struct AnswerParts;  // src/client/answer_parts.h: makes answers, for Client alone.

  // Nanoseconds since this machine started, sleep included.
  using Uptime = std::chrono::nanoseconds;

  Error error_;
  Decision decision_;
  std::string receipt_;
  std::string signed_permit_;
  std::string company_;                   // Who asked.
  Uptime asked_at_{};                     // When the request left.
  std::optional<Uptime> contact_before_;  // Unset: no contact, whatever decision_ says.
};

// What became of a release or an outcome.
struct [[nodiscard]] PermitAnswer {
  // Whether it is recorded, durably. False: nothing was done, for `reason` or `error`.
  bool done = false;
  // Unset when done, and for errors. kAlreadyDone where attempts > 1 most often means that an
  // earlier attempt was recorded and its answer lost; the first outcome stands in any case.
  Reason reason = Reason::kUnspecified;
  Error error;
  std::string journal_origin;          // With `entry`: where the journal holds it, when done.
  std::optional<std::uint64_t> entry;  // Unset when nothing was recorded.
  int attempts = 0;                    // How often the call was sent.
};

}  // namespace consent

#endif  // CONSENT_ANSWER_H_

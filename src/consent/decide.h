// SPDX-License-Identifier: Apache-2.0
//
// Decide: what a record answers to a command, and what event that makes.
//
// Pure: the time and the zone are arguments; nothing is read, written or drawn at random. What law,
// grant and consumer demand is decided here and nowhere else. Meaning: docs/reference/scenario.md.
//
// A Judgement with an `event` must be appended to the journal, durably, before its answer
// leaves; one without changes nothing. Apply the event with `Evolve`.

#ifndef CONSENT_CONSENT_DECIDE_H_
#define CONSENT_CONSENT_DECIDE_H_

#include <optional>
#include <string_view>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/asker.h"
#include "src/consent/decision.h"
#include "src/consent/event.h"
#include "src/consent/law.h"
#include "src/consent/loss.h"
#include "src/consent/record.h"

namespace consent::core {

// When and where a decision is taken, and what the directory says then. What is pointed at must
// outlive the call.
struct Moment {
  Instant now;
  // The zones the consumer may be in: all of them must allow. Empty: unknown, which denies.
  absl::Span<const absl::TimeZone> zones = {};
  // The journal's last loss, not after `now`; null when it never lost anything. Earlier losses are
  // implied by it.
  const Loss* loss = nullptr;
  // The rules in force; null: none.
  const Law* law = nullptr;
  // Null: nothing is known of who asks, and a processor has no delegation.
  const Asker* asker = nullptr;
  absl::Span<const ListImport> lists = {};
};

// Whether `next_allowed` is worked out. It costs some interval arithmetic, which is never spent on
// an answer that tells a stranger nothing: its cost would tell them that the consumer is known.
enum class NextAllowed {
  kNever,
  kWhenDenied,
  kAlways,
  kForStrangersToo,  // Where nobody listens: the simulator.
};

struct Judgement {
  // All of it: what the simulator and the ledger's part of the journal say.
  Decision decision;
  // What the company is told. A stranger (a company that never had a grant from this consumer)
  // learns NO_PERMISSION and nothing else; and of what other companies did nobody learns anything.
  Decision answered;
  std::optional<EventBody> event;
};

// Takes one unit, or says why not. A repeated request id never takes a second unit and never
// allows what has been forbidden meanwhile. `request` must be valid (ids of 1 to 64 printable ASCII
// characters, known channel and purpose, durations in range).
Judgement Decide(const Record& record, const Request& request, const Moment& moment,
                 NextAllowed next = NextAllowed::kWhenDenied);

// What Decide would answer for a new request without hold; takes nothing. `remaining` and
// `next_allowed` are of the state as it is.
Judgement Check(const Record& record, const Request& request, const Moment& moment,
                NextAllowed next = NextAllowed::kWhenDenied);

// Starts the permit's time, after judging again all but the limits.
Judgement DecideConfirm(const Record& record, LeafIndex permit, const Moment& moment);
// Gives a held unit back.
Judgement DecideRelease(const Record& record, LeafIndex permit, const Moment& moment);
// Records what became of a contact. The first outcome stands.
Judgement DecideOutcome(const Record& record, LeafIndex permit, Outcome outcome,
                        const Moment& moment);

// A statement whose signature has been verified. A signer in the consumer's role must hold one of
// the record's keys (KEY_NOT_BOUND); that registrars and companies are who they say is the
// directory's to know, and settled before. `proposal` is the event
// that it makes if it is accepted (Bound, Granted, Revoked, Blocked, Unblocked, Preferred,
// ContractClaimed, Contested, CallbackAsked or HolderChanged).
struct StatementVerdict {
  // kOk: accepted, append the proposal. Else the reason for which it is refused as if never given.
  Reason reason = Reason::kOk;
  // The same bytes were accepted before, at this position: nothing to append, answer as then.
  std::optional<LeafIndex> repeats;
};
// What narrows (Revoked, Blocked, Contested) is never refused, preferences only when newer ones
// are known. What grants, binds or lifts a block must have
// been signed within 24 hours before and 5 minutes after `moment.now`, and after the last word that
// narrowed the same company (a block of all companies counts for each).
StatementVerdict DecideStatement(const Record& record, const EventBody& proposal, Instant now);

// What a statement gives that may have been taken back meanwhile.
struct Given {
  std::string_view company;   // To whom; empty: it gives nothing to a company.
  std::string_view contract;  // The contract that it claims with the company; empty: none.
};

// The same for bytes that were accepted before; nullopt for others. It needs no proposal: a grant
// that has ended since could not be proposed again.
std::optional<StatementVerdict> DecideRepeat(const Record& record, const StatementId& id,
                                             const Given& given);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_DECIDE_H_

// SPDX-License-Identifier: Apache-2.0
//
// Proposals: an opened statement as the event it would make.
//
// Here the words of the wire contract become the core's, and every one of them is checked: an enum
// value this ledger does not know, a number out of its range, a date with a fraction of a second
// are refused by name. A proposal that is returned is well formed; whether it is accepted (time of
// signing, order, rank, keys) is core::DecideStatement's to say.
//
// Pure but for the time-zone database, which is read when a binding names a zone.
// Threads: all functions are safe from any thread.

#ifndef CONSENT_STATEMENT_PROPOSAL_H_
#define CONSENT_STATEMENT_PROPOSAL_H_

#include <optional>

#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/consent/vocabulary.h"
#include "src/contact/contact_point.h"
#include "src/statement/envelope.h"
#include "src/statement/role.h"

namespace consent::statement {

inline constexpr int kZoneBytesMax = 64;  // KeyBinding.time_zone.

// The event of a statement that `signer`, a role which the caller has verified for opened.key,
// signed and that arrived at `arrival`. Its `statement` is filled in, its subject is `subject`; a
// zone stated in a binding replaces the subject's. Defaults are filled in: valid_from `arrival`,
// valid_until never, a window's count 1, a block's channels and purposes all, the purposes of
// preferences all but SERVICE.
//
// A company's key may speak for that company only: compare CompanyOf(opened.message) before.
//
// Faults:
//   UNKNOWN_KEY            this role may not sign this body (role.h); says what to send instead
//   INVALID_FIELD          names the field as it is written on the wire,
//   "claim.grant.limits[2].max" INVALID_CONTACT_POINT  same_consumer_as cannot be normalised
// A view_request is refused (INVALID_FIELD): it is a question, not an event. No message holds a
// contact point or any other text of the statement.
absl::StatusOr<core::EventBody> Propose(const Opened& opened, core::Signer signer,
                                        const core::Subject& subject, Instant arrival);

// The contact point that a key binding names as one of the same consumer's; nullopt for all other
// statements, and for one that Propose refuses.
std::optional<contact::ContactPoint> SameConsumerAs(const v1::Statement& message);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_PROPOSAL_H_

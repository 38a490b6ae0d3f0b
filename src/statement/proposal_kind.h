// SPDX-License-Identifier: Apache-2.0
//
// Proposals by kind of body. Private to src/statement: Propose (proposal.h) has checked the
// signer's role before. Faults are those of Propose.

#ifndef CONSENT_STATEMENT_PROPOSAL_KIND_H_
#define CONSENT_STATEMENT_PROPOSAL_KIND_H_

#include <string>

#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/contact/contact_point.h"

namespace consent::statement {

// What a proposal is made of beside the body.
struct Origin {
  core::SignedBytes statement;
  core::Subject subject;
  Instant arrival;
};

// Of the holder: holder_proposal.cc.
absl::StatusOr<core::EventBody> ProposeBound(const v1::KeyBinding& binding,
                                             const contact::ContactPoint& contact_point,
                                             Origin origin);
absl::StatusOr<core::EventBody> ProposeHolderChanged(const v1::HolderChange& change, Origin origin);

// What gives a company something: giving_proposal.cc.
absl::StatusOr<core::EventBody> ProposeGranted(const v1::Grant& grant, Origin origin);
absl::StatusOr<core::EventBody> ProposeClaimed(const v1::Claim& claim, Origin origin);
absl::StatusOr<core::EventBody> ProposeContractClaimed(const v1::ContractClaim& claim,
                                                       Origin origin);
absl::StatusOr<core::EventBody> ProposeCallbackAsked(const v1::CallbackRequest& request,
                                                     Origin origin);

// What the consumer narrows, or lifts again: narrowing_proposal.cc.
absl::StatusOr<core::EventBody> ProposeRevoked(const v1::Revocation& revocation, Origin origin);
absl::StatusOr<core::EventBody> ProposeBlocked(const v1::Block& block, Origin origin);
absl::StatusOr<core::EventBody> ProposeUnblocked(const v1::Unblock& unblock, Origin origin);
absl::StatusOr<core::EventBody> ProposePreferred(const v1::Preferences& preferences, Origin origin);
absl::StatusOr<core::EventBody> ProposeContested(const v1::Contest& contest, Origin origin);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_PROPOSAL_KIND_H_

// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/statement_fault.h"

#include "src/base/fault.h"

namespace consent::ledger {

absl::Status StatementFault(core::Reason reason) {
  using absl::StatusCode;
  switch (reason) {
    case core::Reason::kOutranked:
      return Fault(
          StatusCode::kPermissionDenied, "OUTRANKED",
          "a claim cannot stand against the consumer's own word: the consumer has granted "
          "this company themselves, or has narrowed or contested since the evidence was collected");
    case core::Reason::kStatementTooOld:
      return Fault(StatusCode::kFailedPrecondition, "STATEMENT_TOO_OLD",
                   "signed_at: expected at most 24 hours before arrival; sign it afresh");
    case core::Reason::kStatementFromFuture:
      return Fault(StatusCode::kFailedPrecondition, "STATEMENT_FROM_FUTURE",
                   "signed_at: expected at most 5 minutes after arrival; check the signer's clock "
                   "and sign afresh");
    case core::Reason::kNarrowedSince:
      return Fault(StatusCode::kFailedPrecondition, "NARROWED_SINCE",
                   "signed_at: the consumer has narrowed the same thing since; if this is still "
                   "meant, sign it afresh");
    case core::Reason::kGrantIdReused:
      return Fault(StatusCode::kAlreadyExists, "GRANT_ID_REUSED",
                   "grant_id: names another grant for this consumer and company; every grant needs "
                   "an id of its own");
    case core::Reason::kKeyNotBound:
      return Fault(StatusCode::kPermissionDenied, "UNKNOWN_KEY",
                   "the signing key speaks neither for the holder of this contact point nor for a "
                   "party of the directory; have a registrar bind it first");
    case core::Reason::kAlreadyBound:
      return Fault(StatusCode::kFailedPrecondition, "ALREADY_BOUND",
                   "the contact point is bound to another key (name it in replaces_key_id), or the "
                   "consumer's other contact points would change hands");
    default:
      return absl::InternalError("a statement was refused for a reason that is none");
  }
}

}  // namespace consent::ledger

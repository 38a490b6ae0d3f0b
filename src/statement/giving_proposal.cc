// SPDX-License-Identifier: Apache-2.0
//
// Statements that give a company something to rely on: grants, claims, contracts, callbacks.

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/statement/grant_reader.h"
#include "src/statement/moment.h"
#include "src/statement/part_reader.h"
#include "src/statement/proposal_kind.h"
#include "src/statement/source.h"
#include "src/statement/text.h"

namespace consent::statement {
namespace {

absl::StatusOr<core::EventBody> Granted(absl::StatusOr<core::Grant> grant, Origin origin) {
  RETURN_IF_ERROR(grant.status());
  core::Granted granted;
  granted.grant = *std::move(grant);
  granted.subject = std::move(origin.subject);
  granted.statement = std::move(origin.statement);
  return granted;
}

absl::StatusOr<core::Contract> ReadContract(const v1::Contract& contract, const Source& source) {
  const std::string path = "contract_claim.contract";
  core::Contract out;
  out.id = contract.contract_id();
  RETURN_IF_ERROR(CheckPartyId(contract.company(), path + ".company"));
  out.company = contract.company();
  RETURN_IF_ERROR(
      CheckKnown(contract.relation(), core::kRelationMax, "relation", path + ".relation"));
  out.relation = static_cast<core::Relation>(contract.relation());
  RETURN_IF_ERROR(CheckWords(contract.object(), core::kObjectBytesMax, path + ".object"));
  out.object = contract.object();
  if (!contract.has_valid_from()) {
    return InvalidField(path + ".valid_from", "expected when it was made, found none");
  }
  ASSIGN_OR_RETURN(out.valid_from, ReadWholeSeconds(contract.valid_from(), path + ".valid_from"));
  if (contract.has_valid_until()) {
    ASSIGN_OR_RETURN(out.valid_until,
                     ReadWholeSeconds(contract.valid_until(), path + ".valid_until"));
  }
  out.similar_products = contract.similar_products();
  out.signed_by = source.signed_by;
  out.collected_at = source.collected_at;
  if (const absl::Status valid = core::ValidateContract(out); !valid.ok()) {
    return AsInvalidField(valid, path, {.subject = "contract", .id_field = "contract_id"});
  }
  return out;
}

absl::StatusOr<core::Callback> ReadCallback(const v1::CallbackRequest& request,
                                            const Source& source) {
  const std::string path = "callback_request";
  core::Callback out;
  out.id = request.callback_id();
  RETURN_IF_ERROR(CheckPartyId(request.company(), path + ".company"));
  out.company = request.company();
  ASSIGN_OR_RETURN(out.channels, ReadSomeChannels(request.channels(), path + ".channels"));
  ASSIGN_OR_RETURN(out.purposes, ReadSomePurposes(request.purposes(), path + ".purposes"));
  out.valid_from = source.arrival;
  if (request.has_valid_from()) {
    ASSIGN_OR_RETURN(out.valid_from, ReadWholeSeconds(request.valid_from(), path + ".valid_from"));
  }
  if (!request.has_valid_until()) {
    return InvalidField(path + ".valid_until", "expected when it ends, found none");
  }
  ASSIGN_OR_RETURN(out.valid_until, ReadWholeSeconds(request.valid_until(), path + ".valid_until"));
  if (out.valid_until - out.valid_from > core::kCallbackMax) {
    return InvalidField(
        path + ".valid_until",
        absl::StrCat("expected at most ", core::kCallbackMax.count, " s after valid_from, found ",
                     (out.valid_until - out.valid_from).count));
  }
  out.signed_by = source.signed_by;
  out.collected_at = source.collected_at;
  if (const absl::Status valid = core::ValidateCallback(out); !valid.ok()) {
    return AsInvalidField(valid, path, {.subject = "callback", .id_field = "callback_id"});
  }
  return out;
}

}  // namespace

absl::StatusOr<core::EventBody> ProposeGranted(const v1::Grant& grant, Origin origin) {
  const Source source{
      .signed_by = origin.statement.signer, .collected_at = {}, .arrival = origin.arrival};
  return Granted(ReadGrant(grant, "grant", source), std::move(origin));
}

absl::StatusOr<core::EventBody> ProposeClaimed(const v1::Claim& claim, Origin origin) {
  if (!claim.has_grant()) return InvalidField("claim.grant", "expected a grant, found none");
  ASSIGN_OR_RETURN(const Source source,
                   ReadSource(claim.has_evidence() ? &claim.evidence() : nullptr, "claim.evidence",
                              origin.statement.signer, origin.arrival));
  return Granted(ReadGrant(claim.grant(), "claim.grant", source), std::move(origin));
}

absl::StatusOr<core::EventBody> ProposeContractClaimed(const v1::ContractClaim& claim,
                                                       Origin origin) {
  if (!claim.has_contract()) {
    return InvalidField("contract_claim.contract", "expected a contract, found none");
  }
  ASSIGN_OR_RETURN(const Source source,
                   ReadSource(claim.has_evidence() ? &claim.evidence() : nullptr,
                              "contract_claim.evidence", origin.statement.signer, origin.arrival));
  core::ContractClaimed claimed;
  ASSIGN_OR_RETURN(claimed.contract, ReadContract(claim.contract(), source));
  claimed.subject = std::move(origin.subject);
  claimed.statement = std::move(origin.statement);
  return claimed;
}

absl::StatusOr<core::EventBody> ProposeCallbackAsked(const v1::CallbackRequest& request,
                                                     Origin origin) {
  ASSIGN_OR_RETURN(
      const Source source,
      ReadSource(request.has_evidence() ? &request.evidence() : nullptr,
                 "callback_request.evidence", origin.statement.signer, origin.arrival));
  core::CallbackAsked asked;
  ASSIGN_OR_RETURN(asked.callback, ReadCallback(request, source));
  asked.subject = std::move(origin.subject);
  asked.statement = std::move(origin.statement);
  return asked;
}

}  // namespace consent::statement

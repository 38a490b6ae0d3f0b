// SPDX-License-Identifier: Apache-2.0

#include "src/statement/proposal.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/statement/proposal_kind.h"

namespace consent::statement {
namespace {

using Body = v1::Statement::BodyCase;

const char* WhatToSend(Body body) {
  switch (body) {
    case Body::kKeyBinding:
    case Body::kHolderChange:
      return "have it signed by a registrar that verified the contact point";
    case Body::kGrant:
      return "a registrar or company sends the grant inside a claim, with evidence";
    case Body::kClaim:
      return "the consumer's own word needs no evidence: send the grant itself";
    case Body::kBlock:
    case Body::kUnblock:
      return "a company that wants its own grants ended sends a revocation";
    case Body::kContest:
      return "have it signed by the consumer, or by a registrar for them";
    case Body::kRevocation:
    case Body::kViewRequest:
    case Body::kEraseRequest:
    case Body::kPreferences:
    case Body::kContractClaim:
    case Body::kCallbackRequest:
    case Body::BODY_NOT_SET:
      return "have it signed by the consumer";
  }
  return "have it signed by the consumer";
}

absl::Status CheckRole(core::Signer signer, Body body) {
  if (MaySign(signer, body)) return absl::OkStatus();
  const std::string role(core::Name(signer));
  return Fault(absl::StatusCode::kPermissionDenied, "UNKNOWN_KEY",
               absl::StrCat(std::string(BodyName(body)),
                            ": expected the key of a party that may "
                            "sign it, found one in the role ",
                            role.empty() ? "of nobody" : role, "; ", WhatToSend(body)));
}

}  // namespace

absl::StatusOr<core::EventBody> Propose(const Opened& opened, core::Signer signer,
                                        const core::Subject& subject, Instant arrival) {
  const v1::Statement& message = opened.message;
  RETURN_IF_ERROR(CheckRole(signer, message.body_case()));
  Origin origin{.statement = {.id = opened.id,
                              .signed_at_ms = opened.signed_at_ms,
                              .signer = signer,
                              .key = opened.key.id(),
                              .envelope = opened.envelope},
                .subject = subject,
                .arrival = arrival};
  switch (message.body_case()) {
    case Body::kKeyBinding:
      return ProposeBound(message.key_binding(), opened.contact_point, std::move(origin));
    case Body::kGrant:
      return ProposeGranted(message.grant(), std::move(origin));
    case Body::kClaim:
      return ProposeClaimed(message.claim(), std::move(origin));
    case Body::kRevocation:
      return ProposeRevoked(message.revocation(), std::move(origin));
    case Body::kBlock:
      return ProposeBlocked(message.block(), std::move(origin));
    case Body::kUnblock:
      return ProposeUnblocked(message.unblock(), std::move(origin));
    case Body::kPreferences:
      return ProposePreferred(message.preferences(), std::move(origin));
    case Body::kContractClaim:
      return ProposeContractClaimed(message.contract_claim(), std::move(origin));
    case Body::kContest:
      return ProposeContested(message.contest(), std::move(origin));
    case Body::kCallbackRequest:
      return ProposeCallbackAsked(message.callback_request(), std::move(origin));
    case Body::kHolderChange:
      return ProposeHolderChanged(message.holder_change(), std::move(origin));
    case Body::kEraseRequest:
      return InvalidField("erase_request",
                          "expected a statement to record, found an order; send it to "
                          "GrantService.EraseConsumer");
    case Body::kViewRequest:
    case Body::BODY_NOT_SET:
      break;
  }
  return InvalidField("view_request",
                      "expected a statement to record, found a question; send it to "
                      "GrantService.GetConsumerView");
}

std::optional<contact::ContactPoint> SameConsumerAs(const v1::Statement& message) {
  const std::string& text = message.key_binding().same_consumer_as();
  if (text.empty()) return std::nullopt;
  absl::StatusOr<contact::ContactPoint> point = contact::ContactPoint::Parse(text);
  if (!point.ok()) return std::nullopt;
  return *std::move(point);
}

}  // namespace consent::statement

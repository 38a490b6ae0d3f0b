// SPDX-License-Identifier: Apache-2.0

#include "src/statement/proposal.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/ids.h"
#include "src/base/status_macros.h"
#include "src/crypto/public_key.h"
#include "src/statement/grant_reader.h"
#include "src/statement/moment.h"
#include "src/statement/text.h"

namespace consent::statement {
namespace {

using Body = v1::Statement::BodyCase;

constexpr char kAllCompanies[] = "*";

// What a proposal is made of beside the body.
struct Context {
  core::SignedBytes statement;
  core::Subject subject;
  Instant arrival;
};

const char* WhatToSend(Body body) {
  switch (body) {
    case Body::kKeyBinding:
      return "have it signed by a registrar that verified the contact point";
    case Body::kGrant:
      return "a registrar or company sends the grant inside a claim, with evidence";
    case Body::kClaim:
      return "the consumer's own word needs no evidence: send the grant itself";
    case Body::kBlock:
    case Body::kUnblock:
      return "a company that wants its own grants ended sends a revocation";
    case Body::kRevocation:
    case Body::kViewRequest:
    case Body::kEraseRequest:
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

absl::Status CheckCompanyOrAll(const std::string& company, const std::string& field) {
  return company == kAllCompanies ? absl::OkStatus() : CheckPartyId(company, field);
}

absl::StatusOr<core::EventBody> ProposeBound(const v1::KeyBinding& binding,
                                             const contact::ContactPoint& contact_point,
                                             Context context) {
  const absl::StatusOr<crypto::PublicKey> key = crypto::PublicKey::FromSpki(binding.public_key());
  if (!key.ok()) {
    return InvalidField("key_binding.public_key", std::string(key.status().message()));
  }
  core::Bound bound{.subject = std::move(context.subject),
                    .key = key->id(),
                    .replaces = std::nullopt,
                    .statement = std::move(context.statement)};
  if (!binding.replaces_key_id().empty()) {
    const std::string field = "key_binding.replaces_key_id";
    RETURN_IF_ERROR(CheckBytes(binding.replaces_key_id(), KeyId::kSize, field));
    bound.replaces = KeyId::FromBytes(binding.replaces_key_id());
    if (bound.replaces == bound.key) {
      return InvalidField(field, "expected the id of an older key, found that of public_key");
    }
  }
  if (!binding.time_zone().empty()) {
    RETURN_IF_ERROR(CheckZone(binding.time_zone(), "key_binding.time_zone"));
    bound.subject.place.zones = {binding.time_zone()};
  }
  if (!binding.same_consumer_as().empty()) {
    const auto other = contact::ContactPoint::Parse(binding.same_consumer_as());
    if (!other.ok()) {
      return Fault(absl::StatusCode::kInvalidArgument, "INVALID_CONTACT_POINT",
                   absl::StrCat("key_binding.same_consumer_as: ", other.status().message()));
    }
    if (*other == contact_point) {
      return InvalidField("key_binding.same_consumer_as",
                          "expected another contact point of the consumer's, found the statement's "
                          "own; leave it empty");
    }
  }
  return bound;
}

// When the consumer is said to have agreed, of evidence that is complete.
absl::StatusOr<Instant> ReadEvidence(const v1::Claim& claim, Instant arrival) {
  const std::string path = "claim.evidence";
  if (!claim.has_evidence()) {
    return InvalidField(path, "expected how the consent can be proven, found nothing");
  }
  const v1::Evidence& evidence = claim.evidence();
  if (!evidence.has_collected_at()) {
    return InvalidField(path + ".collected_at", "expected when the consumer agreed, found none");
  }
  ASSIGN_OR_RETURN(const Instant collected_at,
                   ReadWholeSeconds(evidence.collected_at(), path + ".collected_at"));
  if (collected_at > arrival) {
    return InvalidField(path + ".collected_at",
                        absl::StrCat("expected a moment not after the claim's arrival, found one ",
                                     (collected_at - arrival).count, " s after it"));
  }
  RETURN_IF_ERROR(CheckBytes(evidence.text_sha256(), Digest::kSize, path + ".text_sha256"));
  RETURN_IF_ERROR(CheckWords(evidence.method(), kMethodCharactersMax, path + ".method"));
  RETURN_IF_ERROR(
      CheckWords(evidence.collected_by(), kCollectedByCharactersMax, path + ".collected_by"));
  if (!evidence.recording_sha256().empty()) {
    RETURN_IF_ERROR(
        CheckBytes(evidence.recording_sha256(), Digest::kSize, path + ".recording_sha256"));
  }
  return collected_at;
}

absl::StatusOr<core::EventBody> ProposeGranted(const v1::Grant& grant, const std::string& path,
                                               Instant collected_at, Context context) {
  const GrantSource source{.signed_by = context.statement.signer,
                           .collected_at = collected_at,
                           .arrival = context.arrival};
  core::Granted granted;
  ASSIGN_OR_RETURN(granted.grant, ReadGrant(grant, path, source));
  granted.subject = std::move(context.subject);
  granted.statement = std::move(context.statement);
  return granted;
}

absl::StatusOr<core::EventBody> ProposeClaimed(const v1::Claim& claim, Context context) {
  if (!claim.has_grant()) return InvalidField("claim.grant", "expected a grant, found none");
  ASSIGN_OR_RETURN(const Instant collected_at, ReadEvidence(claim, context.arrival));
  return ProposeGranted(claim.grant(), "claim.grant", collected_at, std::move(context));
}

absl::StatusOr<core::EventBody> ProposeRevoked(const v1::Revocation& revocation, Context context) {
  RETURN_IF_ERROR(CheckPartyId(revocation.company(), "revocation.company"));
  if (!revocation.grant_id().empty()) {
    RETURN_IF_ERROR(CheckId(revocation.grant_id(), "revocation.grant_id"));
  }
  return core::Revoked{.company = revocation.company(),
                       .grant = revocation.grant_id(),
                       .subject = std::move(context.subject),
                       .statement = std::move(context.statement)};
}

absl::StatusOr<core::EventBody> ProposeBlocked(const v1::Block& block, Context context) {
  RETURN_IF_ERROR(CheckCompanyOrAll(block.company(), "block.company"));
  ASSIGN_OR_RETURN(core::ChannelSet channels, ReadChannels(block.channels(), "block.channels"));
  if (channels.empty()) channels = core::ChannelSet::All();
  return core::Blocked{.company = block.company(),
                       .channels = channels,
                       .subject = std::move(context.subject),
                       .statement = std::move(context.statement)};
}

absl::StatusOr<core::EventBody> ProposeUnblocked(const v1::Unblock& unblock, Context context) {
  RETURN_IF_ERROR(CheckCompanyOrAll(unblock.company(), "unblock.company"));
  return core::Unblocked{.company = unblock.company(),
                         .subject = std::move(context.subject),
                         .statement = std::move(context.statement)};
}

}  // namespace

absl::StatusOr<core::EventBody> Propose(const Opened& opened, core::Signer signer,
                                        const core::Subject& subject, Instant arrival) {
  const v1::Statement& message = opened.message;
  RETURN_IF_ERROR(CheckRole(signer, message.body_case()));
  Context context{.statement = {.id = opened.id,
                                .signed_at_ms = opened.signed_at_ms,
                                .signer = signer,
                                .key = opened.key.id(),
                                .envelope = opened.envelope},
                  .subject = subject,
                  .arrival = arrival};
  switch (message.body_case()) {
    case Body::kKeyBinding:
      return ProposeBound(message.key_binding(), opened.contact_point, std::move(context));
    case Body::kGrant:
      return ProposeGranted(message.grant(), "grant", Instant{}, std::move(context));
    case Body::kClaim:
      return ProposeClaimed(message.claim(), std::move(context));
    case Body::kRevocation:
      return ProposeRevoked(message.revocation(), std::move(context));
    case Body::kBlock:
      return ProposeBlocked(message.block(), std::move(context));
    case Body::kUnblock:
      return ProposeUnblocked(message.unblock(), std::move(context));
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

// SPDX-License-Identifier: Apache-2.0

#include "src/statement/envelope.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"
#include "src/crypto/random.h"
#include "src/statement/dsse.h"
#include "src/statement/moment.h"
#include "src/statement/text.h"
#include "src/statement/unknown_field.h"

namespace consent::statement {
namespace {

absl::Status Malformed(const std::string& message) {
  return Fault(absl::StatusCode::kInvalidArgument, "MALFORMED_STATEMENT",
               absl::StrCat("statement: ", message));
}

absl::Status CheckPayloadSize(size_t found) {
  if (found >= 1 && found <= kPayloadBytesMax) return absl::OkStatus();
  return Malformed(
      absl::StrCat("expected a payload of 1 to ", kPayloadBytesMax, " bytes, found ", found));
}

absl::Status CheckNoUnknownField(const google::protobuf::Message& message, const char* what) {
  const std::optional<std::string> found = FindUnknownField(message);
  if (!found.has_value()) return absl::OkStatus();
  return Malformed(absl::StrCat("expected only fields that this ledger knows, found in the ", what,
                                ": ", *found,
                                "; what is not understood cannot be honoured, so leave it out"));
}

// The cheapest first: nothing here looks inside the payload.
absl::Status CheckEnvelope(const v1::SignedStatement& sealed) {
  const size_t size = sealed.ByteSizeLong();
  if (size > kEnvelopeBytesMax) {
    return Malformed(absl::StrCat("expected an envelope of at most ", kEnvelopeBytesMax,
                                  " bytes, found ", size));
  }
  RETURN_IF_ERROR(CheckPayloadSize(sealed.payload().size()));
  if (sealed.payload_type() != kPayloadType) {
    return Malformed(absl::StrCat("expected the payload_type \"", std::string(kPayloadType),
                                  "\", found another of ", sealed.payload_type().size(), " bytes"));
  }
  if (sealed.signatures_size() != 1) {
    return Malformed(absl::StrCat("expected exactly one signature, found ",
                                  sealed.signatures_size(), "; send one envelope for each signer"));
  }
  return CheckNoUnknownField(sealed, "envelope");
}

// What a statement of any kind must have, in any ledger.
absl::Status CheckMessage(const v1::Statement& message) {
  if (message.body_case() == v1::Statement::BODY_NOT_SET) {
    return Malformed("expected a body (key_binding, grant, ...), found none");
  }
  RETURN_IF_ERROR(CheckBytes(message.statement_id(), kStatementIdBytes, "statement_id"));
  if (message.audience().empty() || message.audience().size() > kAudienceBytesMax) {
    return InvalidField("audience",
                        absl::StrCat("expected the origin of a ledger in 1 to ", kAudienceBytesMax,
                                     " bytes, found ", message.audience().size()));
  }
  if (!message.has_signed_at()) {
    return InvalidField("signed_at", "expected the time of signing, found none");
  }
  return ReadMillis(message.signed_at(), "signed_at").status();
}

absl::StatusOr<v1::Statement> ParsePayload(const std::string& payload) {
  v1::Statement message;
  if (!message.ParseFromString(payload)) {
    return Malformed(
        "expected a payload that is a serialized consent.v1.Statement with strings in UTF-8, found "
        "other bytes");
  }
  RETURN_IF_ERROR(CheckNoUnknownField(message, "payload"));
  return message;
}

absl::Status CheckAudience(const v1::Statement& message, std::string_view audience) {
  if (message.audience() == audience) return absl::OkStatus();
  return Fault(absl::StatusCode::kFailedPrecondition, "WRONG_AUDIENCE",
               absl::StrCat("statement: expected the audience \"", std::string(audience),
                            "\", found another; sign it again for this ledger"));
}

absl::StatusOr<crypto::PublicKey> SignerOf(const v1::SignedStatement& sealed) {
  const v1::Signature& signature = sealed.signatures(0);
  absl::StatusOr<crypto::PublicKey> key = crypto::PublicKey::OfSigner(
      signature.public_key(), PreAuthEncoding(kPayloadType, sealed.payload()),
      signature.signature());
  if (key.ok()) return key;
  const absl::Status sound = crypto::PublicKey::FromSpki(signature.public_key()).status();
  if (!sound.ok()) return Malformed(std::string(sound.message()));
  return Fault(absl::StatusCode::kPermissionDenied, "BAD_SIGNATURE",
               absl::StrCat("statement: ", key.status().message(),
                            "; sign the DSSE pre-authentication encoding of exactly the payload "
                            "bytes that are sent"));
}

}  // namespace

absl::StatusOr<Opened> Open(const v1::SignedStatement& sealed, std::string_view audience) {
  RETURN_IF_ERROR(CheckEnvelope(sealed));
  ASSIGN_OR_RETURN(v1::Statement message, ParsePayload(sealed.payload()));
  RETURN_IF_ERROR(CheckMessage(message));
  RETURN_IF_ERROR(CheckAudience(message, audience));
  absl::StatusOr<contact::ContactPoint> point =
      contact::ContactPoint::Parse(message.contact_point());
  if (!point.ok()) return WithReason(point.status(), "INVALID_CONTACT_POINT");
  ASSIGN_OR_RETURN(crypto::PublicKey key, SignerOf(sealed));
  ASSIGN_OR_RETURN(const int64_t signed_at_ms, ReadMillis(message.signed_at(), "signed_at"));
  const Digest digest = crypto::Sha256({sealed.payload()});
  return Opened{.message = std::move(message),
                .contact_point = *std::move(point),
                .id = *StatementId::FromBytes(digest.view().substr(0, StatementId::kSize)),
                .signed_at_ms = signed_at_ms,
                .key = std::move(key),
                .envelope = sealed.SerializeAsString()};
}

absl::StatusOr<v1::SignedStatement> Sign(const v1::Statement& message,
                                         const crypto::PrivateKey& key) {
  RETURN_IF_ERROR(CheckMessage(message));
  v1::SignedStatement sealed;
  sealed.set_payload_type(std::string(kPayloadType));
  if (!message.SerializeToString(sealed.mutable_payload())) {
    return Malformed("expected a message that can be serialized, found one above 2 GiB");
  }
  RETURN_IF_ERROR(CheckPayloadSize(sealed.payload().size()));
  v1::Signature& signature = *sealed.add_signatures();
  signature.set_public_key(key.public_key().spki());
  signature.set_signature(key.Sign(PreAuthEncoding(kPayloadType, sealed.payload())));
  return sealed;
}

std::string NewStatementId() { return crypto::RandomBytes(kStatementIdBytes); }

}  // namespace consent::statement

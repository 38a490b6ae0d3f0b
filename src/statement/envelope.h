// SPDX-License-Identifier: Apache-2.0
//
// Envelopes: signed statements are opened here before anything in them is believed, and sealed
// here by tools, clients and tests.
//
// An Opened says that these bytes were signed with this key, for this ledger. It does not say that
// the key belongs to anyone (the directory and the record know that), that what the body asks is
// well formed (proposal.h), or that it is new (the record knows).
//
// Nothing is re-serialised to be verified: the signature is checked over the payload as it came.
// Format and limits: docs/formats/statement.md.
//
// Threads: all functions are safe from any thread. Cost of Open: one signature (65 to 100 us) and
// some microseconds; everything that can be refused without the signature is refused before it.

#ifndef CONSENT_STATEMENT_ENVELOPE_H_
#define CONSENT_STATEMENT_ENVELOPE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "src/base/ids.h"
#include "src/contact/contact_point.h"
#include "src/crypto/private_key.h"
#include "src/crypto/public_key.h"

namespace consent::statement {

inline constexpr size_t kEnvelopeBytesMax = 16 * 1024;  // Of a serialized SignedStatement.
inline constexpr size_t kPayloadBytesMax = 8 * 1024;
inline constexpr size_t kStatementIdBytes = 16;
inline constexpr size_t kAudienceBytesMax = 255;

// A statement whose signature is that of `key`.
struct Opened {
  v1::Statement message;
  // Normalised. Personal data: never log it. `message` holds it as it was written.
  contact::ContactPoint contact_point;
  // First 16 bytes of SHA-256 over the payload: the same payload is the same statement, whoever
  // sends it and however often. Not the random statement_id inside, which a signer could repeat.
  StatementId id;
  // Milliseconds since 1970; finer digits are cut.
  int64_t signed_at_ms = 0;
  crypto::PublicKey key;
  // The SignedStatement serialized. Its payload, key and signature are the bytes received.
  std::string envelope;
};

// Opens a statement meant for the ledger `audience`. Faults (src/base/fault.h), in the order in
// which they are looked for:
//   MALFORMED_STATEMENT    sizes, payload type, number of signatures, a payload that is no
//                          Statement, invalid UTF-8, a field this ledger does not know, no body
//   INVALID_FIELD          statement_id, audience or signed_at missing or out of range
//   WRONG_AUDIENCE         signed for another ledger
//   INVALID_CONTACT_POINT  the contact point cannot be normalised
//   MALFORMED_STATEMENT    the key is no sound key in its one encoding
//   BAD_SIGNATURE          the signature is not in its one form, or not of these bytes by this key
// No message holds a contact point, a key or any other text of the statement.
absl::StatusOr<Opened> Open(const v1::SignedStatement& sealed, std::string_view audience);

// `message` serialized and signed with `key`. InvalidArgument for what no ledger would open
// whatever its name: no body, a statement_id of other than 16 bytes, no signed_at, a payload
// above 8 KiB. The body is not looked at.
absl::StatusOr<v1::SignedStatement> Sign(const v1::Statement& message,
                                         const crypto::PrivateKey& key);

// 16 random bytes for Statement.statement_id.
std::string NewStatementId();

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_ENVELOPE_H_

// SPDX-License-Identifier: Apache-2.0
//
// DSSE: what exactly a statement's signature is over.
//
// Follows "DSSE: Dead Simple Signing Envelope", protocol v1.0 (secure-systems-lab/dsse). The type
// is signed together with the payload, so that bytes signed for another purpose are never taken
// for a statement, and both lengths are, so that no byte can move from one to the other.
//
// Exact bytes, with an example: docs/formats/statement.md.

#ifndef CONSENT_STATEMENT_DSSE_H_
#define CONSENT_STATEMENT_DSSE_H_

#include <string>
#include <string_view>

namespace consent::statement {

// The payload type of a serialized consent.v1.Statement.
inline constexpr std::string_view kPayloadType =
    "application/vnd.consent-ledger.statement.v1+protobuf";

// "DSSEv1" SP LEN(payload_type) SP payload_type SP LEN(payload) SP payload, where SP is one space
// and LEN the number of bytes in decimal without leading zeros. Takes any bytes; cannot fail.
std::string PreAuthEncoding(std::string_view payload_type, std::string_view payload);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_DSSE_H_

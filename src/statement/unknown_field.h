// SPDX-License-Identifier: Apache-2.0
//
// Unknown fields: what a message says in numbers its schema does not have.
//
// protobuf keeps them aside in silence. A statement must not hold any: a condition that this
// ledger does not understand ("never on Sundays") would be signed, stored and not honoured.

#ifndef CONSENT_STATEMENT_UNKNOWN_FIELD_H_
#define CONSENT_STATEMENT_UNKNOWN_FIELD_H_

#include <optional>
#include <string>

#include "google/protobuf/message.h"

namespace consent::statement {

// Where the first unknown field of `message` or of any message inside it stands, such as
// "grant.limits[2], field number 77"; nullopt when there is none. A known number in another wire
// type is unknown too. Recurses as deep as the schema, so use it with schemas that end.
std::optional<std::string> FindUnknownField(const google::protobuf::Message& message);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_UNKNOWN_FIELD_H_

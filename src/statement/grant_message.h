// SPDX-License-Identifier: Apache-2.0
//
// Grants: the core's words as the wire's, to show them again.

#ifndef CONSENT_STATEMENT_GRANT_MESSAGE_H_
#define CONSENT_STATEMENT_GRANT_MESSAGE_H_

#include "consent/v1/statement.pb.h"
#include "src/consent/grant.h"

namespace consent::statement {

// The grant as its signer could have written it: ReadGrant of the message is `grant` again.
void ToMessage(const core::Grant& grant, v1::Grant* message);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_GRANT_MESSAGE_H_

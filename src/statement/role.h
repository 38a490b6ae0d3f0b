// SPDX-License-Identifier: Apache-2.0
//
// Roles: who may sign what.
//
//   body           CONSUMER   REGISTRAR   COMPANY
//   key_binding                  yes
//   grant            yes
//   claim                        yes       itself
//   revocation       yes         yes       itself
//   block            yes         yes
//   unblock          yes         yes
//   preferences      yes
//   contract_claim   yes         yes       itself
//   contest          yes         yes
//   callback_request yes         yes       itself
//   holder_change                yes
//   view_request     yes
//   erase_request    yes
//
// "itself": a company speaks for no other; whoever knows the signer's party id compares it with
// CompanyOf. Whether a key holds a role is the directory's and the record's to know.

#ifndef CONSENT_STATEMENT_ROLE_H_
#define CONSENT_STATEMENT_ROLE_H_

#include <string_view>

#include "consent/v1/statement.pb.h"
#include "src/consent/vocabulary.h"

namespace consent::statement {

// Whether a key in this role may sign a body of this kind. False for kUnspecified and for no body.
bool MaySign(core::Signer signer, v1::Statement::BodyCase body);

// The company a statement speaks of, as written: that of a grant, claim, revocation, block ("*" is
// all), unblock, contract, contest or callback; "" for other bodies, and where a block names a
// group or a processor. Valid as long as `message` lives unchanged.
std::string_view CompanyOf(const v1::Statement& message);

// The body's field name, such as "key_binding": where the fields of a fault begin. "" for none.
std::string_view BodyName(v1::Statement::BodyCase body);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_ROLE_H_

// SPDX-License-Identifier: Apache-2.0
//
// Grants: the wire's words as the core's.

#ifndef CONSENT_STATEMENT_GRANT_READER_H_
#define CONSENT_STATEMENT_GRANT_READER_H_

#include <string>

#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"
#include "src/statement/source.h"

namespace consent::statement {

// The grant as the core knows it; it has passed core::ValidateGrant. Otherwise INVALID_FIELD
// naming the field as it is written on the wire behind `path`: "claim.grant.limits[2].max".
absl::StatusOr<core::Grant> ReadGrant(const v1::Grant& grant, const std::string& path,
                                      const Source& source);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_GRANT_READER_H_

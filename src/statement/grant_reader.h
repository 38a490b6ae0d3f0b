// SPDX-License-Identifier: Apache-2.0
//
// Grants: the wire's words as the core's.

#ifndef CONSENT_STATEMENT_GRANT_READER_H_
#define CONSENT_STATEMENT_GRANT_READER_H_

#include <string>

#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "google/protobuf/repeated_field.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"
#include "src/consent/vocabulary.h"

namespace consent::statement {

// Who says so, and when.
struct GrantSource {
  core::Signer signed_by = core::Signer::kConsumer;
  Instant collected_at;  // Of a claim.
  Instant arrival;       // The default of valid_from.
};

// The grant as the core knows it; it has passed core::ValidateGrant. Otherwise INVALID_FIELD
// naming the field as it is written on the wire behind `path`: "claim.grant.limits[2].max".
absl::StatusOr<core::Grant> ReadGrant(const v1::Grant& grant, const std::string& path,
                                      const GrantSource& source);

// Channels as a set; repeating one is allowed. INVALID_FIELD names the first that is unspecified or
// unknown, "block.channels[3]". Empty stays empty.
absl::StatusOr<core::ChannelSet> ReadChannels(const google::protobuf::RepeatedField<int>& channels,
                                              const std::string& path);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_GRANT_READER_H_

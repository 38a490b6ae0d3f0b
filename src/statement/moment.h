// SPDX-License-Identifier: Apache-2.0
//
// Moments in statements: google.protobuf.Timestamp, checked.
//
// protobuf does not check a Timestamp it parses: seconds may be any 64-bit number and nanos
// negative. Nothing here overflows whatever they are. Faults are INVALID_FIELD naming `field`.

#ifndef CONSENT_STATEMENT_MOMENT_H_
#define CONSENT_STATEMENT_MOMENT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/timestamp.pb.h"
#include "src/base/instant.h"

namespace consent::statement {

// A moment of the years 2000 to 9999 as milliseconds since 1970, finer digits cut.
absl::StatusOr<int64_t> ReadMillis(const google::protobuf::Timestamp& timestamp,
                                   const std::string& field);

// A moment of the years 1900 to 9999 in whole seconds: nanos must be 0, so that no edge is rounded
// without its signer knowing.
absl::StatusOr<Instant> ReadWholeSeconds(const google::protobuf::Timestamp& timestamp,
                                         const std::string& field);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_MOMENT_H_

// SPDX-License-Identifier: Apache-2.0
//
// Parts that several statements share: the wire's words as the core's.
//
// Only what the core's types cannot hold is checked here: enum values, defaults. Ranges are the
// core's to check, so they are stated once; `AsInvalidField` renames its faults to the wire's
// words. Faults are INVALID_FIELD naming the field as it is written on the wire behind `path`,
// "claim.grant.limits[2].max".

#ifndef CONSENT_STATEMENT_PART_READER_H_
#define CONSENT_STATEMENT_PART_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "google/protobuf/repeated_field.h"
#include "src/consent/grant.h"
#include "src/consent/vocabulary.h"

namespace consent::statement {

// A number of an enum whose known values are 1 to `max`. proto3 keeps unknown ones, and they would
// not fit the core's type. `what` names the enum in the fault.
absl::Status CheckKnown(int value, int max, const char* what, const std::string& field);

// Channels, or purposes, as a set; repeating one is allowed, empty stays empty. The fault names the
// first that is unspecified or unknown, "block.channels[3]".
absl::StatusOr<core::ChannelSet> ReadChannels(const google::protobuf::RepeatedField<int>& channels,
                                              const std::string& path);
absl::StatusOr<core::PurposeSet> ReadPurposes(const google::protobuf::RepeatedField<int>& purposes,
                                              const std::string& path);
// The same where at least one is required.
absl::StatusOr<core::ChannelSet> ReadSomeChannels(
    const google::protobuf::RepeatedField<int>& channels, const std::string& path);
absl::StatusOr<core::PurposeSet> ReadSomePurposes(
    const google::protobuf::RepeatedField<int>& purposes, const std::string& path);

absl::StatusOr<std::vector<core::Limit>> ReadLimits(
    const google::protobuf::RepeatedPtrField<v1::Limit>& limits, const std::string& path);
absl::StatusOr<std::vector<core::Span>> ReadSpans(
    const google::protobuf::RepeatedPtrField<v1::Hours>& hours, const std::string& path);

// What the core found wrong in the statement that stands at `path`. `subject` is the word with
// which the core's faults about it begin ("grant"), `id_field` the name of its own id on the wire
// ("grant_id").
struct CoreWords {
  std::string_view subject;
  std::string_view id_field;
};
absl::Status AsInvalidField(const absl::Status& status, const std::string& path,
                            const CoreWords& words);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_PART_READER_H_

// SPDX-License-Identifier: Apache-2.0
//
// Checks that statements share. Each is OK, or an InvalidArgument that names the field, says what
// was expected, and of what was found at most a number: texts come from outside and may hold
// anything. Private to the core.

#ifndef CONSENT_CONSENT_CHECK_H_
#define CONSENT_CONSENT_CHECK_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "src/base/instant.h"
#include "src/consent/grant.h"

namespace consent::core {

// "grant limits[2].max: expected 1 to 1000000, found 0".
absl::Status CheckNumber(const std::string& field, int64_t value, int64_t least, int64_t most);
// 1 to 64 printable ASCII characters.
absl::Status CheckId(const std::string& field, std::string_view id);
// One company, not "*".
absl::Status CheckOneCompany(const std::string& field, std::string_view company);
// Of the years 1900 to 9999.
absl::Status CheckMoment(const std::string& field, Instant t);
// Both moments, and the second after the first.
struct Dates {
  Instant from;
  Instant until;
};
absl::Status CheckDates(const std::string& prefix, const Dates& dates);
// Who signed, and of a claim when it was collected.
absl::Status CheckSource(const std::string& prefix, Signer signed_by, Instant collected_at);
// At least one known channel, or purpose.
absl::Status CheckChannels(const std::string& field, ChannelSet channels);
absl::Status CheckPurposes(const std::string& field, PurposeSet purposes);
// `least` to 16 sound limits with ids of their own.
absl::Status CheckLimits(const std::string& field, const std::vector<Limit>& limits, int least);
// 0 to 64 sound spans.
absl::Status CheckSpans(const std::string& field, const std::vector<Span>& spans);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_CHECK_H_

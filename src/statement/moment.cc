// SPDX-License-Identifier: Apache-2.0

#include "src/statement/moment.h"

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/consent/grant.h"

namespace consent::statement {
namespace {

using google::protobuf::Timestamp;

constexpr Instant kYear2000{946684800};

absl::Status CheckSeconds(const Timestamp& timestamp, Instant earliest, int first_year,
                          const std::string& field) {
  const Instant t{timestamp.seconds()};
  if (t >= earliest && t < kNever) return absl::OkStatus();
  return InvalidField(field, absl::StrCat("expected a moment of the years ", first_year,
                                          " to 9999, found Unix second ", t.unix_seconds));
}

}  // namespace

absl::StatusOr<int64_t> ReadMillis(const Timestamp& timestamp, const std::string& field) {
  RETURN_IF_ERROR(CheckSeconds(timestamp, kYear2000, 2000, field));
  constexpr int32_t kNanosMax = 999'999'999;
  if (timestamp.nanos() < 0 || timestamp.nanos() > kNanosMax) {
    return InvalidField(
        field, absl::StrCat("expected nanos from 0 to ", kNanosMax, ", found ", timestamp.nanos()));
  }
  return timestamp.seconds() * 1000 + timestamp.nanos() / 1'000'000;
}

absl::StatusOr<Instant> ReadWholeSeconds(const Timestamp& timestamp, const std::string& field) {
  RETURN_IF_ERROR(CheckSeconds(timestamp, core::kEarliest, 1900, field));
  if (timestamp.nanos() != 0) {
    return InvalidField(field, absl::StrCat("expected whole seconds, found nanos ",
                                            timestamp.nanos(), "; set nanos to 0"));
  }
  return Instant{timestamp.seconds()};
}

}  // namespace consent::statement

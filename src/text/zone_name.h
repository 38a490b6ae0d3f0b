// SPDX-License-Identifier: Apache-2.0
//
// Time zones by name.

#ifndef CONSENT_TEXT_ZONE_NAME_H_
#define CONSENT_TEXT_ZONE_NAME_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace consent::text {

// The zone that the time-zone database of this machine knows by `name` ("Europe/Paris", "UTC").
// nullopt for any other text: paths, "localtime", fixed offsets, and the database's own folders
// ("right/" counts leap seconds, "posix/" repeats the rest).
std::optional<absl::TimeZone> LoadZone(std::string_view name);

// `t` on the clock of `zone` with a numeric offset, "2027-01-01T10:00:00+01:00". Offsets that hold
// seconds, as those of local mean time, keep them.
std::string FormatLocal(absl::Time t, const absl::TimeZone& zone);

}  // namespace consent::text

#endif  // CONSENT_TEXT_ZONE_NAME_H_

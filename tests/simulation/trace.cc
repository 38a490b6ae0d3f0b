// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/trace.h"

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace consent::simulation {

void Trace::Say(std::string_view line) {
  lines_.push_back(
      absl::StrCat(absl::FormatTime("%E4Y-%m-%dT%H:%M:%E3S", absl::FromUnixMillis(time_.now_ms),
                                    absl::UTCTimeZone()),
                   "  ", std::string(line)));
  for (const char c : lines_.back()) {
    digest_ = (digest_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
}

void Trace::Fault(std::string_view line) {
  Say(absl::StrCat("FAULT: ", std::string(line)));
  faults_.emplace_back(line);
}

}  // namespace consent::simulation

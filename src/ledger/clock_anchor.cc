// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/clock_anchor.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/ledger/ledger_clock.h"

namespace consent::ledger {
namespace {

constexpr std::string_view kFact = "clock";

struct Anchor {
  int64_t wall_ms = 0;
  int64_t steady_ms = 0;
  std::string boot;

  template <class A>
  void Fields(A& a) {
    a(wall_ms), a(steady_ms), a(boot);
  }
};

std::string Day(int64_t wall_ms) {
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixMillis(wall_ms), absl::UTCTimeZone());
}

absl::Status Unbelievable(const std::string& why, int64_t wall_ms) {
  return absl::FailedPreconditionError(
      absl::StrCat("clock: ", why,
                   "; a clock in the future would open limits that are used up. Set the clock. If "
                   "it is right, start once with --clock-is-right ",
                   Day(wall_ms), " (today, UTC)"));
}

}  // namespace

absl::Status CheckClock(store::Store& store, const Clock& clock, Instant last_at) {
  ASSIGN_OR_RETURN(const std::optional<std::string> fact, store.ReadFact(kFact));
  const int64_t wall_ms = clock.WallMillis();
  int64_t known_ms = last_at.unix_seconds * 1000;  // A moment that has surely passed.
  if (fact.has_value()) {
    const absl::StatusOr<Anchor> anchor = Decode<Anchor>(*fact);
    if (!anchor.ok()) return absl::DataLossError("the store's fact `clock` is malformed");
    if (!anchor->boot.empty() && anchor->boot == clock.Boot()) {
      const int64_t passed_ms = clock.SteadyMillis() - anchor->steady_ms;
      const int64_t stray_ms = Stray(wall_ms - anchor->wall_ms, passed_ms);
      if (stray_ms == 0) return absl::OkStatus();
      return Unbelievable(absl::StrCat("since the ledger was last open the wall clock moved by ",
                                       stray_ms, " ms against the steady one"),
                          wall_ms);
    }
    known_ms = std::max(known_ms, anchor->wall_ms);
  }
  if (known_ms == 0 || wall_ms - known_ms <= absl::ToInt64Milliseconds(kUnwatchedMax)) {
    return absl::OkStatus();
  }
  return Unbelievable(
      absl::StrCat("the machine has been started since, and the wall clock says that ",
                   (wall_ms - known_ms) / absl::ToInt64Milliseconds(absl::Hours(24)),
                   " days have passed since the ledger was last seen at work, on ", Day(known_ms)),
      wall_ms);
}

absl::Status DropAnchor(store::Store& store, const Clock& clock) {
  const Anchor anchor{clock.WallMillis(), clock.SteadyMillis(), clock.Boot()};
  return store.WriteFact(kFact, Encode(anchor));
}

}  // namespace consent::ledger

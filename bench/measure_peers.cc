// SPDX-License-Identifier: Apache-2.0

#include "bench/measure_peers.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::bench {

void AddTried(const Rivals& rivals, Report& report) {
  for (const auto& [kind, rival] : rivals) {
    for (const auto& [connections, rate] : rival->tried()) {
      report.Add(absl::StrCat(kind.name, "_per_second_", connections), "1/s", rate);
    }
    report.Add(kind.name + "_connections", "connections",
               static_cast<double>(rival->best(PeerForm::kSingle)));
    report.Add(kind.batched + "_connections", "connections",
               static_cast<double>(rival->best(PeerForm::kBatched)));
  }
}

absl::Status MeasureRivals(const Rivals& rivals, PeerForm form, double own, const Timing& timing,
                           Report& report) {
  const bool single = form == PeerForm::kSingle;
  for (const auto& [kind, rival] : rivals) {
    ASSIGN_OR_RETURN(const load::LoadReport load,
                     rival->Load(form, timing.warm_up, timing.measured));
    if (load.measured == 0) {
      return absl::InternalError(rival->name() + ": not one answer in the measured time");
    }
    const std::string name = single ? kind.name : kind.batched;
    const std::string ratio = single ? "unary_vs_" + kind.name : kind.batch_ratio;
    report.Add(ratio, "ratio", own / load.PerSecond());
    report.Add(name + "_per_second", "1/s", load.PerSecond());
    report.Add(name + "_p99", "us", absl::ToDoubleMicroseconds(load.latencies.AtShare(0.99)));
  }
  return absl::OkStatus();
}

}  // namespace consent::bench

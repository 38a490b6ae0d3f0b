// SPDX-License-Identifier: Apache-2.0

#include "tests/model/tally.h"

#include <variant>

#include "tests/model/civil.h"

namespace consent::model {

using core::Outcome;
using core::Reason;
using core::Verdict;

bool Tally::Take(const Step& step, const core::Decision& said, const Core& core) {
  if (const auto* consume = std::get_if<Consume>(&step.act)) {
    if (said.verdict != Verdict::kAllowed) return false;
    const bool unheld = consume->request.hold.count == 0;
    return made_
        .try_emplace(core.Permit(step.name),
                     Made{step.at, consume->request, said.basis, said.grant, unheld})
        .second;
  }
  if (const auto* holder = std::get_if<Holder>(&step.act)) {
    if (holder->is_new) made_.clear();  // They were made to somebody else.
    return false;
  }
  if (const auto* confirm = std::get_if<Confirm>(&step.act)) {
    const auto made = made_.find(core.Permit(confirm->of));
    if (made == made_.end()) return false;
    if (said.verdict == Verdict::kDone) made->second.confirmed = true;
    // Refused for what the consumer or the clock says: the unit goes back.
    if (said.verdict == Verdict::kDenied && said.reason != Reason::kAlreadyDone &&
        said.reason != Reason::kPermitLapsed) {
      made->second.given_back = true;
    }
    return false;
  }
  if (said.verdict != Verdict::kDone) return false;
  if (const auto* release = std::get_if<Release>(&step.act)) {
    made_.at(core.Permit(release->of)).given_back = true;
  } else if (const auto* report = std::get_if<Report>(&step.act)) {
    Made& made = made_.at(core.Permit(report->of));
    made.given_back |= report->outcome == Outcome::kNotSent;
    made.reached_nobody = report->outcome == Outcome::kNoAnswer ||
                          report->outcome == Outcome::kBusy || report->outcome == Outcome::kFailed;
  }
  return false;
}

std::vector<Made> Tally::At(Instant now) const {
  std::vector<Made> all;
  for (const auto& [position, made] : made_) {
    const bool lapsed = !made.confirmed && now >= made.at + made.request.hold;
    if (!made.given_back && !lapsed) all.push_back(made);
  }
  return all;
}

bool Together(const core::Window& window, Instant since, Instant a, Instant b,
              const absl::TimeZone& zone) {
  if (window.period == core::Period::kLifetime) return a >= since;
  switch (window.alignment) {
    case core::Alignment::kCalendar:
      return BlockOf(DayOf(a, zone), window.period, window.count) ==
             BlockOf(DayOf(b, zone), window.period, window.count);
    case core::Alignment::kRolling:
      return b < Plus(a, window.period, window.count, zone);
    default:
      return a >= since && AnniversaryOf(a, since, window.period, window.count, zone) ==
                               AnniversaryOf(b, since, window.period, window.count, zone);
  }
}

}  // namespace consent::model

// SPDX-License-Identifier: Apache-2.0

#include "tests/model/compare.h"

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"

namespace consent::model {

using core::Decision;
using core::Reason;
using core::Verdict;

std::optional<std::string> Difference(const Scenario& scenario) {
  Model model(scenario.world);
  Core core(scenario.world);
  for (size_t i = 0; i < scenario.steps.size(); ++i) {
    const Step& step = scenario.steps[i];
    const Answer expected = model.Play(step);
    const Decision actual = core.Play(step);
    const auto differs = [&](const std::string& what) {
      return absl::StrCat("step ", i, " at ", Show(step.at), ": ", what,
                          "\n  model: ", Show(expected), "\n  core:  ", Show(actual), "\n");
    };
    if (core.breach().has_value()) return differs(*core.breach());
    if (actual.verdict != expected.verdict) return differs("decision");
    if (actual.reason != expected.reason) return differs("reason");
    if (actual.limit != expected.limit) return differs("limit");
    if (actual.rule != expected.rule) return differs("rule");
    if (actual.remaining != expected.remaining) return differs("remaining");
    if (actual.next_allowed != expected.next_allowed) return differs("next_allowed");
    if (actual.contact_before != expected.contact_before) return differs("contact_before");
    if (expected.verdict == Verdict::kAllowed) {
      if (actual.grant != expected.grant) return differs("grant");
      if (actual.basis != expected.basis) return differs("basis");
      if (std::holds_alternative<Consume>(step.act) && *expected.permit != step.name &&
          actual.permit != core.Permit(*expected.permit)) {
        return differs("permit");
      }
    }
  }
  // The whole journal again changes nothing; from zero it gives the same record.
  core::Record again = core.record();
  core::Record anew;
  for (const core::Event& event : core.events()) {
    core::Evolve(again, event, core::Retention::kForever);
    core::Evolve(anew, event, core::Retention::kForever);
  }
  if (Encode(again) != Encode(core.record())) return "a replay over the record changed it";
  if (Encode(anew) != Encode(core.record())) return "a replay from zero differs";
  return std::nullopt;
}

namespace {

std::string ShowOptional(const std::optional<Instant>& t) {
  return t.has_value() ? Show(*t) : "null";
}

// Of a decision or an answer.
template <class Said>
std::string ShowSaid(const Said& said) {
  static constexpr const char* kVerdicts[] = {"-", "ALLOWED", "DENIED", "ERROR", "DONE"};
  std::string out = absl::StrCat(
      "{", kVerdicts[static_cast<int>(said.verdict)], " ", std::string(Name(said.reason)),
      ", basis: ", std::string(Name(said.basis)), ", limit: \"", said.limit, "\", rule: \"",
      said.rule, "\", grant: \"", said.grant, "\", remaining: {");
  for (const core::Remaining& rest : said.remaining) {
    absl::StrAppend(&out, rest.limit, ": ", rest.count, ", ");
  }
  return absl::StrCat(out, "}, next_allowed: ", ShowOptional(said.next_allowed),
                      ", contact_before: ", ShowOptional(said.contact_before), "}");
}

}  // namespace

std::string Show(const Decision& decision) { return ShowSaid(decision); }
std::string Show(const Answer& answer) { return ShowSaid(answer); }

}  // namespace consent::model

// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/runner.h"

#include <optional>
#include <utility>
#include <variant>

#include "src/base/ids.h"
#include "src/consent/decide.h"
#include "src/consent/evolve.h"
#include "src/consent/record.h"

namespace consent::simulate {
namespace {

class Runner {
 public:
  explicit Runner(const Scenario& scenario)
      : scenario_(scenario), records_(scenario.consumers.size()) {
    permits_.reserve(scenario.steps.size());
    for (size_t i = 0; i < records_.size(); ++i) records_[i].zone = scenario.consumers[i].zone_name;
  }

  // Takes the next step.
  StepResult Take(const Step& step) {
    step_ = permits_.size();
    consumer_ = scenario_.ConsumerOf(step_).value_or(0);
    permits_.emplace_back();
    return std::visit([&](const auto& action) { return Do(step.at, action); }, step.action);
  }

 private:
  core::Moment MomentOf(Instant at) const {
    const std::optional<absl::TimeZone>& zone = scenario_.consumers[consumer_].zone;
    return {.now = at,
            .zone = zone.has_value() ? &*zone : nullptr,
            .loss = loss_.has_value() ? &*loss_ : nullptr};
  }
  core::Record& record() { return records_[consumer_]; }

  // The event takes the step's number as its position: one step makes at most one event.
  void Apply(Instant at, core::EventBody body) {
    core::Evolve(record(), core::Event{at, LeafIndex{step_}, std::move(body)},
                 core::Retention::kForever);
  }

  StepResult TakeStatement(Instant at, core::EventBody proposal) {
    StepResult result;
    const core::StatementVerdict verdict = core::DecideStatement(record(), proposal, at);
    if (verdict.reason != core::Reason::kOk) {
      result.kind = StepResult::Kind::kRefused;
      result.decision.reason = verdict.reason;
      return result;
    }
    Apply(at, std::move(proposal));
    return result;
  }

  StepResult Answer(Instant at, core::Judgement judgement) {
    if (judgement.event.has_value()) Apply(at, *std::move(judgement.event));
    return {StepResult::Kind::kAnswered, std::move(judgement.decision)};
  }

  StepResult Do(Instant at, const GrantStep& step) {
    return TakeStatement(at, core::Granted{.grant = step.grant, .subject = {}, .statement = {}});
  }
  StepResult Do(Instant at, const RevokeStep& step) {
    return TakeStatement(
        at, core::Revoked{
                .company = step.company, .grant = step.grant, .subject = {}, .statement = {}});
  }
  StepResult Do(Instant at, const BlockStep& step) {
    return TakeStatement(
        at,
        core::Blocked{
            .company = step.company, .channels = step.channels, .subject = {}, .statement = {}});
  }
  StepResult Do(Instant at, const UnblockStep& step) {
    return TakeStatement(at,
                         core::Unblocked{.company = step.company, .subject = {}, .statement = {}});
  }
  StepResult Do(Instant at, const ConsumeStep& step) {
    StepResult result =
        Answer(at, core::Decide(record(), step.request, MomentOf(at), core::NextAllowed::kAlways));
    if (result.decision.verdict == core::Verdict::kAllowed) {
      // A repeat names the first answer's contact; a first answer's is at its own step.
      permits_[step_] = result.decision.permit.value_or(LeafIndex{step_});
    }
    return result;
  }
  StepResult Do(Instant at, const CheckStep& step) {
    return Answer(at,
                  core::Check(record(), step.request, MomentOf(at), core::NextAllowed::kAlways));
  }
  StepResult Do(Instant at, const ConfirmStep& step) {
    const std::optional<LeafIndex> permit = permits_[step.of];
    if (!permit.has_value()) return NoSuchPermit();
    return Answer(at, core::DecideConfirm(record(), *permit, MomentOf(at)));
  }
  StepResult Do(Instant at, const ReleaseStep& step) {
    const std::optional<LeafIndex> permit = permits_[step.of];
    if (!permit.has_value()) return NoSuchPermit();
    return Answer(at, core::DecideRelease(record(), *permit, MomentOf(at)));
  }
  StepResult Do(Instant at, const OutcomeStep& step) {
    const std::optional<LeafIndex> permit = permits_[step.of];
    if (!permit.has_value()) return NoSuchPermit();
    return Answer(at, core::DecideOutcome(record(), *permit, step.outcome, MomentOf(at)));
  }

  StepResult Do(Instant at, const RecoveredStep& step) {
    loss_ = core::Loss{.from = step.lost_from, .to = at, .position = LeafIndex{step_}};
    return {};
  }

  static StepResult NoSuchPermit() {
    StepResult result{StepResult::Kind::kAnswered, {}};
    result.decision.verdict = core::Verdict::kDenied;
    result.decision.reason = core::Reason::kNoSuchPermit;
    return result;
  }

  const Scenario& scenario_;
  std::vector<core::Record> records_;              // Of each consumer.
  std::vector<std::optional<LeafIndex>> permits_;  // Of each step that answered ALLOWED.
  std::optional<core::Loss> loss_;                 // The last.
  StepIndex step_ = 0;
  ConsumerIndex consumer_ = 0;
};

}  // namespace

std::vector<StepResult> RunScenario(const Scenario& scenario) {
  std::vector<StepResult> results;
  results.reserve(scenario.steps.size());
  Runner runner(scenario);
  for (const Step& step : scenario.steps) results.push_back(runner.Take(step));
  return results;
}

}  // namespace consent::simulate

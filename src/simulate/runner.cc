// SPDX-License-Identifier: Apache-2.0

#include "src/simulate/runner.h"

#include <optional>
#include <utility>
#include <variant>

#include "src/base/ids.h"
#include "src/consent/decide.h"
#include "src/consent/evolve.h"
#include "src/consent/record.h"
#include "src/simulate/agencies.h"

namespace consent::simulate {
namespace {

class Runner {
 public:
  explicit Runner(const Scenario& scenario)
      : scenario_(scenario), agencies_(scenario.companies), records_(scenario.consumers.size()) {
    permits_.reserve(scenario.steps.size());
    for (size_t i = 0; i < records_.size(); ++i) Settle(records_[i], scenario.consumers[i]);
  }

  // Takes the next step.
  StepResult Take(const Step& step) {
    step_ = permits_.size();
    key_ = step.key;
    consumer_ = scenario_.ConsumerOf(step_).value_or(0);
    permits_.emplace_back();
    return std::visit([&](const auto& action) { return Do(step.at, action); }, step.action);
  }

 private:
  // The moment of a step that `company` takes, through `processor` where it names one. Good until
  // the next.
  core::Moment MomentOf(Instant at, std::string_view company, std::string_view processor) {
    asker_ = agencies_.AskerOf(company, processor, at);
    return {.now = at,
            .zones = scenario_.consumers[consumer_].zones,
            .loss = loss_.has_value() ? &*loss_ : nullptr,
            .law = &scenario_.law,
            .asker = &asker_,
            .lists = agencies_.lists()};
  }
  core::Moment MomentOf(Instant at, const core::Request& request) {
    return MomentOf(at, request.company, request.processor);
  }
  // Of a step about the permit that the consume step `of` asked for.
  core::Moment MomentOfPermit(Instant at, StepIndex of) {
    return MomentOf(at, std::get<ConsumeStep>(scenario_.steps[of].action).request);
  }
  core::Record& record() { return records_[consumer_]; }

  static KeyId KeyOf(size_t key) {
    KeyId id{};
    id.bytes[0] = static_cast<uint8_t>(key + 1);
    return id;
  }
  // What registrars have said of the consumer before the first step, and of a new holder.
  static void Settle(core::Record& record, const Consumer& consumer) {
    record.place = consumer.place;
    for (size_t key = 0; key < consumer.keys.size(); ++key) record.keys.push_back(KeyOf(key));
  }
  // The step's statement, where somebody on a shared line signed it.
  std::optional<core::SignedBytes> Word(Instant at) const {
    if (!key_.has_value()) return std::nullopt;
    core::SignedBytes bytes;
    for (size_t i = 0; i < sizeof(step_); ++i) {
      bytes.id.bytes[i] = static_cast<uint8_t>(step_ >> (8 * i));
    }
    bytes.signed_at_ms = at.unix_seconds * 1000;
    bytes.signer = core::Signer::kConsumer;
    bytes.key = KeyOf(*key_);
    return bytes;
  }

  // The event takes the step's number as its position: one step makes at most one event.
  void Apply(Instant at, core::EventBody body) {
    core::Evolve(record(), core::Event{at, LeafIndex{step_}, std::move(body)},
                 core::Retention::kForever);
  }

  StepResult TakeStatement(Instant at, core::EventBody proposal) {
    StepResult result;
    std::visit(
        [&](auto& body) {
          if constexpr (requires { body.statement; }) body.statement = Word(at);
        },
        proposal);
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
    return TakeStatement(at, core::Blocked{.company = step.block.company,
                                           .channels = step.block.channels,
                                           .whose = step.block.whose,
                                           .purposes = step.block.purposes,
                                           .subject = {},
                                           .statement = {}});
  }
  StepResult Do(Instant at, const UnblockStep& step) {
    return TakeStatement(
        at, core::Unblocked{
                .company = step.company, .whose = step.whose, .subject = {}, .statement = {}});
  }
  StepResult Do(Instant at, const PreferencesStep& step) {
    return TakeStatement(
        at, core::Preferred{.preferences = step.preferences, .subject = {}, .statement = {}});
  }
  StepResult Do(Instant at, const ContractStep& step) {
    return TakeStatement(
        at, core::ContractClaimed{.contract = step.contract, .subject = {}, .statement = {}});
  }
  StepResult Do(Instant at, const ContestStep& step) {
    return TakeStatement(
        at,
        core::Contested{
            .company = step.company, .contract = step.contract, .subject = {}, .statement = {}});
  }
  StepResult Do(Instant at, const CallbackStep& step) {
    return TakeStatement(
        at, core::CallbackAsked{.callback = step.callback, .subject = {}, .statement = {}});
  }
  StepResult Do(Instant at, const ListStep& step) {
    if (!step.consumer.has_value()) {
      agencies_.Import(step.listing.list, at);
      return {};
    }
    return TakeStatement(
        at, core::Listed{.listing = step.listing, .removed = step.removed, .subject = {}});
  }
  StepResult Do(Instant at, const HolderStep& step) {
    const StepResult result = TakeStatement(
        at,
        core::HolderChanged{
            .new_holder = step.new_holder, .holder = step.holder, .subject = {}, .statement = {}});
    // The contact point tells the new holder's place as it told the old one's.
    if (step.new_holder) Settle(record(), scenario_.consumers[consumer_]);
    return result;
  }
  StepResult Do(Instant, const DelegateStep& step) {
    agencies_.Delegate(step.delegation);
    return {};
  }
  StepResult Do(Instant, const UndelegateStep& step) {
    agencies_.Undelegate(step.company, step.processor);
    return {};
  }
  StepResult Do(Instant at, const NumberStep& step) {
    agencies_.Register(step.company, step.number, at, step.removed);
    return {};
  }
  StepResult Do(Instant at, const ConsumeStep& step) {
    StepResult result = Answer(at, core::Decide(record(), step.request, MomentOf(at, step.request),
                                                core::NextAllowed::kForStrangersToo));
    if (result.decision.verdict == core::Verdict::kAllowed) {
      // A repeat names the first answer's contact; a first answer's is at its own step.
      permits_[step_] = result.decision.permit.value_or(LeafIndex{step_});
    }
    return result;
  }
  StepResult Do(Instant at, const CheckStep& step) {
    return Answer(at, core::Check(record(), step.request, MomentOf(at, step.request),
                                  core::NextAllowed::kForStrangersToo));
  }
  StepResult Do(Instant at, const ConfirmStep& step) {
    const std::optional<LeafIndex> permit = permits_[step.of];
    if (!permit.has_value()) return NoSuchPermit();
    return Answer(at, core::DecideConfirm(record(), *permit, MomentOfPermit(at, step.of)));
  }
  StepResult Do(Instant at, const ReleaseStep& step) {
    const std::optional<LeafIndex> permit = permits_[step.of];
    if (!permit.has_value()) return NoSuchPermit();
    return Answer(at, core::DecideRelease(record(), *permit, MomentOfPermit(at, step.of)));
  }
  StepResult Do(Instant at, const OutcomeStep& step) {
    const std::optional<LeafIndex> permit = permits_[step.of];
    if (!permit.has_value()) return NoSuchPermit();
    return Answer(
        at, core::DecideOutcome(record(), *permit, step.outcome, MomentOfPermit(at, step.of)));
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
  Agencies agencies_;
  core::Asker asker_;
  std::vector<core::Record> records_;              // Of each consumer.
  std::vector<std::optional<LeafIndex>> permits_;  // Of each step that answered ALLOWED.
  std::optional<core::Loss> loss_;                 // The last.
  StepIndex step_ = 0;
  std::optional<size_t> key_;
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

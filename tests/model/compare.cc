// SPDX-License-Identifier: Apache-2.0

#include "tests/model/compare.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"

namespace consent::model {

using core::Decision;
using core::Judgement;
using core::NextAllowed;
using core::Outcome;
using core::Reason;
using core::Verdict;

namespace {

// No entry of a test's journal: what never answered ALLOWED has its own position or this one.
constexpr LeafIndex kNoEntry{UINT64_C(1) << 40};

Decision WithoutNext(Decision decision) {
  decision.next_allowed.reset();
  return decision;
}

}  // namespace

Core::Core(const std::string& zone, core::Retention retention) : retention_(retention) {
  absl::TimeZone found;
  if (!zone.empty() && absl::LoadTimeZone(zone, &found)) zone_ = found;
  core::Bound bound;
  bound.subject.contact_id.bytes[0] = 1;
  if (!zone.empty()) bound.subject.place.zones = {zone};
  Append({}, bound);
}

LeafIndex Core::Permit(int name) const {
  const auto place = permits_.find(name);
  return place == permits_.end() ? kNoEntry : place->second;
}

void Core::Watch(bool holds, const std::string& what) {
  if (!holds && !breach_.has_value()) breach_ = what;
}

void Core::Append(Instant at, core::EventBody body) {
  const core::Event event{at, LeafIndex{next_position_}, std::move(body)};
  next_position_ += 1 + next_position_ % 3;  // Other consumers' entries lie between.
  events_.push_back(event);
  core::Evolve(record_, event, retention_);
  const std::string bytes = Encode(record_);
  core::Evolve(record_, event, retention_);
  Watch(Encode(record_) == bytes, "the same event again changed the record");
  auto copy = Decode<core::Record>(bytes);
  Watch(copy.ok() && *copy == record_, "a record's encoding does not give the record back");
  if (copy.ok()) record_ = *std::move(copy);  // So that all later answers come from the copy.
}

// A stranger learns NO_PERMISSION and nothing else; everybody else, here, the whole of it.
void Core::WatchAnswered(const Judgement& judgement, const std::string& company) {
  const core::CompanyRecord* known = record_.Find(company);
  if (known != nullptr && !known->grants.empty()) {
    Watch(judgement.answered == judgement.decision, "the company was told less than all");
    return;
  }
  const Decision& told = judgement.answered;
  Watch(told.verdict == Verdict::kDenied && told.reason == Reason::kNoPermission &&
            told.limit.empty() && told.rule.empty() && told.grant.empty() &&
            told.remaining.empty() && !told.next_allowed.has_value() &&
            !told.contact_before.has_value() && !told.permit.has_value(),
        "a stranger was told more than NO_PERMISSION");
}

Decision Core::Said(const Judgement& judgement, const Step& step) {
  if (judgement.event.has_value()) Append(step.at, *judgement.event);
  return judgement.decision;
}

Decision Core::Ask(const Step& step, const core::Request& request) {
  const core::Moment moment{
      step.at,
      zone_.has_value() ? absl::MakeConstSpan(&*zone_, 1) : absl::Span<const absl::TimeZone>(),
      loss_.has_value() ? &*loss_ : nullptr};
  const bool check = request.request_id.empty();
  const auto judge = [&](NextAllowed next) {
    return check ? core::Check(record_, request, moment, next)
                 : core::Decide(record_, request, moment, next);
  };
  const core::CompanyRecord* known = record_.Find(request.company);
  const bool remembered =
      known != nullptr &&
      std::any_of(known->contacts.begin(), known->contacts.end(), [&](const core::Contact& c) {
        return c.request.request_id == request.request_id;
      });

  const Judgement judgement = judge(NextAllowed::kAlways);
  const Decision& decision = judgement.decision;
  const bool allowed = decision.verdict == Verdict::kAllowed;
  WatchAnswered(judgement, request.company);
  Watch(!check || !judgement.event.has_value(), "a check made an event");
  Watch(decision.verdict != Verdict::kError || !judgement.event.has_value(),
        "an error made an event");
  // What is looked up less is otherwise the same.
  if (!remembered) {
    const Decision sometimes = judge(NextAllowed::kWhenDenied).decision;
    Watch(sometimes == (allowed ? WithoutNext(decision) : decision),
          "next_allowed when denied changes more than next_allowed");
    Watch(judge(NextAllowed::kNever).decision == WithoutNext(decision),
          "no next_allowed changes more than next_allowed");
  }

  if (check) return decision;
  if (!remembered) {
    core::Request plain = request;
    plain.request_id.clear();
    plain.hold = {};
    const Decision checked = core::Check(record_, plain, moment, NextAllowed::kAlways).decision;
    core::Request unheld = request;
    unheld.hold = {};
    Decision taken = core::Decide(record_, unheld, moment, NextAllowed::kAlways).decision;
    if (taken.verdict == Verdict::kAllowed) {
      // The one shows the state as it is, the other the state after.
      for (core::Remaining& rest : taken.remaining) ++rest.count;
      taken.next_allowed = step.at;
    }
    Watch(checked == taken, "a check disagrees with the decision");
  }
  const size_t units = known == nullptr ? 0 : known->contacts.size();
  permits_[step.name] = judgement.event.has_value() ? LeafIndex{next_position_} : kNoEntry;
  if (allowed && decision.permit.has_value()) permits_[step.name] = *decision.permit;
  Watch(allowed || !decision.permit.has_value() || remembered, "a denial names a permit");
  const Decision said = Said(judgement, step);
  const core::CompanyRecord* now_known = record_.Find(request.company);
  const size_t units_after = now_known == nullptr ? 0 : now_known->contacts.size();
  Watch(units_after == units + (allowed && !remembered ? 1 : 0),
        remembered ? "a repeat took a unit" : "units taken and contacts allowed differ");
  if (allowed && !remembered && judgement.event.has_value()) {
    const auto* decided = std::get_if<core::Decided>(&*judgement.event);
    Watch(decided != nullptr && decided->request == request, "the event is of another request");
  }
  return said;
}

Reason Core::State(Instant at, core::EventBody body) {
  const core::StatementVerdict verdict = core::DecideStatement(record_, body, at);
  Watch(!verdict.repeats.has_value(), "a statement without bytes is said to repeat another");
  if (verdict.reason == Reason::kOk) Append(at, std::move(body));
  return verdict.reason;
}

Decision Core::Play(const Step& step) {
  const core::Moment moment{
      step.at,
      zone_.has_value() ? absl::MakeConstSpan(&*zone_, 1) : absl::Span<const absl::TimeZone>(),
      loss_.has_value() ? &*loss_ : nullptr};
  core::Subject subject;
  subject.contact_id.bytes[0] = 1;
  Decision decision;
  if (const auto* grant = std::get_if<core::Grant>(&step.act)) {
    Watch(core::ValidateGrant(*grant).ok(), "a good grant is called invalid");
    decision.reason = State(step.at, core::Granted{*grant, subject, {}});
  } else if (const auto* revoke = std::get_if<Revoke>(&step.act)) {
    decision.reason = State(step.at, core::Revoked{revoke->company, revoke->grant, subject, {}});
  } else if (const auto* block = std::get_if<BlockAll>(&step.act)) {
    decision.reason = State(step.at, core::Blocked{.company = block->company,
                                                   .channels = block->channels,
                                                   .subject = subject,
                                                   .statement = {}});
  } else if (const auto* unblock = std::get_if<Unblock>(&step.act)) {
    decision.reason = State(
        step.at, core::Unblocked{.company = unblock->company, .subject = subject, .statement = {}});
  } else if (const auto* consume = std::get_if<Consume>(&step.act)) {
    return Ask(step, consume->request);
  } else if (const auto* check = std::get_if<Check>(&step.act)) {
    return Ask(step, check->request);
  } else if (const auto* confirm = std::get_if<Confirm>(&step.act)) {
    return Said(core::DecideConfirm(record_, Permit(confirm->of), moment), step);
  } else if (const auto* release = std::get_if<Release>(&step.act)) {
    return Said(core::DecideRelease(record_, Permit(release->of), moment), step);
  } else if (const auto* report = std::get_if<Report>(&step.act)) {
    return Said(core::DecideOutcome(record_, Permit(report->of), report->outcome, moment), step);
  } else if (const auto* recovered = std::get_if<Recovered>(&step.act)) {
    // An entry of no consumer: it makes no event of this record.
    loss_ = core::Loss{recovered->lost_from, step.at, {next_position_++}};
    decision.reason = Reason::kOk;
  }
  return decision;
}

std::optional<std::string> Difference(const Scenario& scenario) {
  Model model(scenario.zone);
  Core core(scenario.zone);
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
    if (!actual.rule.empty()) return differs("rule");
    if (actual.remaining != expected.remaining) return differs("remaining");
    if (actual.next_allowed != expected.next_allowed) return differs("next_allowed");
    if (actual.contact_before != expected.contact_before) return differs("contact_before");
    if (expected.verdict == Verdict::kAllowed) {
      if (actual.grant != expected.grant) return differs("grant");
      if (actual.basis != core::Basis::kConsent) return differs("basis");
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

std::string ShowParts(Verdict verdict, Reason reason, const std::string& limit,
                      const std::string& grant, const std::vector<core::Remaining>& remaining,
                      const std::optional<Instant>& next, const std::optional<Instant>& before) {
  static constexpr const char* kVerdicts[] = {"-", "ALLOWED", "DENIED", "ERROR", "DONE"};
  std::string out =
      absl::StrCat("{", kVerdicts[static_cast<int>(verdict)], " ", std::string(Name(reason)),
                   " limit: \"", limit, "\", grant: \"", grant, "\", remaining: {");
  for (const core::Remaining& rest : remaining) {
    absl::StrAppend(&out, rest.limit, ": ", rest.count, ", ");
  }
  return absl::StrCat(out, "}, next_allowed: ", ShowOptional(next),
                      ", contact_before: ", ShowOptional(before), "}");
}

}  // namespace

std::string Show(const Decision& d) {
  return ShowParts(d.verdict, d.reason, d.limit, d.grant, d.remaining, d.next_allowed,
                   d.contact_before);
}

std::string Show(const Answer& a) {
  return ShowParts(a.verdict, a.reason, a.limit, a.grant, a.remaining, a.next_allowed,
                   a.contact_before);
}

}  // namespace consent::model

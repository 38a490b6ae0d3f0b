// SPDX-License-Identifier: Apache-2.0

#include "tests/model/core.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "src/base/codec.h"
#include "src/consent/grant.h"
#include "src/consent/record_row.h"

namespace consent::model {

using core::Decision;
using core::Judgement;
using core::NextAllowed;
using core::Reason;
using core::Verdict;

namespace {

// No entry of a test's journal: what never answered ALLOWED has its own position or this one.
constexpr LeafIndex kNoEntry{UINT64_C(1) << 40};

Decision WithoutNext(Decision decision) {
  decision.next_allowed.reset();
  return decision;
}

bool IsPreference(const std::string& limit) { return absl::StartsWith(limit, "preferences/"); }

}  // namespace

Core::Core(const World& world, core::Retention retention) : world_(world), retention_(retention) {
  for (const std::string& name : world.zones) {
    absl::TimeZone zone;
    if (absl::LoadTimeZone(name, &zone)) zones_.push_back(zone);
  }
  core::Bound bound;
  bound.subject = SubjectHere();
  Append({}, bound);
}

core::Subject Core::SubjectHere() const {
  core::Subject subject;
  subject.contact_id.bytes[0] = 1;
  subject.place = {world_.zones, world_.regions};
  return subject;
}

LeafIndex Core::Permit(int name) const {
  const auto place = permits_.find(name);
  return place == permits_.end() ? kNoEntry : place->second;
}

core::Asker Core::AskerOf(const std::string& company, const std::string& processor,
                          Instant now) const {
  core::Asker asker;
  if (const auto known = world_.companies.find(company); known != world_.companies.end()) {
    asker.group = known->second.group;
    asker.sectors = known->second.sectors;
  }
  if (!processor.empty()) {
    asker.delegation = core::FindDelegation(delegations_, company, processor, now);
  }
  if (const auto known = numbers_.find(company); known != numbers_.end()) {
    asker.numbers = known->second;
  }
  return asker;
}

core::Asker Core::AskerOf(LeafIndex permit, Instant now) const {
  for (const core::CompanyRecord& between : record_.companies) {
    if (const core::Contact* contact = between.contacts.Find(permit)) {
      return AskerOf(between.company, contact->request().processor, now);
    }
  }
  return {};
}

core::Moment Core::MomentOf(Instant now, const core::Asker& asker) const {
  core::Moment moment{.now = now, .zones = zones_};
  if (loss_.has_value()) moment.loss = &*loss_;
  moment.law = &world_.law;
  moment.asker = &asker;
  moment.lists = lists_;
  return moment;
}

void Core::Watch(bool holds, const std::string& what) {
  if (!holds && !breach_.has_value()) breach_ = what;
}

void Core::Append(Instant at, core::EventBody body) {
  const core::Event event{at, LeafIndex{next_position_}, std::move(body)};
  next_position_ += 1 + next_position_ % 3;  // Other consumers' entries lie between.
  events_.push_back(event);
  core::EvolveRow(record_, row_, event, retention_);
  if (row_.empty()) row_ = core::NewRow(record_);
  const std::string bytes = Encode(record_);
  const std::string row = row_;
  core::EvolveRow(record_, row_, event, retention_);
  Watch(Encode(record_) == bytes && row_ == row, "the same event again changed the record");
  Watch(Decode<core::Record>(bytes).ok(), "a record's encoding cannot be decoded");
  auto copy = core::DecodeRow(row_);
  Watch(copy.ok() && *copy == record_, "a record's row does not give the record back");
  if (copy.ok()) record_ = *std::move(copy);  // So that all later answers come from the copy.
}

// Whether the company is a stranger that is denied for another reason than the directory's.
bool IsToldNothing(const core::Record& record, const std::string& company, const Decision& whole) {
  const core::CompanyRecord* known = record.Find(company);
  const bool stranger = known == nullptr || (known->grants.empty() && known->contracts.empty() &&
                                             known->callbacks.empty() && known->contacts.empty());
  return stranger && whole.verdict == Verdict::kDenied && whole.reason != Reason::kNotDelegated;
}

// A stranger that is denied learns NO_PERMISSION and nothing else, but for what the directory says;
// everybody else the whole of it, but for what lies between the consumer and others.
void Core::WatchAnswered(const Judgement& judgement, const std::string& company) {
  const Decision& whole = judgement.decision;
  const Decision& told = judgement.answered;
  if (IsToldNothing(record_, company, whole)) {
    Decision little;
    little.verdict = Verdict::kDenied;
    little.reason = Reason::kNoPermission;
    Watch(told == little, "a stranger was told more than NO_PERMISSION");
    return;
  }
  Decision expected = whole;
  const size_t all = expected.remaining.size();
  std::erase_if(expected.remaining, [](const auto& rest) { return IsPreference(rest.limit); });
  if (IsPreference(expected.limit)) {
    expected.reason = Reason::kConsumerLimit;
    expected.limit.clear();
  }
  if (expected.remaining.size() < all || whole.reason == Reason::kOk) {
    // A date that tells of others is told by day; a repeat tells what the first answer told.
    Watch(told.next_allowed.has_value() == whole.next_allowed.has_value(),
          "the company was told of a date that is none, or of none");
    if (expected.reason == Reason::kConsumerLimit && told.next_allowed.has_value()) {
      Watch(absl::ToCivilSecond(ToAbslTime(*told.next_allowed), zones_[0]).second() == 0 ||
                told.next_allowed == whole.next_allowed,
            "the company was told the second of another's contact");
    }
    expected.next_allowed = told.next_allowed;
  }
  Watch(told == expected, "the company was told less than all, or of others");
}

// A check answers what a new request without hold would, whatever of it is looked up.
void Core::WatchAgreement(const Decision& decision, const core::Request& request,
                          const core::Moment& moment) {
  const bool check = request.request_id.empty();
  const auto judge = [&](NextAllowed next) {
    return check ? core::Check(record_, request, moment, next).decision
                 : core::Decide(record_, request, moment, next).decision;
  };
  const bool allowed = decision.verdict == Verdict::kAllowed;
  // No date is worked out for a stranger, who is not told it.
  const bool dated = !allowed && !IsToldNothing(record_, request.company, decision);
  Watch(judge(NextAllowed::kWhenDenied) == (dated ? decision : WithoutNext(decision)),
        "next_allowed when denied changes more than next_allowed");
  Watch(judge(NextAllowed::kNever) == WithoutNext(decision),
        "no next_allowed changes more than next_allowed");
  if (check) return;
  core::Request plain = request;
  plain.request_id.clear();
  plain.hold = {};
  const Decision checked =
      core::Check(record_, plain, moment, NextAllowed::kForStrangersToo).decision;
  core::Request unheld = request;
  unheld.hold = {};
  Decision taken = core::Decide(record_, unheld, moment, NextAllowed::kForStrangersToo).decision;
  if (taken.verdict == Verdict::kAllowed) {
    // The one shows the state as it is, the other the state after.
    for (core::Remaining& rest : taken.remaining) ++rest.count;
    taken.next_allowed = moment.now;
  }
  Watch(checked == taken, "a check disagrees with the decision");
}

Decision Core::Said(const Judgement& judgement, const Step& step) {
  if (judgement.event.has_value()) Append(step.at, *judgement.event);
  return judgement.decision;
}

Decision Core::Ask(const Step& step, const core::Request& request) {
  const core::Asker asker = AskerOf(request.company, request.processor, step.at);
  const core::Moment moment = MomentOf(step.at, asker);
  const bool check = request.request_id.empty();
  const core::CompanyRecord* known = record_.Find(request.company);
  const bool remembered =
      known != nullptr &&
      std::any_of(known->contacts.begin(), known->contacts.end(),
                  [&](const core::Contact& c) { return c.request_id == request.request_id; });

  const Judgement judgement =
      check ? core::Check(record_, request, moment, NextAllowed::kForStrangersToo)
            : core::Decide(record_, request, moment, NextAllowed::kForStrangersToo);
  const Decision& decision = judgement.decision;
  const bool allowed = decision.verdict == Verdict::kAllowed;
  WatchAnswered(judgement, request.company);
  Watch(!check || !judgement.event.has_value(), "a check made an event");
  Watch(decision.verdict != Verdict::kError || !judgement.event.has_value(),
        "an error made an event");
  if (!remembered) WatchAgreement(decision, request, moment);
  if (check) return decision;

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

Decision Core::Play(const Step& step) {
  return std::visit([&](const auto& act) { return Play(step, act); }, step.act);
}

Decision Core::Play(const Step& step, const Confirm& act) {
  const core::Asker asker = AskerOf(Permit(act.of), step.at);
  return Said(core::DecideConfirm(record_, Permit(act.of), MomentOf(step.at, asker)), step);
}

Decision Core::Play(const Step& step, const Release& act) {
  return Said(core::DecideRelease(record_, Permit(act.of), MomentOf(step.at, {})), step);
}

Decision Core::Play(const Step& step, const Report& act) {
  return Said(core::DecideOutcome(record_, Permit(act.of), act.outcome, MomentOf(step.at, {})),
              step);
}

}  // namespace consent::model

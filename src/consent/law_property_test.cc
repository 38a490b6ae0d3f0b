// SPDX-License-Identifier: Apache-2.0
//
// What holds for every history under law and preferences: no sequence of operations passes a limit
// of anybody's, counted here by plain arithmetic on what was answered; a check answers what a
// consume would; a date is the first moment at which the answer is yes.

#include <rapidcheck/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/time/civil_time.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

constexpr const char* kCompanies[] = {"acme", "bell", "corp"};
constexpr int64_t kHour = 3600, kDay = 86400;
constexpr int kAttemptsMax = 4, kAttemptDays = 30, kSilenceDays = 60, kWeekMax = 5, kGrantMax = 9;

template <typename T>
T OneOf(std::vector<T> values) {
  return *rc::gen::elementOf(std::move(values));
}

Rule RuleOf(std::string id, decltype(Rule::body) body) {
  Rule rule;
  rule.id = std::move(id);
  rule.scope.channels = On({Channel::kCall});
  rule.scope.bases = {
      static_cast<uint16_t>(BasisSet::All().bits & ~(1u << static_cast<int>(Basis::kCallback)))};
  rule.body = std::move(body);
  return rule;
}

// The shape of French law.
Law CallingLaw() {
  HoursRule hours;
  hours.spans = {During("1111100", 10 * 60, 13 * 60), During("1111100", 14 * 60, 20 * 60)};
  hours.holidays = {{0, 0, 1, {}}, {5, 1, 0, {}}, {5, 8, 0, {}}};
  AttemptsRule attempts;
  attempts.limit =
      AtMost(kAttemptsMax, "attempts", ChannelSet::All(), Rolling(Period::kDay, kAttemptDays));
  Law law;
  law.rules = {
      RuleOf("optin", ConsentRule{}), RuleOf("hours", hours), RuleOf("attempts", attempts),
      RuleOf("silence", SilenceRule{kSilenceDays}),
      RuleOf("contract", Exemption{{"optin"}, Basis::kContract, {{Relation::kContract, {}}}, 0})};
  return law;
}

// A call that was allowed and, as far as is known, made.
struct Call {
  std::string company;
  Instant at;
  Basis basis;
  LeafIndex permit;
  bool given_back = false;
};

class History {
 public:
  History() {
    world_.At("2026-03-20T08:00:00Z");
    world_.law = CallingLaw();
    for (const char* company : kCompanies) {
      Grant grant =
          GrantOf("g0", world_.now(),
                  {AtMost(kGrantMax, "calls", On({Channel::kCall}), Calendar(Period::kYear))});
      grant.company = company;
      world_.Give(std::move(grant));
      ContractClaimed claimed;
      claimed.contract.id = "c";
      claimed.contract.company = company;
      claimed.contract.valid_from = claimed.contract.collected_at = world_.now();
      world_.Say(std::move(claimed));
    }
    Preferred preferred;
    preferred.preferences.limits = {
        AtMost(kWeekMax, "week", On({Channel::kCall}), Calendar(Period::kWeek))};
    preferred.preferences.quiet = {During("0010000", 0, 1440)};
    world_.Say(std::move(preferred));
  }

  void Step(int i) {
    const int64_t later = OneOf<int64_t>({0, 1, 600, kHour, 5 * kHour, kDay, 3 * kDay});
    world_.At(Shown(world_.now() + Seconds{later}, absl::UTCTimeZone()));
    const std::string company = OneOf<const char*>({std::begin(kCompanies), std::end(kCompanies)});
    switch (*rc::gen::inRange(0, 12)) {
      case 0:
        return (void)world_.Revoke(company);
      case 1: {
        Grant grant =
            GrantOf("g" + std::to_string(i + 1), world_.now(),
                    {AtMost(kGrantMax, "calls", On({Channel::kCall}), Calendar(Period::kYear))});
        grant.company = company;
        return (void)world_.Give(std::move(grant));
      }
      case 2:
        return Report(OneOf<Outcome>(
            {Outcome::kConnected, Outcome::kNoAnswer, Outcome::kDeclined, Outcome::kNotSent}));
      case 3:
        return (void)AskBack(company);
      default:
        return Consume(company);
    }
  }

 private:
  Request WishOf(const std::string& company) {
    Request request = world_.Wish();
    request.company = company;
    request.contract = "c";
    return request;
  }

  void AskBack(const std::string& company) {
    CallbackAsked asked;
    asked.callback.id = "cb";
    asked.callback.company = company;
    asked.callback.channels = On({Channel::kCall});
    asked.callback.purposes = For({Purpose::kDirectMarketing});
    asked.callback.valid_from = world_.now();
    asked.callback.valid_until = world_.now() + Seconds{kHour};
    world_.Say(std::move(asked));
  }

  void Report(Outcome outcome) {
    if (calls_.empty()) return;
    Call& call = calls_[*rc::gen::inRange<size_t>(0, calls_.size())];
    if (world_.Report(call.permit, outcome).decision.verdict != Verdict::kDone) return;
    if (outcome == Outcome::kNotSent) call.given_back = true;
    if (outcome == Outcome::kDeclined) refusals_.emplace_back(call.company, world_.now());
  }

  void Consume(const std::string& company) {
    const Request request = WishOf(company);
    const Judgement checked =
        Check(world_.record, request, world_.moment(), NextAllowed::kWhenDenied);
    const Judgement taken = world_.Consume(request);
    RC_ASSERT(checked.decision.verdict == taken.decision.verdict);
    RC_ASSERT(checked.decision.reason == taken.decision.reason);
    RC_ASSERT(checked.decision.limit == taken.decision.limit);
    RC_ASSERT(checked.decision.rule == taken.decision.rule);
    if (taken.decision.verdict != Verdict::kAllowed) {
      RC_ASSERT(checked.decision.next_allowed == taken.decision.next_allowed);
      return VerifyDate(request, taken.decision.next_allowed);
    }
    calls_.push_back({company, world_.now(), taken.decision.basis, world_.last()});
    if (taken.decision.basis != Basis::kCallback) VerifyCall(calls_.back());
  }

  // The first moment at which it is allowed: then it is, and a second before it is not.
  void VerifyDate(Request request, std::optional<Instant> next) {
    if (!next.has_value()) return;
    RC_ASSERT(*next > world_.now());
    request.request_id = "later";
    const auto verdict_at = [&](Instant t) {
      return Check(world_.record, request, world_.At(t), NextAllowed::kNever).decision.verdict;
    };
    RC_ASSERT(verdict_at(*next) == Verdict::kAllowed);
    RC_ASSERT(verdict_at(*next - Seconds{1}) == Verdict::kDenied);
    // Nor at any hour in between, as far as some are looked at.
    const int64_t span = (*next - world_.now()).count;
    for (int i = 1; i < 8; ++i) {
      RC_ASSERT(verdict_at(world_.now() + Seconds{span * i / 8}) == Verdict::kDenied);
    }
  }

  void VerifyCall(const Call& call) {
    const absl::CivilSecond local = absl::ToCivilSecond(ToAbslTime(call.at), world_.zone());
    const absl::CivilDay day(local);
    const absl::Weekday weekday = absl::GetWeekday(day);
    RC_ASSERT(weekday != absl::Weekday::saturday && weekday != absl::Weekday::sunday);
    RC_ASSERT(weekday != absl::Weekday::wednesday);
    RC_ASSERT((local.hour() >= 10 && local.hour() < 13) ||
              (local.hour() >= 14 && local.hour() < 20));
    for (const absl::CivilDay closed :
         {absl::CivilDay(2026, 4, 6), absl::CivilDay(2026, 5, 1), absl::CivilDay(2026, 5, 8)}) {
      RC_ASSERT(day != closed);
    }
    int attempts = 0, week = 0, year = 0;
    const absl::CivilDay monday =
        weekday == absl::Weekday::monday ? day : absl::PrevWeekday(day, absl::Weekday::monday);
    for (const Call& other : calls_) {
      if (other.given_back || other.basis == Basis::kCallback) continue;
      const absl::CivilSecond then = absl::ToCivilSecond(ToAbslTime(other.at), world_.zone());
      if (absl::CivilDay(then) >= monday) ++week;
      if (other.company != call.company) continue;
      if (local < then + kAttemptDays * kDay) ++attempts;
      if (then.year() == local.year()) ++year;
    }
    RC_ASSERT(attempts <= kAttemptsMax);
    RC_ASSERT(week <= kWeekMax);
    RC_ASSERT(call.basis != Basis::kConsent || year <= kGrantMax);
    for (const auto& [company, at] : refusals_) {
      const absl::CivilDay refused(absl::ToCivilDay(ToAbslTime(at), world_.zone()));
      RC_ASSERT(company != call.company || day - refused > kSilenceDays);
    }
  }

  World world_;
  std::vector<Call> calls_;
  std::vector<std::pair<std::string, Instant>> refusals_;
};

RC_GTEST_PROP(LawProperty, NoSequencePassesALimitOfLawGrantOrConsumer, ()) {
  History history;
  const int steps = *rc::gen::resize(rc::kNominalSize, rc::gen::inRange(1, 80));
  for (int i = 0; i < steps; ++i) history.Step(i);
}

}  // namespace
}  // namespace consent::core

// SPDX-License-Identifier: Apache-2.0

#include "tests/model/generate.h"

#include <algorithm>
#include <initializer_list>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/model/civil.h"
#include "tests/model/model.h"

namespace consent::model {
namespace {

using core::Alignment;
using core::Channel;
using core::ChannelSet;
using core::Outcome;
using core::Period;
using core::Purpose;
using core::PurposeSet;
using core::Signer;

constexpr int64_t kMinute = 60;
constexpr int64_t kHour = 60 * kMinute;
constexpr int64_t kDay = 24 * kHour;

class Maker {
 public:
  Maker(uint64_t seed, const Shape& shape)
      : random_(seed), shape_(shape), scenario_{PickZone(), {}}, model_(scenario_.zone, false) {
    const std::string known = scenario_.zone.empty() ? "UTC" : scenario_.zone;
    absl::LoadTimeZone(known, &zone_);
    now_ = Anchor() - Seconds{Below(4) == 0 ? 0 : Below(2 * kDay)};
    channels_ = Some({Channel::kCall, Channel::kSms, Channel::kEmail});
    if (One(4)) channels_.push_back(Channel::kVoicePrerecorded);
    purposes_ = Some({Purpose::kDirectMarketing, Purpose::kPress, Purpose::kService});
  }

  Scenario Make() {
    const int64_t steps = 2 + Below(shape_.steps_max);
    if (shape_.one_grant || !One(12)) Add(AnyGrant());
    for (int64_t i = 0; i < steps; ++i) {
      Advance();
      Add(AnyAct());
    }
    return std::move(scenario_);
  }

 private:
  int64_t Below(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }
  bool One(int64_t in) { return Below(in) == 0; }
  template <typename T>
  T Pick(const std::vector<T>& from) {
    return from[static_cast<size_t>(Below(static_cast<int64_t>(from.size())))];
  }
  template <typename T>
  T Pick(std::initializer_list<T> from) {
    return Pick(std::vector<T>(from));
  }
  // A few of `from`, at least one.
  template <typename T>
  std::vector<T> Some(const std::vector<T>& from) {
    std::vector<T> some;
    for (const T& item : from) {
      if (!One(3)) some.push_back(item);
    }
    if (some.empty()) some.push_back(Pick(from));
    return some;
  }
  template <typename T>
  std::vector<T> Some(std::initializer_list<T> from) {
    return Some(std::vector<T>(from));
  }

  std::string PickZone() { return One(40) ? "" : Pick(Zones()); }

  // A moment near which civil time is interesting.
  Instant Anchor() {
    const int64_t year = Pick<int64_t>({1996, 2004, 2008, 2011, 2023, 2024, 2026, 2028, 2031});
    switch (Below(8)) {
      case 0:
      case 1:
      case 2:
        if (const auto& changes = Transitions(zone_); !changes.empty()) {
          return changes[static_cast<size_t>(Below(static_cast<int64_t>(changes.size()))) / 2 +
                         changes.size() / 4];
        }
        [[fallthrough]];
      case 3:
        return Moment(absl::CivilSecond(Pick<int64_t>({1996, 2004, 2024, 2028}), 2, 29), zone_);
      case 4:
        return Moment(absl::CivilSecond(year, 1, 1), zone_);
      case 5:
        return Moment(absl::CivilSecond(year, 1 + Below(12), 31), zone_);
      case 6:
        return Moment(absl::CivilSecond(year, 1 + Below(12), 1), zone_);
      default:
        return Moment(absl::CivilSecond(year, 1, 1) + Below(365 * kDay), zone_);
    }
  }

  // A moment at which something changes, or a second beside it.
  Instant NearEdge(const std::string& company, Seconds ahead) {
    const std::vector<Edge> edges = model_.Edges(model_.Look(company), now_, now_ + ahead);
    std::map<EdgeKind, std::vector<Instant>> by_kind;
    for (const Edge& edge : edges) by_kind[edge.kind].push_back(edge.at);
    if (by_kind.empty()) return now_;
    auto kind = by_kind.begin();
    std::advance(kind, Below(static_cast<int64_t>(by_kind.size())));
    std::sort(kind->second.begin(), kind->second.end());
    // Mostly the next of its kind.
    const Instant at = One(2) ? kind->second.front() : Pick(kind->second);
    return std::max(now_, at + Seconds{Below(3) - 1});
  }

  void Advance() {
    switch (Below(16)) {
      case 0:
      case 1:
      case 2:
        break;
      case 3:
      case 4:
        now_ = now_ + Seconds{Below(10)};
        break;
      case 5:
      case 6:
        now_ = now_ + Seconds{Below(10 * kMinute)};
        break;
      case 7:
        now_ = now_ + Seconds{Below(kDay)};
        break;
      case 8:
        now_ = now_ + Seconds{Below(40 * kDay)};
        break;
      case 9:
        if (One(4)) now_ = now_ + Seconds{Below(500 * kDay)};
        break;
      default:
        now_ = NearEdge(Company(),
                        Seconds{Pick<int64_t>({kHour, 2 * kDay, 2 * kDay, 40 * kDay, 400 * kDay})});
    }
  }

  std::string Company() { return shape_.one_grant || !One(5) ? "acme" : "beta"; }

  void Add(Act act) {
    const Step step{now_, static_cast<int>(scenario_.steps.size()), std::move(act)};
    const Answer answer = model_.Play(step);
    if (answer.verdict == core::Verdict::kAllowed && std::holds_alternative<Consume>(step.act)) {
      allowed_.push_back(step.name);
      if (answer.contact_before == std::nullopt) held_.push_back(step.name);
    }
    scenario_.steps.push_back(step);
  }

  Act AnyAct() {
    const int64_t dice = Below(100);
    if (dice < 46) return AnyConsume();
    if (dice < 54) return Check{AnyRequest()};
    if (dice < 64) return Confirm{Of()};
    if (dice < 69) return Release{Of()};
    if (dice < 83) return Report{Of(), AnyOutcome()};
    if (shape_.one_grant) return AnyConsume();
    if (dice < 92) return AnyGrant();
    if (dice < 94) {
      std::vector<std::string> ids{"", ""};
      const std::string company = Company();
      for (const View::Given& given : model_.Look(company).grants) ids.push_back(given.grant.id);
      return Revoke{company, Pick(ids)};
    }
    const std::string company = One(3) ? "*" : Company();
    if (dice < 96) return BlockAll{company, One(2) ? ChannelSet::All() : AnyChannels()};
    return Unblock{company};
  }

  Outcome AnyOutcome() {
    if (One(6)) return static_cast<Outcome>(1 + Below(core::kOutcomeMax));
    // What opposes ends a scenario's fun: seldom.
    return Pick({Outcome::kNoAnswer, Outcome::kBusy, Outcome::kFailed, Outcome::kNotSent,
                 Outcome::kConnected, Outcome::kDeclined});
  }

  int Of() {
    if (!held_.empty() && One(2)) return held_[held_.size() - 1 - RecentBelow(held_.size())];
    if (!allowed_.empty() && !One(10)) {
      return allowed_[allowed_.size() - 1 - RecentBelow(allowed_.size())];
    }
    return static_cast<int>(Below(static_cast<int64_t>(scenario_.steps.size()) + 1));
  }
  size_t RecentBelow(size_t n) {
    return static_cast<size_t>(One(2) ? 0 : Below(static_cast<int64_t>(n)));
  }

  core::Request AnyRequest() {
    core::Request request;
    request.company = Company();
    request.channel = One(20) ? Channel::kPost : Pick(channels_);
    request.purpose = One(20) ? Purpose::kPolitical : Pick(purposes_);
    if (One(3)) request.permit_ttl = {Pick<int64_t>({1, 2, 60, kHour, 6 * kHour, kDay})};
    return request;
  }

  Consume AnyConsume() {
    std::vector<core::Request> before;
    for (const Step& step : scenario_.steps) {
      if (const auto* consume = std::get_if<Consume>(&step.act)) {
        before.push_back(consume->request);
      }
    }
    if (!before.empty() && One(4)) {
      core::Request again = before[before.size() - 1 - RecentBelow(before.size())];
      if (!One(4)) return {again};
      switch (Below(5)) {
        case 0:
          again.company = Company();
          break;
        case 1:
          again.channel = Pick(channels_);
          break;
        case 2:
          again.purpose = Pick(purposes_);
          break;
        case 3:
          again.permit_ttl = {Pick<int64_t>({60, 300})};
          break;
        default:
          again.hold = {Pick<int64_t>({0, 60})};
      }
      return {again};
    }
    core::Request request = AnyRequest();
    request.request_id = absl::StrCat("r", scenario_.steps.size());
    if (One(3)) request.hold = {Pick<int64_t>({1, 60, 60, 600, kHour, kDay, 1 + Below(kDay)})};
    return {request};
  }

  ChannelSet AnyChannels() {
    ChannelSet set;
    for (const Channel channel : Some(channels_)) set.Add(channel);
    return set;
  }

  core::Limit AnyLimit(const std::string& id) {
    core::Limit limit;
    limit.id = id;
    limit.channels = AnyChannels();
    limit.max = Pick<int64_t>({1, 1, 1, 2, 2, 3, 4});
    if (One(3)) limit.max_attempts = limit.max + Below(4);
    limit.window.period =
        Pick({Period::kDay, Period::kWeek, Period::kMonth, Period::kYear, Period::kLifetime});
    if (limit.window.period == Period::kLifetime) return limit;
    limit.window.alignment = Pick({Alignment::kCalendar, Alignment::kRolling, Alignment::kGrant});
    if (One(3)) {
      limit.window.count = static_cast<int32_t>(Pick<int64_t>({2, 2, 3, 4, 5, 12, 1 + Below(400)}));
    }
    if (One(60)) limit.window.count = core::kPeriodsMax;
    return limit;
  }

  std::vector<core::Span> AnyHours() {
    std::vector<core::Span> hours;
    const std::vector<int32_t> usual{0,   1,   30,  60,   90,   120,  121,  150, 180,
                                     600, 780, 840, 1200, 1380, 1381, 1410, 1440};
    for (int64_t i = 1 + Below(4); i > 0; --i) {
      core::Span span;
      span.days = static_cast<uint8_t>(One(2) ? 127 : 1 + Below(127));
      int32_t a = One(4) ? static_cast<int32_t>(Below(1441)) : Pick(usual);
      int32_t b = One(4) ? static_cast<int32_t>(Below(1441)) : Pick(usual);
      if (a > b) std::swap(a, b);
      if (a == b && a == 0) b = 1;
      if (a == b) a = b - 1;
      span.from_minute = a;
      span.to_minute = b;
      hours.push_back(span);
    }
    return hours;
  }

  core::Grant AnyGrant() {
    core::Grant grant;
    grant.id = absl::StrCat("g", scenario_.steps.size());
    grant.company = Company();
    for (const Purpose purpose : Some(purposes_)) grant.purposes.Add(purpose);
    grant.valid_from = now_;
    if (One(4)) grant.valid_from = now_ - Seconds{Below(3 * kDay)};
    if (One(6)) grant.valid_from = now_ - Seconds{Below(1500 * kDay)};
    if (One(8)) grant.valid_from = Anchor();
    if (!shape_.one_grant && One(4)) {
      grant.valid_from = One(2) ? now_ + Seconds{1 + Below(Pick<int64_t>({5, kDay, 60 * kDay}))}
                                : NearEdge(grant.company, Seconds{3 * kDay});
    }
    if (One(3)) {
      grant.valid_until = grant.valid_from +
                          Seconds{1 + Below(Pick<int64_t>({kHour, kDay, 90 * kDay, 900 * kDay}))};
      if (One(3)) {
        grant.valid_until =
            std::max(grant.valid_from + Seconds{1}, NearEdge(grant.company, Seconds{40 * kDay}));
      }
    }
    for (int64_t i = Pick<int64_t>({1, 1, 2, 2, 3, 4}); i > 0; --i) {
      grant.limits.push_back(AnyLimit(absl::StrCat("l", i)));
    }
    if (One(3)) grant.hours = AnyHours();
    if (!shape_.one_grant && One(3)) Claim(grant);
    return grant;
  }

  // Turns a grant into a claim, collected around what may outrank it.
  void Claim(core::Grant& grant) {
    grant.signed_by = One(2) ? Signer::kRegistrar : Signer::kCompany;
    grant.collected_at = now_;
    if (One(4)) grant.collected_at = now_ - Seconds{Below(30 * kDay)};
    if (!scenario_.steps.empty() && One(3)) {
      grant.collected_at = std::min(now_, Pick(scenario_.steps).at + Seconds{Below(3) - 1});
    }
  }

  std::mt19937_64 random_;
  Shape shape_;
  Scenario scenario_;
  Model model_;
  absl::TimeZone zone_;
  Instant now_;
  std::vector<Channel> channels_;
  std::vector<Purpose> purposes_;
  std::vector<int> allowed_;
  std::vector<int> held_;
};

}  // namespace

Scenario MakeScenario(uint64_t seed, const Shape& shape) { return Maker(seed, shape).Make(); }

rc::Gen<Scenario> AnyScenario(const Shape& shape) {
  auto made = rc::gen::withSize([shape](int size) {
    Shape sized = shape;
    sized.steps_max = std::max(4, shape.steps_max * size / 100);
    return rc::gen::noShrink(
        rc::gen::map(rc::gen::resize(100, rc::gen::arbitrary<uint64_t>()),
                     [sized](uint64_t seed) { return MakeScenario(seed, sized); }));
  });
  return rc::gen::shrink(std::move(made), [](const Scenario& scenario) {
    return rc::seq::fromContainer(Smaller(scenario));
  });
}

}  // namespace consent::model

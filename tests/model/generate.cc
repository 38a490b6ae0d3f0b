// SPDX-License-Identifier: Apache-2.0

#include "tests/model/generate.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tests/model/civil.h"
#include "tests/model/dice.h"
#include "tests/model/law_pieces.h"
#include "tests/model/model.h"
#include "tests/model/pieces.h"

namespace consent::model {
namespace {

using core::Alignment;
using core::Channel;
using core::ChannelSet;
using core::Outcome;
using core::Period;
using core::Purpose;
using core::Signer;

class Maker : private Dice {
 public:
  Maker(uint64_t seed, const Shape& shape) : Dice(seed), shape_(shape) {
    std::vector<std::string>& zones = scenario_.world.zones;
    if (!One(40)) zones.push_back(Pick(Zones()));
    absl::LoadTimeZone(zones.empty() ? "UTC" : zones[0], &zone_);
    now_ = Anchor(*this, zone_) - Seconds{One(2) ? 0 : Below(2 * kDay)};
    if (const auto& changes = Transitions(zone_); One(5) && !changes.empty()) {
      target_ = AnyWindow(*this);
      if (target_->period == Period::kLifetime) target_ = {Period::kDay, Alignment::kRolling};
      target_->count = static_cast<int32_t>(1 + Below(3));
      now_ = BeforeChange(*this, Pick(changes), *target_, zone_);
      std::vector<Instant> across;
      for (const Instant change : changes) {
        if (AcrossMidnight(change, zone_)) across.push_back(change);
      }
      if (!across.empty() && !One(3)) {
        target_ = {Period::kDay, Alignment::kCalendar};
        now_ = Pick(across) + Seconds{Below(kHour) - 60};
      }
    }
    claims_only_ = !shape_.one_grant && One(6);
    channels_ = {Channel::kCall};
    if (!One(3)) channels_.push_back(Channel::kSms);
    if (One(4)) channels_.push_back(Pick({Channel::kVoicePrerecorded, Channel::kEmail}));
    purposes_ = {Purpose::kDirectMarketing};
    if (One(2)) purposes_.push_back(Pick({Purpose::kPress, Purpose::kService}));
    if (shape_.law) MakeLaw();
    model_.emplace(scenario_.world, /*look_ahead=*/false);
  }

  Scenario Make() {
    const int64_t steps = 2 + Below(shape_.steps_max);
    for (int64_t i = shape_.law ? Below(5) : 0; i > 0; --i) Add(AnyWord(*this, Here()));
    if (shape_.law && One(3)) {
      Add(Delegate{"acme", kProcessors[0], now_,
                   One(2) ? kNever : now_ + Seconds{1 + Below(2 * kHour)}});
    }
    if (shape_.one_grant || !One(shape_.law ? 3 : 20)) Add(AnyGrant());
    if (target_.has_value()) Add(AnyConsume());  // From here the window ends at the change.
    for (int64_t i = 0; i < steps; ++i) {
      Advance();
      if (interposed_ || (recent_ > 0 && One(2))) {
        Add(FollowUp());
      } else if (aimed_ && !allowed_.empty() && !One(3)) {
        Add(Anew());
      } else {
        Add(AnyAct(Below(100)));
      }
    }
    return std::move(scenario_);
  }

 private:
  void MakeLaw() {
    World& world = scenario_.world;
    world.law = AnyLaw(*this, now_, zone_);
    world.companies = AnyCompanies(*this, Here());
    if (!One(4)) world.regions.push_back("FR");
    if (One(12) && !world.zones.empty()) world.zones.push_back(Pick(Zones()));
  }

  Channel FirstOf(ChannelSet channels) const {
    for (const Channel channel : channels_) {
      if (channels.Has(channel)) return channel;
    }
    return channels_[0];
  }

  Cast Here() { return {now_, channels_, purposes_, Company(), processor_, basis_}; }

  // A moment at which something changes, or a second beside it.
  Instant NearEdge(const std::string& company, Seconds ahead) {
    const std::vector<Edge> edges = model_->Edges(model_->Look(company), now_, now_ + ahead);
    std::map<EdgeKind, std::vector<Instant>> by_kind;
    for (const Edge& edge : edges) by_kind[edge.kind].push_back(edge.at);
    if (by_kind.empty()) return now_;
    auto kind = by_kind.begin();
    std::advance(kind, Below(static_cast<int64_t>(by_kind.size())));
    std::sort(kind->second.begin(), kind->second.end());
    // Mostly the next of its kind.
    const Instant at = One(2) ? kind->second.front() : Pick(kind->second);
    aimed_ = true;
    return std::max(now_, at + Seconds{Below(3) - 1});
  }

  void Advance() {
    aimed_ = false;
    if (shape_.law && interposed_ && !One(3)) return;
    if (shape_.long_lived && One(3)) {
      now_ = One(2) ? now_ + Seconds{Below(1000 * kDay)} : NearEdge("acme", Seconds{4000 * kDay});
      return;
    }
    if (recent_ > 0 && One(2)) {
      // While the last permit lives, and where it ends.
      if (One(4)) now_ = now_ + Seconds{Below(60)};
      if (One(4)) now_ = std::max(now_, *recent_ends_ + Seconds{Below(3) - 1});
      if (One(3) && *recent_ends_ > now_) now_ = NearEdge("acme", *recent_ends_ - now_);
      return;
    }
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

  std::string Company() { return shape_.one_grant || !One(8) ? "acme" : "beta"; }

  void Add(Act act) {
    const Step step{now_, static_cast<int>(scenario_.steps.size()), std::move(act)};
    const Answer answer = model_->Play(step);
    if (recent_ > 0) --recent_;
    if (const auto* consume = std::get_if<Consume>(&step.act);
        consume != nullptr && answer.verdict == core::Verdict::kAllowed) {
      allowed_.push_back(step.name);
      recent_ = 3;
      interposed_ = false;
      processor_ = consume->request.processor;
      basis_ = answer.basis;
      recent_ends_ = answer.contact_before;
      recent_held_ = !recent_ends_.has_value();
      if (recent_held_) recent_ends_ = now_ + consume->request.hold;
    } else if (std::holds_alternative<Confirm>(step.act) && answer.contact_before.has_value()) {
      recent_ = 3;
      recent_ends_ = answer.contact_before;
      recent_held_ = false;
    }
    if (const auto* callback = std::get_if<core::Callback>(&step.act)) asked_back_ = *callback;
    scenario_.steps.push_back(step);
  }

  // Something about the last permit, or what may get between it and its use.
  Act FollowUp() {
    const int last = allowed_.back();
    if (interposed_) {
      // What came between may forbid what the permit was for.
      interposed_ = false;
      if (recent_held_ && (shape_.law ? !One(4) : One(2))) return Confirm{last};
      return Again();
    }
    if (!shape_.one_grant && One(!shape_.law ? 5 : recent_held_ ? 2 : 4)) {
      interposed_ = true;
      recent_ = 3;
      if (shape_.law && !One(4)) return AnyNo(*this, Here());
      if (One(4)) return Revoke{"acme", ""};
      if (One(3)) return Block{One(2) ? "acme" : "*", AnyChannels(*this, channels_)};
      core::Grant grant = AnyGrant();
      if (One(2) && *recent_ends_ > now_) {
        // It begins while the permit lives.
        grant.valid_from = now_ + Seconds{1 + Below((*recent_ends_ - now_).count)};
        grant.valid_until = std::max(grant.valid_until, grant.valid_from + Seconds{1});
      }
      return grant;
    }
    switch (Below(recent_held_ ? 9 : 6)) {
      case 0:
      case 1:
        return Again();
      case 2:
        return AnyAct(84 + Below(16));
      case 3:
        return Report{Of(), Ended()};
      case 4:
        return Report{last, Ended()};
      case 5:
      case 6:
      case 7:
        return Confirm{last};
      default:
        return Release{last};
    }
  }

  Act AnyAct(int64_t dice) {
    if (shape_.law && One(5)) return AnyWord(*this, Here());
    if (dice < 60) return AnyConsume();
    if (dice < 68) return Check{AnyRequest()};
    if (dice < 72) return Confirm{Of()};
    if (dice < 75) return Release{Of()};
    if (dice < 84) return Report{Of(), Ended()};
    if (shape_.one_grant) return AnyConsume();
    const std::string company = One(3) ? "*" : Company();
    const std::vector<Block> blocks = model_->Look("acme").blocks;
    if (!blocks.empty() && !One(3)) {
      const Block block = Pick(blocks);
      return Unblock{block.company, block.whose};
    }
    if (dice < 95) return AnyGrant();
    if (dice < 97) {
      std::vector<std::string> ids{"", ""};
      for (const View::Given& given : model_->Look("acme").grants) ids.push_back(given.grant.id);
      return Revoke{"acme", Pick(ids)};
    }
    if (dice < 99)
      return Block{company, One(3) ? ChannelSet::All() : AnyChannels(*this, channels_)};
    // Rarely: not much is allowed afterwards.
    if (One(3)) return Recovered{now_ - Seconds{Below(2 * kDay)}};
    return Unblock{company};
  }

  Outcome Ended() {
    if (claims_only_ && One(3)) return Pick({Outcome::kOpposed, Outcome::kStop});
    return AnyOutcome(*this);
  }

  int Of() {
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
    request.channel = One(25) ? Channel::kPost : Pick(channels_);
    request.purpose = One(25) ? Purpose::kPolitical : Pick(purposes_);
    if (asked_back_.has_value() && now_ < asked_back_->valid_until && !One(3)) {
      request.company = asked_back_->company;
      if (!One(4)) request.channel = FirstOf(asked_back_->channels);
    }
    if (One(3)) request.permit_ttl = {Pick<int64_t>({1, 2, 60, kHour, 6 * kHour, kDay})};
    if (shape_.law) Dress(*this, request);
    return request;
  }

  // An earlier request once more, sometimes with other content.
  Consume Again() {
    const int name = Of();
    core::Request again = AnyRequest();
    for (const Step& step : scenario_.steps) {
      const auto* consume = std::get_if<Consume>(&step.act);
      if (consume != nullptr && step.name == name) again = consume->request;
    }
    if (again.request_id.empty()) again.request_id = "new";
    switch (Below(20)) {
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
      case 4:
        again.hold = {Pick<int64_t>({0, 60})};
        break;
      case 5:
        again.caller_number = "+33199001234";
        break;
      default:
        break;
    }
    return {again};
  }

  // What was allowed before, asked for as something new.
  Act Anew() {
    core::Request request = Again().request;
    if (One(4)) {
      request.request_id.clear();
      request.hold = {};
      return Check{request};
    }
    request.request_id = absl::StrCat("r", scenario_.steps.size());
    if (!One(4)) request.hold = {};
    return Consume{request};
  }

  Consume AnyConsume() {
    if (!allowed_.empty() && One(6)) return Again();
    core::Request request = AnyRequest();
    request.request_id = absl::StrCat("r", scenario_.steps.size());
    if (One(3)) request.hold = {Pick<int64_t>({1, 60, 60, 600, kHour, kDay, 1 + Below(kDay)})};
    return {request};
  }

  core::Grant AnyGrant() {
    core::Grant grant;
    grant.id = absl::StrCat("g", scenario_.steps.size());
    if (One(40) && !shape_.one_grant) grant.id = "g0";
    grant.company = Company();
    for (const Purpose p : One(3) ? Some(purposes_) : purposes_) grant.purposes.Add(p);
    grant.valid_from = now_;
    if (One(4) && !(target_.has_value() && scenario_.steps.empty())) {
      grant.valid_from = now_ - Seconds{Below(3 * kDay)};
    }
    if (One(8)) grant.valid_from = now_ - Seconds{Below(1500 * kDay)};
    if (One(8)) grant.valid_from = std::min(now_, Anchor(*this, zone_));
    if (!shape_.one_grant && !scenario_.steps.empty() && One(4)) {
      grant.valid_from =
          One(2) ? now_ + Seconds{1 + Below(Pick<int64_t>({5, 60, 300, kDay, 60 * kDay}))}
                 : NearEdge(grant.company, Seconds{3 * kDay});
    }
    if (One(4)) {
      grant.valid_until = grant.valid_from +
                          Seconds{1 + Below(Pick<int64_t>({kHour, kDay, 90 * kDay, 900 * kDay}))};
      if (One(3)) {
        grant.valid_until =
            std::max(grant.valid_from + Seconds{1}, NearEdge(grant.company, Seconds{40 * kDay}));
      }
    }
    for (int64_t i = Pick<int64_t>({1, 1, 2, 2, 3, 4}); i > 0; --i) {
      core::Limit& limit = grant.limits.emplace_back(AnyLimit(*this, channels_));
      limit.id = absl::StrCat("l", i);
      if (target_.has_value() && One(2)) {
        limit.window = *target_;
        limit.max = 1;
      }
    }
    if (One(shape_.law ? 6 : 3)) grant.hours = AnyHours(*this);
    if (shape_.law && One(3)) grant.outside_legal_hours = AnyHours(*this);
    if (shape_.law && One(3)) grant.guardian = true;
    if (claims_only_ || (!shape_.one_grant && One(4))) Claim(grant);
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

  Shape shape_;
  Scenario scenario_;
  std::optional<Model> model_;
  absl::TimeZone zone_;
  Instant now_;
  std::vector<Channel> channels_;
  std::vector<Purpose> purposes_;
  std::vector<int> allowed_;
  // For how many more steps the last permit is worth following, when it ends, whether it is held.
  int recent_ = 0;
  std::optional<Instant> recent_ends_;
  bool recent_held_ = false;
  std::string processor_;  // Through whom it was asked for, and on what it was allowed.
  core::Basis basis_ = core::Basis::kUnspecified;
  bool interposed_ = false;
  // A window that ends at a change of offset, for a contact made at the scenario's start.
  std::optional<core::Window> target_;
  bool claims_only_ = false;                  // The consumer's own word never outranks by a grant.
  bool aimed_ = false;                        // The time is near an edge.
  std::optional<core::Callback> asked_back_;  // The last.
};

}  // namespace

Scenario MakeScenario(uint64_t seed, const Shape& shape) { return Maker(seed, shape).Make(); }

rc::Gen<Scenario> AnyScenario(const Shape& shape) {
  auto made = rc::gen::withSize([shape](int size) {
    Shape sized = shape;
    sized.steps_max = std::max(4, shape.steps_max * (size + 50) / 150);
    return rc::gen::noShrink(
        rc::gen::map(rc::gen::resize(100, rc::gen::arbitrary<uint64_t>()),
                     [sized](uint64_t seed) { return MakeScenario(seed, sized); }));
  });
  return rc::gen::shrink(std::move(made), [](const Scenario& scenario) {
    return rc::seq::fromContainer(Smaller(scenario));
  });
}

}  // namespace consent::model

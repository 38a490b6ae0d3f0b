// SPDX-License-Identifier: Apache-2.0

#include "tests/model/law_pieces.h"

#include <utility>

#include "absl/time/civil_time.h"
#include "tests/model/civil.h"
#include "tests/model/pieces.h"

namespace consent::model {
namespace {

using core::Alignment;
using core::Basis;
using core::Channel;
using core::Period;
using core::Purpose;
using core::Relation;

core::BasisSet AllBut(Basis basis) {
  return {static_cast<uint16_t>(core::BasisSet::All().bits & ~(1u << static_cast<int>(basis)))};
}

class LawMaker {
 public:
  LawMaker(Dice& dice, Instant now, const absl::TimeZone& zone)
      : dice_(dice), now_(now), zone_(zone) {}

  core::Law Make() {
    if (!dice_.One(3)) Add("optin", core::ConsentRule{});
    if (dice_.One(4)) Add("optin2", core::ConsentRule{});
    Exemptions();
    if (dice_.One(2)) Add("hours", AnyHoursRule());
    if (dice_.One(6)) Add("hours2", AnyHoursRule());
    if (!dice_.One(3)) Add("attempts", AnyAttempts("attempts"));
    if (dice_.One(6)) Add("attempts2", AnyAttempts("attempts2"));
    if (!dice_.One(3)) Add("silence", core::SilenceRule{dice_.Pick({0, 1, 2, 10, 60})});
    if (dice_.One(3)) {
      core::Rule& rule = Add("ban", core::Prohibition{});
      if (!dice_.One(6)) rule.scope.matters.Add(core::Matter::kHomeRenovation);
    }
    if (dice_.One(3)) Add("caller", AnyCaller());
    if (dice_.One(2)) Add("list", AnyList());
    if (dice_.One(3)) Add("guardian", core::GuardianRule{});
    return std::move(law_);
  }

 private:
  template <class Body>
  core::Rule& Add(std::string id, Body body) {
    core::Rule& rule = law_.rules.emplace_back();
    rule.id = std::move(id);
    rule.body = std::move(body);
    core::Scope& scope = rule.scope;
    if (dice_.One(2)) scope.channels = AnyChannels(dice_, {Channel::kCall, Channel::kSms});
    if (dice_.One(4)) scope.purposes.bits &= ~(1u << static_cast<int>(Purpose::kService));
    if (dice_.One(2)) scope.bases = AllBut(Basis::kCallback);
    if (dice_.One(8)) scope.bases = AllBut(Basis::kContract);
    if (dice_.One(3)) scope.regions = {dice_.One(4) ? "US" : "FR"};
    if (dice_.One(10)) scope.from = Near();
    if (dice_.One(10)) scope.until = std::max(Near(), now_ + Seconds{1});
    return rule;
  }

  Instant Near() { return now_ + Seconds{dice_.Below(60 * kDay) - 10 * kDay}; }

  void Exemptions() {
    const auto lifts = [&] {
      return dice_.One(4) ? std::vector<std::string>{"optin", "optin2"}
                          : std::vector<std::string>{"optin"};
    };
    if (dice_.One(2)) {
      Add("contract", core::Exemption{lifts(), Basis::kContract, AnyTerms(), 0});
    }
    if (dice_.One(3)) {
      Add("similar", core::Exemption{lifts(), Basis::kSimilarProducts, AnyTerms(), 0});
    }
    if (dice_.One(3)) {
      core::Rule& rule = Add("service", core::Exemption{lifts(), Basis::kService, AnyTerms(), 0});
      rule.scope.purposes = {};
      rule.scope.purposes.Add(Purpose::kService);
    }
    if (dice_.One(3)) Add("press", core::Exemption{lifts(), Basis::kExempt, {}, 0});
    if (dice_.One(3)) {
      Add("callback", core::Exemption{lifts(), Basis::kCallback, {}, 1 + dice_.Below(5)});
    }
  }

  std::vector<core::RelationTerm> AnyTerms() {
    std::vector<core::RelationTerm> terms;
    for (const Relation relation :
         dice_.Some({Relation::kContract, Relation::kPurchase, Relation::kInquiry})) {
      core::RelationTerm& term = terms.emplace_back();
      term.relation = relation;
      if (relation == Relation::kContract && !dice_.One(4)) continue;
      term.lasts = {dice_.Pick({Period::kDay, Period::kMonth, Period::kYear}), Alignment::kRolling,
                    static_cast<int32_t>(1 + dice_.Below(18))};
    }
    return terms;
  }

  core::HoursRule AnyHoursRule() {
    core::HoursRule rule;
    rule.spans = AnyHours(dice_);
    if (!dice_.One(3)) rule.spans.push_back({127, 480, 1320});
    rule.consent_lifts = dice_.One(2);
    const absl::CivilDay today(Wall(now_, zone_));
    for (int64_t i = dice_.Below(4); i > 0; --i) {
      core::Holiday& holiday = rule.holidays.emplace_back();
      if (dice_.One(3)) {
        holiday.easter_offset_days = static_cast<int>(dice_.Below(60)) - 3;
      } else {
        const absl::CivilDay day = today + dice_.Below(20);
        holiday.month = day.month();
        holiday.day = day.day();
      }
      if (dice_.One(4)) holiday.zones = {dice_.One(2) ? zone_.name() : "America/Cayenne"};
    }
    return rule;
  }

  core::AttemptsRule AnyAttempts(std::string id) {
    core::AttemptsRule rule;
    rule.limit.id = std::move(id);  // The rule's own.
    rule.limit.max = 1 + dice_.Below(4);
    rule.limit.window =
        dice_.One(3) ? core::Window{dice_.Pick({Period::kDay, Period::kWeek, Period::kMonth}),
                                    Alignment::kCalendar, 1}
                     : core::Window{Period::kDay, Alignment::kRolling,
                                    static_cast<int32_t>(dice_.Pick<int64_t>({1, 2, 30}))};
    return rule;
  }

  core::CallerRule AnyCaller() {
    core::CallerRule rule;
    rule.required = dice_.One(2);
    if (dice_.One(2)) {
      rule.country = "+33";
      rule.allowed = {"+33162", "+33199"};
    }
    if (dice_.One(2)) {
      rule.new_numbers_max = 1;
      rule.new_numbers_days = static_cast<int32_t>(1 + dice_.Below(30));
    }
    return rule;
  }

  core::ListRule AnyList() {
    core::ListRule rule;
    rule.list = kLists[0];
    if (dice_.One(2)) {
      rule.lasts = core::Window{dice_.Pick({Period::kDay, Period::kMonth, Period::kYear}),
                                Alignment::kRolling, static_cast<int32_t>(1 + dice_.Below(3))};
    }
    if (dice_.One(3)) rule.binds_after_days = static_cast<int32_t>(dice_.Below(28));
    if (dice_.One(3)) rule.stale_after_days = static_cast<int32_t>(1 + dice_.Below(31));
    return rule;
  }

  Dice& dice_;
  const Instant now_;
  const absl::TimeZone zone_;
  core::Law law_;
};

}  // namespace

core::Law AnyLaw(Dice& dice, Instant now, const absl::TimeZone& zone) {
  return LawMaker(dice, now, zone).Make();
}

}  // namespace consent::model

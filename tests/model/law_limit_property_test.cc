// SPDX-License-Identifier: Apache-2.0
//
// Under law and preferences too the promise is counted without judging anything: each contact that
// was allowed is held against what law, grant and consumer had said by then, and against the
// contacts before it, as the answers tell of them.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/model/cases.h"
#include "tests/model/generate.h"
#include "tests/model/scene.h"
#include "tests/model/tally.h"

namespace consent::model {
namespace {

using core::Basis;

class Auditor {
 public:
  explicit Auditor(const World& world) : world_(world) {
    for (const std::string& name : world.zones) {
      absl::LoadTimeZone(name, &zones_.emplace_back());
    }
  }

  // What was wrong with the step; none: nothing.
  std::optional<std::string> Take(const Step& step, const core::Decision& said, const Core& core) {
    if (tally_.Take(step, said, core)) Audit(step.at, std::get<Consume>(step.act).request, said);
    Note(step, said, core);
    return fault_;
  }

 private:
  struct Declined {
    core::Request request;
    Instant at;
  };

  void Note(const Step& step, const core::Decision& said, const Core& core) {
    if (const auto* grant = std::get_if<core::Grant>(&step.act)) {
      if (said.reason == core::Reason::kOk) grants_[grant->company + "/" + grant->id] = *grant;
    } else if (const auto* preferences = std::get_if<core::Preferences>(&step.act)) {
      preferences_ = *preferences;
    } else if (const auto* callback = std::get_if<core::Callback>(&step.act)) {
      if (said.reason == core::Reason::kOk) callbacks_.push_back(*callback);
    } else if (const auto* holder = std::get_if<Holder>(&step.act); holder && holder->is_new) {
      preferences_.reset();
      callbacks_.clear();
      declined_.clear();
      grants_.clear();
    } else if (const auto* consume = std::get_if<Consume>(&step.act)) {
      if (said.verdict == core::Verdict::kAllowed) {
        requests_[core.Permit(step.name)] = consume->request;
      }
    } else if (const auto* report = std::get_if<Report>(&step.act)) {
      if (said.verdict == core::Verdict::kDone && report->outcome == core::Outcome::kDeclined) {
        declined_.push_back({requests_.at(core.Permit(report->of)), step.at});
      }
    }
  }

  void Fault(const std::string& what) {
    if (!fault_.has_value()) fault_ = what;
  }

  const core::Grant* GrantOf(const Made& made) const {
    const auto found = grants_.find(made.request.company + "/" + made.grant);
    return found == grants_.end() ? nullptr : &found->second;
  }
  bool CountsAttemptsApart(const Made& made) const {
    const core::Grant* const grant = GrantOf(made);
    return grant != nullptr &&
           std::any_of(grant->limits.begin(), grant->limits.end(), [&](const core::Limit& limit) {
             return limit.max_attempts.has_value() && limit.channels.Has(made.request.channel);
           });
  }

  // Counts those of `counts` in the limit's window that holds `now`.
  template <class Counts, class Spares>
  void Count(const std::string& name, const core::Limit& limit, Instant since, Instant now,
             Counts counts, Spares spares) {
    for (const absl::TimeZone& zone : zones_) {
      int64_t contacts = 0, attempts = 0;
      for (const Made& made : tally_.At(now)) {
        if (!counts(made) || !Together(limit.window, since, made.at, now, zone)) continue;
        ++attempts;
        if (!spares(made)) ++contacts;
      }
      if (contacts > limit.max || attempts > limit.max_attempts.value_or(attempts)) {
        Fault(absl::StrCat(name, ": ", contacts, " contacts and ", attempts, " attempts at ",
                           Show(now)));
      }
    }
  }

  void Audit(Instant now, const core::Request& request, const core::Decision& said) {
    const View nothing;
    const Scene scene{world_, zones_, nothing, request};
    if (zones_.empty()) Fault("a contact whose time nobody knows");
    const auto same = [&](const Made& made) { return made.request.company == request.company; };
    const auto never = [](const Made&) { return false; };
    for (const core::Rule& rule : world_.law.rules) {
      if (!Binds(scene, rule, said.basis, now)) continue;
      if (std::holds_alternative<core::Prohibition>(rule.body)) Fault("prohibited: " + rule.id);
      if (const auto* hours = std::get_if<core::HoursRule>(&rule.body)) {
        AuditHours(*hours, now, request, said);
      } else if (const auto* silence = std::get_if<core::SilenceRule>(&rule.body)) {
        for (const Declined& declined : declined_) {
          const core::Request& refused = declined.request;
          if (refused.company == request.company && rule.scope.channels.Has(refused.channel) &&
              rule.scope.purposes.Has(refused.purpose) &&
              now < SilentUntil(scene, declined.at, silence->days)) {
            Fault("a contact in the silence of " + rule.id);
          }
        }
      } else if (const auto* attempts = std::get_if<core::AttemptsRule>(&rule.body)) {
        const core::Scope& scope = rule.scope;
        const auto counts = [&](const Made& made) {
          return same(made) && scope.channels.Has(made.request.channel) &&
                 scope.purposes.Has(made.request.purpose) && scope.bases.Has(made.basis);
        };
        Count(rule.id, attempts->limit, {}, now, counts, never);
      }
    }
    if (said.basis == Basis::kCallback) return AuditCallback(now, request);
    AuditGrant(now, request, said);
    if (preferences_.has_value() && preferences_->purposes.Has(request.purpose)) {
      AuditPreferences(*preferences_, now, request);
    }
  }

  void AuditHours(const core::HoursRule& hours, Instant now, const core::Request& request,
                  const core::Decision& said) {
    const auto grant = grants_.find(request.company + "/" + said.grant);
    for (const absl::TimeZone& zone : zones_) {
      const bool lifted = hours.consent_lifts && said.basis == Basis::kConsent &&
                          InHours(grant->second.outside_legal_hours, now, zone);
      if (!lifted && (!InHours(hours.spans, now, zone) || IsHoliday(hours.holidays, now, zone))) {
        Fault("a contact outside the hours of law, at " + Show(now));
      }
    }
  }

  void AuditGrant(Instant now, const core::Request& request, const core::Decision& said) {
    if (said.basis != Basis::kConsent) return;
    const core::Grant& grant = grants_.at(request.company + "/" + said.grant);
    for (const core::Limit& limit : grant.limits) {
      if (!limit.channels.Has(request.channel)) continue;
      const auto counts = [&](const Made& made) {
        return made.request.company == request.company && made.basis != Basis::kCallback &&
               limit.channels.Has(made.request.channel) && grant.purposes.Has(made.request.purpose);
      };
      Count(limit.id, limit, grant.valid_from, now, counts, [&](const Made& made) {
        return made.reached_nobody && limit.max_attempts.has_value();
      });
    }
  }

  void AuditPreferences(const core::Preferences& preferences, Instant now,
                        const core::Request& request) {
    if (now < preferences.pause_until.value_or(now)) Fault("a contact in a pause");
    for (const absl::TimeZone& zone : zones_) {
      if (InHours(preferences.quiet, now, zone)) Fault("a contact in quiet hours");
    }
    for (const core::Limit& limit : preferences.limits) {
      if (!limit.channels.Has(request.channel)) continue;
      const auto counts = [&](const Made& made) {
        return made.basis != Basis::kCallback && limit.channels.Has(made.request.channel) &&
               preferences.purposes.Has(made.request.purpose);
      };
      Count("preferences/" + limit.id, limit, {}, now, counts, [&](const Made& made) {
        return made.reached_nobody && (limit.max_attempts.has_value() || CountsAttemptsApart(made));
      });
    }
  }

  // One that was asked for lives, and has not been tried three times.
  void AuditCallback(Instant now, const core::Request& request) {
    bool asked_for = false;
    for (const core::Callback& callback : callbacks_) {
      if (callback.company != request.company || now < callback.valid_from ||
          now >= callback.valid_until || !callback.channels.Has(request.channel) ||
          !callback.purposes.Has(request.purpose)) {
        continue;
      }
      const bool own = callback.signed_by == core::Signer::kConsumer;
      const Instant since = own ? callback.valid_from : callback.valid_from - Seconds{30 * 86'400};
      int tried = 0;
      for (const Made& made : tally_.At(now)) {
        if (made.basis == Basis::kCallback && made.request.company == request.company &&
            made.at >= since &&
            (!own || (callback.channels.Has(made.request.channel) &&
                      callback.purposes.Has(made.request.purpose)))) {
          ++tried;
        }
      }
      asked_for |= tried <= 3;
    }
    if (!asked_for) Fault("a callback that nobody asked for, or too often, at " + Show(now));
  }

  const World& world_;
  std::vector<absl::TimeZone> zones_;
  Tally tally_;
  std::map<std::string, core::Grant> grants_;  // By company and id.
  std::optional<core::Preferences> preferences_;
  std::vector<core::Callback> callbacks_;  // Also those that have ended.
  std::vector<Declined> declined_;
  std::map<LeafIndex, core::Request> requests_;
  std::optional<std::string> fault_;
};

TEST(LawLimitPropertyTest, NoContactPassesALimitOfLawGrantOrConsumer) {
  CheckCases(kUsualCases / 3, [] {
    const Scenario scenario = *AnyScenario({.steps_max = 80, .law = true});
    Core core(scenario.world);
    Auditor auditor(scenario.world);
    for (const Step& step : scenario.steps) {
      const core::Decision said = core.Play(step);
      if (core.breach().has_value()) RC_FAIL(*core.breach());
      const auto fault = auditor.Take(step, said, core);
      if (fault.has_value()) RC_FAIL(*fault + ", at the step of " + Show(step.at));
    }
  });
}

}  // namespace
}  // namespace consent::model

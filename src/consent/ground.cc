// SPDX-License-Identifier: Apache-2.0

#include "src/consent/ground.h"

#include <algorithm>
#include <utility>

#include "src/consent/earliest.h"
#include "src/consent/window.h"

namespace consent::core {
namespace {

bool NamesChannel(const Grant& grant, Channel channel) {
  return std::any_of(grant.limits.begin(), grant.limits.end(),
                     [&](const Limit& limit) { return limit.channels.Has(channel); });
}

// The rule for which this grant needs a guardian's word that it does not have.
const Rule* LacksGuardian(const Question& question, const Grant& grant, Instant t) {
  if (grant.guardian) return nullptr;
  for (const Rule* rule : question.rules) {
    const auto* guardian = Binding<GuardianRule>(*rule, Basis::kConsent, t);
    if (guardian != nullptr && guardian->holder == question.record.holder) return rule;
  }
  return nullptr;
}

// Why the grant does not carry the contact; OK when it does.
Ground ByGrant(const Question& question, const KeptGrant& kept, Instant t) {
  const Grant& grant = kept.grant;
  Ground ground;
  ground.grant = &kept;
  if (kept.revoked) {
    ground.reason = Reason::kRevoked;
  } else if (t >= grant.valid_until) {
    ground.reason = Reason::kExpired;
  } else if (t < grant.valid_from) {
    ground.reason = Reason::kNotYetValid;
  } else if (!NamesChannel(grant, question.request.channel)) {
    ground.reason = Reason::kNotOnThisChannel;
  } else if (const Rule* rule = LacksGuardian(question, grant, t)) {
    ground.reason = Reason::kNoPermission;
    ground.rule = rule;
  } else {
    ground.reason = Reason::kOk;
    ground.basis = Basis::kConsent;
  }
  return ground;
}

// Of several people on a line everyone who has spoken must allow it.
Ground ByConsent(const Question& question, Instant t) {
  const CompanyRecord* between = question.between;
  if (between == nullptr || between->grants.empty()) return {};
  SpeakingGrants grants = GrantsThatSpeak(*between, question.request.purpose, t);
  Ground ground;
  ground.reason = Reason::kNotForThisPurpose;
  for (const KeptGrant* kept : grants) {
    Ground by = ByGrant(question, *kept, t);
    // A revocation bars what else might stand in for consent: it is heard before other reasons.
    if (by.reason == Reason::kRevoked) return by;
    if (ground.reason == Reason::kNotForThisPurpose || ground.reason == Reason::kOk) {
      if (ground.grant == nullptr || by.reason != Reason::kOk) ground = std::move(by);
    }
  }
  if (ground.reason == Reason::kOk) ground.grants = std::move(grants);
  return ground;
}

// When the relation no longer stands in for consent. Months are counted in the first zone the
// consumer may be in; where none is known, in UTC.
Instant EndOf(const Question& question, const RelationTerm& term, const Contract& contract) {
  if (!term.lasts.has_value()) return contract.valid_until;
  const absl::TimeZone zone = question.zones.empty() ? absl::UTCTimeZone() : question.zones[0];
  const Instant lapses =
      AddPeriods(contract.valid_from, term.lasts->period, term.lasts->count, zone);
  return std::min(lapses, contract.valid_until);
}

bool MayRelyOn(const Question& question, const Exemption& exemption, const Contract& contract) {
  switch (exemption.basis) {
    case Basis::kContract:
      return contract.id == question.request.contract;
    case Basis::kSimilarProducts:
      return contract.similar_products;
    default:
      return true;
  }
}

bool HasRelation(const Question& question, const Exemption& exemption, Instant t) {
  if (question.between == nullptr) return false;
  for (const KeptContract& kept : question.between->contracts) {
    const Contract& contract = kept.contract;
    if (kept.contested || t < contract.valid_from || !MayRelyOn(question, exemption, contract)) {
      continue;
    }
    for (const RelationTerm& term : exemption.relations) {
      if (term.relation == contract.relation && t < EndOf(question, term, contract)) return true;
    }
  }
  return false;
}

bool Holds(const Question& question, const Exemption& exemption, Instant t) {
  switch (exemption.basis) {
    case Basis::kContract:
    case Basis::kSimilarProducts:
    case Basis::kService:
      return HasRelation(question, exemption, t);
    case Basis::kExempt:
      return question.asker != nullptr && question.asker->sectors.Has(question.request.purpose);
    default:
      return false;
  }
}

// Whether some exemption on the same basis lifts the rule.
bool IsLifted(const Question& question, const Rule& rule, Basis basis, Instant t) {
  return std::any_of(question.rules.begin(), question.rules.end(), [&](const Rule* other) {
    const auto* exemption = Binding<Exemption>(*other, basis, t);
    return exemption != nullptr && exemption->basis == basis &&
           std::find(exemption->lifts.begin(), exemption->lifts.end(), rule.id) !=
               exemption->lifts.end() &&
           Holds(question, *exemption, t);
  });
}

bool NeedsNoConsent(const Question& question, Basis basis, Instant t) {
  return std::all_of(question.rules.begin(), question.rules.end(), [&](const Rule* rule) {
    return Binding<ConsentRule>(*rule, basis, t) == nullptr || IsLifted(question, *rule, basis, t);
  });
}

// The first exemption that stands in for consent; null when none does.
const Rule* ByExemption(const Question& question, Instant t) {
  for (const Rule* rule : question.rules) {
    const auto* exemption = std::get_if<Exemption>(&rule->body);
    if (exemption != nullptr && Binds(*rule, exemption->basis, t) &&
        Holds(question, *exemption, t) && NeedsNoConsent(question, exemption->basis, t)) {
      return rule;
    }
  }
  return nullptr;
}

// The exemption that says how often a callback may be tried; null when none does.
const Rule* CallbackRule(const Question& question, Instant t) {
  for (const Rule* rule : question.rules) {
    const auto* exemption = Binding<Exemption>(*rule, Basis::kCallback, t);
    if (exemption != nullptr && exemption->basis == Basis::kCallback) return rule;
  }
  return nullptr;
}

}  // namespace

const KeptCallback* LiveCallback(const Question& question, Instant t) {
  if (question.between == nullptr) return nullptr;
  const auto& callbacks = question.between->callbacks;
  const auto live = std::find_if(callbacks.rbegin(), callbacks.rend(), [&](const KeptCallback& k) {
    const Callback& callback = k.callback;
    return !k.revoked && callback.valid_from <= t && t < callback.valid_until &&
           callback.channels.Has(question.request.channel) &&
           callback.purposes.Has(question.request.purpose);
  });
  return live != callbacks.rend() ? &*live : nullptr;
}

Ground FindGround(const Question& question, Instant t) {
  if (const KeptCallback* callback = LiveCallback(question, t)) {
    return {Reason::kOk, Basis::kCallback, nullptr, {}, callback, CallbackRule(question, t)};
  }
  Ground ground = ByConsent(question, t);
  // Who took a consent back said no to what might stand in for it too.
  if (ground.reason == Reason::kOk || ground.reason == Reason::kRevoked) return ground;
  if (const Rule* rule = ByExemption(question, t)) {
    return {Reason::kOk, std::get<Exemption>(rule->body).basis, nullptr, {}, nullptr, rule};
  }
  return ground;
}

Instant NextGroundEdge(const Question& question, Instant t) {
  Earliest edge(t);
  for (const Rule* rule : question.rules) {
    edge.Take(rule->scope.from);
    edge.Take(rule->scope.until);
  }
  if (question.between == nullptr) return edge.next();
  for (const KeptGrant& kept : question.between->grants) {
    edge.Take(kept.grant.valid_from);
    edge.Take(kept.grant.valid_until);
  }
  for (const KeptCallback& kept : question.between->callbacks) {
    edge.Take(kept.callback.valid_from);
    edge.Take(kept.callback.valid_until);
  }
  for (const KeptContract& kept : question.between->contracts) {
    edge.Take(kept.contract.valid_from);
    for (const Rule* rule : question.rules) {
      const auto* exemption = std::get_if<Exemption>(&rule->body);
      if (exemption == nullptr) continue;
      for (const RelationTerm& term : exemption->relations) {
        edge.Take(EndOf(question, term, kept.contract));
      }
    }
  }
  return edge.next();
}

}  // namespace consent::core

// SPDX-License-Identifier: Apache-2.0
//
// What a contact stands on: docs/reference/scenario.md, "Grants" and "Other grounds".

#include <algorithm>

#include "tests/model/civil.h"
#include "tests/model/scene.h"

namespace consent::model {
namespace {

using core::Basis;
using core::Reason;
using core::Signer;

// The latest grant for the purpose whose valid_from has come; if none has come, the latest. A claim
// for a purpose that any consumer-signed grant names is silent.
const View::Given* Speaker(const Scene& scene, Instant t) {
  const auto& grants = scene.view.grants;
  const core::Purpose purpose = scene.request.purpose;
  const bool consumer_spoke =
      std::any_of(grants.begin(), grants.end(), [&](const View::Given& given) {
        return given.grant.signed_by == Signer::kConsumer && given.grant.purposes.Has(purpose);
      });
  const View::Given* latest = nullptr;
  const View::Given* latest_come = nullptr;
  for (const View::Given& given : grants) {
    if (!given.grant.purposes.Has(purpose)) continue;
    if (consumer_spoke && given.grant.signed_by != Signer::kConsumer) continue;
    latest = &given;
    if (given.grant.valid_from <= t) latest_come = &given;
  }
  return latest_come != nullptr ? latest_come : latest;
}

Ground ByConsent(const Scene& scene, Instant t) {
  Ground ground;
  if (scene.view.grants.empty()) return ground;
  ground.grant = Speaker(scene, t);
  if (ground.grant == nullptr) {
    ground.reason = Reason::kNotForThisPurpose;
    return ground;
  }
  const core::Grant& grant = ground.grant->grant;
  const bool named = std::any_of(
      grant.limits.begin(), grant.limits.end(),
      [&](const core::Limit& limit) { return limit.channels.Has(scene.request.channel); });
  if (ground.grant->revoked) {
    ground.reason = Reason::kRevoked;
  } else if (t >= grant.valid_until) {
    ground.reason = Reason::kExpired;
  } else if (t < grant.valid_from) {
    ground.reason = Reason::kNotYetValid;
  } else if (!named) {
    ground.reason = Reason::kNotOnThisChannel;
  } else {
    ground.reason = Reason::kOk;
    ground.basis = Basis::kConsent;
    // A child's word needs a guardian's.
    for (const core::Rule& rule : scene.world.law.rules) {
      const auto* guardian = std::get_if<core::GuardianRule>(&rule.body);
      if (guardian == nullptr || !Binds(scene, rule, Basis::kConsent, t)) continue;
      if (ground.reason == Reason::kOk && guardian->holder == scene.view.holder &&
          !grant.guardian) {
        ground.reason = Reason::kNoPermission;
        ground.rule = rule.id;
      }
    }
  }
  return ground;
}

// Whether there is what the exemption puts in the place of consent.
bool Holds(const Scene& scene, const core::Exemption& exemption, Instant t) {
  if (exemption.basis == Basis::kExempt) {
    return scene.view.known.sectors.Has(scene.request.purpose);
  }
  if (exemption.basis == Basis::kCallback || exemption.basis == Basis::kConsent) return false;
  for (const View::Claimed& claimed : scene.view.contracts) {
    const core::Contract& contract = claimed.contract;
    if (claimed.contested || t < contract.valid_from) continue;
    // A call about a contract is about one that it names.
    if (exemption.basis == Basis::kContract && contract.id != scene.request.contract) continue;
    if (exemption.basis == Basis::kSimilarProducts && !contract.similar_products) continue;
    for (const core::RelationTerm& term : exemption.relations) {
      if (term.relation == contract.relation && t < EndOf(scene, term, contract)) return true;
    }
  }
  return false;
}

// Whether every rule that asks for consent of a contact on this basis is lifted on this basis.
bool NothingAsksForConsent(const Scene& scene, Basis basis, Instant t) {
  for (const core::Rule& asks : scene.world.law.rules) {
    if (!std::holds_alternative<core::ConsentRule>(asks.body)) continue;
    if (!Binds(scene, asks, basis, t)) continue;
    bool lifted = false;
    for (const core::Rule& rule : scene.world.law.rules) {
      const auto* exemption = std::get_if<core::Exemption>(&rule.body);
      if (exemption == nullptr || exemption->basis != basis) continue;
      lifted |= std::count(exemption->lifts.begin(), exemption->lifts.end(), asks.id) > 0 &&
                Binds(scene, rule, basis, t) && Holds(scene, *exemption, t);
    }
    if (!lifted) return false;
  }
  return true;
}

}  // namespace

Instant EndOf(const Scene& scene, const core::RelationTerm& term, const core::Contract& contract) {
  if (!term.lasts.has_value()) return contract.valid_until;
  return std::min(contract.valid_until, Plus(contract.valid_from, term.lasts->period,
                                             term.lasts->count, scene.first_zone()));
}

Ground GroundAt(const Scene& scene, Instant t) {
  const View::Asked* live = nullptr;
  for (const View::Asked& asked : scene.view.callbacks) {
    const core::Callback& callback = asked.callback;
    if (!asked.revoked && callback.valid_from <= t && t < callback.valid_until &&
        callback.channels.Has(scene.request.channel) &&
        callback.purposes.Has(scene.request.purpose)) {
      live = &asked;  // The latest.
    }
  }
  const std::vector<core::Rule>& rules = scene.world.law.rules;
  if (live != nullptr) {
    Ground ground{Reason::kOk, Basis::kCallback, nullptr, live, "", std::nullopt};
    for (const core::Rule& rule : rules) {
      const auto* exemption = std::get_if<core::Exemption>(&rule.body);
      if (exemption == nullptr || exemption->basis != Basis::kCallback) continue;
      if (ground.rule.empty() && Binds(scene, rule, Basis::kCallback, t)) {
        ground.rule = rule.id;
        ground.exempt_max = exemption->max_attempts;
      }
    }
    return ground;
  }
  const Ground consent = ByConsent(scene, t);
  if (consent.reason == Reason::kOk || consent.reason == Reason::kRevoked) return consent;
  for (const core::Rule& rule : rules) {
    const auto* exemption = std::get_if<core::Exemption>(&rule.body);
    if (exemption == nullptr || !Binds(scene, rule, exemption->basis, t)) continue;
    if (Holds(scene, *exemption, t) && NothingAsksForConsent(scene, exemption->basis, t)) {
      return {Reason::kOk, exemption->basis, nullptr, nullptr, rule.id, std::nullopt};
    }
  }
  return consent;
}

}  // namespace consent::model

// SPDX-License-Identifier: Apache-2.0

#include "src/consent/judge.h"

#include <algorithm>

#include "src/consent/hours.h"
#include "src/consent/speaking.h"

namespace consent::core {
namespace {

bool IsBlocked(const Question& question) {
  const auto& blocks = question.record.blocks;
  return std::any_of(blocks.begin(), blocks.end(), [&](const Block& block) {
    return block.channels.Has(question.channel) &&
           (block.company == "*" || block.company == question.company);
  });
}

bool NamesChannel(const Grant& grant, Channel channel) {
  return std::any_of(grant.limits.begin(), grant.limits.end(),
                     [&](const Limit& limit) { return limit.channels.Has(channel); });
}

Reason JudgeGrant(const Question& question, const KeptGrant& kept, Instant t) {
  const Grant& grant = kept.grant;
  if (kept.revoked) return Reason::kRevoked;
  if (t >= grant.valid_until) return Reason::kExpired;
  if (t < grant.valid_from) return Reason::kNotYetValid;
  if (!NamesChannel(grant, question.channel)) return Reason::kNotOnThisChannel;
  if (question.zone == nullptr) return Reason::kUnknownZone;
  if (!WithinHours(grant.hours, t, *question.zone)) return Reason::kOutsideHours;
  return Reason::kOk;
}

}  // namespace

Standing JudgeAsideLimits(const Question& question, Instant t) {
  if (IsBlocked(question)) return {Reason::kBlocked, nullptr};
  const CompanyRecord* between = question.between;
  if (between == nullptr || between->grants.empty()) return {Reason::kNoPermission, nullptr};
  const KeptGrant* kept = SpeakingGrant(*between, question.purpose, t);
  if (kept == nullptr) return {Reason::kNotForThisPurpose, nullptr};
  return {JudgeGrant(question, *kept, t), kept};
}

Instant ForbiddenFrom(const Question& question, Instant t, Instant until) {
  // Between two of these moments nothing changes but the room in limits.
  Standing standing = JudgeAsideLimits(question, t);
  while (standing.reason == Reason::kOk) {
    const Grant& grant = standing.grant->grant;
    Instant next =
        std::min(grant.valid_until, NextBeginning(*question.between, question.purpose, t));
    if (!grant.hours.empty()) {
      next = std::min(next, HoursStayUntil(grant.hours, t, *question.zone));
    }
    if (next >= until) return until;
    t = next;
    standing = JudgeAsideLimits(question, t);
  }
  return t;
}

}  // namespace consent::core

// SPDX-License-Identifier: Apache-2.0

#include "src/consent/judge.h"

#include <algorithm>

#include "src/consent/caller.h"
#include "src/consent/objection.h"
#include "src/consent/opening.h"
#include "src/consent/silence.h"

namespace consent::core {
namespace {

const Rule* Prohibited(const Question& question, Basis basis, Instant t) {
  const auto prohibits = [&](const Rule* rule) {
    return Binding<Prohibition>(*rule, basis, t) != nullptr;
  };
  const auto it = std::find_if(question.rules.begin(), question.rules.end(), prohibits);
  return it != question.rules.end() ? *it : nullptr;
}

}  // namespace

Standing JudgeAsideLimits(const Question& question, Instant t) {
  const Ground ground = FindGround(question, t);
  const Objection objection = FindObjection(question, ground, t);
  if (objection.reason != Reason::kOk) return {objection.reason, {}, objection.rule};
  if (ground.reason != Reason::kOk) return {ground.reason, ground, ground.rule};
  if (const Rule* rule = Prohibited(question, ground.basis, t)) {
    return {Reason::kProhibited, ground, rule};
  }
  if (question.zones.empty()) return {Reason::kUnknownZone, ground, nullptr};
  if (const Opening opening = OpeningAt(question, ground, t); !opening.open) {
    return {Reason::kOutsideHours, ground, opening.rule};
  }
  if (const Silence silence = SilenceAt(question, ground.basis, t); silence.rule != nullptr) {
    return {Reason::kSilence, ground, silence.rule};
  }
  if (const CallerFinding caller = FindCaller(question, ground.basis, t); !caller.allowed) {
    return {Reason::kCallerNumber, ground, caller.rule};
  }
  return {Reason::kOk, ground, ground.rule};
}

Instant NextEdge(const Question& question, const Standing& standing, Instant t) {
  Instant next = std::min(
      {NextGroundEdge(question, t), NextObjectionEdge(question, t), NextCallerEdge(question, t)});
  if (standing.reason == Reason::kSilence) {
    next = std::min(next, SilenceAt(question, standing.ground.basis, t).until);
  }
  return next;
}

Instant ForbiddenFrom(const Question& question, Instant t, Instant until) {
  // Between two of these moments nothing changes but the room in limits.
  Standing standing = JudgeAsideLimits(question, t);
  while (standing.reason == Reason::kOk) {
    const Instant next =
        std::min(NextEdge(question, standing, t), OpeningStaysUntil(question, standing.ground, t));
    if (next >= until) return until;
    t = next;
    standing = JudgeAsideLimits(question, t);
  }
  return t;
}

}  // namespace consent::core

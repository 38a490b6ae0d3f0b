// SPDX-License-Identifier: Apache-2.0

#include "src/consent/decide.h"

#include <algorithm>
#include <utility>

#include "src/consent/answer.h"
#include "src/consent/judge.h"
#include "src/consent/next_allowed.h"
#include "src/consent/question.h"
#include "src/consent/repeat.h"
#include "src/consent/room.h"

namespace consent::core {
namespace {

Question Ask(const Record& record, const Request& request, const Moment& moment) {
  return {record,          request.company, record.Find(request.company),
          request.channel, request.purpose, moment.zone,
          moment.loss};
}

// Whether an answer with this reason, before limits are asked, says what they have left.
bool ShowsRemaining(Reason reason) {
  return reason == Reason::kOk || reason == Reason::kOutsideHours;
}

// A judgement on a request that took nothing yet.
struct Finding {
  Decision decision;
  bool attempts_apart = false;  // A limit on the question has max_attempts.
};

Finding Find(const Question& question, Instant now) {
  const Standing standing = JudgeAsideLimits(question, now);
  Finding finding;
  Decision& decision = finding.decision;
  decision.reason = standing.reason;
  if (standing.grant != nullptr) decision.grant = standing.grant->grant.id;
  if (ShowsRemaining(standing.reason)) {
    const LimitViews views = LimitsOn(question, standing.grant->grant);
    decision.remaining.reserve(views.size());
    for (const LimitView& view : views) {
      const int64_t room = RoomAt(view, now, *question.zone, nullptr);
      if (room <= 0 && decision.reason == Reason::kOk) {
        decision.reason = Reason::kLimitReached;
        decision.limit = view.limit->id;
      }
      decision.remaining.push_back({view.limit->id, std::max<int64_t>(room, 0)});
      finding.attempts_apart |= view.limit->max_attempts.has_value();
    }
  }
  const bool allowed = decision.reason == Reason::kOk;
  decision.verdict = allowed ? Verdict::kAllowed : Verdict::kDenied;
  if (allowed) decision.basis = Basis::kConsent;
  return finding;
}

Contact Take(const Request& request, Instant now, std::optional<Instant> contact_before) {
  Contact contact;
  contact.at = now;
  contact.request = request;
  contact.contact_before = contact_before;
  return contact;
}

}  // namespace

Judgement Decide(const Record& record, const Request& request, const Moment& moment,
                 NextAllowed next) {
  const Question question = Ask(record, request, moment);
  if (question.between != nullptr) {
    if (const Contact* earlier = question.between->FindRequest(request.request_id)) {
      return DecideRepeat(question, *earlier, request, moment.now);
    }
  }
  Finding finding = Find(question, moment.now);
  Decision& decision = finding.decision;
  if (decision.verdict == Verdict::kAllowed) {
    for (Remaining& remaining : decision.remaining) --remaining.count;
    if (request.hold == Seconds{0}) {
      decision.contact_before =
          ForbiddenFrom(question, moment.now, moment.now + request.permit_ttl);
    }
    if (next == NextAllowed::kAlways) {
      const Contact taken = Take(request, moment.now, decision.contact_before);
      decision.next_allowed = NextAllowedTime(question, moment.now, &taken);
    }
  } else if (next != NextAllowed::kNever) {
    decision.next_allowed = NextAllowedTime(question, moment.now, nullptr);
  }
  Judgement judgement = Tell(std::move(decision), question.between);
  Decided decided = DecidedAs(request, judgement);
  decided.attempts_apart =
      judgement.decision.verdict == Verdict::kAllowed && finding.attempts_apart;
  judgement.event = std::move(decided);
  return judgement;
}

Judgement Check(const Record& record, const Request& request, const Moment& moment,
                NextAllowed next) {
  const Question question = Ask(record, request, moment);
  Decision decision = Find(question, moment.now).decision;
  if (decision.verdict == Verdict::kAllowed) {
    decision.contact_before = ForbiddenFrom(question, moment.now, moment.now + request.permit_ttl);
    if (next == NextAllowed::kAlways) decision.next_allowed = moment.now;
  } else if (next != NextAllowed::kNever) {
    decision.next_allowed = NextAllowedTime(question, moment.now, nullptr);
  }
  return Tell(std::move(decision), question.between);
}

}  // namespace consent::core

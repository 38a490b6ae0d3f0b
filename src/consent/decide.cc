// SPDX-License-Identifier: Apache-2.0

#include "src/consent/decide.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/time/civil_time.h"
#include "src/consent/answer.h"
#include "src/consent/judge.h"
#include "src/consent/next_allowed.h"
#include "src/consent/objection.h"
#include "src/consent/question.h"
#include "src/consent/repeat.h"
#include "src/consent/room.h"

namespace consent::core {
namespace {

// Whether an answer with this reason, before limits are asked, says what they have left.
bool ShowsRemaining(Reason reason) {
  return reason == Reason::kOk || reason == Reason::kOutsideHours || reason == Reason::kSilence ||
         reason == Reason::kCallerNumber;
}

// A judgement on a request that took nothing yet.
struct Finding {
  Decision decision;
  bool attempts_apart = false;  // A limit of the grant that names the channel has max_attempts.
  bool preferences = false;     // The consumer's caps across all companies are asked.
};

// Whether a limit of the grant, on a shared line of each, names the channel and has max_attempts.
bool CountsAttemptsApart(const Ground& ground, Channel channel) {
  const auto apart = [&](const KeptGrant* kept) {
    const auto& limits = kept->grant.limits;
    return std::any_of(limits.begin(), limits.end(), [&](const Limit& limit) {
      return limit.channels.Has(channel) && limit.max_attempts.has_value();
    });
  };
  return !ground.grants.empty() && std::all_of(ground.grants.begin(), ground.grants.end(), apart);
}

// Of several people's limits with one name the least rest counts.
void JoinSameNames(std::vector<Remaining>& remaining) {
  std::vector<Remaining> joined;
  for (Remaining& next : remaining) {
    const auto same = std::find_if(joined.begin(), joined.end(),
                                   [&](const Remaining& r) { return r.limit == next.limit; });
    if (same == joined.end()) {
      joined.push_back(std::move(next));
    } else {
      same->count = std::min(same->count, next.count);
    }
  }
  remaining = std::move(joined);
}

Finding Find(const Question& question, Instant now) {
  const Standing standing = JudgeAsideLimits(question, now);
  Finding finding;
  Decision& decision = finding.decision;
  Cite(standing, decision);
  if (ShowsRemaining(standing.reason)) {
    const LimitViews views = LimitsOn(question, standing.ground, now);
    decision.remaining.reserve(views.size());
    for (const LimitView& view : views) {
      const int64_t room = RoomAt(view, now, question.zones, nullptr);
      decision.remaining.push_back({view.Name(), std::max<int64_t>(room, 0)});
      if (room <= 0 && decision.reason == Reason::kOk) {
        decision.reason = Reason::kLimitReached;
        decision.limit = decision.remaining.back().limit;
        decision.rule = view.rule != nullptr ? view.rule->id : "";
      }
      finding.preferences |= view.whose == LimitView::Whose::kPreferences;
    }
    if (standing.ground.grants.size() > 1 || question.record.preferences.size() > 1) {
      JoinSameNames(decision.remaining);
    }
    finding.attempts_apart = CountsAttemptsApart(standing.ground, question.request.channel);
  }
  const bool allowed = decision.reason == Reason::kOk;
  decision.verdict = allowed ? Verdict::kAllowed : Verdict::kDenied;
  if (allowed) decision.basis = standing.ground.basis;
  return finding;
}

// The contact that the request takes, as limits count it.
Contact Take(const Request& request, const Finding& finding, Instant now) {
  Circumstances circumstances;
  circumstances.request = request;
  circumstances.basis = finding.decision.basis;
  circumstances.attempts_apart = finding.attempts_apart;
  Contact contact;
  contact.at = now;
  contact.circumstances = std::make_shared<const Circumstances>(std::move(circumstances));
  contact.contact_before = finding.decision.contact_before;
  return contact;
}

// The day of `next`, so that nobody can tell from it when another company made its contact: its
// beginning, or, if it has begun, the next one's.
Instant ByDay(Instant next, Instant now, const absl::TimeZone& zone) {
  const absl::CivilDay day(absl::ToCivilDay(ToAbslTime(next), zone));
  const Instant begins = FromAbslTime(zone.At(absl::CivilSecond(day)).pre);
  return begins > now ? begins : FromAbslTime(zone.At(absl::CivilSecond(day + 1)).pre);
}

// Works out the date of the next contact, and what the company is told of it.
std::optional<Instant> Date(const Question& question, Instant now, Taken taken, Finding& finding) {
  std::optional<Instant>& next = finding.decision.next_allowed;
  next = NextAllowedTime(question, now, {.taken = taken});
  if (!finding.preferences || !next.has_value()) return next;
  const auto alone = NextAllowedTime(question, now, {.taken = taken, .preferences = false});
  return alone == next ? next : ByDay(*next, now, question.zones[0]);
}

bool IsDated(NextAllowed next, const Decision& decision, const CompanyRecord* between) {
  if (next == NextAllowed::kNever) return false;
  if (decision.verdict == Verdict::kAllowed) return next != NextAllowed::kWhenDenied;
  return next == NextAllowed::kForStrangersToo || !IsToldNothing(decision, between);
}

}  // namespace

Judgement Decide(const Record& record, const Request& request, const Moment& moment,
                 NextAllowed next) {
  const Question question = Ask(record, request, request.company, moment);
  // Who may not act for the company learns nothing of what it did before.
  if (question.between != nullptr && IsDelegated(question, moment.now)) {
    if (const Contact* earlier = question.between->contacts.FindRequest(request.request_id)) {
      return DecideRepeat(question, *earlier, request, moment.now);
    }
  }
  Finding finding = Find(question, moment.now);
  Decision& decision = finding.decision;
  std::optional<Instant> told_next_allowed;
  if (decision.verdict == Verdict::kAllowed) {
    for (Remaining& remaining : decision.remaining) --remaining.count;
    if (request.hold == Seconds{0}) {
      decision.contact_before =
          ForbiddenFrom(question, moment.now, moment.now + request.permit_ttl);
    }
    if (IsDated(next, decision, question.between)) {
      const Contact taken = Take(request, finding, moment.now);
      told_next_allowed = Date(question, moment.now, &taken, finding);
    }
  } else if (IsDated(next, decision, question.between)) {
    told_next_allowed = Date(question, moment.now, nullptr, finding);
  }
  Judgement judgement = Tell(std::move(decision), question.between, told_next_allowed);
  Decided decided = DecidedAs(request, judgement);
  decided.attempts_apart =
      judgement.decision.verdict == Verdict::kAllowed && finding.attempts_apart;
  judgement.event = std::move(decided);
  return judgement;
}

Judgement Check(const Record& record, const Request& request, const Moment& moment,
                NextAllowed next) {
  const Question question = Ask(record, request, request.company, moment);
  Finding finding = Find(question, moment.now);
  Decision& decision = finding.decision;
  std::optional<Instant> told_next_allowed;
  if (decision.verdict == Verdict::kAllowed) {
    decision.contact_before = ForbiddenFrom(question, moment.now, moment.now + request.permit_ttl);
    if (IsDated(next, decision, question.between)) {
      told_next_allowed = decision.next_allowed = moment.now;
    }
  } else if (IsDated(next, decision, question.between)) {
    told_next_allowed = Date(question, moment.now, nullptr, finding);
  }
  return Tell(std::move(decision), question.between, told_next_allowed);
}

}  // namespace consent::core

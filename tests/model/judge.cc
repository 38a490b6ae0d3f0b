// SPDX-License-Identifier: Apache-2.0
//
// How a request is judged at a moment, and the moments at which that could change.

#include <algorithm>
#include <set>

#include "tests/model/civil.h"
#include "tests/model/model.h"

namespace consent::model {

using core::Alignment;
using core::Outcome;
using core::Period;
using core::Reason;
using core::Signer;

// The latest grant for the purpose whose valid_from has come; if none has come, the latest. A claim
// for a purpose that any consumer-signed grant names is silent.
const core::Grant* Model::Speaker(const View& view, const core::Request& request, Instant t,
                                  bool* revoked) const {
  const bool consumer_spoke =
      std::any_of(view.grants.begin(), view.grants.end(), [&](const View::Given& given) {
        return given.grant.signed_by == Signer::kConsumer &&
               given.grant.purposes.Has(request.purpose);
      });
  const View::Given* latest = nullptr;
  const View::Given* latest_come = nullptr;
  for (const View::Given& given : view.grants) {
    if (!given.grant.purposes.Has(request.purpose)) continue;
    if (consumer_spoke && given.grant.signed_by != Signer::kConsumer) continue;
    latest = &given;
    if (given.grant.valid_from <= t) latest_come = &given;
  }
  const View::Given* speaks = latest_come != nullptr ? latest_come : latest;
  if (speaks == nullptr) return nullptr;
  *revoked = speaks->revoked;
  return &speaks->grant;
}

bool Model::InHours(const core::Grant& grant, Instant t) const {
  if (grant.hours.empty()) return true;
  const absl::CivilSecond wall = Wall(t, *zone_);
  const int day = static_cast<int>(absl::GetWeekday(wall));  // Monday is 0.
  const int second = wall.hour() * 3600 + wall.minute() * 60 + wall.second();
  return std::any_of(grant.hours.begin(), grant.hours.end(), [&](const core::Span& span) {
    return ((span.days >> day) & 1) != 0 && span.from_minute * 60 <= second &&
           second < span.to_minute * 60;
  });
}

// Whether a contact made at `contact` lies in the limit's window at `t`.
bool Model::CountsIn(const core::Grant& grant, const core::Limit& limit, Instant contact,
                     Instant t) const {
  const core::Window& window = limit.window;
  if (window.period == Period::kLifetime) return contact >= grant.valid_from;
  switch (window.alignment) {
    case Alignment::kCalendar:
      return BlockOf(DayOf(contact, *zone_), window.period, window.count) ==
             BlockOf(DayOf(t, *zone_), window.period, window.count);
    case Alignment::kRolling:
      return t < Plus(contact, window.period, window.count, *zone_);
    case Alignment::kGrant:
      return contact >= grant.valid_from &&
             AnniversaryOf(contact, grant.valid_from, window.period, window.count, *zone_) ==
                 AnniversaryOf(t, grant.valid_from, window.period, window.count, *zone_);
    default:
      return false;
  }
}

int64_t Model::Rest(const View& view, const core::Grant& grant, const core::Limit& limit,
                    Instant t) const {
  // Nobody knows what was allowed just before a loss was accepted.
  if (view.loss.has_value() && CountsIn(grant, limit, *view.loss, t)) return 0;
  int64_t contacts = 0;
  int64_t attempts = 0;
  for (const Contact& contact : view.contacts) {
    if (!contact.CountsAt(t) || !limit.channels.Has(contact.request.channel) ||
        !grant.purposes.Has(contact.request.purpose) || !CountsIn(grant, limit, contact.at, t)) {
      continue;
    }
    ++attempts;
    const bool reached_nobody = contact.outcome == Outcome::kNoAnswer ||
                                contact.outcome == Outcome::kBusy ||
                                contact.outcome == Outcome::kFailed;
    if (!limit.max_attempts.has_value() || !reached_nobody) ++contacts;
  }
  int64_t rest = limit.max - contacts;
  if (limit.max_attempts.has_value()) rest = std::min(rest, *limit.max_attempts - attempts);
  return std::max<int64_t>(rest, 0);
}

Reason Model::Judge(const View& view, const core::Request& request, Instant t, bool limits_aside,
                    std::string* full) const {
  if (view.blocked.Has(request.channel)) return Reason::kBlocked;
  bool revoked = false;
  const core::Grant* grant = Speaker(view, request, t, &revoked);
  if (grant == nullptr) {
    return view.grants.empty() ? Reason::kNoPermission : Reason::kNotForThisPurpose;
  }
  if (revoked) return Reason::kRevoked;
  if (t >= grant->valid_until) return Reason::kExpired;
  if (t < grant->valid_from) return Reason::kNotYetValid;
  const bool named =
      std::any_of(grant->limits.begin(), grant->limits.end(),
                  [&](const core::Limit& limit) { return limit.channels.Has(request.channel); });
  if (!named) return Reason::kNotOnThisChannel;
  if (!zone_.has_value()) return Reason::kUnknownZone;
  if (!InHours(*grant, t)) return Reason::kOutsideHours;
  if (limits_aside) return Reason::kOk;
  for (const core::Limit& limit : grant->limits) {
    if (limit.channels.Has(request.channel) && Rest(view, *grant, limit, t) == 0) {
      if (full != nullptr) *full = limit.id;
      return Reason::kLimitReached;
    }
  }
  return Reason::kOk;
}

// Fills in the grant that spoke and, where the page says so, what remains.
void Model::Describe(const View& view, const core::Request& request, Instant now,
                     Answer& answer) const {
  bool revoked = false;
  const core::Grant* grant = Speaker(view, request, now, &revoked);
  if (grant == nullptr) return;
  answer.grant = grant->id;
  if (answer.reason != Reason::kOk && answer.reason != Reason::kOutsideHours &&
      answer.reason != Reason::kLimitReached) {
    return;
  }
  for (const core::Limit& limit : grant->limits) {
    if (!limit.channels.Has(request.channel)) continue;
    answer.remaining.push_back({limit.id, Rest(view, *grant, limit, now)});
  }
}

std::vector<Edge> Model::Edges(const View& view, Instant from, Instant to) const {
  std::vector<Edge> edges;
  const auto add = [&](Instant at, EdgeKind kind) {
    if (from <= at && at < to) edges.push_back({at, kind});
  };

  for (const Contact& contact : view.contacts) {
    if (contact.held()) add(contact.lapses_at(), EdgeKind::kLapse);
    if (contact.contact_before.has_value()) {
      add(*contact.contact_before, EdgeKind::kContactBefore);
    }
  }
  for (const View::Given& given : view.grants) {
    add(given.grant.valid_from, EdgeKind::kValidity);
    add(given.grant.valid_until, EdgeKind::kValidity);
  }
  if (!zone_.has_value()) return edges;

  for (const Instant change : Transitions(*zone_)) add(change, EdgeKind::kOffset);
  std::set<int32_t> minutes;
  for (const View::Given& given : view.grants) {
    for (const core::Span& span : given.grant.hours) {
      minutes.insert(span.from_minute);
      minutes.insert(span.to_minute);
    }
    for (const core::Limit& limit : given.grant.limits) {
      const core::Window& window = limit.window;
      if (window.alignment == Alignment::kRolling) {
        for (const Contact& contact : view.contacts) {
          add(Plus(contact.at, window.period, window.count, *zone_), EdgeKind::kExpiry);
        }
        if (view.loss.has_value()) {
          add(Plus(*view.loss, window.period, window.count, *zone_), EdgeKind::kExpiry);
        }
      } else if (window.alignment == Alignment::kGrant && given.grant.valid_from < to) {
        int64_t k = AnniversaryOf(std::max(from, given.grant.valid_from), given.grant.valid_from,
                                  window.period, window.count, *zone_);
        for (;; ++k) {
          const Instant start =
              AnniversaryStart(k, given.grant.valid_from, window.period, window.count, *zone_);
          if (start >= to) break;
          add(start, EdgeKind::kAnniversary);
        }
      }
    }
  }

  // Day by day: midnights, and the hours' boundaries in every reading.
  const absl::CivilDay last = DayOf(to, *zone_) + 2;
  for (absl::CivilDay day = DayOf(from, *zone_) - 2; day <= last; ++day) {
    const Instant midnight = Moment(absl::CivilSecond(day), *zone_);
    bool starts_window = false;
    for (const View::Given& given : view.grants) {
      for (const core::Limit& limit : given.grant.limits) {
        const core::Window& window = limit.window;
        if (window.alignment == Alignment::kCalendar &&
            BlockOf(day, window.period, window.count) !=
                BlockOf(day - 1, window.period, window.count)) {
          starts_window = true;
        }
      }
    }
    add(midnight, starts_window ? EdgeKind::kWindow : EdgeKind::kMidnight);
    for (const Instant reading : Readings(absl::CivilSecond(day), *zone_)) {
      add(reading, EdgeKind::kMidnight);
    }
    for (const int32_t minute : minutes) {
      for (const Instant reading : Readings(absl::CivilSecond(day) + minute * 60, *zone_)) {
        add(reading, EdgeKind::kHours);
      }
    }
  }
  return edges;
}

std::optional<Instant> Model::NextAllowed(const View& view, const core::Request& request,
                                          Instant now, Instant from) const {
  const Instant end = now + core::kHorizon + Seconds{1};
  if (Judge(view, request, from, false) == Reason::kOk) return from;
  // Looking at one day, then two, then four: most answers are near.
  int64_t days = 1;
  for (Instant low = from; low < end; days = std::min<int64_t>(2 * days, 64)) {
    const Instant high = std::min(end, low + Seconds{days * 24 * 60 * 60});
    std::set<Instant> moments;
    for (const Edge& edge : Edges(view, low, high)) moments.insert(edge.at);
    for (const Instant t : moments) {
      if (Judge(view, request, t, false) == Reason::kOk) return t;
    }
    low = high;
  }
  return std::nullopt;
}

Instant Model::ContactBefore(const View& view, const core::Request& request, Instant now,
                             Instant end) const {
  Instant first = end;
  for (const Edge& edge : Edges(view, now + Seconds{1}, first)) {
    if (Judge(view, request, edge.at, true) != Reason::kOk) first = std::min(first, edge.at);
  }
  return first;
}

}  // namespace consent::model

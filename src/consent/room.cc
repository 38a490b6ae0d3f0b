// SPDX-License-Identifier: Apache-2.0

#include "src/consent/room.h"

#include <algorithm>

#include "src/consent/window.h"

namespace consent::core {
namespace {

// Calls `count(contact)` for each contact that the view counts at `t`.
template <typename Count>
void ForEachCounted(const LimitView& view, const WindowAt& window, Instant t, Taken taken,
                    Count count) {
  const auto visit = [&](const Contact& contact) {
    if (view.limit->channels.Has(contact.request.channel) &&
        view.purposes.Has(contact.request.purpose) && contact.CountsAt(t) &&
        window.Counts(contact.at)) {
      count(contact);
    }
  };
  if (taken != nullptr) visit(*taken);
  for (auto it = view.contacts->rbegin(); it != view.contacts->rend(); ++it) {
    if (it->at < window.earliest()) break;
    visit(*it);
  }
}

// Without contacts or a loss near enough to count, the calendar need not be asked.
bool MayCountAny(const LimitView& view, Instant t, Taken taken) {
  if (taken != nullptr) return true;
  const Seconds near = LongerThan(view.limit->window);
  if (view.loss != nullptr && t - view.loss->to < near) return true;
  return !view.contacts->empty() && t - view.contacts->back().at < near;
}

// Whether nobody knows how much the window holds.
bool IsLost(const LimitView& view, const WindowAt& window) {
  return view.loss != nullptr && window.Counts(view.loss->to);
}

// Contacts that reached nobody count towards max_attempts alone.
bool CountsTowardsMax(const Limit& limit, const Contact& contact) {
  return !limit.max_attempts.has_value() || !contact.reached_nobody();
}

using Ends = absl::InlinedVector<Instant, 16>;

// The first moment at which fewer than `max` of what ends at `ends` is left.
Instant FewerThan(int64_t max, Ends& ends, Instant t) {
  const int64_t surplus = static_cast<int64_t>(ends.size()) - max;
  if (surplus < 0) return t;
  std::nth_element(ends.begin(), ends.begin() + surplus, ends.end());
  return ends[surplus];
}

Instant RoomFrom(const LimitView& view, Instant t, const absl::TimeZone& zone, Taken taken) {
  if (!MayCountAny(view, t, taken)) return t;
  const Limit& limit = *view.limit;
  const WindowAt window(limit.window, view.since, t, zone);
  Ends reached, attempts;
  ForEachCounted(view, window, t, taken, [&](const Contact& contact) {
    Instant end = window.CountsUntil(contact.at);
    if (contact.held()) end = std::min(end, contact.lapses_at());
    attempts.push_back(end);
    if (CountsTowardsMax(limit, contact)) reached.push_back(end);
  });
  const Instant known = IsLost(view, window) ? window.CountsUntil(view.loss->to) : t;
  const Instant room = std::max(known, FewerThan(limit.max, reached, t));
  if (!limit.max_attempts.has_value()) return room;
  return std::max(room, FewerThan(*limit.max_attempts, attempts, t));
}

}  // namespace

LimitViews LimitsOn(const Question& question, const Grant& grant) {
  LimitViews views;
  for (const Limit& limit : grant.limits) {
    if (!limit.channels.Has(question.channel)) continue;
    views.push_back(
        {&limit, grant.purposes, grant.valid_from, &question.between->contacts, question.loss});
  }
  return views;
}

int64_t RoomAt(const LimitView& view, Instant t, const absl::TimeZone& zone, Taken taken) {
  const Limit& limit = *view.limit;
  int64_t reached = 0, attempts = 0;
  if (MayCountAny(view, t, taken)) {
    const WindowAt window(limit.window, view.since, t, zone);
    if (IsLost(view, window)) return 0;
    ForEachCounted(view, window, t, taken, [&](const Contact& contact) {
      ++attempts;
      if (CountsTowardsMax(limit, contact)) ++reached;
    });
  }
  const int64_t room = limit.max - reached;
  return limit.max_attempts.has_value() ? std::min(room, *limit.max_attempts - attempts) : room;
}

Instant RoomFrom(const LimitViews& views, Instant t, const absl::TimeZone& zone, Taken taken) {
  Instant room = t;
  for (const LimitView& view : views) room = std::max(room, RoomFrom(view, t, zone, taken));
  return room;
}

}  // namespace consent::core

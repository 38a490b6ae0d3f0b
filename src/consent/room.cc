// SPDX-License-Identifier: Apache-2.0

#include "src/consent/room.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "src/consent/window.h"

namespace consent::core {
namespace {

constexpr std::string_view kPreferencesPrefix = "preferences/";

// A callback is counted apart.
constexpr BasisSet AllButCallback() {
  return {
      static_cast<uint16_t>(BasisSet::All().bits & ~(1u << static_cast<int>(Basis::kCallback)))};
}

bool IsOf(const LimitView& view, const ContactKind& kind) {
  return view.channels.Has(kind.channel) && view.purposes.Has(kind.purpose) &&
         view.bases.Has(kind.basis);
}

bool CountsIn(const LimitView& view, const WindowAt& window, Instant t, const Contact& contact) {
  return IsOf(view, KindOf(contact)) && contact.CountsAt(t) && window.Counts(contact.at);
}

// Calls `count(contact)` for each contact that the view counts at `t`.
template <typename Count>
void ForEachCounted(const LimitView& view, const WindowAt& window, Instant t, Taken taken,
                    Count count) {
  const auto visit = [&](const Contact& contact) {
    if (CountsIn(view, window, t, contact)) count(contact);
  };
  if (taken != nullptr) visit(*taken);
  for (const CompanyRecord& company : view.companies) {
    for (auto it = company.contacts.rbegin(); it != company.contacts.rend(); ++it) {
      if (it->at < window.earliest()) break;
      visit(*it);
    }
  }
}

// Without contacts or a loss near enough to count, the calendar need not be asked.
bool MayCountAny(const LimitView& view, Instant t, Taken taken) {
  if (taken != nullptr) return true;
  const Seconds near = LongerThan(view.window);
  if (view.loss != nullptr && t - view.loss->to < near) return true;
  return std::any_of(view.companies.begin(), view.companies.end(), [&](const auto& company) {
    return !company.contacts.empty() && t - company.contacts.back().at < near;
  });
}

// Whether nobody knows how much the window holds.
bool IsLost(const LimitView& view, const WindowAt& window) {
  return view.loss != nullptr && window.Counts(view.loss->to);
}

// Contacts that reached nobody count towards max_attempts alone.
bool CountsTowardsMax(const LimitView& view, const ContactKind& kind) {
  if (!kind.reached_nobody) return true;
  return !view.max_attempts.has_value() && !(view.spares_apart && kind.attempts_apart);
}

// How many contacts a view counts.
struct Counted {
  int64_t attempts = 0;
  int64_t reached = 0;

  void Add(const LimitView& view, const ContactKind& kind, int64_t number) {
    attempts += number;
    if (CountsTowardsMax(view, kind)) reached += number;
  }
};

// Those of the company's contacts, looked up or looked through.
void Count(const LimitView& view, const WindowAt& window, Instant t, const Contacts& contacts,
           Counted& counted) {
  const auto visit = [&](const Contact& contact) {
    if (CountsIn(view, window, t, contact)) counted.Add(view, KindOf(contact), 1);
  };
  const Contacts::Tally* const tally = contacts.tally();
  if (tally == nullptr) {
    for (const Contact& contact : contacts) visit(contact);
    return;
  }
  for (const LeafIndex position : tally->held) visit(*contacts.Find(position));
  for (const Contacts::Row& row : tally->rows) {
    if (IsOf(view, row.kind)) counted.Add(view, row.kind, window.CountOf(row.moments));
  }
}

using Ends = absl::InlinedVector<Instant, 16>;

// The first moment at which fewer than `max` of what ends at `ends` is left.
Instant FewerThan(int64_t max, Ends& ends, Instant t) {
  const int64_t surplus = static_cast<int64_t>(ends.size()) - max;
  if (surplus < 0) return t;
  std::nth_element(ends.begin(), ends.begin() + surplus, ends.end());
  return ends[surplus];
}

int64_t RoomAt(const LimitView& view, Instant t, const absl::TimeZone& zone, Taken taken) {
  Counted counted;
  if (MayCountAny(view, t, taken)) {
    const WindowAt window(view.window, view.since, t, zone);
    if (IsLost(view, window)) return 0;
    if (taken != nullptr && CountsIn(view, window, t, *taken)) {
      counted.Add(view, KindOf(*taken), 1);
    }
    for (const CompanyRecord& company : view.companies) {
      Count(view, window, t, company.contacts, counted);
    }
  }
  const int64_t room = view.max - counted.reached;
  return view.max_attempts.has_value() ? std::min(room, *view.max_attempts - counted.attempts)
                                       : room;
}

Instant RoomFrom(const LimitView& view, Instant t, const absl::TimeZone& zone, Taken taken) {
  if (!MayCountAny(view, t, taken) || RoomAt(view, t, zone, taken) > 0) return t;
  const WindowAt window(view.window, view.since, t, zone);
  Ends reached, attempts;
  ForEachCounted(view, window, t, taken, [&](const Contact& contact) {
    Instant end = window.CountsUntil(contact.at);
    if (contact.held()) end = std::min(end, contact.lapses_at());
    attempts.push_back(end);
    if (CountsTowardsMax(view, KindOf(contact))) reached.push_back(end);
  });
  const Instant known = IsLost(view, window) ? window.CountsUntil(view.loss->to) : t;
  const Instant room = std::max(known, FewerThan(view.max, reached, t));
  if (!view.max_attempts.has_value()) return room;
  return std::max(room, FewerThan(*view.max_attempts, attempts, t));
}

LimitView ViewOf(const Limit& limit, const Question& question) {
  LimitView view;
  view.id = limit.id;
  view.max = limit.max;
  view.max_attempts = limit.max_attempts;
  view.window = limit.window;
  view.channels = limit.channels;
  view.bases = AllButCallback();
  view.loss = question.loss;
  return view;
}

absl::Span<const CompanyRecord> Between(const Question& question) {
  return question.between != nullptr ? absl::MakeConstSpan(question.between, 1)
                                     : absl::Span<const CompanyRecord>();
}

void AddLaw(const Question& question, Basis basis, Instant t, LimitViews& views) {
  for (const Rule* rule : question.rules) {
    const auto* attempts = Binding<AttemptsRule>(*rule, basis, t);
    if (attempts == nullptr) continue;
    LimitView& view = views.emplace_back(ViewOf(attempts->limit, question));
    view.whose = LimitView::Whose::kLaw;
    view.rule = rule;
    view.channels = rule->scope.channels;
    view.purposes = rule->scope.purposes;
    view.bases = rule->scope.bases;
    view.companies = Between(question);
  }
}

// Where others say that the consumer asked, one request after the other gives no new attempts.
Instant CountsSince(const Callback& callback) {
  const bool own = callback.signed_by == Signer::kConsumer;
  return own ? callback.valid_from : callback.valid_from - kCallbackClaimsShare;
}

// So many contacts since the callback was to begin, whatever the law says more.
LimitView CallbackView(const Question& question, const Ground& ground) {
  LimitView view;
  view.max = kCallbackContactsMax;
  view.id = "callback";
  if (ground.rule != nullptr) {
    view.whose = LimitView::Whose::kLaw;
    view.rule = ground.rule;
    view.id = ground.rule->id;
    view.max = std::min(view.max, std::get<Exemption>(ground.rule->body).max_attempts);
  }
  view.window = {Period::kLifetime, Alignment::kUnspecified, 1};
  view.since = CountsSince(ground.callback->callback);
  const Callback& callback = ground.callback->callback;
  const bool own = callback.signed_by == Signer::kConsumer;
  view.channels = own ? callback.channels : ChannelSet::All();
  view.purposes = own ? callback.purposes : PurposeSet::All();
  view.bases.Add(Basis::kCallback);
  view.companies = Between(question);
  view.loss = question.loss;
  return view;
}

void AddGrant(const Question& question, const Grant& grant, LimitViews& views) {
  for (const Limit& limit : grant.limits) {
    if (!limit.channels.Has(question.request.channel)) continue;
    LimitView& view = views.emplace_back(ViewOf(limit, question));
    view.purposes = grant.purposes;
    view.since = grant.valid_from;
    view.companies = Between(question);
  }
}

void AddPreferences(const Question& question, LimitViews& views) {
  for (const KeptPreferences& kept : question.record.preferences) {
    const Preferences& preferences = kept.preferences;
    if (!preferences.purposes.Has(question.request.purpose)) continue;
    for (const Limit& limit : preferences.limits) {
      if (!limit.channels.Has(question.request.channel)) continue;
      LimitView& view = views.emplace_back(ViewOf(limit, question));
      view.whose = LimitView::Whose::kPreferences;
      view.purposes = preferences.purposes;
      view.spares_apart = true;
      view.companies = question.record.companies;
    }
  }
}

}  // namespace

std::string LimitView::Name() const {
  switch (whose) {
    case Whose::kLaw:
      return absl::StrCat("law/", std::string(id));
    case Whose::kGrant:
      return std::string(id);
    case Whose::kPreferences:
      return absl::StrCat(std::string(kPreferencesPrefix), std::string(id));
  }
  return std::string(id);
}

bool IsPreference(std::string_view limit_name) {
  return limit_name.substr(0, kPreferencesPrefix.size()) == kPreferencesPrefix;
}

LimitViews LimitsOn(const Question& question, const Ground& ground, Instant t) {
  LimitViews views;
  AddLaw(question, ground.basis, t, views);
  if (ground.callback != nullptr) {
    views.push_back(CallbackView(question, ground));
    return views;
  }
  for (const KeptGrant* kept : ground.grants) AddGrant(question, kept->grant, views);
  AddPreferences(question, views);
  return views;
}

int64_t RoomAt(const LimitView& view, Instant t, absl::Span<const absl::TimeZone> zones,
               Taken taken) {
  int64_t room = INT64_MAX;
  for (const absl::TimeZone& zone : zones) room = std::min(room, RoomAt(view, t, zone, taken));
  return room;
}

Instant RoomFrom(const LimitViews& views, Instant t, absl::Span<const absl::TimeZone> zones,
                 Taken taken) {
  Instant room = t;
  for (const LimitView& view : views) {
    for (const absl::TimeZone& zone : zones) {
      room = std::max(room, RoomFrom(view, t, zone, taken));
    }
  }
  return room;
}

}  // namespace consent::core

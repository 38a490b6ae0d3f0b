// SPDX-License-Identifier: Apache-2.0
//
// Every moment at which an answer could change.

#include <algorithm>
#include <set>

#include "tests/model/civil.h"
#include "tests/model/model.h"
#include "tests/model/scene.h"

namespace consent::model {
namespace {

using core::Alignment;

constexpr int64_t kDayS = 24 * 60 * 60;

// The moments of one look, between two.
class Walk {
 public:
  Walk(const World& world, const std::vector<absl::TimeZone>& zones, const View& view, Instant from,
       Instant to)
      : scene_{world, zones, view, kNobodys}, view_(view), from_(from), to_(to) {
    for (const View::Given& given : view.grants) {
      Note(given.grant.limits);
      Note(given.grant.hours);
      Note(given.grant.outside_legal_hours);
    }
    if (view.preferences.has_value()) {
      Note(view.preferences->limits);
      Note(view.preferences->quiet);
    }
    for (const core::Rule& rule : world.law.rules) {
      if (const auto* hours = std::get_if<core::HoursRule>(&rule.body)) Note(hours->spans);
      if (const auto* attempts = std::get_if<core::AttemptsRule>(&rule.body)) {
        windows_.push_back(attempts->limit.window);
      }
    }
  }

  std::vector<Edge> All() {
    Words();
    Law();
    for (const absl::TimeZone& zone : scene_.zones) {
      for (const Instant change : Transitions(zone)) Add(change, EdgeKind::kOffset);
      Windows(zone);
      Days(zone);
    }
    return std::move(edges_);
  }

 private:
  static const core::Request kNobodys;

  void Add(Instant at, EdgeKind kind) {
    if (from_ <= at && at < to_) edges_.push_back({at, kind});
  }
  void Note(const std::vector<core::Limit>& limits) {
    for (const core::Limit& limit : limits) windows_.push_back(limit.window);
  }
  void Note(const std::vector<core::Span>& spans) {
    for (const core::Span& span : spans) {
      minutes_.insert(span.from_minute);
      minutes_.insert(span.to_minute);
    }
  }

  // What was said and done names its own moments.
  void Words() {
    for (const Contact& contact : view_.contacts) {
      if (contact.held()) Add(contact.lapses_at(), EdgeKind::kLapse);
      if (contact.contact_before.has_value()) {
        Add(*contact.contact_before, EdgeKind::kContactBefore);
      }
    }
    for (const View::Given& given : view_.grants) {
      Add(given.grant.valid_from, EdgeKind::kValidity);
      Add(given.grant.valid_until, EdgeKind::kValidity);
    }
    if (view_.preferences.has_value() && view_.preferences->pause_until.has_value()) {
      Add(*view_.preferences->pause_until, EdgeKind::kTerm);
    }
    for (const View::Asked& asked : view_.callbacks) {
      Add(asked.callback.valid_from, EdgeKind::kTerm);
      Add(asked.callback.valid_until, EdgeKind::kTerm);
    }
    for (const View::Claimed& claimed : view_.contracts) {
      Add(claimed.contract.valid_from, EdgeKind::kTerm);
      Add(claimed.contract.valid_until, EdgeKind::kTerm);
    }
    for (const Delegate& delegate : view_.delegations) {
      Add(delegate.from, EdgeKind::kTerm);
      Add(delegate.until, EdgeKind::kTerm);
    }
  }

  void Law() {
    for (const core::Rule& rule : scene_.world.law.rules) {
      Add(rule.scope.from, EdgeKind::kLaw);
      Add(rule.scope.until, EdgeKind::kLaw);
      if (const auto* exemption = std::get_if<core::Exemption>(&rule.body)) {
        for (const core::RelationTerm& term : exemption->relations) {
          for (const View::Claimed& claimed : view_.contracts) {
            Add(EndOf(scene_, term, claimed.contract), EdgeKind::kTerm);
          }
        }
      } else if (const auto* list = std::get_if<core::ListRule>(&rule.body)) {
        for (const List& listing : view_.listings) {
          Add(listing.listed_at + Seconds{list->binds_after_days * kDayS}, EdgeKind::kTerm);
          Add(EndOf(scene_, *list, listing), EdgeKind::kTerm);
        }
        for (const auto& [name, came] : view_.copies) {
          Add(came + Seconds{list->stale_after_days * kDayS}, EdgeKind::kTerm);
        }
      } else if (const auto* silence = std::get_if<core::SilenceRule>(&rule.body)) {
        for (const View::Refused& refused : view_.refusals) {
          Add(SilentUntil(scene_, refused.at, silence->days), EdgeKind::kSilence);
        }
      } else if (const auto* caller = std::get_if<core::CallerRule>(&rule.body)) {
        for (const View::Registered& registered : view_.numbers) {
          Add(registered.at + Seconds{caller->new_numbers_days * kDayS}, EdgeKind::kTerm);
        }
      }
    }
  }

  void Windows(const absl::TimeZone& zone) {
    for (const core::Window& window : windows_) {
      if (window.alignment != Alignment::kRolling) continue;
      for (const Contact& contact : view_.contacts) {
        Add(Plus(contact.at, window.period, window.count, zone), EdgeKind::kExpiry);
      }
      if (view_.loss.has_value()) {
        Add(Plus(*view_.loss, window.period, window.count, zone), EdgeKind::kExpiry);
      }
    }
    for (const View::Given& given : view_.grants) {
      const Instant since = given.grant.valid_from;
      for (const core::Limit& limit : given.grant.limits) {
        const core::Window& window = limit.window;
        if (window.alignment != Alignment::kGrant || since >= to_) continue;
        for (int64_t k =
                 AnniversaryOf(std::max(from_, since), since, window.period, window.count, zone);
             ; ++k) {
          const Instant start = AnniversaryStart(k, since, window.period, window.count, zone);
          if (start >= to_) break;
          Add(start, EdgeKind::kAnniversary);
        }
      }
    }
  }

  bool StartsWindow(absl::CivilDay day) const {
    return std::any_of(windows_.begin(), windows_.end(), [&](const core::Window& window) {
      return window.alignment == Alignment::kCalendar &&
             BlockOf(day, window.period, window.count) !=
                 BlockOf(day - 1, window.period, window.count);
    });
  }

  // Day by day: midnights, and the hours' boundaries in every reading. Where the clock is not
  // changed there is one reading, so many minutes after midnight.
  void Days(const absl::TimeZone& zone) {
    const std::vector<Instant>& changes = Transitions(zone);
    const absl::CivilDay last = DayOf(to_, zone) + 2;
    for (absl::CivilDay day = DayOf(from_, zone) - 2; day <= last; ++day) {
      const Instant midnight = Moment(absl::CivilSecond(day), zone);
      Add(midnight, StartsWindow(day) ? EdgeKind::kWindow : EdgeKind::kMidnight);
      const auto change =
          std::lower_bound(changes.begin(), changes.end(), midnight - Seconds{kDayS});
      if (change == changes.end() || *change > midnight + Seconds{2 * kDayS}) {
        for (const int32_t minute : minutes_) {
          Add(midnight + Seconds{minute * INT64_C(60)}, EdgeKind::kHours);
        }
        continue;
      }
      for (const Instant reading : Readings(absl::CivilSecond(day), zone)) {
        Add(reading, EdgeKind::kMidnight);
      }
      for (const int32_t minute : minutes_) {
        for (const Instant reading : Readings(absl::CivilSecond(day) + minute * 60, zone)) {
          Add(reading, EdgeKind::kHours);
        }
      }
    }
  }

  const Scene scene_;
  const View& view_;
  const Instant from_;
  const Instant to_;
  std::vector<core::Window> windows_;  // Of all limits.
  std::set<int32_t> minutes_;          // Of all hours.
  std::vector<Edge> edges_;
};

const core::Request Walk::kNobodys;

}  // namespace

std::vector<Edge> Model::Edges(const View& view, Instant from, Instant to) const {
  return Walk(world_, zones_, view, from, to).All();
}

}  // namespace consent::model

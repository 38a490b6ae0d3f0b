// SPDX-License-Identifier: Apache-2.0
//
// Scene: one request before the model, with all that bears on it, and what it stands on, what
// limits it and what law says of it at a moment. Private to the model.

#ifndef CONSENT_MODEL_SCENE_H_
#define CONSENT_MODEL_SCENE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/law.h"
#include "tests/model/view.h"

namespace consent::model {

// All references must outlive the scene.
struct Scene {
  const World& world;
  const std::vector<absl::TimeZone>& zones;
  const View& view;
  const core::Request& request;

  // Where months are counted that no zone is named for.
  absl::TimeZone first_zone() const { return zones.empty() ? absl::UTCTimeZone() : zones[0]; }
};

// What a contact would stand on. `reason` is OK when there is something.
struct Ground {
  core::Reason reason = core::Reason::kNoPermission;
  core::Basis basis = core::Basis::kUnspecified;
  const View::Given* grant = nullptr;
  const View::Asked* callback = nullptr;
  std::string rule;                   // The exemption's, or the rule that denies.
  std::optional<int64_t> exempt_max;  // Of a callback: how often that exemption lets it be tried.
};
Ground GroundAt(const Scene& scene, Instant t);

// Whether the rule speaks of such a contact, of one on this basis, at that time.
bool Binds(const Scene& scene, const core::Rule& rule, core::Basis basis, Instant t);
// The same, whatever the basis.
bool Concerns(const Scene& scene, const core::Rule& rule, Instant t);

// When a relation, as the term takes it, or a listing under the rule, is over.
Instant EndOf(const Scene& scene, const core::RelationTerm& term, const core::Contract& contract);
Instant EndOf(const Scene& scene, const core::ListRule& rule, const List& listing);
// When the consumer has been left alone for so many full days.
Instant SilentUntil(const Scene& scene, Instant declined, int32_t days);

bool InHours(const std::vector<core::Span>& spans, Instant t, const absl::TimeZone& zone);
bool IsHoliday(const std::vector<core::Holiday>& holidays, Instant t, const absl::TimeZone& zone);

// One thing that limits a contact, and what it counts.
struct Cap {
  std::string name;  // As answers write it.
  std::string rule;  // Of law.
  core::Limit limit;
  Instant since;  // Where GRANT windows and LIFETIME begin.
  core::PurposeSet purposes;
  core::BasisSet bases;
  bool all_companies = false;
};
// In the order in which they are judged.
std::vector<Cap> CapsOn(const Scene& scene, const Ground& ground, Instant t);
// How many more contacts it allows, at least 0; of several zones the least.
int64_t Rest(const Scene& scene, const Cap& cap, Instant t);

}  // namespace consent::model

#endif  // CONSENT_MODEL_SCENE_H_

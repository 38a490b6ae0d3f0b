// SPDX-License-Identifier: Apache-2.0

#include "src/verify/placed.h"

#include <type_traits>
#include <variant>

#include "src/consent/place.h"
#include "src/contact/contact_point.h"
#include "src/contact/region.h"
#include "src/contact/zone.h"

namespace consent::verify {
namespace {

// Null where the event is about nobody, or takes the consumer's place from the record.
const core::Place* PlaceIn(const core::EventBody& event) {
  return std::visit(
      [](const auto& body) -> const core::Place* {
        if constexpr (std::is_same_v<std::decay_t<decltype(body)>, core::Decided>) {
          return body.subject.has_value() ? &body.subject->place : nullptr;
        } else if constexpr (requires { body.subject; }) {
          return &body.subject.place;
        } else {
          return nullptr;
        }
      },
      event);
}

}  // namespace

bool IsNewcomer(const core::Record& record) {
  return record.seen == TreeSize{} || (record.erased.has_value() && record.place == core::Place());
}

std::string MisplacedIn(const core::EventBody& event, const core::Record& record,
                        std::string_view contact_point) {
  const core::Place* const place = PlaceIn(event);
  if (place == nullptr) return "";
  const bool states_zone = std::holds_alternative<core::Bound>(event);
  core::Place expected;
  // Whoever takes the place of somebody erased is placed by each statement until a zone is known.
  const bool by_statement =
      !std::holds_alternative<core::Decided>(event) && !std::holds_alternative<core::Listed>(event);
  const bool unplaced = by_statement && record.erased.has_value() && record.place.zones.empty();
  if (unplaced || IsNewcomer(record)) {
    const auto point = contact::ContactPoint::Parse(contact_point);
    if (!point.ok()) return "brings a place, and no contact point that tells of it";
    expected = {.zones = contact::ZonesOf(*point), .regions = contact::RegionsOf(*point)};
  }
  if ((states_zone || place->zones == expected.zones) && place->regions == expected.regions) {
    return "";
  }
  return "takes the consumer to be elsewhere than the contact point tells";
}

}  // namespace consent::verify

// SPDX-License-Identifier: Apache-2.0

#include "src/rules/holiday_reader.h"

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/text/value_reader.h"
#include "src/text/zone_name.h"

namespace consent::rules {
namespace {

using text::Describe;
using text::Errors;
using text::Fields;
using text::Node;

constexpr int64_t kEasterOffsetMax = 100;  // Days on either side; the feasts lie within 63.

// "07-14", read as a day of a leap year, so that 29 February is one.
void ReadDate(const Node& node, core::Holiday& holiday, Errors& errors) {
  Node day = node;
  day.text = absl::StrCat("2000-", node.text);
  Errors ignored;
  const std::optional<absl::CivilDay> read = ReadDay(day, ignored);
  if (read.has_value()) {
    holiday.month = read->month();
    holiday.day = read->day();
  } else {
    errors.Add(node.line,
               absl::StrCat("expected a day of the year as 07-14, found ", Describe(node)));
  }
}

void ReadZones(const Node& node, core::Holiday& holiday, Errors& errors) {
  const std::vector<Node>* list = ReadList(node, "names of time zones", errors);
  if (list == nullptr) return;
  if (list->empty()) errors.Add(node.line, "expected at least one time zone, found an empty list");
  for (const Node& item : *list) {
    if (item.kind == Node::Kind::kText && text::LoadZone(item.text).has_value()) {
      holiday.zones.push_back(item.text);
    } else {
      errors.Add(item.line, absl::StrCat("expected the IANA name of a time zone, as Europe/Paris, "
                                         "found ",
                                         Describe(item)));
    }
  }
}

core::Holiday ReadHoliday(const Node& node, Errors& errors) {
  core::Holiday holiday;
  Fields fields(node, "a holiday", errors);
  const Node* date = fields.Optional("date");
  const Node* easter = fields.Optional("easter");
  if (const Node* zones = fields.Optional("zones")) ReadZones(*zones, holiday, errors);
  fields.Close();
  if (!fields.ok()) return holiday;
  if ((date == nullptr) == (easter == nullptr)) {
    errors.Add(node.line, absl::StrCat("expected either `date` or `easter` in a holiday, found ",
                                       date == nullptr ? "neither" : "both"));
    return holiday;
  }
  if (date != nullptr) {
    ReadDate(*date, holiday, errors);
  } else {
    const text::NumberRange range{.min = -kEasterOffsetMax, .max = kEasterOffsetMax};
    holiday.easter_offset_days =
        static_cast<int>(ReadSignedNumber(*easter, "days after Easter", range, errors).value_or(0));
  }
  return holiday;
}

}  // namespace

std::vector<core::Holiday> ReadHolidays(const Node& node, Errors& errors) {
  std::vector<core::Holiday> holidays;
  const std::vector<Node>* list = ReadList(node, "holidays", errors);
  if (list == nullptr) return holidays;
  if (list->size() > core::kHolidaysMax) {
    errors.Add(node.line, absl::StrCat("expected at most ", core::kHolidaysMax, " holidays, found ",
                                       list->size()));
    return holidays;
  }
  for (const Node& item : *list) holidays.push_back(ReadHoliday(item, errors));
  return holidays;
}

}  // namespace consent::rules

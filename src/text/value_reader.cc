// SPDX-License-Identifier: Apache-2.0

#include "src/text/value_reader.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/consent/grant.h"
#include "src/contact/caller_number.h"

namespace consent::text {
namespace {

bool IsDigits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// The value of up to 18 digits; -1 for anything else.
int64_t Digits(std::string_view text) {
  int64_t value = 0;
  if (text.size() > 18 || !IsDigits(text)) return -1;
  for (const char c : text) value = value * 10 + (c - '0');
  return value;
}

void AddUnexpected(const Node& node, std::string_view expected, Errors& errors) {
  errors.Add(node.line,
             absl::StrCat("expected ", std::string(expected), ", found ", Describe(node)));
}

// The names of an enum's values 1 to `max`, as "CALL, SMS or POST".
template <typename Enum>
std::string AllNames(int max) {
  std::string out;
  for (int i = 1; i <= max; ++i) {
    absl::StrAppend(&out, i == 1 ? "" : (i == max ? " or " : ", "),
                    std::string(core::Name(static_cast<Enum>(i))));
  }
  return out;
}

template <typename Enum>
std::optional<Enum> ReadEnum(const Node& node, std::optional<Enum> (*parse)(std::string_view),
                             int max, Errors& errors) {
  if (node.kind == Node::Kind::kText && !node.text.empty()) {
    if (const std::optional<Enum> value = parse(node.text); value.has_value()) return value;
  }
  AddUnexpected(node, AllNames<Enum>(max), errors);
  return std::nullopt;
}

// "+hh:mm", "-hh:mm" or "Z" as seconds east of Greenwich.
std::optional<int64_t> ParseOffset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
    return std::nullopt;
  }
  const int64_t hours = Digits(text.substr(1, 2));
  const int64_t minutes = Digits(text.substr(4, 2));
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
  const int64_t offset_seconds = hours * 3600 + minutes * 60;
  return text[0] == '-' ? -offset_seconds : offset_seconds;
}

std::optional<Instant> ParseInstant(std::string_view text) {
  constexpr size_t kLocalSize = 19;  // 2026-03-01T09:00:00
  if (text.size() <= kLocalSize || text[4] != '-' || text[7] != '-' ||
      (text[10] != 'T' && text[10] != 't') || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const int64_t year = Digits(text.substr(0, 4));
  const int64_t month = Digits(text.substr(5, 2));
  const int64_t day = Digits(text.substr(8, 2));
  const int64_t hour = Digits(text.substr(11, 2));
  const int64_t minute = Digits(text.substr(14, 2));
  const int64_t second = Digits(text.substr(17, 2));
  const std::optional<int64_t> offset = ParseOffset(text.substr(kLocalSize));
  if (std::min({year, month, day, hour, minute, second}) < 0 || !offset.has_value()) {
    return std::nullopt;
  }
  const absl::CivilSecond local(year, month, day, hour, minute, second);
  // A civil time normalises what does not exist: 30 February, 24:00, a 61st second.
  if (local.month() != month || local.day() != day || local.hour() != hour ||
      local.minute() != minute || local.second() != second) {
    return std::nullopt;
  }
  const Instant utc = FromAbslTime(absl::FromCivil(local, absl::UTCTimeZone()));
  const Instant instant = utc - Seconds{*offset};
  if (instant < core::kEarliest || instant >= kNever) return std::nullopt;
  return instant;
}

}  // namespace

Fields::Fields(const Node& node, std::string_view what, Errors& errors)
    : node_(node), what_(what), errors_(errors) {
  if (node.kind != Node::Kind::kMapping) {
    AddUnexpected(node, absl::StrCat(std::string(what), " as a mapping (key: value)"), errors);
    return;
  }
  ok_ = true;
  absl::flat_hash_map<std::string_view, int> lines;
  for (size_t i = 0; i + 1 < node.items.size(); i += 2) {
    const Node& key = node.items[i];
    if (key.kind != Node::Kind::kText) continue;  // Close says so.
    const auto [it, added] = lines.try_emplace(key.text, key.line);
    if (!added) {
      errors.Add(key.line, absl::StrCat("expected each key once, found ", Describe(key),
                                        " again (first in line ", it->second, ")"));
    }
  }
}

const Node* Fields::Find(std::string_view key) const {
  if (!ok_) return nullptr;
  for (size_t i = 0; i + 1 < node_.items.size(); i += 2) {
    const Node& found = node_.items[i];
    if (found.kind == Node::Kind::kText && found.text == key) return &node_.items[i + 1];
  }
  return nullptr;
}

const Node* Fields::Optional(std::string_view key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  return Find(key);
}

const Node* Fields::Required(std::string_view key) {
  const Node* found = Optional(key);
  if (found == nullptr && ok_) {
    errors_.Add(node_.line, absl::StrCat("expected the key \"", std::string(key), "\" in ",
                                         std::string(what_), ", found none"));
  }
  return found;
}

void Fields::Close() {
  if (!ok_) return;
  for (size_t i = 0; i + 1 < node_.items.size(); i += 2) {
    const Node& key = node_.items[i];
    const bool known = key.kind == Node::Kind::kText &&
                       std::find(asked_.begin(), asked_.end(), key.text) != asked_.end();
    if (known) continue;
    errors_.Add(key.line, absl::StrCat("expected a key of ", std::string(what_), " (",
                                       absl::StrJoin(asked_, ", "), "), found ", Describe(key)));
  }
}

const std::vector<Node>* ReadList(const Node& node, std::string_view what, Errors& errors) {
  if (node.kind == Node::Kind::kList) return &node.items;
  AddUnexpected(node, absl::StrCat("a list of ", std::string(what)), errors);
  return nullptr;
}

std::optional<std::string> ReadText(const Node& node, std::string_view what, Errors& errors) {
  if (node.kind == Node::Kind::kText) return node.text;
  AddUnexpected(node, what, errors);
  return std::nullopt;
}

std::optional<std::string> ReadId(const Node& node, std::string_view what, Errors& errors) {
  const bool printable = std::all_of(node.text.begin(), node.text.end(), [](char c) {
    return absl::ascii_isprint(static_cast<unsigned char>(c));
  });
  if (node.kind == Node::Kind::kText && printable && !node.text.empty() &&
      node.text.size() <= core::kIdBytesMax) {
    return node.text;
  }
  AddUnexpected(node,
                absl::StrCat(std::string(what), " of 1 to ", core::kIdBytesMax,
                             " printable ASCII characters"),
                errors);
  return std::nullopt;
}

std::optional<std::string> ReadCompany(const Node& node, Errors& errors) {
  std::optional<std::string> company = ReadId(node, "a company", errors);
  if (company != "*") return company;
  AddUnexpected(node, "one company (\"*\" stands for all in block and unblock alone)", errors);
  return std::nullopt;
}

std::optional<std::string> ReadCallerNumber(const Node& node, Errors& errors) {
  const std::optional<std::string> text = ReadText(node, "a phone number", errors);
  if (!text.has_value()) return std::nullopt;
  absl::StatusOr<std::string> number = contact::ParseCallerNumber(*text);
  if (number.ok()) return *std::move(number);
  errors.Add(node.line, absl::StrCat("expected a phone number as +33199001234, found a text that "
                                     "is none (",
                                     std::string(number.status().message()), ")"));
  return std::nullopt;
}

std::optional<std::string> ReadSender(const Node& node, Errors& errors) {
  const std::optional<std::string> text = ReadText(node, "a sender", errors);
  if (!text.has_value()) return std::nullopt;
  absl::StatusOr<std::string> sender = contact::ParseSender(*text);
  if (sender.ok()) return *std::move(sender);
  errors.Add(node.line, std::string(sender.status().message()) + ", found another text");
  return std::nullopt;
}

std::optional<int64_t> ReadNumber(const Node& node, std::string_view what, NumberRange range,
                                  Errors& errors) {
  if (node.kind == Node::Kind::kText && !node.quoted) {
    const int64_t value = Digits(node.text);
    if (value >= 0 && value >= range.min && value <= range.max) return value;
  }
  AddUnexpected(node,
                absl::StrCat(std::string(what), " as a whole number from ", range.min, " to ",
                             range.max, " without quotation marks"),
                errors);
  return std::nullopt;
}

std::optional<int64_t> ReadSignedNumber(const Node& node, std::string_view what, NumberRange range,
                                        Errors& errors) {
  if (node.kind == Node::Kind::kText && !node.quoted) {
    std::string_view digits = node.text;
    const bool negative = digits.substr(0, 1) == "-";
    if (negative) digits.remove_prefix(1);
    const int64_t size = Digits(digits);
    const int64_t value = negative ? -size : size;
    if (size >= 0 && value >= range.min && value <= range.max) return value;
  }
  AddUnexpected(node,
                absl::StrCat(std::string(what), " as a whole number from ", range.min, " to ",
                             range.max, " without quotation marks"),
                errors);
  return std::nullopt;
}

std::optional<bool> ReadBool(const Node& node, Errors& errors) {
  const std::optional<int> word = ReadWord(node, {"false", "true"}, errors);
  return word.has_value() ? std::optional(*word == 1) : std::nullopt;
}

std::optional<absl::CivilDay> ReadDay(const Node& node, Errors& errors) {
  constexpr int64_t kYearMin = 1900;
  const std::string_view text = node.text;
  if (node.kind == Node::Kind::kText && text.size() == 10 && text[4] == '-' && text[7] == '-') {
    const int64_t year = Digits(text.substr(0, 4));
    const int64_t month = Digits(text.substr(5, 2));
    const int64_t number = Digits(text.substr(8, 2));
    const absl::CivilDay day(year, month, number);
    // A civil day normalises what does not exist, as 30 February.
    if (year >= kYearMin && month == day.month() && number == day.day()) return day;
  }
  AddUnexpected(node, "a day as 2026-08-11 (years 1900 to 9999)", errors);
  return std::nullopt;
}

std::optional<Instant> ReadInstant(const Node& node, Errors& errors) {
  if (node.kind == Node::Kind::kText) {
    if (const std::optional<Instant> instant = ParseInstant(node.text); instant.has_value()) {
      return instant;
    }
  }
  AddUnexpected(node,
                "a time as 2026-03-01T09:00:00Z (RFC 3339, whole seconds, Z or an offset, years "
                "1900 to 9999)",
                errors);
  return std::nullopt;
}

std::optional<Seconds> ReadDuration(const Node& node, Errors& errors) {
  constexpr int64_t kSecondsMax = 24 * 60 * 60;
  if (node.kind == Node::Kind::kText && node.text.size() >= 2) {
    const int64_t count = Digits(std::string_view(node.text).substr(0, node.text.size() - 1));
    const char unit = node.text.back();
    const int64_t unit_seconds = unit == 's' ? 1 : unit == 'm' ? 60 : unit == 'h' ? 3600 : 0;
    // Compared before it is multiplied, which might overflow.
    if (unit_seconds > 0 && count >= 1 && count <= kSecondsMax / unit_seconds) {
      return Seconds{count * unit_seconds};
    }
  }
  AddUnexpected(node, "a duration as 90s, 5m or 24h, from 1s to 24h", errors);
  return std::nullopt;
}

std::optional<int32_t> ReadWallClock(const Node& node, WallClock allowed, Errors& errors) {
  const std::string_view text = node.text;
  if (node.kind == Node::Kind::kText && text.size() == 5 && text[2] == ':') {
    const int64_t hour = Digits(text.substr(0, 2));
    const int64_t minute = Digits(text.substr(3, 2));
    if (hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59) {
      return static_cast<int32_t>(hour * 60 + minute);
    }
    if (allowed.end_of_day && text == "24:00") return 24 * 60;
  }
  AddUnexpected(node,
                allowed.end_of_day ? "a time of day from \"00:00\" to \"24:00\""
                                   : "a time of day from \"00:00\" to \"23:59\"",
                errors);
  return std::nullopt;
}

std::optional<int> ReadWord(const Node& node, std::initializer_list<std::string_view> words,
                            Errors& errors) {
  if (node.kind == Node::Kind::kText) {
    const auto* found = std::find(words.begin(), words.end(), node.text);
    if (found != words.end()) return static_cast<int>(found - words.begin());
  }
  std::string expected;
  for (const std::string_view word : words) {
    absl::StrAppend(&expected, expected.empty() ? "" : (word == *(words.end() - 1) ? " or " : ", "),
                    std::string(word));
  }
  AddUnexpected(node, expected, errors);
  return std::nullopt;
}

std::optional<uint8_t> ReadDays(const Node& node, Errors& errors) {
  const std::vector<Node>* list = ReadList(node, "days", errors);
  if (list == nullptr) return std::nullopt;
  uint8_t days = 0;
  bool ok = true;
  for (const Node& item : *list) {
    const std::optional<int> day =
        ReadWord(item, {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"}, errors);
    if (day.has_value()) days |= static_cast<uint8_t>(1u << *day);
    ok = ok && day.has_value();
  }
  if (list->empty()) errors.Add(node.line, "expected at least one day, found an empty list");
  if (!ok || list->empty()) return std::nullopt;
  return days;
}

std::optional<core::Channel> ReadChannel(const Node& node, Errors& errors) {
  return ReadEnum<core::Channel>(node, core::ParseChannel, core::kChannelMax, errors);
}
std::optional<core::Purpose> ReadPurpose(const Node& node, Errors& errors) {
  return ReadEnum<core::Purpose>(node, core::ParsePurpose, core::kPurposeMax, errors);
}
std::optional<core::Outcome> ReadOutcome(const Node& node, Errors& errors) {
  return ReadEnum<core::Outcome>(node, core::ParseOutcome, core::kOutcomeMax, errors);
}
std::optional<core::Signer> ReadSigner(const Node& node, Errors& errors) {
  return ReadEnum<core::Signer>(node, core::ParseSigner, core::kSignerMax, errors);
}

std::optional<core::Basis> ReadBasis(const Node& node, Errors& errors) {
  return ReadEnum<core::Basis>(node, core::ParseBasis, core::kBasisMax, errors);
}
std::optional<core::Matter> ReadMatter(const Node& node, Errors& errors) {
  return ReadEnum<core::Matter>(node, core::ParseMatter, core::kMatterMax, errors);
}
std::optional<core::Relation> ReadRelation(const Node& node, Errors& errors) {
  return ReadEnum<core::Relation>(node, core::ParseRelation, core::kRelationMax, errors);
}
std::optional<core::HolderClass> ReadHolderClass(const Node& node, Errors& errors) {
  return ReadEnum<core::HolderClass>(node, core::ParseHolderClass, core::kHolderClassMax, errors);
}

namespace {
template <typename Set, typename Enum>
std::optional<Set> ReadSet(const Node& node, std::string_view what,
                           std::optional<Enum> (*read)(const Node&, Errors&), Errors& errors) {
  const std::vector<Node>* list = ReadList(node, what, errors);
  if (list == nullptr) return std::nullopt;
  Set set;
  bool ok = true;
  for (const Node& item : *list) {
    const std::optional<Enum> word = read(item, errors);
    if (word.has_value()) set.Add(*word);
    ok = ok && word.has_value();
  }
  if (list->empty()) {
    errors.Add(node.line, absl::StrCat("expected a list of ", std::string(what),
                                       " with at least one, found an empty list"));
  }
  if (!ok || list->empty()) return std::nullopt;
  return set;
}
}  // namespace

std::optional<core::ChannelSet> ReadChannels(const Node& node, Errors& errors) {
  return ReadSet<core::ChannelSet>(node, "channels", ReadChannel, errors);
}
std::optional<core::PurposeSet> ReadPurposes(const Node& node, Errors& errors) {
  return ReadSet<core::PurposeSet>(node, "purposes", ReadPurpose, errors);
}
std::optional<core::BasisSet> ReadBases(const Node& node, Errors& errors) {
  return ReadSet<core::BasisSet>(node, "bases", ReadBasis, errors);
}
std::optional<core::MatterSet> ReadMatters(const Node& node, Errors& errors) {
  return ReadSet<core::MatterSet>(node, "matters", ReadMatter, errors);
}

}  // namespace consent::text

// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/arguments.h"

#include <array>
#include <fstream>
#include <iostream>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/consent/vocabulary.h"
#include "src/consentctl/failure.h"

namespace consent::ctl {
namespace {

constexpr int64_t kDurationSecondsMax = 24 * 60 * 60;
constexpr std::array<std::string_view, 7> kDays = {"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"};

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }
std::string_view View(absl::string_view text) { return {text.data(), text.size()}; }
std::string Upper(std::string_view text) { return absl::AsciiStrToUpper(View(text)); }

std::string WithoutPrefix(const std::string& name, std::string_view prefix, int number) {
  if (name.empty()) return std::to_string(number);
  return name.size() > prefix.size() ? name.substr(prefix.size()) : name;
}

// 0 for Monday; nullopt for what is no day.
std::optional<int> ParseDay(std::string_view text) {
  for (size_t i = 0; i < kDays.size(); ++i) {
    if (kDays[i] == text) return static_cast<int>(i);
  }
  return std::nullopt;
}

std::optional<int> ParseMinute(std::string_view text) {
  const auto digits = [](char a, char b) {
    if (!absl::ascii_isdigit(a) || !absl::ascii_isdigit(b)) return -1;
    return (a - '0') * 10 + (b - '0');
  };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const int hour = digits(text[0], text[1]);
  const int minute = digits(text[3], text[4]);
  if (hour < 0 || minute < 0 || minute > 59 || hour * 60 + minute > 24 * 60) return std::nullopt;
  return hour * 60 + minute;
}

absl::Status BadHours(const std::string& name) {
  return BadInput(name +
                  ": expected days and hours such as \"MON-FRI 10:00-13:00\" or "
                  "\"SAT,SUN 09:00-12:00\"; a span ends after it begins, at 24:00 at the "
                  "latest");
}

}  // namespace

absl::StatusOr<Seconds> ParseDuration(std::string_view text, const std::string& name) {
  int64_t unit = 0;
  if (!text.empty()) {
    const char last = text.back();
    unit = last == 's' ? 1 : last == 'm' ? 60 : last == 'h' ? 3600 : 0;
  }
  int64_t count = 0;
  const bool number = unit != 0 && text.size() <= 6 && absl::ascii_isdigit(text.front()) &&
                      absl::SimpleAtoi(View(text.substr(0, text.size() - 1)), &count);
  if (!number || count < 1 || count * unit > kDurationSecondsMax) {
    return BadInput(name + ": expected a duration from 1s to 24h, such as 90s, 5m or 24h");
  }
  return Seconds{count * unit};
}

absl::StatusOr<google::protobuf::Timestamp> ParseTime(const std::string& text,
                                                      const std::string& name) {
  absl::Time time;
  std::string error;
  // Abseil takes fractions, spaces around and "infinite-future" as well.
  const bool plain = !text.empty() && absl::ascii_isdigit(text.front()) &&
                     text.find_first_of(". ") == std::string::npos && text.size() <= 25;
  if (!plain || !absl::ParseTime(absl::RFC3339_sec, text, &time, &error) ||
      time < absl::UnixEpoch()) {
    return BadInput(name + ": expected a time in whole seconds such as 2026-03-01T09:00:00+01:00");
  }
  google::protobuf::Timestamp result;
  result.set_seconds(absl::ToUnixSeconds(time));
  return result;
}

absl::StatusOr<v1::Channel> ParseChannelName(std::string_view text, const std::string& name) {
  const auto channel = core::ParseChannel(Upper(text));
  if (!channel.has_value()) {
    return BadInput(name +
                    ": expected a channel: CALL, VOICE_PRERECORDED, SMS, MMS, EMAIL, "
                    "MESSAGING or POST");
  }
  return static_cast<v1::Channel>(*channel);
}

absl::StatusOr<v1::Purpose> ParsePurposeName(std::string_view text, const std::string& name) {
  const auto purpose = core::ParsePurpose(Upper(text));
  if (!purpose.has_value()) {
    return BadInput(name +
                    ": expected a purpose: DIRECT_MARKETING, PRESS, SURVEY, POLITICAL, "
                    "CHARITY or SERVICE");
  }
  return static_cast<v1::Purpose>(*purpose);
}

absl::StatusOr<v1::Outcome> ParseOutcomeName(std::string_view text, const std::string& name) {
  const auto outcome = core::ParseOutcome(Upper(text));
  if (!outcome.has_value()) {
    return BadInput(name +
                    ": expected an outcome: CONNECTED, DELIVERED, VOICEMAIL, ABANDONED, "
                    "INVALID_NUMBER, NO_ANSWER, BUSY, FAILED, NOT_SENT, DECLINED, OPPOSED "
                    "or STOP");
  }
  return static_cast<v1::Outcome>(*outcome);
}

absl::StatusOr<v1::Relation> ParseRelationName(std::string_view text, const std::string& name) {
  const auto relation = core::ParseRelation(Upper(text));
  if (!relation.has_value()) {
    return BadInput(name + ": expected a relation: CONTRACT, PURCHASE or INQUIRY");
  }
  return static_cast<v1::Relation>(*relation);
}

absl::StatusOr<v1::HolderClass> ParseHolderClassName(std::string_view text,
                                                     const std::string& name) {
  const auto holder = core::ParseHolderClass(Upper(text));
  if (!holder.has_value()) {
    return BadInput(name +
                    ": expected a class: ADULT, MINOR, PROTECTED, SHARED_LINE or PROFESSIONAL");
  }
  return static_cast<v1::HolderClass>(*holder);
}

absl::StatusOr<std::vector<v1::Channel>> ParseChannelNames(std::string_view text,
                                                           const std::string& name) {
  std::vector<v1::Channel> channels;
  for (const absl::string_view word : absl::StrSplit(View(text), absl::ByAnyChar("+,"))) {
    ASSIGN_OR_RETURN(channels.emplace_back(), ParseChannelName(View(word), name));
  }
  return channels;
}

absl::StatusOr<v1::Hours> ParseHours(std::string_view text, const std::string& name) {
  const std::string upper = Upper(text);
  const std::vector<std::string> halves = absl::StrSplit(upper, ' ');
  if (halves.size() != 2) return BadHours(name);
  v1::Hours hours;
  for (const absl::string_view part : absl::StrSplit(halves[0], ',')) {
    const std::vector<std::string> ends = absl::StrSplit(part, '-');
    if (ends.size() > 2) return BadHours(name);
    const std::optional<int> first = ParseDay(ends.front());
    const std::optional<int> last = ParseDay(ends.back());
    if (!first.has_value() || !last.has_value()) return BadHours(name);
    for (int day = *first;; day = (day + 1) % 7) {
      hours.add_days(static_cast<v1::Weekday>(day + 1));
      if (day == *last) break;
    }
  }
  const std::vector<std::string> span = absl::StrSplit(halves[1], '-');
  if (span.size() != 2) return BadHours(name);
  const std::optional<int> from = ParseMinute(span[0]);
  const std::optional<int> to = ParseMinute(span[1]);
  if (!from.has_value() || !to.has_value() || *from >= *to) return BadHours(name);
  hours.set_from_minute(*from);
  hours.set_to_minute(*to);
  return hours;
}

absl::StatusOr<std::string> ParseKeyId(std::string_view text, const std::string& name) {
  const bool hex = text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
  if (text.size() != 32 || !hex) {
    return BadInput(name +
                    ": expected a key id of 32 hexadecimal digits, as `consentctl keys show` "
                    "prints it");
  }
  return absl::HexStringToBytes(View(text));
}

absl::StatusOr<std::vector<ContactLine>> ReadContactLines(const std::string& path) {
  std::ifstream file;
  if (path != "-") {
    file.open(path);
    if (!file) return BadInput(absl::StrCat("cannot read ", path, ": no such file, or no access"));
  }
  std::istream& in = path == "-" ? std::cin : file;
  std::vector<ContactLine> contacts;
  uint64_t number = 0;
  for (std::string line; std::getline(in, line);) {
    absl::string_view cell = line;
    if (++number == 1) absl::ConsumePrefix(&cell, "\xEF\xBB\xBF");
    if (const size_t end = cell.find_first_of(",;\t"); end != absl::string_view::npos) {
      cell = cell.substr(0, end);
    }
    cell = absl::StripAsciiWhitespace(cell);
    if (cell.size() >= 2 && cell.front() == '"' && cell.back() == '"') {
      cell = absl::StripAsciiWhitespace(cell.substr(1, cell.size() - 2));
    }
    if (cell.empty() || cell.front() == '#') continue;
    contacts.push_back({std::string(cell), number});
  }
  if (in.bad()) return BadInput(absl::StrCat("cannot read ", path, " to its end"));
  return contacts;
}

absl::StatusOr<std::vector<std::string>> ReadContactFile(const std::string& path) {
  ASSIGN_OR_RETURN(std::vector<ContactLine> lines, ReadContactLines(path));
  std::vector<std::string> contacts;
  contacts.reserve(lines.size());
  for (ContactLine& line : lines) contacts.push_back(std::move(line.contact));
  return contacts;
}

absl::StatusOr<std::vector<std::string>> ReadContacts(const std::vector<std::string>& arguments) {
  std::vector<std::string> contacts;
  for (const std::string& argument : arguments) {
    if (argument.empty() || argument.front() != '@') {
      contacts.push_back(argument);
      continue;
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> lines, ReadContactFile(argument.substr(1)));
    contacts.insert(contacts.end(), lines.begin(), lines.end());
  }
  if (contacts.empty()) return BadInput("no contact points: the files named hold none");
  return contacts;
}

std::string NameOf(v1::Channel v) { return WithoutPrefix(v1::Channel_Name(v), "CHANNEL_", v); }
std::string NameOf(v1::Purpose v) { return WithoutPrefix(v1::Purpose_Name(v), "PURPOSE_", v); }
std::string NameOf(v1::Outcome v) { return WithoutPrefix(v1::Outcome_Name(v), "OUTCOME_", v); }
std::string NameOf(v1::Reason v) { return WithoutPrefix(v1::Reason_Name(v), "REASON_", v); }
std::string NameOf(v1::Verdict v) { return WithoutPrefix(v1::Verdict_Name(v), "VERDICT_", v); }
std::string NameOf(v1::Basis v) { return WithoutPrefix(v1::Basis_Name(v), "BASIS_", v); }
std::string NameOf(v1::SignerRole v) {
  return WithoutPrefix(v1::SignerRole_Name(v), "SIGNER_ROLE_", v);
}
std::string NameOf(v1::Weekday v) { return WithoutPrefix(v1::Weekday_Name(v), "WEEKDAY_", v); }
std::string NameOf(v1::Relation v) { return WithoutPrefix(v1::Relation_Name(v), "RELATION_", v); }
std::string NameOf(v1::HolderClass v) {
  return WithoutPrefix(v1::HolderClass_Name(v), "HOLDER_CLASS_", v);
}
std::string NameOf(v1::BlockTarget v) {
  return WithoutPrefix(v1::BlockTarget_Name(v), "BLOCK_TARGET_", v);
}

}  // namespace consent::ctl

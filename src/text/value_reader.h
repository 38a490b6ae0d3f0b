// SPDX-License-Identifier: Apache-2.0
//
// Readers of single values: names, numbers, times, durations, sets of words. Each returns the
// value, or adds one error with the value's line and returns nullopt.

#ifndef CONSENT_TEXT_VALUE_READER_H_
#define CONSENT_TEXT_VALUE_READER_H_

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "src/base/instant.h"
#include "src/consent/vocabulary.h"
#include "src/text/document.h"

namespace consent::text {

// The keys of one mapping. Each key is asked for by name; `Close` then reports all keys that
// nobody asked for.
//
//   Fields fields(node, "a limit", errors);
//   const Node* max = fields.Required("max");      // Null, with an error, when it is missing.
//   const Node* count = fields.Optional("count");  // Null when it is missing.
//   fields.Close();
class Fields {
 public:
  // `what` names the mapping in messages and must outlive the reader. A node that is no mapping,
  // and a key given twice, are reported here.
  Fields(const Node& node, std::string_view what, Errors& errors);

  // False when the node is no mapping; then nothing further is reported of it.
  bool ok() const { return ok_; }
  int line() const { return node_.line; }
  const Node* Required(std::string_view key);
  const Node* Optional(std::string_view key);
  // Whether `key` is there, without asking for it.
  bool Has(std::string_view key) const { return Find(key) != nullptr; }
  void Close();

 private:
  const Node* Find(std::string_view key) const;

  const Node& node_;
  std::string_view what_;
  Errors& errors_;
  bool ok_ = false;
  std::vector<std::string> asked_;
};

// The items of a list; null with an error for anything else.
const std::vector<Node>* ReadList(const Node& node, std::string_view what, Errors& errors);

// Any text, quoted or not.
std::optional<std::string> ReadText(const Node& node, std::string_view what, Errors& errors);

// A name: 1 to 64 printable ASCII characters.
std::optional<std::string> ReadId(const Node& node, std::string_view what, Errors& errors);

// A company: a name, but not "*", which stands for all companies in a block alone.
std::optional<std::string> ReadCompany(const Node& node, Errors& errors);

// A whole number from `min` to `max`, written in digits without quotation marks.
struct NumberRange {
  int64_t min = 0;
  int64_t max = 0;
};
std::optional<int64_t> ReadNumber(const Node& node, std::string_view what, NumberRange range,
                                  Errors& errors);

// The same for numbers that may be below zero.
std::optional<int64_t> ReadSignedNumber(const Node& node, std::string_view what, NumberRange range,
                                        Errors& errors);

// `true` or `false`.
std::optional<bool> ReadBool(const Node& node, Errors& errors);

// A day of the calendar as 2026-08-11, years 1900 to 9999.
std::optional<absl::CivilDay> ReadDay(const Node& node, Errors& errors);

// RFC 3339 to the whole second, with "Z" or an offset; from year 1900 to year 9999.
std::optional<Instant> ReadInstant(const Node& node, Errors& errors);

// A phone number, as E.164. The error never repeats it.
std::optional<std::string> ReadCallerNumber(const Node& node, Errors& errors);
// What a text shows as its sender: a phone number, a short code or a name.
std::optional<std::string> ReadSender(const Node& node, Errors& errors);

// "90s", "5m" or "24h"; from one second to 24 hours.
std::optional<Seconds> ReadDuration(const Node& node, Errors& errors);

// "HH:MM" as minutes after midnight; "24:00" (1440) where `end_of_day` allows it.
struct WallClock {
  bool end_of_day = false;
};
std::optional<int32_t> ReadWallClock(const Node& node, WallClock allowed, Errors& errors);

// Days MON to SUN, at least one: bit 0 is Monday, bit 6 Sunday.
std::optional<uint8_t> ReadDays(const Node& node, Errors& errors);

// Words of the vocabulary. Lists hold at least one.
std::optional<core::Channel> ReadChannel(const Node& node, Errors& errors);
std::optional<core::Purpose> ReadPurpose(const Node& node, Errors& errors);
std::optional<core::Outcome> ReadOutcome(const Node& node, Errors& errors);
std::optional<core::Signer> ReadSigner(const Node& node, Errors& errors);
std::optional<core::Basis> ReadBasis(const Node& node, Errors& errors);
std::optional<core::Matter> ReadMatter(const Node& node, Errors& errors);
std::optional<core::Relation> ReadRelation(const Node& node, Errors& errors);
std::optional<core::HolderClass> ReadHolderClass(const Node& node, Errors& errors);
std::optional<core::ChannelSet> ReadChannels(const Node& node, Errors& errors);
std::optional<core::PurposeSet> ReadPurposes(const Node& node, Errors& errors);
std::optional<core::BasisSet> ReadBases(const Node& node, Errors& errors);
std::optional<core::MatterSet> ReadMatters(const Node& node, Errors& errors);

// One of `words`, as its index.
std::optional<int> ReadWord(const Node& node, std::initializer_list<std::string_view> words,
                            Errors& errors);

}  // namespace consent::text

#endif  // CONSENT_TEXT_VALUE_READER_H_

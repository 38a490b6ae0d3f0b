// SPDX-License-Identifier: Apache-2.0
//
// What is written to the terminal: tables for people, JSON for programs, progress on the way.
//
// Texts from outside (names, ids) may hold anything: tables show control characters as '?', so that
// no text can drive the terminal; JSON replaces bytes that are no UTF-8.

#ifndef CONSENT_CONSENTCTL_OUTPUT_H_
#define CONSENT_CONSENTCTL_OUTPUT_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "nlohmann/json.hpp"

namespace consent::ctl {

// Keys stay in the order in which they are set.
using Json = nlohmann::ordered_json;

// One line.
std::string Dump(const Json& json);

// The text with control characters as '?'.
std::string Printable(std::string_view text);
// "1,234,567".
std::string Grouped(uint64_t number);
std::string Hex(std::string_view bytes);
// Standard base64 with padding.
std::string Base64(std::string_view bytes);

// RFC 3339 to the second, on the clock of this machine: for people. "-" for an unset time.
std::string LocalTime(const google::protobuf::Timestamp& time);
// RFC 3339 in UTC: for programs.
Json UtcTime(const google::protobuf::Timestamp& time);

// Rows with aligned columns, two spaces apart. Without headings: a list of names and values.
class Table {
 public:
  explicit Table(std::vector<std::string> headings = {});
  void Add(std::vector<std::string> row);
  bool empty() const { return rows_.empty(); }
  void Write(std::ostream& out) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

// A line that says how far something has come: rewritten in place on a terminal, else written anew
// every ten seconds.
class Progress {
 public:
  // `what` follows the numbers: "12,000 of 50,000 asked". `total` 0: unknown.
  Progress(std::ostream& err, std::string what, uint64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void Show(uint64_t done);

 private:
  std::ostream& err_;
  const std::string what_;
  const uint64_t total_;
  const bool terminal_;
  absl::Time next_;
  bool open_ = false;  // A line on the terminal waits for its end.
};

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_OUTPUT_H_

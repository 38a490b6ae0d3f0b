// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/output.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace consent::ctl {
namespace {

constexpr absl::Duration kOnTerminal = absl::Milliseconds(200);
constexpr absl::Duration kElsewhere = absl::Seconds(10);

// Characters, not bytes: those that do not continue another one.
size_t WidthOf(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

absl::Time ToTime(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds());
}

}  // namespace

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

std::string Printable(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  }
  return result;
}

std::string Grouped(uint64_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string Hex(std::string_view bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

std::string Base64(std::string_view bytes) {
  return absl::Base64Escape(absl::string_view(bytes.data(), bytes.size()));
}

std::string LocalTime(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return "-";
  return absl::FormatTime(absl::RFC3339_sec, ToTime(time), absl::LocalTimeZone());
}

Json UtcTime(const google::protobuf::Timestamp& time) {
  if (time.seconds() == 0) return nullptr;
  return absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", ToTime(time), absl::UTCTimeZone());
}

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}

void Table::Add(std::vector<std::string> row) {
  for (std::string& cell : row) cell = Printable(cell);
  rows_.push_back(std::move(row));
}

void Table::Write(std::ostream& out) const {
  std::vector<size_t> widths;
  const auto measure = [&](const std::vector<std::string>& row) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], WidthOf(row[i]));
  };
  measure(headings_);
  for (const auto& row : rows_) measure(row);
  const auto write = [&](const std::vector<std::string>& row) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&line, i == 0 ? "" : "  ", row[i],
                      std::string(widths[i] - WidthOf(row[i]), ' '));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << "\n";
  };
  if (!headings_.empty()) write(headings_);
  for (const auto& row : rows_) write(row);
}

Progress::Progress(std::ostream& err, std::string what, uint64_t total)
    : err_(err),
      what_(std::move(what)),
      total_(total),
      terminal_(isatty(STDERR_FILENO) == 1),
      next_(absl::Now() + (terminal_ ? kOnTerminal : kElsewhere)) {}

Progress::~Progress() {
  if (open_) err_ << "\r\033[K" << std::flush;
}

void Progress::Show(uint64_t done) {
  const absl::Time now = absl::Now();
  if (now < next_) return;
  next_ = now + (terminal_ ? kOnTerminal : kElsewhere);
  if (terminal_) err_ << "\r\033[K";
  err_ << Grouped(done);
  if (total_ != 0) err_ << " of " << Grouped(total_);
  err_ << " " << what_;
  open_ = terminal_;
  if (!terminal_) err_ << "\n";
  err_ << std::flush;
}

}  // namespace consent::ctl

// SPDX-License-Identifier: Apache-2.0

#include "src/access/table.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "src/base/status_macros.h"

namespace consent::access {
namespace {

constexpr Scope kScopes[] = {Scope::kAny, Scope::kOwn, Scope::kWithout, Scope::kSigned,
                             Scope::kPermit};
constexpr std::string_view kAnyone = "anyone";

absl::Status Unexpected(size_t line, std::string_view expected) {
  return absl::InvalidArgumentError(
      absl::StrCat("access table, line ", line, ": expected ", std::string(expected)));
}

bool IsWord(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [more](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || more.find(c) != more.npos;
  });
}

// The words of a line, without what stands behind '#'.
std::vector<std::string> WordsOf(std::string_view line) {
  const std::string text(line.substr(0, line.find('#')));
  return absl::StrSplit(text, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
}

absl::StatusOr<Right> ParseRight(const std::vector<std::string>& words, size_t line) {
  Right right;
  if (words[0] != kAnyone) {
    right.role = RoleOf(words[0]);
    if (!right.role.has_value()) return Unexpected(line, "a role, or `anyone`");
  }
  const auto scope = std::find_if(std::begin(kScopes), std::end(kScopes), [&](Scope s) {
    return words.size() > 1 && NameOf(s) == words[1];
  });
  if (scope == std::end(kScopes)) {
    return Unexpected(line, "`any`, `own`, `without`, `signed` or `permit` after the role");
  }
  right.scope = *scope;
  if (right.scope == Scope::kOwn || right.scope == Scope::kWithout) {
    if (words.size() != 3) return Unexpected(line, "one list of fields after the scope");
    right.fields = absl::StrSplit(words[2], ',');
    for (const std::string& field : right.fields) {
      if (!IsWord(field, "_.")) return Unexpected(line, "fields such as header.company");
    }
  } else if (words.size() != 2) {
    return Unexpected(line, "nothing after the scope");
  }
  const bool named = right.role.has_value() && IsNamed(*right.role);
  if (right.scope == Scope::kOwn && (!named || right.fields.size() != 1)) {
    return Unexpected(line, "`own` with one field, of a role that has a name");
  }
  return right;
}

bool Fits(const Right& right, const Caller& caller) {
  return !right.role.has_value() || caller.Has(*right.role);
}

bool Fits(const Right& right, const Caller& caller, const Question& question) {
  if (!Fits(right, caller)) return false;
  switch (right.scope) {
    case Scope::kAny:
    case Scope::kSigned:
    case Scope::kPermit:
      return true;
    case Scope::kOwn:
      return caller.Is(*right.role, question.TextOf(right.fields[0]));
    case Scope::kWithout:
      return std::none_of(right.fields.begin(), right.fields.end(),
                          [&](const std::string& field) { return question.IsSet(field); });
  }
  return false;
}

std::string Describe(const Right& right) {
  const std::string who =
      right.role.has_value() ? std::string(NameOf(*right.role)) : std::string(kAnyone);
  if (right.scope == Scope::kOwn)
    return absl::StrCat(who, ":NAME that ", right.fields[0], " names");
  if (right.scope == Scope::kWithout) {
    return absl::StrCat(who, " who leaves ", absl::StrJoin(right.fields, " and "), " out");
  }
  return who;
}

}  // namespace

std::string_view NameOf(Scope scope) {
  switch (scope) {
    case Scope::kAny:
      return "any";
    case Scope::kOwn:
      return "own";
    case Scope::kWithout:
      return "without";
    case Scope::kSigned:
      return "signed";
    case Scope::kPermit:
      return "permit";
  }
  return "";
}

absl::StatusOr<Table> Table::Parse(std::string_view text) {
  if (text.size() > kBytesMax) return Unexpected(1, absl::StrCat("at most ", kBytesMax, " bytes"));
  Table table;
  size_t number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    const std::vector<std::string> words = WordsOf(line);
    if (words.empty()) continue;
    if (line.starts_with(' ')) {
      if (table.rows_.empty()) return Unexpected(number, "a method before its rights");
      ASSIGN_OR_RETURN(Right right, ParseRight(words, number));
      table.rows_.back().rights.push_back(std::move(right));
      continue;
    }
    if (!table.rows_.empty() && table.rows_.back().rights.empty()) {
      return Unexpected(number, "a right of the method before");
    }
    const size_t slash = words[0].find('/');
    if (words.size() != 1 || slash == std::string::npos || !IsWord(words[0].substr(0, slash), "") ||
        !IsWord(words[0].substr(slash + 1), "")) {
      return Unexpected(number, "SERVICE/METHOD at the beginning of the line");
    }
    if (table.Find(words[0]) != nullptr) return Unexpected(number, "each method once");
    table.rows_.push_back({.method = words[0]});
  }
  if (table.rows_.empty() || table.rows_.back().rights.empty()) {
    return Unexpected(number, "a right of the last method");
  }
  return table;
}

const Table& Table::Embedded() {
  static const Table* const table = [] {
    absl::StatusOr<Table> parsed = Parse(EmbeddedTable());
    // Nobody may do anything by a table that cannot be read.
    if (!parsed.ok()) std::abort();
    return new Table(*std::move(parsed));
  }();
  return *table;
}

const Row* Table::Find(std::string_view method) const {
  const auto row = std::find_if(rows_.begin(), rows_.end(),
                                [method](const Row& row) { return row.method == method; });
  return row == rows_.end() ? nullptr : &*row;
}

bool Admits(const Row& row, const Caller& caller, const Question& question) {
  return std::any_of(row.rights.begin(), row.rights.end(),
                     [&](const Right& right) { return Fits(right, caller, question); });
}

bool MayAdmit(const Row& row, const Caller& caller) {
  return std::any_of(row.rights.begin(), row.rights.end(),
                     [&](const Right& right) { return Fits(right, caller); });
}

std::string Describe(const Row& row) {
  std::vector<std::string> who;
  for (const Right& right : row.rights) who.push_back(Describe(right));
  return absl::StrJoin(who, ", or ");
}

}  // namespace consent::access

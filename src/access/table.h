// SPDX-License-Identifier: Apache-2.0
//
// Table: who may call what, and about whose data, as table.txt has it. Judging is here; what a
// request says is asked of whoever has the request.
//
// A method without a row, and a caller whom no right fits, are refused: nothing is allowed because
// somebody forgot it.
//
// Threads: immutable; safe from any thread.

#ifndef CONSENT_ACCESS_TABLE_H_
#define CONSENT_ACCESS_TABLE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/access/identity.h"

namespace consent::access {

enum class Scope { kAny, kOwn, kWithout, kSigned, kPermit };

// "own".
std::string_view NameOf(Scope scope);

struct Right {
  std::optional<Role> role = std::nullopt;  // None: anyone who has said who they are.
  Scope scope = Scope::kAny;
  std::vector<std::string> fields = {};  // Paths such as "header.company"; kOwn has one.
};

struct Row {
  std::string method = {};  // "ContactService/Check".
  std::vector<Right> rights = {};
};

// What a request says, by the path of a field.
class Question {
 public:
  virtual ~Question() = default;
  // "" where the field is not set, or is no text.
  virtual std::string TextOf(const std::string& field) const = 0;
  // Whether it has another value than its default. True where there is no such field.
  virtual bool IsSet(const std::string& field) const = 0;
};

class Table {
 public:
  static constexpr size_t kBytesMax = 64 * 1024;

  // InvalidArgument names the line and what was expected there.
  static absl::StatusOr<Table> Parse(std::string_view text);
  // The one that the program carries within. Ends the process if it cannot be read, which a test
  // rules out.
  static const Table& Embedded();

  const std::vector<Row>& rows() const { return rows_; }
  // Null where there is none.
  const Row* Find(std::string_view method) const;

 private:
  std::vector<Row> rows_;
};

// Whether some right of the row fits this caller and what is asked.
bool Admits(const Row& row, const Caller& caller, const Question& question);
// Whether some right of the row could fit, whatever were asked: for streams, before they say
// anything.
bool MayAdmit(const Row& row, const Caller& caller);

// Whom the row admits, for those it does not: "a company named in `company`, or ...". Of the table
// alone, never of a request.
std::string Describe(const Row& row);

// The text of table.txt. Written at build by embed.cmake.
std::string_view EmbeddedTable();

}  // namespace consent::access

#endif  // CONSENT_ACCESS_TABLE_H_

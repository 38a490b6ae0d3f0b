// SPDX-License-Identifier: Apache-2.0

#include "src/access/table.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/access/matrix.h"
#include "src/base/status_matchers.h"

namespace consent::access {
namespace {

using ::testing::HasSubstr;

// A request in which one field is set, or none.
class Asked : public Question {
 public:
  explicit Asked(std::string field = "", std::string text = "")
      : field_(std::move(field)), text_(std::move(text)) {}
  std::string TextOf(const std::string& field) const override {
    return field == field_ ? text_ : "";
  }
  bool IsSet(const std::string& field) const override { return !TextOf(field).empty(); }

 private:
  std::string field_;
  std::string text_;
};

Caller CallerOf(const std::vector<std::string>& words) {
  std::vector<Identity> identities;
  for (const std::string& word : words) identities.push_back(*ParseIdentity(word));
  return *Caller::Of(std::move(identities));
}

Row RowOf(const std::string& rights) { return Table::Parse("S/M\n" + rights)->rows()[0]; }

TEST(TableTest, OwnMeansThatTheFieldNamesTheCaller) {
  const Row row = RowOf("  company own header.company\n");
  EXPECT_TRUE(Admits(row, CallerOf({"company:acme"}), Asked("header.company", "acme")));
  EXPECT_FALSE(Admits(row, CallerOf({"company:acme"}), Asked("header.company", "beta")));
  EXPECT_FALSE(Admits(row, CallerOf({"processor:acme"}), Asked("header.company", "acme")));
  EXPECT_FALSE(Admits(row, CallerOf({"company:acme"}), Asked("company", "acme")));
  EXPECT_FALSE(Admits(row, CallerOf({"company:acme"}), Asked()));
  EXPECT_FALSE(Admits(row, CallerOf({"auditor"}), Asked()));
}

TEST(TableTest, WithoutMeansThatNoneOfTheFieldsIsSet) {
  const Row row = RowOf("  anyone without a,b\n");
  EXPECT_TRUE(Admits(row, CallerOf({"admin"}), Asked("c", "1")));
  EXPECT_FALSE(Admits(row, CallerOf({"admin"}), Asked("a", "1")));
  EXPECT_FALSE(Admits(row, CallerOf({"admin"}), Asked("b", "1")));
}

TEST(TableTest, OneRightThatFitsIsEnoughAndNoneIsNot) {
  const Row row = RowOf("  company own company\n  auditor any\n");
  const Asked beta("company", "beta");
  EXPECT_FALSE(Admits(row, CallerOf({"company:acme"}), beta));
  EXPECT_TRUE(Admits(row, CallerOf({"company:acme", "company:beta"}), beta));
  EXPECT_TRUE(Admits(row, CallerOf({"company:acme", "auditor"}), beta));
  EXPECT_FALSE(Admits(row, CallerOf({"admin", "regulator", "app:x"}), beta));
}

TEST(TableTest, AStreamIsOpenedToThoseWhoMightSaySomethingTheyMay) {
  const Row row = RowOf("  company own company\n");
  EXPECT_TRUE(MayAdmit(row, CallerOf({"company:acme"})));
  EXPECT_FALSE(MayAdmit(row, CallerOf({"processor:acme", "admin"})));
}

TEST(TableTest, WhatIsMalformedIsNamedByItsLine) {
  const std::map<std::string, std::string> faults = {
      {"", "a right of the last method"},
      {"S/M\n", "line 1: expected a right of the last method"},
      {"  admin any\n", "line 1: expected a method before its rights"},
      {"S/M\nS/N\n  admin any\n", "line 2: expected a right of the method before"},
      {"S/M\n  admin any\nS/M\n  admin any\n", "line 3: expected each method once"},
      {"S/M\n  owner any\n", "line 2: expected a role"},
      {"S/M\n  admin\n", "line 2: expected `any`"},
      {"S/M\n  admin some\n", "line 2: expected `any`"},
      {"S/M\n  admin any x\n", "line 2: expected nothing"},
      {"S/M\n  company own\n", "line 2: expected one list"},
      {"S/M\n  company own a,b\n", "line 2: expected `own` with one field"},
      {"S/M\n  admin own a\n", "line 2: expected `own` with one field"},
      {"S/M\n  anyone own a\n", "line 2: expected `own` with one field"},
      {"S/M\n  anyone without a,,b\n", "line 2: expected fields"},
      {"SM\n  admin any\n", "line 1: expected SERVICE/METHOD"},
      {"S/M x\n  admin any\n", "line 1: expected SERVICE/METHOD"},
  };
  for (const auto& [text, fault] : faults) {
    EXPECT_THAT(Table::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(fault)))
        << text;
  }
}

TEST(TableTest, TheEmbeddedTableIsTheFile) {
  std::ifstream file("src/access/table.txt");
  std::ostringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), EmbeddedTable());
  EXPECT_THAT(Table::Parse(EmbeddedTable()), IsOk());
}

TEST(TableTest, AdministratorsSeeNobodysContactsAndNobodyElseAddsKeys) {
  for (const Row& row : Table::Embedded().rows()) {
    const bool about_people = row.method.starts_with("ContactService/") ||
                              row.method.starts_with("GrantService/") ||
                              row.method == "JournalService/GetDossier";
    const auto has = [&](Role role) { return MayAdmit(row, *Caller::Of({{.role = role}})); };
    EXPECT_FALSE(about_people && has(Role::kAdmin)) << row.method;
    if (row.method == "DirectoryService/AddKey") {
      for (const Role role : kRoles) EXPECT_EQ(has(role), role == Role::kAdmin);
    }
  }
}

// CONSENT_GOLDEN_UPDATE=1 writes the page anew.
TEST(TableTest, TheDocumentedMatrixIsMadeOfTheTable) {
  const std::string path = "docs/reference/access.md";
  std::ostringstream read;
  read << std::ifstream(path).rdbuf();
  std::string page = read.str();
  const size_t begin = page.find("| method |");
  const size_t end = page.find("\n\n", begin);
  ASSERT_NE(end, std::string::npos) << path;
  const std::string matrix = ToMarkdown(Table::Embedded());
  if (std::getenv("CONSENT_GOLDEN_UPDATE") != nullptr) {
    page.replace(begin, end + 1 - begin, matrix);
    std::ofstream(path) << page;
    return;
  }
  EXPECT_EQ(page.substr(begin, end + 1 - begin), matrix);
}

}  // namespace
}  // namespace consent::access

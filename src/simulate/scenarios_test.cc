// SPDX-License-Identifier: Apache-2.0
//
// Runs every scenario of docs/scenarios and compares what comes of it with what its author expects.
// The expectations were worked out by hand from docs/reference/scenario.md, not taken from a run.
//
// docs/scenarios/X.yaml (or .json) has its lines in X.expected.jsonl; docs/scenarios/errors/X.yaml
// has the messages of its faults in X.expected.txt.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "src/consent/vocabulary.h"
#include "src/simulate/simulate.h"

namespace consent::simulate {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kFolder[] = "docs/scenarios";

std::string Contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.is_open()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> Lines(const std::string& text) { return absl::StrSplit(text, '\n'); }

// The scenarios in `folder`, by name.
std::vector<std::string> ScenariosIn(const std::filesystem::path& folder) {
  std::vector<std::string> found;
  if (!std::filesystem::is_directory(folder)) return found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string extension = entry.path().extension();
    if (extension == ".yaml" || extension == ".json") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

// "docs/scenarios/dst-paris.yaml" as "dst_paris".
std::string TestName(const testing::TestParamInfo<std::string>& scenario) {
  std::string name = std::filesystem::path(scenario.param).stem();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

std::string Beside(const std::string& scenario, const std::string& extension) {
  return std::filesystem::path(scenario).replace_extension(extension);
}

class DocumentedScenarioTest : public testing::TestWithParam<std::string> {};

TEST_P(DocumentedScenarioTest, AnswersAsExpected) {
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(RunSimulate(GetParam(), {.json = true}, out, err), kExitOk);
  EXPECT_THAT(err.str(), IsEmpty());
  EXPECT_EQ(Lines(out.str()), Lines(Contents(Beside(GetParam(), ".expected.jsonl"))));
}

TEST_P(DocumentedScenarioTest, ShowsARowForEachStepInTheTable) {
  std::ostringstream json;
  std::ostringstream table;
  std::ostringstream err;
  ASSERT_EQ(RunSimulate(GetParam(), {.json = true}, json, err), kExitOk);
  ASSERT_EQ(RunSimulate(GetParam(), {}, table, err), kExitOk);
  EXPECT_GT(Lines(table.str()).size(), Lines(json.str()).size());
  EXPECT_THAT(table.str(), HasSubstr("when (local)"));
}

// Of a decision, of what is done with a permit, of a claim. The others need keys, signatures and
// companies that are told less than all: docs/reference/errors.md.
TEST(DocumentedScenariosTest, EveryReasonHasAnExampleWorkedOutByHand) {
  std::string answers;
  for (const std::string& scenario : ScenariosIn(kFolder)) {
    answers += Contents(Beside(scenario, ".expected.jsonl"));
  }
  using core::Reason;
  const std::set<Reason> of_the_wire = {Reason::kConsumerLimit,       Reason::kStatementTooOld,
                                        Reason::kStatementFromFuture, Reason::kNarrowedSince,
                                        Reason::kGrantIdReused,       Reason::kKeyNotBound,
                                        Reason::kAlreadyBound};
  for (int i = 1; i <= core::kReasonMax; ++i) {
    const auto reason = static_cast<Reason>(i);
    if (of_the_wire.contains(reason)) continue;
    const std::string name(core::Name(reason));
    EXPECT_NE(answers.find(absl::StrCat("\"reason\": \"", name, "\"")), std::string::npos) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(Docs, DocumentedScenarioTest, testing::ValuesIn(ScenariosIn(kFolder)),
                         TestName);

class FaultyScenarioTest : public testing::TestWithParam<std::string> {};

TEST_P(FaultyScenarioTest, NamesEachFaultWithItsLineAndRunsNothing) {
  std::ifstream in(GetParam(), std::ios::binary);
  std::ostringstream out;
  std::ostringstream err;
  const std::string name = std::filesystem::path(GetParam()).filename();
  EXPECT_EQ(RunSimulate(in, name, {.json = true}, out, err), kExitBadFile);
  EXPECT_THAT(out.str(), IsEmpty());
  EXPECT_EQ(Lines(err.str()), Lines(Contents(Beside(GetParam(), ".expected.txt"))));
}

INSTANTIATE_TEST_SUITE_P(Docs, FaultyScenarioTest,
                         testing::ValuesIn(ScenariosIn(std::string(kFolder) + "/errors")),
                         TestName);

TEST(ScenariosTest, AreThere) {
  EXPECT_GE(ScenariosIn(kFolder).size(), 12u);
  EXPECT_GE(ScenariosIn(std::string(kFolder) + "/errors").size(), 5u);
}

// The text of each block of docs/reference/scenario.md that is fenced as `language`.
std::vector<std::string> Snippets(const std::string& language) {
  std::vector<std::string> found;
  bool inside = false;
  for (const std::string& line : Lines(Contents("docs/reference/scenario.md"))) {
    if (line == "```") {
      inside = false;
    } else if (line == "```" + language) {
      inside = true;
      found.emplace_back();
    } else if (inside) {
      found.back() += line + '\n';
    }
  }
  return found;
}

TEST(ScenarioPageTest, ItsScenariosRun) {
  const std::vector<std::string> snippets = Snippets("yaml");
  EXPECT_THAT(snippets, Not(IsEmpty()));
  for (const std::string& snippet : snippets) {
    std::istringstream in(snippet);
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(RunSimulate(in, "scenario.md", {.json = true}, out, err), kExitOk);
    EXPECT_THAT(err.str(), IsEmpty());
  }
}

TEST(ScenarioPageTest, ItsAnswersAreThoseOfThePromise) {
  const std::vector<std::string> snippets = Snippets("json");
  EXPECT_THAT(snippets, Not(IsEmpty()));
  for (const std::string& snippet : snippets) {
    EXPECT_THAT(Contents(std::string(kFolder) + "/promise.expected.jsonl"), HasSubstr(snippet));
  }
}

TEST(ScenarioPageTest, NamesEveryScenarioAndNoneThatIsMissing) {
  const std::string page = Contents("docs/reference/scenario.md");
  for (const std::string& scenario : ScenariosIn(kFolder)) {
    const std::string name = std::filesystem::path(scenario).filename();
    EXPECT_THAT(page, HasSubstr("(../scenarios/" + name + ")"));
  }
  constexpr std::string_view kLink = "(../scenarios/";
  for (size_t at = page.find(kLink); at != std::string::npos; at = page.find(kLink, at + 1)) {
    const size_t begin = at + kLink.size();
    const std::string name = page.substr(begin, page.find(')', begin) - begin);
    EXPECT_TRUE(std::filesystem::exists(std::string(kFolder) + "/" + name)) << name;
  }
}

}  // namespace
}  // namespace consent::simulate

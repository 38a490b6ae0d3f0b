// SPDX-License-Identifier: Apache-2.0
//
// What people and programs are shown, and what a shell script is told. That the answers are right
// is for scenarios_test.cc.

#include "src/simulate/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "src/simulate/simulate.h"

namespace consent::simulate {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kScenario[] = R"(
consumers:
  - {id: alice, contact_point: "+33639980001", time_zone: Europe/Paris}
  - {id: old, contact_point: "+33639980002", time_zone: Africa/Monrovia}
steps:
  - {at: 1971-07-01T00:00:00Z, grant: {id: g, consumer: old, company: acme, purposes: [PRESS],
      limits: [{id: all, channels: [POST], max: 3, window: {period: YEAR, alignment: CALENDAR}}]}}
  - {at: 1971-07-01T00:00:00Z, check: {consumer: old, company: acme, channel: POST, purpose: PRESS}}
  - {at: 2026-03-01T09:00:00Z, grant: {id: g1, consumer: alice, company: "a\"c\\me", purposes: [PRESS],
      limits: [{id: "\"q\\", channels: [CALL, SMS], max: 1, window: {period: MONTH, count: 3, alignment: CALENDAR}}],
      hours: [{days: [MON, SUN], from: "09:30", to: "24:00"}]}}
  - {at: 2026-03-01T10:00:00Z, consume: {consumer: alice, company: "a\"c\\me", channel: SMS, purpose: PRESS, request_id: r}}
  - {at: 2026-03-01T10:00:00Z, release: {of: 3}}
)";

struct Finished {
  int exit_code;
  std::string out;
  std::string err;
};
Finished Simulate(const std::string& text, const SimulateOptions& options) {
  std::istringstream in(text);
  std::ostringstream out;
  std::ostringstream err;
  const int exit_code = RunSimulate(in, "file.yaml", options, out, err);
  return {exit_code, out.str(), err.str()};
}
std::vector<std::string> Lines(const std::string& text) { return absl::StrSplit(text, '\n'); }

TEST(ReportTest, JsonHasOneLineForEachAnswerInTheDocumentedForm) {
  const std::vector<std::string> lines = Lines(Simulate(kScenario, {.json = true}).out);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[1],
            "{\"step\": 3, \"decision\": \"ALLOWED\", \"reason\": \"OK\", \"limit\": \"\", "
            "\"rule\": \"\", \"remaining\": {\"\\\"q\\\\\": 0}, \"next_allowed_time\": "
            "\"2026-04-05T09:30:00+02:00\", \"contact_before\": \"2026-03-01T11:05:00+01:00\"}");
  EXPECT_EQ(
      lines[2],
      "{\"step\": 4, \"decision\": \"DENIED\", \"reason\": \"ALREADY_DONE\", \"limit\": \"\", "
      "\"rule\": \"\", \"remaining\": {}, \"next_allowed_time\": null, \"contact_before\": "
      "null}");
  EXPECT_EQ(lines[3], "");
}

TEST(ReportTest, AnOffsetWithSecondsIsNotRounded) {
  // Monrovia was 44 minutes and 30 seconds behind Greenwich until 1972.
  EXPECT_THAT(Lines(Simulate(kScenario, {.json = true}).out)[0],
              HasSubstr("\"1971-06-30T23:15:30-00:44:30\""));
}

TEST(ReportTest, TheTableHasAlignedColumnsAndARowForEachStep) {
  const std::vector<std::string> lines = Lines(Simulate(kScenario, {}).out);
  ASSERT_EQ(lines.size(),
            10u);  // A head, five steps, what the two grants say, the last line's end.
  EXPECT_THAT(lines[0], StartsWith("step  when (local)"));
  EXPECT_THAT(lines[1], StartsWith("0     1971-06-30T23:15:30-00:44:30  old: grant g to acme"));
  EXPECT_THAT(lines[2], EndsWith("  all POST 3 a YEAR CALENDAR"));
  EXPECT_THAT(lines[4], StartsWith("2     2026-03-01T10:00:00+01:00     alice: grant g1 to "));
  EXPECT_THAT(lines[5], EndsWith("  \"q\\ CALL+SMS 1 in 3 MONTH CALENDAR"));
  EXPECT_THAT(lines[6], EndsWith("  MON,SUN 09:30-24:00"));
  EXPECT_THAT(lines[7], HasSubstr("alice: consume SMS"));
  const size_t column = lines[0].find("decision");
  EXPECT_EQ(lines[7].find("ALLOWED"), column);
  EXPECT_EQ(lines[8].find("DENIED"), column);
  for (const std::string& line : lines) EXPECT_FALSE(!line.empty() && line.back() == ' ') << line;
}

TEST(SimulateTest, AFaultyFileExitsWithTwoAndWritesNothingToItsOutput) {
  const Finished run = Simulate("consumers: []\nsteps:\n - {at: x}\n", {.json = true});
  EXPECT_EQ(run.exit_code, kExitBadFile);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.err, StartsWith("file.yaml:3: expected "));
}

TEST(SimulateTest, SaysThatThereAreFurtherErrors) {
  std::string text = "consumers: []\nsteps:\n";
  for (int i = 0; i < 21; ++i) text += " - x\n";
  EXPECT_THAT(Simulate(text, {}).err, HasSubstr("further errors"));
}

TEST(SimulateTest, AFileThatIsNotThereIsAnError) {
  for (const char* path : {"no/such/file.yaml", "docs", ""}) {
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(RunSimulate(path, {}, out, err), kExitBadFile);
    EXPECT_THAT(err.str(), HasSubstr("can be read"));
    EXPECT_THAT(out.str(), IsEmpty());
  }
}

TEST(SimulateTest, AnEmptyScenarioAnswersNothing) {
  const Finished run = Simulate("{\"consumers\": [], \"steps\": []}", {.json = true});
  EXPECT_EQ(run.exit_code, kExitOk) << run.err;
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.err, IsEmpty());
}

TEST(SimulateTest, AnOutputThatTakesNoMoreIsAnError) {
  std::istringstream in(kScenario);
  std::ostringstream out;
  std::ostringstream err;
  out.setstate(std::ios::badbit);
  EXPECT_EQ(RunSimulate(in, "file.yaml", {}, out, err), kExitNotWritten);
  EXPECT_THAT(err.str(), Not(IsEmpty()));
}

TEST(SimulateTest, AFileBeyondTheLimitIsNotRead) {
  std::string text = "consumers: []\nsteps: []\n#";
  text.append(17u << 20, 'x');
  const Finished run = Simulate(text, {});
  EXPECT_EQ(run.exit_code, kExitBadFile);
  EXPECT_THAT(run.err, HasSubstr("file.yaml: expected at most"));
}

}  // namespace
}  // namespace consent::simulate

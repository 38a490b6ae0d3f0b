// SPDX-License-Identifier: Apache-2.0

#include "bench/report.h"

#include <fstream>

#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/status_matchers.h"
#include "src/store/temporary_folder.h"

namespace consent::bench {
namespace {

using Json = nlohmann::json;

Json In(const std::string& path) {
  std::ifstream file(path);
  return Json::parse(file, nullptr, /*allow_exceptions=*/false);
}

TEST(ReportTest, KeepsWhatThereIsAndThenMore) {
  const store::TemporaryFolder folder;
  const std::string path = folder.path() + "/figures.json";
  Report report(path);
  EXPECT_OK(report.Save());
  EXPECT_EQ(In(path), Json::array());
  for (const double value : {5, 1, 2}) report.Add("one", "s", value);
  EXPECT_OK(report.Save());
  const Json one = {{"name", "one"}, {"value", 2}, {"unit", "s"}, {"min", 1}, {"max", 5}};
  EXPECT_EQ(In(path), Json::array({one}));
  report.Add("two", "1/s", 7);
  EXPECT_OK(report.Save());
  const Json two = {{"name", "two"}, {"value", 7}, {"unit", "1/s"}, {"min", 7}, {"max", 7}};
  EXPECT_EQ(In(path), Json::array({one, two}));
}

TEST(ReportTest, SaysWhichFileCannotBeWritten) {
  const store::TemporaryFolder folder;
  const std::string path = folder.path() + "/missing/figures.json";
  const absl::Status saved = Report(path).Save();
  EXPECT_EQ(saved, absl::FailedPreconditionError(path + ": cannot be written"));
}

TEST(ReportTest, IsKeptNowhereUnlessAsked) { EXPECT_OK(Report().Save()); }

}  // namespace
}  // namespace consent::bench

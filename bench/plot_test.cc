// SPDX-License-Identifier: Apache-2.0

#include "bench/plot.h"

#include <fstream>
#include <sstream>

#include "bench/plots.h"
#include "bench/report.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/temporary_folder.h"

namespace consent::bench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(PlotTest, PointsLieWhereTheirValuesAre) {
  const std::string svg = DrawSvg({.title = "a < b & c",
                                   .x_label = "x",
                                   .y_label = "y",
                                   .log_y = false,
                                   .series = {{"one", {{1, 0}, {16, 50}, {256, 100}}}}});
  // From left (80) to right (530), in equal steps for equal factors; from 0 (370) up to 100 (40).
  EXPECT_THAT(svg, HasSubstr("points=\"80.0,370.0 305.0,205.0 530.0,40.0 \""));
  EXPECT_THAT(svg, HasSubstr("a &lt; b &amp; c"));
}

TEST(PlotTest, ALogarithmicAxisReachesFromPowerToPower) {
  const std::string svg = DrawSvg({.title = "",
                                   .x_label = "",
                                   .y_label = "",
                                   .log_y = true,
                                   .series = {{"one", {{1, 10}, {10, 1000}}}, {"none", {}}}});
  EXPECT_THAT(svg, HasSubstr("points=\"80.0,370.0 530.0,40.0 \""));
  EXPECT_THAT(svg, HasSubstr(">100<"));
  EXPECT_THAT(svg, Not(HasSubstr("none</text>")));
}

TEST(PlotTest, PlotsAreDrawnFromTheMediansOfFigures) {
  Report report;
  for (const double value : {1.0, 3.0, 2.0}) report.Add("unary_per_second_4", "1/s", value);
  report.Add("unary_per_second_256_no_law", "1/s", 7);
  report.Add("unary_p50_4", "us", 5);
  const auto found = report.MediansByNumber("unary_per_second_");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found.at(4), 2);
  const store::TemporaryFolder folder;
  ASSERT_OK(WritePlots(report, folder.path() + "/plots"));
  std::stringstream svg;
  svg << std::ifstream(folder.path() + "/plots/throughput.svg").rdbuf();
  EXPECT_THAT(svg.str(), HasSubstr(">CheckAndConsume</text>"));
  EXPECT_FALSE(std::ifstream(folder.path() + "/plots/growth.svg"));
}

}  // namespace
}  // namespace consent::bench

// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/open_files.h"

#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "gtest/gtest.h"

namespace consent::consentd {
namespace {

// In a process of its own, for a hard limit that was lowered stays low.
[[noreturn]] void StartUnder(uint64_t soft, uint64_t hard, uint64_t connections) {
  const rlimit limit{.rlim_cur = soft, .rlim_max = hard};
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) std::exit(9);
  const absl::Status allowed = AllowOpenFiles(connections);
  rlimit after{};
  getrlimit(RLIMIT_NOFILE, &after);
  std::fprintf(stderr, "%s; soft limit %llu", std::string(allowed.message()).c_str(),
               static_cast<unsigned long long>(after.rlim_cur));
  std::exit(allowed.ok() ? 0 : 2);
}

class OpenFilesDeathTest : public ::testing::Test {
 protected:
  // Other tests of this binary may have left threads behind.
  OpenFilesDeathTest() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

TEST_F(OpenFilesDeathTest, TakesAsManyAsItMayHave) {
  EXPECT_EXIT(StartUnder(256, 4096, 1024), ::testing::ExitedWithCode(0), "soft limit 4096");
  EXPECT_EXIT(StartUnder(256, 1792, 1024), ::testing::ExitedWithCode(0), "soft limit 1792");
}

TEST_F(OpenFilesDeathTest, DoesNotStartWhereTheyWouldRunOut) {
  EXPECT_EXIT(StartUnder(256, 1791, 1024), ::testing::ExitedWithCode(2),
              "expected that this process may have 1792 .1024 for --connections., found 1791");
  EXPECT_EXIT(StartUnder(256, 1000, 0), ::testing::ExitedWithCode(0), "soft limit 1000");
  EXPECT_EXIT(StartUnder(256, 767, 0), ::testing::ExitedWithCode(2), "found 767");
}

}  // namespace
}  // namespace consent::consentd

// SPDX-License-Identifier: Apache-2.0

#include "src/base/durable_file.h"

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent {
namespace {

class DurableFileTest : public ::testing::Test {
 protected:
  DurableFileTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~DurableFileTest() override { std::filesystem::remove_all(folder_); }

  const std::string folder_ = testing::TempDir() + "/durable_file_" +
                              testing::UnitTest::GetInstance()->current_test_info()->name();
  const std::string path_ = folder_ + "/file";
};

TEST_F(DurableFileTest, WhatIsWrittenReplacesWhatWasThere) {
  ASSERT_OK(WriteDurably(path_, "a longer first content"));
  ASSERT_OK(WriteDurably(path_, "second"));
  EXPECT_THAT(ReadFile(path_, 100), IsOkAndHolds("second"));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".new"));
}

TEST_F(DurableFileTest, WhatIsAppendedFollowsWhatWasThere) {
  ASSERT_OK(AppendDurably(path_, "one\n"));
  ASSERT_OK(AppendDurably(path_, "two\n"));
  EXPECT_THAT(ReadFile(path_, 100), IsOkAndHolds("one\ntwo\n"));
}

TEST_F(DurableFileTest, AFileThatIsNotThereIsNotFound) {
  EXPECT_THAT(ReadFile(path_, 100), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(DurableFileTest, AFileThatIsTooLongIsNotRead) {
  ASSERT_OK(WriteDurably(path_, "12345"));
  EXPECT_THAT(ReadFile(path_, 5), IsOkAndHolds("12345"));
  EXPECT_THAT(ReadFile(path_, 4), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(DurableFileTest, ErrorsNameThePath) {
  const absl::Status status = WriteDurably(folder_ + "/none/file", "x");
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_NE(status.message().find("/none/file"), std::string::npos) << status;
}

}  // namespace
}  // namespace consent

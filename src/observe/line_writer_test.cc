// SPDX-License-Identifier: Apache-2.0

#include "src/observe/line_writer.h"

#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace consent::observe {
namespace {

class LineWriterTest : public testing::Test {
 protected:
  LineWriterTest() {
    char name[] = "/tmp/consent_lines_XXXXXX";
    folder_ = mkdtemp(name);
    path_ = folder_ + "/lines.log";
  }
  ~LineWriterTest() override { std::filesystem::remove_all(folder_); }

  static std::string Read(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  static void AwaitWritten(const LineWriter& writer) {
    for (int i = 0; i < 500 && writer.waiting() > 0; ++i) absl::SleepFor(absl::Milliseconds(10));
    ASSERT_EQ(writer.waiting(), 0u);
  }

  std::string folder_, path_;
};

TEST_F(LineWriterTest, WritesEveryLineOfManyThreadsWhole) {
  {
    const auto writer = LineWriter::Open({.path = path_, .keeps_all = true});
    ASSERT_TRUE(writer.ok());
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        for (int line = 0; line < 1000; ++line) (*writer)->Write(absl::StrCat("thread ", i));
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  const std::vector<std::string> lines = absl::StrSplit(Read(path_), '\n');
  ASSERT_EQ(lines.size(), 4001u);
  for (size_t i = 0; i + 1 < lines.size(); ++i) EXPECT_TRUE(lines[i].starts_with("thread "));
  struct stat about;
  ASSERT_EQ(stat(path_.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_F(LineWriterTest, AppendsToWhatIsThere) {
  std::ofstream(path_) << "old\n";
  { (*LineWriter::Open({.path = path_}))->Write("new"); }
  EXPECT_EQ(Read(path_), "old\nnew\n");
}

TEST_F(LineWriterTest, AFileThatWasMovedAwayIsBegunAnew) {
  const auto writer = LineWriter::Open({.path = path_});
  (*writer)->Write("one");
  AwaitWritten(**writer);
  std::filesystem::rename(path_, path_ + ".1");
  (*writer)->Write("two");
  AwaitWritten(**writer);
  EXPECT_EQ(Read(path_ + ".1"), "one\n");
  EXPECT_EQ(Read(path_), "two\n");
}

// A file that cannot be written: the device that is always full.
TEST_F(LineWriterTest, WhatCannotBeWrittenIsDroppedAndCounted) {
  const auto writer = LineWriter::Open({.path = "/dev/full", .waiting_max = 3});
  ASSERT_TRUE(writer.ok());
  for (int i = 0; i < 10; ++i) (*writer)->Write("line");
  EXPECT_EQ((*writer)->dropped(), 7u);
  EXPECT_EQ((*writer)->waiting(), 3u);
}

TEST_F(LineWriterTest, OrIsKeptAndSaidToLeaveNoRoom) {
  std::atomic<int> reports = 0;
  const auto writer = LineWriter::Open({.path = "/dev/full",
                                        .waiting_max = 3,
                                        .keeps_all = true,
                                        .report = [&](const absl::Status&) { ++reports; }});
  EXPECT_TRUE((*writer)->HasRoom());
  for (int i = 0; i < 10; ++i) (*writer)->Write("line");
  EXPECT_FALSE((*writer)->HasRoom());
  EXPECT_EQ((*writer)->dropped(), 0u);
  EXPECT_EQ((*writer)->waiting(), 10u);
  for (int i = 0; i < 500 && reports == 0; ++i) absl::SleepFor(absl::Milliseconds(10));
  EXPECT_EQ(reports, 1) << "once, and not at each try";
}

TEST_F(LineWriterTest, AFileThatCannotBeOpenedIsNamed) {
  const auto writer = LineWriter::Open({.path = folder_ + "/none/lines.log"});
  EXPECT_TRUE(absl::IsInvalidArgument(writer.status()));
  EXPECT_NE(writer.status().message().find("/none/lines.log: No such file"), std::string::npos);
}

}  // namespace
}  // namespace consent::observe

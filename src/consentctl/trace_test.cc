// SPDX-License-Identifier: Apache-2.0
//
// What a year's key finds in a log, and what is noticed when something is missing.

#include "src/consentctl/trace.h"

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/journal/opening.h"
#include "src/verify/test_log.h"

namespace consent::ctl {
namespace {

using verify::Files;
using verify::TestLog;

constexpr int32_t kYear = 2023;  // Of TestLog's entries.

crypto::Secret Key() { return *crypto::Secret::FromBytes(std::string(32, 'y')); }

// A log of 600 entries; those at `positions` carry the tags of `numbers`.
class TraceTest : public ::testing::Test {
 protected:
  void Put(uint64_t position, uint64_t number) {
    while (log_.size() < position) log_.GrowTo(log_.size() + 1);
    journal::Entry entry = TestLog::EntryAt(position);
    entry.tag = journal::TagOf(Key(), number);
    log_.Append(Encode(entry));
  }

  absl::StatusOr<TraceReport> Run(int32_t year = kYear) {
    log_.GrowTo(600);
    files_ = log_.Publish();
    const LogSource source = verify::SourceOf(files_);
    const LogReport report = VerifyLog(source, {.keys = {log_.vkey()}});
    EXPECT_EQ(report.verdict, VerifyVerdict::kGood);
    if (before_trace_) before_trace_(files_);
    TraceOptions options;
    options.key = Key();
    options.year = year;
    return Trace(source, report, options);
  }

  TestLog log_;
  Files files_;
  std::function<void(Files&)> before_trace_;
};

TEST_F(TraceTest, WhereNothingWasAskedNothingIsFound) {
  ASSERT_OK_AND_ASSIGN(const TraceReport report, Run());
  EXPECT_EQ(report.entries_read, 600u);
  EXPECT_TRUE(report.found.empty());
  EXPECT_EQ(report.next, 0u);
  EXPECT_TRUE(report.faults.empty());
}

TEST_F(TraceTest, EveryEntryOfTheYearIsFound) {
  Put(3, 0);
  Put(255, 1);
  Put(256, 2);
  Put(599, 3);
  ASSERT_OK_AND_ASSIGN(const TraceReport report, Run());
  ASSERT_EQ(report.found.size(), 4u);
  EXPECT_EQ(report.found[1].entry.position.value, 255u);
  EXPECT_EQ(report.found[3].entry.position.value, 599u);
  EXPECT_EQ(report.next, 4u);
  EXPECT_TRUE(report.faults.empty());
}

TEST_F(TraceTest, ANumberLeftOutIsNoticed) {
  Put(3, 0);
  Put(9, kTraceAhead + 1);
  ASSERT_OK_AND_ASSIGN(const TraceReport report, Run());
  EXPECT_EQ(report.next, kTraceAhead + 2);
  ASSERT_EQ(report.faults.size(), kTraceAhead);
  EXPECT_EQ(report.faults[0], "number 1 is missing, but 65 is there");
}

TEST_F(TraceTest, NumbersOutOfOrderOrTwiceAreNoticed) {
  Put(3, 1);
  Put(4, 0);
  Put(5, 2);
  Put(6, 2);
  ASSERT_OK_AND_ASSIGN(const TraceReport report, Run());
  ASSERT_EQ(report.faults.size(), 2u);
  EXPECT_EQ(report.faults[0], "number 0 at position 4 comes after number 1");
  EXPECT_EQ(report.faults[1], "number 2 at position 6 comes after number 2");
}

TEST_F(TraceTest, AnEntryOfAnotherYearIsNoticed) {
  Put(3, 0);
  ASSERT_OK_AND_ASSIGN(const TraceReport report, Run(kYear + 1));
  EXPECT_EQ(report.faults.size(), 1u);
}

TEST_F(TraceTest, ALogThatShowsOtherEntriesAfterItWasVerifiedProvesNothing) {
  Put(3, 0);
  before_trace_ = [](Files& files) {
    TestLog other;
    files[tlog::EntriesPath(0, 256)] = other.GrowTo(256).Publish()[tlog::EntriesPath(0, 256)];
  };
  EXPECT_THAT(Run(), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(TraceTest, AFullBundleStandsInForAPartialOne) {
  Put(599, 0);
  before_trace_ = [](Files& files) {
    const std::string partial = tlog::EntriesPath(2, 88);
    files[tlog::EntriesPath(2, 256)] = files[partial];
    files.erase(partial);
  };
  ASSERT_OK_AND_ASSIGN(const TraceReport report, Run());
  EXPECT_EQ(report.found.size(), 1u);
}

TEST_F(TraceTest, AMissingBundleIsSaid) {
  before_trace_ = [](Files& files) { files.erase(tlog::EntriesPath(1, 256)); };
  EXPECT_THAT(Run(), StatusIs(absl::StatusCode::kDataLoss));
}

}  // namespace
}  // namespace consent::ctl

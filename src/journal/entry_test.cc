// SPDX-License-Identifier: Apache-2.0

#include "src/journal/entry.h"

#include <string>

#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/journal/test_events.h"

namespace consent::journal {
namespace {

TEST(EntryTest, RoundTripsForEveryKind) {
  for (const core::EventBody& body : TestEvents()) {
    const Entry entry = TestEntry(body);
    EXPECT_THAT(ParseEntry(Encode(entry)), IsOkAndHolds(entry));
  }
}

TEST(EntryTest, LargestEntryFitsIntoABundleRow) {
  Entry entry;
  entry.kind = 255;
  entry.position = {UINT64_MAX};
  entry.at = {INT64_MIN};
  entry.channel = static_cast<core::Channel>(255);
  entry.reason = static_cast<core::Reason>(255);
  entry.directory_size = {UINT64_MAX};
  entry.company = std::string(core::kIdBytesMax, 'c');
  EXPECT_LE(Encode(entry).size(), kEntryBytesMax);
  EXPECT_OK(ParseEntry(Encode(entry)));
}

TEST(EntryTest, OtherBytesAreNone) {
  const std::string leaf = Encode(TestEntry(TestEvents()[5]));
  EXPECT_THAT(ParseEntry(""), StatusIs(absl::StatusCode::kInvalidArgument));
  for (size_t size = 0; size < leaf.size(); ++size) {
    EXPECT_FALSE(ParseEntry(leaf.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(ParseEntry(leaf + '\0').ok());
  std::string version = leaf;
  version[0] = 2;
  EXPECT_FALSE(ParseEntry(version).ok());
  EXPECT_FALSE(ParseEntry(std::string(2000, '\x01')).ok());
}

TEST(EntryTest, ChangedByteMakesAnotherEntryOrNone) {
  const Entry entry = TestEntry(TestEvents()[5]);
  const std::string leaf = Encode(entry);
  for (size_t i = 0; i < leaf.size(); ++i) {
    std::string changed = leaf;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto parsed = ParseEntry(changed);
    EXPECT_TRUE(!parsed.ok() || *parsed != entry) << i;
    if (parsed.ok()) {
      EXPECT_EQ(Encode(*parsed), changed) << "one entry has one encoding";
    }
  }
}

TEST(EntryTest, CompanyHasALimit) {
  Entry entry = TestEntry(TestEvents()[5]);
  entry.company = std::string(core::kIdBytesMax + 1, 'c');
  EXPECT_FALSE(ParseEntry(Encode(entry)).ok());
}

}  // namespace
}  // namespace consent::journal

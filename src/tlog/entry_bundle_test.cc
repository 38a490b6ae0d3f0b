// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/entry_bundle.h"

#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "src/base/status_matchers.h"

namespace consent::tlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

TEST(EntryBundleTest, AnEntryIsItsLengthAndItsBytes) {
  const std::string expected(
      "\x00\x03"
      "abc"
      "\x00\x00"
      "\x00\x01"
      "d",
      10);
  EXPECT_THAT(EncodeBundle({"abc", "", "d"}), IsOkAndHolds(expected));
  EXPECT_THAT(DecodeBundle(expected), IsOkAndHolds(ElementsAre("abc", "", "d")));
  EXPECT_THAT(DecodeBundle(""), IsOkAndHolds(IsEmpty()));
}

TEST(EntryBundleTest, TheLengthIsBigEndian) {
  const std::string entry(0x0102, 'e');
  ASSERT_OK_AND_ASSIGN(const std::string bundle, EncodeBundle({entry}));
  EXPECT_EQ(bundle.substr(0, 2), "\x01\x02");
  EXPECT_THAT(DecodeBundle(bundle), IsOkAndHolds(ElementsAre(entry)));
}

RC_GTEST_PROP(EntryBundleTest, EveryBundleIsReadBack, (const std::vector<std::string>& entries)) {
  const auto bundle = EncodeBundle(entries);
  RC_ASSERT(bundle.ok());
  const auto decoded = DecodeBundle(*bundle);
  RC_ASSERT(decoded.ok());
  RC_ASSERT(std::vector<std::string>(decoded->begin(), decoded->end()) == entries);
}

TEST(EntryBundleTest, LimitsHold) {
  const std::vector<std::string> most(kBundleEntriesMax, "e");
  ASSERT_OK_AND_ASSIGN(std::string bundle, EncodeBundle(most));
  EXPECT_OK(DecodeBundle(bundle));
  ASSERT_OK(AppendToBundle("e", bundle));
  EXPECT_THAT(DecodeBundle(bundle), kInvalid);
  EXPECT_THAT(EncodeBundle(std::vector<std::string>(kBundleEntriesMax + 1, "e")), kInvalid);
  bundle.clear();
  const std::string longest(kBundleEntryBytesMax, 'e');
  EXPECT_OK(AppendToBundle(longest, bundle));
  EXPECT_THAT(DecodeBundle(bundle), IsOkAndHolds(ElementsAre(longest)));
  const std::string before = bundle;
  EXPECT_THAT(AppendToBundle(longest + "e", bundle), kInvalid);
  EXPECT_EQ(bundle, before);
  EXPECT_THAT(EncodeBundle({longest + "e"}), kInvalid);
}

TEST(EntryBundleTest, ABundleCutShortNamesTheEntry) {
  ASSERT_OK_AND_ASSIGN(const std::string bundle, EncodeBundle({"abc", "defg"}));
  for (const size_t size : {1, 2, 4}) {
    EXPECT_THAT(DecodeBundle(std::string_view(bundle).substr(0, size)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("entry 0")));
  }
  for (const size_t size : {6, 7, 10}) {
    EXPECT_THAT(DecodeBundle(std::string_view(bundle).substr(0, size)),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("entry 1")));
  }
}

}  // namespace
}  // namespace consent::tlog

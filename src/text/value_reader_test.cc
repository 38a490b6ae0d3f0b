// SPDX-License-Identifier: Apache-2.0

#include "src/text/value_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>

namespace consent::text {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

// What `read` makes of a text; one error in line 1 where it makes nothing of it.
template <typename Value>
std::optional<Value> Read(const std::string& text,
                          const std::function<std::optional<Value>(const Node&, Errors&)>& read) {
  Errors errors;
  const std::optional<Node> node = ParseDocument(text, errors);
  if (!node.has_value()) return std::nullopt;
  std::optional<Value> value = read(*node, errors);
  EXPECT_EQ(errors.empty(), value.has_value()) << text;
  if (!value.has_value()) {
    EXPECT_THAT(errors.InOrder(), SizeIs(1));
    EXPECT_EQ(errors.InOrder()[0].line, 1);
    EXPECT_THAT(errors.InOrder()[0].message, HasSubstr("expected"));
  }
  return value;
}

TEST(ReadDayTest, ReadsDaysOfTheCalendarAlone) {
  const auto day = [](const std::string& text) { return Read<absl::CivilDay>(text, ReadDay); };
  EXPECT_EQ(day("2026-08-11"), absl::CivilDay(2026, 8, 11));
  EXPECT_EQ(day("\"2028-02-29\""), absl::CivilDay(2028, 2, 29));
  EXPECT_EQ(day("1900-01-01"), absl::CivilDay(1900, 1, 1));
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-00-10", "1899-12-31", "2026-8-11",
                           "2026/08/11", "2026-08-11T00:00:00Z", "[2026-08-11]", "2026-08-aa"}) {
    EXPECT_EQ(day(text), std::nullopt) << text;
  }
}

TEST(ReadSignedNumberTest, ReadsNumbersOnBothSidesOfZero) {
  const auto number = [](const std::string& text) {
    return Read<int64_t>(text, [](const Node& node, Errors& errors) {
      return ReadSignedNumber(node, "n", {.min = -2, .max = 50}, errors);
    });
  };
  EXPECT_EQ(number("-2"), -2);
  EXPECT_EQ(number("0"), 0);
  EXPECT_EQ(number("50"), 50);
  for (const char* text : {"-3", "51", "+1", "--1", "\"1\"", "1.0", "x", "{}"}) {
    EXPECT_EQ(number(text), std::nullopt) << text;
  }
}

TEST(ReadBoolTest, KnowsTwoWords) {
  const auto value = [](const std::string& text) { return Read<bool>(text, ReadBool); };
  EXPECT_EQ(value("true"), true);
  EXPECT_EQ(value("false"), false);
  for (const char* text : {"yes", "True", "1", "[]"}) EXPECT_EQ(value(text), std::nullopt);
}

TEST(ReadSetTest, ReadsTheWordsOfTheLaw) {
  const auto bases = [](const std::string& text) { return Read<core::BasisSet>(text, ReadBases); };
  core::BasisSet two;
  two.Add(core::Basis::kConsent);
  two.Add(core::Basis::kCallback);
  EXPECT_EQ(bases("[CONSENT, CALLBACK]"), two);
  EXPECT_EQ(bases("[]"), std::nullopt);
  EXPECT_EQ(bases("[CONSENT, HABIT]"), std::nullopt);
  core::MatterSet renovation;
  renovation.Add(core::Matter::kHomeRenovation);
  EXPECT_EQ(Read<core::MatterSet>("[HOME_RENOVATION]", ReadMatters), renovation);
  EXPECT_EQ(Read<core::Relation>("PURCHASE", ReadRelation), core::Relation::kPurchase);
  EXPECT_EQ(Read<core::HolderClass>("MINOR", ReadHolderClass), core::HolderClass::kMinor);
  EXPECT_EQ(Read<core::HolderClass>("CHILD", ReadHolderClass), std::nullopt);
}

}  // namespace
}  // namespace consent::text

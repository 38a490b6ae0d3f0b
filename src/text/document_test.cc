// SPDX-License-Identifier: Apache-2.0

#include "src/text/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace consent::text {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<FileError> ErrorsOf(std::string_view text) {
  Errors errors;
  EXPECT_FALSE(ParseDocument(text, errors).has_value()) << text;
  return errors.InOrder();
}

auto Error(int line, const std::string& part) {
  return testing::AllOf(Field(&FileError::line, line), Field(&FileError::message, HasSubstr(part)));
}

TEST(DocumentTest, RemembersTheLineOfEachValue) {
  Errors errors;
  const auto root = ParseDocument("a: 1\nb:\n  - x\n  - {c: [y]}\n", errors);
  ASSERT_TRUE(root.has_value());
  ASSERT_EQ(root->kind, Node::Kind::kMapping);
  ASSERT_THAT(root->items, SizeIs(4));
  EXPECT_EQ(root->items[1].line, 1);
  const Node& list = root->items[3];
  ASSERT_THAT(list.items, SizeIs(2));
  EXPECT_EQ(list.items[0].line, 3);
  EXPECT_EQ(list.items[1].items[1].items[0].line, 4);
}

TEST(DocumentTest, TellsQuotedTextFromPlain) {
  Errors errors;
  const auto root = ParseDocument("[1, \"1\", '1', null, ~, \"null\"]", errors);
  ASSERT_TRUE(root.has_value());
  ASSERT_THAT(root->items, SizeIs(6));
  EXPECT_FALSE(root->items[0].quoted);
  EXPECT_TRUE(root->items[1].quoted);
  EXPECT_TRUE(root->items[2].quoted);
  EXPECT_EQ(root->items[3].kind, Node::Kind::kNull);
  EXPECT_EQ(root->items[4].kind, Node::Kind::kNull);
  EXPECT_EQ(root->items[5].kind, Node::Kind::kText);
}

TEST(DocumentTest, ReadsJsonAsProgramsWriteIt) {
  Errors errors;
  const auto root = ParseDocument("{\"a\":[1,{\"b\":\"\\u00e9\\/\"}],\n\t\"c\":null}", errors);
  ASSERT_TRUE(root.has_value()) << errors.InOrder()[0].message;
  ASSERT_THAT(root->items, SizeIs(4));
  EXPECT_EQ(root->items[1].items[1].items[1].text, "\xc3\xa9/");
  EXPECT_EQ(root->items[3].kind, Node::Kind::kNull);
}

TEST(DocumentTest, RefusesAnchorsAndAliasesBeforeTheyMultiply) {
  EXPECT_THAT(ErrorsOf("a: &x [1]\nb: *x\n"), ElementsAre(Error(1, "an anchor")));
  EXPECT_THAT(ErrorsOf("\n- *x\n"), ElementsAre(Error(2, "anchor is not defined")));
  std::string laughs = "a0: &a0 [lol, lol]\n";
  for (int i = 1; i < 60; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before +
              "]\n";
  }
  EXPECT_THAT(ErrorsOf(laughs), ElementsAre(Error(1, "an anchor")));
}

TEST(DocumentTest, RefusesTags) {
  EXPECT_THAT(ErrorsOf("a: !!int 5"), ElementsAre(Error(1, "a tag")));
  EXPECT_THAT(ErrorsOf("a: !mine {}"), ElementsAre(Error(1, "a tag")));
}

TEST(DocumentTest, RefusesMoreLevelsThanItAllows) {
  const auto nested = [](size_t levels) {
    return std::string(levels, '[') + std::string(levels, ']');
  };
  Errors errors;
  EXPECT_TRUE(ParseDocument(nested(kDepthMax), errors).has_value());
  EXPECT_THAT(ErrorsOf(nested(kDepthMax + 1)), ElementsAre(Error(1, "levels")));
  EXPECT_THAT(ErrorsOf(std::string(100'000, '[')), ElementsAre(Error(1, "")));
  std::string blocks;
  for (size_t i = 0; i < kDepthMax + 1; ++i) blocks += std::string(i, ' ') + "a:\n";
  blocks += std::string(kDepthMax + 2, ' ') + "b: 1\n";
  EXPECT_THAT(ErrorsOf(blocks), ElementsAre(Error(static_cast<int>(kDepthMax) + 1, "levels")));
}

TEST(DocumentTest, RefusesAFileLargerThanItsLimit) {
  EXPECT_THAT(ErrorsOf(std::string(kFileBytesMax + 1, ' ')), ElementsAre(Error(0, "bytes")));
}

TEST(DocumentTest, RefusesWhatIsNotOneDocument) {
  EXPECT_THAT(ErrorsOf(""), ElementsAre(Error(1, "empty")));
  EXPECT_THAT(ErrorsOf("# nothing\n"), ElementsAre(Error(1, "empty")));
  EXPECT_THAT(ErrorsOf("a: 1\n---\nb: 2\n"), ElementsAre(Error(3, "second")));
}

TEST(DocumentTest, GivesTheLineOfAFaultInTheWriting) {
  EXPECT_THAT(ErrorsOf("a: 1\nb: [1, 2\nc: 3\n"), SizeIs(1));
  EXPECT_THAT(ErrorsOf("a: 1\nb: \"x\\q\"\n"), ElementsAre(Error(2, "YAML")));
  EXPECT_THAT(ErrorsOf("a: 1\nb: \"x\n"), ElementsAre(Error(2, "illegal EOF in scalar")));
  EXPECT_THAT(ErrorsOf("a: 1\nb: 'x"), ElementsAre(Error(2, "illegal EOF in scalar")));
  EXPECT_THAT(ErrorsOf("a: \"x\\\x01\""), ElementsAre(Error(1, "\\x01")));
  EXPECT_THAT(ErrorsOf("a: 1\n\tb: 2\n"), ElementsAre(Error(2, "YAML")));
}

TEST(DocumentTest, DescribesAValueWithoutRepeatingAContactPoint) {
  EXPECT_EQ(Describe("CAL"), "\"CAL\"");
  EXPECT_EQ(Describe("2026-03-01T09:00:00Z"), "\"2026-03-01T09:00:00Z\"");
  for (const char* number : {"+33639980001", "06 39 98 00 01", "someone@example.org",
                             "tel:+33639980001", "(212) 555-0123", "0033639980001"}) {
    EXPECT_THAT(Describe(number), Not(HasSubstr(number)));
    EXPECT_THAT(Describe(number), HasSubstr("not shown"));
  }
  EXPECT_THAT(Describe("a\x1b[31mb\n"), HasSubstr("\\x1b"));
  EXPECT_THAT(Describe(std::string(1000, 'a')).size(), testing::Lt(100u));
}

TEST(ErrorsTest, KeepsTheFirstTwentyInTheOrderOfLines) {
  Errors errors;
  EXPECT_TRUE(errors.empty());
  for (int line = 50; line > 50 - static_cast<int>(kErrorsMax); --line) errors.Add(line, "x");
  EXPECT_FALSE(errors.more());
  errors.Add(1, "one more");
  EXPECT_TRUE(errors.more());
  ASSERT_THAT(errors.InOrder(), SizeIs(kErrorsMax));
  EXPECT_EQ(errors.InOrder().front().line, 31);
  EXPECT_EQ(errors.InOrder().back().line, 50);
}

}  // namespace
}  // namespace consent::text

// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/text.h"

#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

namespace consent::tlog {
namespace {

TEST(TextTest, ANumberHasOneSpelling) {
  EXPECT_EQ(ParseDecimal("0", 9), 0u);
  EXPECT_EQ(ParseDecimal("7", 9), 7u);
  EXPECT_EQ(ParseDecimal("18446744073709551615", ~uint64_t{0}), ~uint64_t{0});
  for (const char* text : {"", "00", "07", "+7", "-7", " 7", "7 ", "7\n", "0x7", "7a", "\xD9\xA7",
                           "18446744073709551616", "99999999999999999999999"}) {
    EXPECT_EQ(ParseDecimal(text, ~uint64_t{0}), std::nullopt) << text;
  }
}

TEST(TextTest, ANumberAboveTheLargestIsNone) {
  EXPECT_EQ(ParseDecimal("255", 255), 255u);
  EXPECT_EQ(ParseDecimal("256", 255), std::nullopt);
  EXPECT_EQ(ParseDecimal("5", 4), std::nullopt);
  EXPECT_EQ(ParseDecimal("9223372036854775808", (uint64_t{1} << 63) - 1), std::nullopt);
}

RC_GTEST_PROP(TextTest, EveryNumberIsReadBack, (uint64_t value)) {
  RC_ASSERT(ParseDecimal(std::to_string(value), ~uint64_t{0}) == value);
}

RC_GTEST_PROP(TextTest, BytesComeBackFromBase64, (std::string bytes)) {
  RC_ASSERT(DecodeBase64(EncodeBase64(bytes)) == bytes);
}

TEST(TextTest, BytesHaveOneSpellingInBase64) {
  EXPECT_EQ(DecodeBase64("QUI="), "AB");
  for (const char* text : {"QUI", "QUJ=", "QUI= ", " QUI=", "QU I=", "QUI=\n",
                           "QUI==", "QUI=QUI=", "Q", "_-8=", "QUI\xC3"}) {
    EXPECT_EQ(DecodeBase64(text), std::nullopt) << text;
  }
  EXPECT_EQ(DecodeBase64("/+8="), "\xFF\xEF");
}

TEST(TextTest, AHashIs32Bytes) {
  const std::string text = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
  ASSERT_TRUE(ParseDigest(text).has_value());
  EXPECT_EQ(FormatDigest(*ParseDigest(text)), text);
  EXPECT_EQ(ParseDigest(text.substr(0, 43)), std::nullopt);
  EXPECT_EQ(ParseDigest(text + "="), std::nullopt);
  EXPECT_EQ(ParseDigest(EncodeBase64(std::string(31, 'h'))), std::nullopt);
  EXPECT_EQ(ParseDigest(EncodeBase64(std::string(33, 'h'))), std::nullopt);
  // The last character has two bits that no byte takes.
  EXPECT_EQ(ParseDigest("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J="), std::nullopt);
}

TEST(TextTest, LinesEndWithANewline) {
  std::string_view rest = "one\n\ntwo";
  EXPECT_EQ(TakeLine(rest), "one");
  EXPECT_EQ(TakeLine(rest), "");
  EXPECT_EQ(TakeLine(rest), std::nullopt);
  EXPECT_EQ(rest, "two");
}

TEST(TextTest, NotesAreUtf8WithoutControlCharacters) {
  for (const char* text : {"", "plain\n", "\u00E8", "\u2014", "\uFFFD", "\U0001F512", "\x7F",
                           "\uD7FF", "\uE000", "\U0010FFFF"}) {
    EXPECT_TRUE(IsNoteText(text)) << text;
  }
  for (const std::string text :
       {"\t", "\r\n", "\x1F", "\x80", "\xC3", "\xC3(", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF",
        "\xE2\x80", "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "\xFE"}) {
    EXPECT_FALSE(IsNoteText(text)) << text;
  }
  EXPECT_FALSE(IsNoteText(std::string_view("\0", 1)));
}

TEST(TextTest, NamesHaveNeitherSpacesNorPluses) {
  for (const char* name : {"a", "example.com/foo", "\u00E9t\u00E9", "a\u200Bb", "a=b"}) {
    EXPECT_TRUE(IsKeyName(name)) << name;
  }
  for (const char* name :
       {"", " ", "a b", "a+b", "a\n", "a\tb", "\u0085", "\u00A0", "\u1680", "\u2000", "\u200A",
        "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "a\xFF"}) {
    EXPECT_FALSE(IsKeyName(name)) << name;
  }
  EXPECT_TRUE(IsKeyName(std::string(kKeyNameBytesMax, 'n')));
  EXPECT_FALSE(IsKeyName(std::string(kKeyNameBytesMax + 1, 'n')));
}

}  // namespace
}  // namespace consent::tlog

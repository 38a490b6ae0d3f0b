// SPDX-License-Identifier: Apache-2.0
//
// For all numbers of all calling codes: what the table calls canonical, libphonenumber reads as
// possible and writes back unchanged; and with or without the table the answer is the same. Sampled
// over every first digit and length of every code, and at random, with the digits that national
// prefixes are made of more often than others.

#include "src/contact/calling_code.h"

#include <rapidcheck/gtest.h>

#include <random>
#include <set>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_matchers.h"
#include "src/contact/phone_number.h"
#include "src/crypto/hash.h"

namespace consent::contact {
namespace {

constexpr size_t kLongestNationalTried = 16;

// Whether the table and the library agree on the number; the number may be anything.
bool Agree(const std::string& number) {
  const auto with_table = NormalisePhone(number);
  const auto by_library = NormalisePhoneByLibrary(number);
  if (IsCanonicalE164(number) && (!by_library.ok() || *by_library != number)) return false;
  return with_table.ok() == by_library.ok() &&
         (with_table.ok() ? *with_table == *by_library
                          : with_table.status() == by_library.status());
}

TEST(CallingCodePropertyTest, TableAndLibraryAgreeOnEveryCodeFirstDigitAndLength) {
  std::mt19937_64 random(20260101);  // NOLINT: the same numbers in every run
  size_t known = 0;
  size_t possible = 0;
  for (const CallingCode& code : CallingCodes()) {
    for (char first = '0'; first <= '9'; ++first) {
      for (size_t length = 2; length <= kLongestNationalTried; ++length) {
        std::string number = absl::StrCat("+", code.code, std::string(1, first));
        for (size_t i = 1; i < length; ++i) number += static_cast<char>('0' + random() % 10);
        ASSERT_TRUE(Agree(number)) << number;
        known += IsCanonicalE164(number);
        possible += NormalisePhone(number).ok();
      }
    }
  }
  // Agreement would be cheap for a table that knows nothing.
  EXPECT_GT(known, possible * 8 / 10);
}

TEST(CallingCodePropertyTest, TableAndLibraryAgreeOnEveryTwoDigitsAPrefixCouldBe) {
  std::mt19937_64 random(20260102);  // NOLINT: the same numbers in every run
  for (const CallingCode& code : CallingCodes()) {
    for (int start = 0; start < 100; ++start) {
      for (size_t length = 2; length <= kMaxE164Digits; ++length) {
        if (((code.lengths >> length) & 1) == 0) continue;
        std::string number = absl::StrCat("+", code.code, start / 10, start % 10);
        for (size_t i = 2; i < length; ++i) number += static_cast<char>('0' + random() % 10);
        ASSERT_TRUE(Agree(number)) << number;
      }
    }
  }
}

TEST(CallingCodePropertyTest, ThreeDigitsAfterThePlusThatNameNoCodeAreRefusedByBoth) {
  for (int code = 0; code < 1000; ++code) {
    const std::string digits = absl::StrCat(code);
    ASSERT_TRUE(Agree(absl::StrCat("+", std::string(3 - digits.size(), '0'), digits, "23456789")));
  }
}

rc::Gen<char> AnyDigit() {
  return rc::gen::weightedOneOf<char>({{2, rc::gen::elementOf(std::string("0123456789"))},
                                       {1, rc::gen::elementOf(std::string("01689"))}});
}

std::string AnyNumber() {
  const auto codes = CallingCodes();
  const size_t length = *rc::gen::inRange<size_t>(2, kLongestNationalTried + 1);
  return absl::StrCat("+", codes[*rc::gen::inRange<size_t>(0, codes.size())].code,
                      *rc::gen::container<std::string>(length, AnyDigit()));
}

RC_GTEST_PROP(CallingCodePropertyTest, TableAndLibraryAgreeOnAnyNumber, ()) {
  for (int i = 0; i < 100; ++i) {
    const std::string number = AnyNumber();
    RC_ASSERT(Agree(number));
  }
}

RC_GTEST_PROP(CallingCodePropertyTest, PunctuationChangesNothing, ()) {
  for (int i = 0; i < 20; ++i) {
    const std::string plain = AnyNumber();
    std::string written = "+";
    for (size_t at = 1; at < plain.size(); ++at) {
      if (at > 1)
        written += *rc::gen::elementOf(std::vector<std::string>{"", "", " ", ".", "-", " ("});
      written += plain[at];
    }
    const auto expected = NormalisePhone(plain);
    const auto found = NormalisePhone(written);
    RC_ASSERT(found.ok() == expected.ok());
    if (expected.ok()) RC_ASSERT(*found == *expected);
    RC_ASSERT(Agree(written));
  }
}

RC_GTEST_PROP(CallingCodePropertyTest, TheResultIsItsOwnCanonicalForm, ()) {
  for (int i = 0; i < 20; ++i) {
    const auto once = NormalisePhone(AnyNumber());
    if (!once.ok()) continue;
    const auto twice = NormalisePhone(*once);
    RC_ASSERT(twice.ok());
    RC_ASSERT(*twice == *once);
  }
}

TEST(CallingCodeTest, TheTableHoldsEveryCodeOnceInOrder) {
  std::set<int> seen;
  int last = 0;
  for (const CallingCode& code : CallingCodes()) {
    EXPECT_GT(code.code, last);
    last = code.code;
    EXPECT_EQ(code.prefix_lengths & ~code.lengths, 0) << code.code;
    EXPECT_LT(code.code, 1000);
  }
  EXPECT_EQ(CallingCodes().size(), 215u);
}

TEST(CallingCodeTest, TheTableIsFrozen) {
  std::string rows;
  for (const CallingCode& code : CallingCodes()) {
    absl::StrAppend(&rows, code.code, " ", code.lengths, " ", code.prefix_digits, " ",
                    code.prefix_lengths, "\n");
  }
  EXPECT_EQ(absl::BytesToHexString(crypto::Sha256({rows}).str()),
            "f7828ad7a4eefebc6aea5ce6a2900fe50b3af59062db514f6eafa8172f426722")
      << "Contact ids follow from this table: a number that is read otherwise than before loses "
         "its "
         "objections. Change it only together with a migration of the ids concerned.";
}

TEST(CallingCodeTest, OnlyPlusAndDigitsAreCanonical) {
  EXPECT_TRUE(IsCanonicalE164("+33639980001"));
  for (const char* text : {"", "+", "+3", "+33", "33639980001", "+3363998000", "+336399800011",
                           "+33 639980001", "+3363998000a", "+33639980001\n", "+000000000000",
                           "+330639980001", "+3363998000:", "+3363998000/", "-33639980001"}) {
    EXPECT_FALSE(IsCanonicalE164(text)) << text;
  }
}

}  // namespace
}  // namespace consent::contact

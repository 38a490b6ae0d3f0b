// SPDX-License-Identifier: Apache-2.0

#include "src/base/codec.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent {
namespace {

using namespace std::string_literals;
using ::testing::HasSubstr;
using ::testing::Not;

enum class Colour : uint8_t { kRed = 0, kGreen = 1, kLast = 255 };

struct Inner {
  uint16_t days = 0;
  int32_t offset = 0;
  friend bool operator==(const Inner&, const Inner&) = default;
  template <class A>
  void Fields(A& a) {
    a(days);
    a(offset);
  }
};

struct Outer {
  bool flag = false;
  Colour colour = Colour::kRed;
  std::string name;
  std::vector<Inner> items;
  std::optional<Instant> until;
  Handle handle;
  friend bool operator==(const Outer&, const Outer&) = default;
  template <class A>
  void Fields(A& a) {
    a(flag);
    a(colour);
    a(name);
    a(items);
    a(until);
    a(handle);
  }
};

// Takes no byte at all.
struct Nothing {
  template <class A>
  void Fields(A&) {}
};

// Accepts only even numbers: `Fields` may narrow what is well formed.
struct Even {
  uint32_t value = 0;
  template <class A>
  void Fields(A& a) {
    a(value);
    if constexpr (A::kReading) {
      if (value % 2 != 0) a.Fail();
    }
  }
};

TEST(CodecTest, BytesOfEveryKindAreAsTheFormatSays) {
  EXPECT_EQ(Encode(uint64_t{0}), "\x00"s);
  EXPECT_EQ(Encode(uint64_t{127}), "\x7f"s);
  EXPECT_EQ(Encode(uint64_t{128}), "\x80\x01"s);
  EXPECT_EQ(Encode(uint64_t{300}), "\xac\x02"s);
  EXPECT_EQ(Encode(std::numeric_limits<uint64_t>::max()),
            "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s);
  EXPECT_EQ(Encode(int32_t{0}), "\x00"s);
  EXPECT_EQ(Encode(int32_t{-1}), "\x01"s);
  EXPECT_EQ(Encode(int32_t{1}), "\x02"s);
  EXPECT_EQ(Encode(int64_t{-64}), "\x7f"s);
  EXPECT_EQ(Encode(true), "\x01"s);
  EXPECT_EQ(Encode(Colour::kLast), "\xff\x01"s);
  EXPECT_EQ(Encode(Instant{-2}), "\x03"s);
  EXPECT_EQ(Encode(Seconds{2}), "\x04"s);
  EXPECT_EQ(Encode(LeafIndex{5}), "\x05"s);
  EXPECT_EQ(Encode(ShardId{300}), "\xac\x02"s);
  EXPECT_EQ(Encode("ab"s), "\x02"s + "ab");
  EXPECT_EQ(Encode(std::vector<uint8_t>{7, 8}), "\x02\x07\x08"s);
  EXPECT_EQ(Encode(std::optional<uint8_t>{}), "\x00"s);
  EXPECT_EQ(Encode(std::optional<uint8_t>{9}), "\x01\x09"s);
  Handle handle;
  handle.bytes.fill(0xab);
  EXPECT_EQ(Encode(handle), std::string(16, '\xab'));
}

TEST(CodecTest, AStructIsItsFieldsInOrder) {
  Outer outer{true, Colour::kGreen, "n", {{1, -1}, {2, 1}}, Instant{3}, {}};
  const std::string bytes = "\x01\x01\x01n\x02\x01\x01\x02\x02\x01\x06"s + std::string(16, '\0');
  EXPECT_EQ(Encode(outer), bytes);
  EXPECT_THAT(Decode<Outer>(bytes), IsOkAndHolds(outer));
}

TEST(CodecTest, ALongerSpellingOfANumberIsRefused) {
  EXPECT_THAT(Decode<uint64_t>("\x80\x00"s), Not(IsOk()));
  EXPECT_THAT(Decode<uint64_t>("\xff\x80\x00"s), Not(IsOk()));
  EXPECT_THAT(Decode<uint64_t>("\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"s), Not(IsOk()));
}

TEST(CodecTest, NumbersAboveTheirTypeAreRefused) {
  EXPECT_THAT(Decode<uint64_t>("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s), IsOk());
  EXPECT_THAT(Decode<uint64_t>("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"s), Not(IsOk()));
  EXPECT_THAT(Decode<uint64_t>(std::string(11, '\x81')), Not(IsOk()));
  EXPECT_THAT(Decode<uint8_t>("\xff\x01"s), IsOkAndHolds(255));
  EXPECT_THAT(Decode<uint8_t>("\x80\x02"s), Not(IsOk()));
  EXPECT_THAT(Decode<int8_t>("\xff\x01"s), IsOkAndHolds(-128));
  EXPECT_THAT(Decode<int8_t>("\x80\x02"s), Not(IsOk()));
  EXPECT_THAT(Decode<ShardId>("\x80\x80\x04"s), Not(IsOk()));
  EXPECT_THAT(Decode<Colour>("\x80\x02"s), Not(IsOk()));
}

TEST(CodecTest, OnlyZeroAndOneAreBoolsAndPresences) {
  EXPECT_THAT(Decode<bool>("\x02"s), Not(IsOk()));
  EXPECT_THAT(Decode<std::optional<uint8_t>>("\x02\x09"s), Not(IsOk()));
  EXPECT_THAT(Decode<std::optional<uint8_t>>("\x02"s), Not(IsOk()));
  EXPECT_THAT(Decode<bool>("\x81\x00"s), Not(IsOk()));
}

TEST(CodecTest, FurtherBytesAreRefused) {
  EXPECT_THAT(Decode<uint8_t>("\x01\x01"s),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("further bytes")));
  EXPECT_THAT(Decode<Inner>("\x01\x01\x00"s), Not(IsOk()));
}

TEST(CodecTest, EveryPrefixOfAnEncodingIsRefused) {
  const std::string bytes = Encode(Outer{true, Colour::kGreen, "name", {{1, -1}}, Instant{3}, {}});
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(Decode<Outer>(bytes.substr(0, size)), StatusIs(absl::StatusCode::kInvalidArgument))
        << size;
  }
}

TEST(CodecTest, ALengthBeyondTheInputAllocatesNothing) {
  const std::string huge = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s;
  EXPECT_THAT(Decode<std::string>(huge + "x"), Not(IsOk()));
  EXPECT_THAT(Decode<std::vector<std::string>>(huge + "x"), Not(IsOk()));
  EXPECT_THAT(Decode<std::vector<Outer>>("\xff\xff\xff\x7f"s), Not(IsOk()));
}

TEST(CodecTest, ItemsOfNoBytesCannotMultiply) {
  EXPECT_THAT(Decode<Nothing>(""), IsOk());
  EXPECT_THAT(Decode<std::vector<Nothing>>("\x80\x80\x80\x01"s), Not(IsOk()));
}

TEST(CodecTest, FieldsMayRefuseAValue) {
  EXPECT_THAT(Decode<Even>("\x02"s), IsOk());
  EXPECT_THAT(Decode<Even>("\x03"s), Not(IsOk()));
}

TEST(CodecTest, AFaultYieldsZerosFromThenOn) {
  const std::string bytes = "\x80\x00\x07"s;  // The reader keeps none of its own.
  Reader reader(bytes);
  EXPECT_EQ(reader.Varint(), 0u);
  EXPECT_FALSE(reader.ok());
  uint8_t next = 9;
  reader(next);
  EXPECT_EQ(next, 0);
  EXPECT_EQ(reader.Raw(1), "");
}

TEST(CodecTest, ANegativeEnumeratorSurvives) {
  enum class Signed : int8_t { kMinus = -1, kPlus = 1 };
  EXPECT_THAT(Decode<Signed>(Encode(Signed::kMinus)), IsOkAndHolds(Signed::kMinus));
  EXPECT_EQ(Encode(Signed::kMinus), "\xff\x01"s);
}

}  // namespace
}  // namespace consent

// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/secret.h"

#include <algorithm>
#include <array>
#include <new>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "src/base/codec.h"
#include "src/base/status_matchers.h"

namespace consent::crypto {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kBytes = "0123456789abcdef0123456789abcdef";

template <class T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

static_assert(!Streamable<Secret>);
static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);

TEST(SecretTest, HoldsTheBytesItIsGiven) {
  ASSERT_OK_AND_ASSIGN(const Secret secret, Secret::FromBytes(kBytes));
  EXPECT_EQ(secret.view(), kBytes);
}

TEST(SecretTest, RefusesAnyOtherLengthWithoutShowingTheBytes) {
  for (const size_t size : {0, 1, 31}) {
    EXPECT_THAT(Secret::FromBytes(kBytes.substr(0, size)),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         AllOf(HasSubstr("expected 32 bytes, found " + std::to_string(size)),
                               Not(HasSubstr("abcdef")))));
  }
  EXPECT_THAT(Secret::FromBytes(std::string(33, 'x')),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(SecretTest, IsWipedWhenDestroyed) {
  alignas(Secret) std::array<unsigned char, sizeof(Secret)> memory;
  Secret* secret = new (memory.data()) Secret(*Secret::FromBytes(kBytes));
  ASSERT_TRUE(std::equal(kBytes.begin(), kBytes.end(), memory.begin()));
  secret->~Secret();
  EXPECT_TRUE(std::all_of(memory.begin(), memory.end(), [](unsigned char b) { return b == 0; }));
}

TEST(SecretTest, IsWipedWhereItMovedFrom) {
  const std::string zeros(Secret::kSize, '\0');
  Secret first = *Secret::FromBytes(kBytes);
  Secret second = std::move(first);
  EXPECT_EQ(first.view(), zeros);  // NOLINT(bugprone-use-after-move): this is what is tested.
  EXPECT_EQ(second.view(), kBytes);
  Secret third;
  third = std::move(second);
  EXPECT_EQ(second.view(), zeros);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(third.view(), kBytes);
}

TEST(SecretTest, SurvivesAssignmentToItself) {
  Secret secret = *Secret::FromBytes(kBytes);
  Secret& alias = secret;
  secret = std::move(alias);
  EXPECT_EQ(secret.view(), kBytes);
}

TEST(SecretTest, IsNotPrintedByAFailingTest) {
  EXPECT_EQ(testing::PrintToString(*Secret::FromBytes(kBytes)), "(secret)");
}

TEST(SecretTest, RandomSecretsDiffer) { EXPECT_FALSE(Secret::Random() == Secret::Random()); }

TEST(SecretTest, ACopyIsEqualAndItsOwn) {
  Secret secret = *Secret::FromBytes(kBytes);
  const Secret copy = secret.Copy();
  EXPECT_TRUE(copy == secret);
  secret = Secret();
  EXPECT_EQ(copy.view(), kBytes);
}

TEST(SecretTest, IsItsBytesInTheCodec) {
  const Secret secret = *Secret::FromBytes(kBytes);
  EXPECT_EQ(Encode(secret), kBytes);
  ASSERT_OK_AND_ASSIGN(const Secret read, Decode<Secret>(kBytes));
  EXPECT_TRUE(read == secret);
  EXPECT_THAT(Decode<Secret>(kBytes.substr(1)), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Decode<Secret>(std::string(33, 'x')), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(EqualTest, SeesEveryByteAndTheLength) {
  EXPECT_TRUE(Equal("", ""));
  EXPECT_TRUE(Equal(std::string_view(), ""));
  EXPECT_TRUE(Equal(kBytes, std::string(kBytes)));
  EXPECT_FALSE(Equal(kBytes, kBytes.substr(1)));
  EXPECT_FALSE(Equal("a", ""));
  for (size_t i = 0; i < kBytes.size(); ++i) {
    std::string other(kBytes);
    other[i] ^= 1;
    EXPECT_FALSE(Equal(kBytes, other)) << "byte " << i;
  }
}

TEST(WipeTest, ReachesTheTailOfAShortenedString) {
  std::string text(100, 'k');
  const char* memory = text.data();
  text.resize(10);
  Wipe(text);
  EXPECT_TRUE(text.empty());
  // The string keeps its memory until it is destroyed, so that it can be looked at.
  ASSERT_EQ(text.data(), memory);
  ASSERT_GE(text.capacity(), 100u);
  EXPECT_TRUE(std::all_of(memory, memory + 100, [](char c) { return c == 0; }));
}

}  // namespace
}  // namespace consent::crypto

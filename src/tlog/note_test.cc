// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/note.h"

#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_matchers.h"
#include "src/tlog/test_keys.h"

namespace consent::tlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);
constexpr std::string_view kText = "some text\n";

// A note with this text and these signature lines.
Note Signed(std::vector<std::string> lines) {
  std::string bytes = absl::StrCat("some text\n", "\n");
  for (const std::string& line : lines) bytes += line;
  return *ParseNote(bytes);
}

TEST(NoteTest, TheSpecificationsNoteIsVerified) {
  ASSERT_OK_AND_ASSIGN(const Note note, ParseNote(kSpecNote));
  EXPECT_EQ(note.text, "This is an example message.\n");
  EXPECT_EQ(note.ToString(), kSpecNote);
  const std::vector<VerifierKey> keys = {*ParseVerifierKey(kSpecKey)};
  EXPECT_THAT(VerifyNote(note, keys), IsOkAndHolds(ElementsAre(&keys[0])));
}

TEST(NoteTest, TheLastEmptyLineEndsTheText) {
  ASSERT_OK_AND_ASSIGN(const Note note, ParseNote(kSpecPoem));
  EXPECT_THAT(note.text, HasSubstr("sole:\n\ned"));
  ASSERT_EQ(note.signatures.size(), 1u);
  EXPECT_EQ(note.signatures[0].name, "quasimodo.example/salvatore");
  EXPECT_EQ(note.signatures[0].id, 0x367ba04bu);
  EXPECT_EQ(note.signatures[0].bytes.size(), 64u);
  EXPECT_EQ(note.ToString(), kSpecPoem);
  ASSERT_OK_AND_ASSIGN(const Note empty, ParseNote("\n\n\u2014 n AAAAAAA=\n"));
  EXPECT_EQ(empty.text, "\n");
}

TEST(NoteTest, EveryFlippedBitIsNoticed) {
  const std::vector<VerifierKey> keys = {*ParseVerifierKey(kSpecKey)};
  for (size_t i = 0; i < kSpecNote.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string bytes(kSpecNote);
      bytes[i] = static_cast<char>(bytes[i] ^ 1 << bit);
      const auto note = ParseNote(bytes);
      EXPECT_TRUE(!note.ok() || !VerifyNote(*note, keys).ok()) << "byte " << i << ", bit " << bit;
    }
  }
}

TEST(NoteTest, MalformedNotesAreRefused) {
  const std::string line = "\u2014 n AAAAAAA=\n";
  EXPECT_OK(ParseNote("t\n\n" + line));
  for (const std::string& bytes :
       std::vector<std::string>{"",
                                "\n",
                                "\n\n",
                                "t\n",
                                "t\n\n",
                                "t\n" + line,
                                line,
                                "\n" + line,
                                "t\n\n\n",
                                "t\n\n" + line + "\n",
                                "t\n\n" + line + "x\n",
                                "t\n\n" + line + line + "no dash\n",
                                "t\n\n" + line.substr(0, line.size() - 1),
                                "t\r\n\r\n" + line,
                                "t\x01\n\n" + line,
                                "\xFF\n\n" + line,
                                "t\n\n\u2014 n AAAAAAA\n",
                                "t\n\n\u2014 n AAAAAA==\n",
                                "t\n\n\u2014 n\n",
                                "t\n\n\u2014 \n",
                                "t\n\n\u2014  AAAAAAA=\n",
                                "t\n\n\u2014 a+b AAAAAAA=\n",
                                "t\n\n\u2014 n  AAAAAAA=\n",
                                "t\n\n\u2014 n AAAAAAA= \n",
                                "t\n\n\u2013 n AAAAAAA=\n",
                                "t\n\n- n AAAAAAA=\n",
                                "t\n\n\u2014n AAAAAAA=\n"}) {
    EXPECT_THAT(ParseNote(bytes), kInvalid) << bytes;
  }
}

TEST(NoteTest, AnErrorSaysWhichSignatureIsMeant) {
  EXPECT_THAT(ParseNote("t\n\n\u2014 n AAAAAAA=\n\u2014 n AAA\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("signature 2: ")));
}

TEST(NoteTest, LimitsHold) {
  const std::string line = "\u2014 n AAAAAAA=\n";
  std::string bytes = "t\n\n";
  for (size_t i = 0; i < kSignaturesMax; ++i) bytes += line;
  EXPECT_OK(ParseNote(bytes));
  EXPECT_THAT(ParseNote(bytes + line), kInvalid);
  const std::string tail = "\n\n" + line;
  const std::string largest = std::string(kNoteBytesMax - tail.size(), 't') + tail;
  EXPECT_OK(ParseNote(largest));
  EXPECT_THAT(ParseNote("t" + largest), kInvalid);
}

TEST(NoteTest, SignaturesOfOthersAreIgnored) {
  const NoteSigner alice = TestSigner("alice", 1);
  const NoteSigner bob = TestSigner("bob", 2);
  const Note note = Signed({*bob.SignatureLine(kText), *alice.SignatureLine(kText)});
  const std::vector<VerifierKey> keys = {alice.verifier_key()};
  EXPECT_THAT(VerifyNote(note, keys), IsOkAndHolds(ElementsAre(&keys[0])));
  const std::vector<VerifierKey> both = {alice.verifier_key(), bob.verifier_key()};
  EXPECT_THAT(VerifyNote(note, both), IsOkAndHolds(ElementsAre(&both[1], &both[0])));
}

TEST(NoteTest, AKeyWithTheNameOrTheIdOfAnotherIsAnotherKey) {
  const NoteSigner alice = TestSigner("alice", 1);
  Note note = Signed({*alice.SignatureLine(kText)});
  const std::vector<VerifierKey> same_name = {TestSigner("alice", 2).verifier_key()};
  EXPECT_THAT(VerifyNote(note, same_name), StatusIs(absl::StatusCode::kUnauthenticated));
  note.signatures[0].name = "mallory";
  const std::vector<VerifierKey> keys = {alice.verifier_key()};
  EXPECT_THAT(VerifyNote(note, keys), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(NoteTest, OneBadSignatureOfAKnownKeyCondemnsTheNote) {
  const NoteSigner alice = TestSigner("alice", 1);
  const NoteSigner bob = TestSigner("bob", 2);
  const std::vector<VerifierKey> keys = {alice.verifier_key(), bob.verifier_key()};
  Note note = Signed({*alice.SignatureLine(kText), *bob.SignatureLine("another\n")});
  EXPECT_THAT(VerifyNote(note, keys),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("bob+")));
  note.signatures[1].bytes = "short";
  EXPECT_THAT(VerifyNote(note, keys), StatusIs(absl::StatusCode::kPermissionDenied));
  // Even beside a good one of the same key.
  note = Signed({*alice.SignatureLine(kText), *alice.SignatureLine("another\n")});
  EXPECT_THAT(VerifyNote(note, keys), StatusIs(absl::StatusCode::kPermissionDenied));
}

TEST(NoteTest, AKeyThatSignedTwiceCountsOnce) {
  const NoteSigner alice = TestSigner("alice", 1);
  const std::vector<VerifierKey> keys = {alice.verifier_key()};
  const Note note = Signed({*alice.SignatureLine(kText), *alice.SignatureLine(kText)});
  EXPECT_THAT(VerifyNote(note, keys), IsOkAndHolds(ElementsAre(&keys[0])));
}

TEST(NoteTest, WithoutKeysNothingIsVerified) {
  EXPECT_THAT(VerifyNote(*ParseNote(kSpecNote), {}), StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(NoteTest, AKeyThatVerifiesNothingSignsNothing) {
  const NoteSigner alice = TestSigner("alice", 1);
  VerifierKey carried = alice.verifier_key();
  carried.type = KeyType::kMlDsa44;
  carried.key.reset();
  EXPECT_THAT(VerifyNote(Signed({*alice.SignatureLine(kText)}), {carried}),
              StatusIs(absl::StatusCode::kUnauthenticated));
}

TEST(NoteTest, KeysThatCannotBeToldApartAreRefused) {
  const NoteSigner alice = TestSigner("alice", 1);
  VerifierKey other = TestSigner("alice", 2).verifier_key();
  other.id = alice.verifier_key().id;  // As if someone had searched for a collision.
  EXPECT_THAT(VerifyNote(Signed({*alice.SignatureLine(kText)}), {alice.verifier_key(), other}),
              kInvalid);
  // The same key twice is no harm.
  EXPECT_OK(VerifyNote(Signed({*alice.SignatureLine(kText)}),
                       {alice.verifier_key(), alice.verifier_key()}));
}

RC_GTEST_PROP(NoteTest, EveryNoteIsReadBack, ()) {
  const auto printable = rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '\x7F'));
  Note note;
  for (const auto& line : *rc::gen::container<std::vector<std::string>>(printable)) {
    note.text += line + "\n";
  }
  note.text += "end\n";
  const auto count = *rc::gen::inRange<size_t>(1, 17);
  for (size_t i = 0; i < count; ++i) {
    note.signatures.push_back({"key/" + std::to_string(i), *rc::gen::arbitrary<uint32_t>(),
                               *rc::gen::nonEmpty(rc::gen::arbitrary<std::string>())});
  }
  const auto parsed = ParseNote(note.ToString());
  RC_ASSERT(parsed.ok());
  RC_ASSERT(*parsed == note);
}

}  // namespace
}  // namespace consent::tlog

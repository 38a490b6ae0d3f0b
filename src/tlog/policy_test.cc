// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/policy.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "src/base/status_matchers.h"
#include "src/merkle/leaf_hash.h"
#include "src/tlog/cosignature.h"
#include "src/tlog/test_keys.h"

namespace consent::tlog {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string LogKey(char seed) {
  return TestSigner(absl::StrCat("log.example/", static_cast<int>(seed)), seed)
      .verifier_key()
      .ToString();
}
NoteSigner Witness(char seed) {
  return TestWitness(absl::StrCat("w.example/", static_cast<int>(seed)), seed);
}
std::string WitnessKey(char seed) { return Witness(seed).verifier_key().ToString(); }

// The specification's example, with keys.
std::string SpecPolicy() {
  return absl::StrCat(
      "log ", LogKey(1),
      "\n\n"
      "witness X1 ",
      WitnessKey(11), "\nwitness X2 ", WitnessKey(12), "\nwitness X3 ", WitnessKey(13),
      "\n"
      "group X-witnesses 2 X1 X2 X3\n"
      "\n"
      "witness Y1 ",
      WitnessKey(21), "\nwitness Y2 ", WitnessKey(22), "\nwitness Y3 ", WitnessKey(23),
      "\n"
      "group Y-witnesses any Y1 Y2 Y3\n"
      "\n"
      "group X-and-Y all X-witnesses Y-witnesses\n"
      "quorum X-and-Y\n");
}

TEST(PolicyTest, TheSpecificationsExampleAsksForTwoAndOne) {
  ASSERT_OK_AND_ASSIGN(const Policy policy, Policy::Parse(SpecPolicy()));
  EXPECT_THAT(policy.logs(), SizeIs(1));
  EXPECT_THAT(policy.witnesses(), SizeIs(6));
  EXPECT_EQ(policy.quorum(), "X-and-Y");
  EXPECT_TRUE(policy.IsMet({"X1", "X3", "Y2"}));
  EXPECT_TRUE(policy.IsMet({"X1", "X2", "X3", "Y1", "Y2", "Y3"}));
  EXPECT_FALSE(policy.IsMet({"X1", "Y1", "Y2", "Y3"}));
  EXPECT_FALSE(policy.IsMet({"X1", "X2", "X3"}));
  EXPECT_FALSE(policy.IsMet({}));
  // Only witnesses sign; a group's name, or an unknown one, is none.
  EXPECT_FALSE(policy.IsMet({"X-and-Y"}));
  EXPECT_FALSE(policy.IsMet({"X-witnesses", "Y-witnesses"}));
  EXPECT_FALSE(policy.IsMet({"X1", "Z", "Y1"}));
}

TEST(PolicyTest, NoneAsksForNothing) {
  ASSERT_OK_AND_ASSIGN(const Policy policy, Policy::Parse("quorum none\n"));
  EXPECT_TRUE(policy.IsMet({}));
  EXPECT_THAT(policy.logs(), IsEmpty());
}

TEST(PolicyTest, OneWitnessIsAQuorum) {
  ASSERT_OK_AND_ASSIGN(const Policy policy,
                       Policy::Parse(absl::StrCat("witness w ", WitnessKey(1), "\nquorum w\n")));
  EXPECT_TRUE(policy.IsMet({"w"}));
  EXPECT_FALSE(policy.IsMet({}));
}

TEST(PolicyTest, SpaceCommentsAndUrlsAreFree) {
  ASSERT_OK_AND_ASSIGN(const Policy policy,
                       Policy::Parse(absl::StrCat(
                           "# who we trust \xC3\xA9\xFF\n\n \t \n\t# indented\n  log\t ", LogKey(1),
                           "  https://log.example/ \nwitness \xE2\x84\xAA ", WitnessKey(2),
                           " http://127.0.0.1:8080\nquorum \xE2\x84\xAA\n", "# after\n")));
  EXPECT_EQ(policy.logs()[0].url, "https://log.example/");
  EXPECT_EQ(policy.witnesses()[0].url, "http://127.0.0.1:8080");
  EXPECT_EQ(policy.witnesses()[0].name, "\xE2\x84\xAA");
  EXPECT_EQ(policy.witnesses()[0].key, Witness(2).verifier_key());
}

TEST(PolicyTest, AnErrorNamesTheLineAndTheFault) {
  const std::string w1 = absl::StrCat("witness w1 ", WitnessKey(1), "\n");
  const std::string w2 = absl::StrCat("witness w2 ", WitnessKey(2), "\n");
  const auto expect = [](const std::string& text, const std::string& message) {
    EXPECT_THAT(Policy::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << text;
  };
  expect("", "no quorum line");
  expect("quorum none", "line 1: no newline");
  expect(w1 + "quorum", "line 2: no newline");
  expect("quorum none\nquorum none\n", "line 2: a second quorum");
  expect("quorum\n", "line 1: expected: quorum NAME");
  expect("quorum a b\n", "line 1: expected");
  expect("quorum w1\n" + w1, "line 1: a quorum that is not defined above");
  expect("what none\n", "line 1: a line is one of");
  expect("quorum none\r\n", "line 1: control characters");
  expect("# \x7F\nquorum none\n", "line 1: control characters");
  expect(std::string("# \0\nquorum none\n", 16), "line 1: control characters");
  expect("log\n", "line 1: expected: log");
  expect("log x\n", "line 1: a verifier key");
  expect(absl::StrCat("log ", LogKey(1), " url more\n"), "line 1: expected: log");
  expect(absl::StrCat("log ", LogKey(1), "\nlog ", LogKey(1), "\n"), "line 2: a log with this key");
  expect("witness w1\n", "line 1: expected: witness");
  expect(w1 + absl::StrCat("witness w1 ", WitnessKey(2), "\n"), "line 2: a name that is defined");
  expect(w1 + absl::StrCat("witness w2 ", WitnessKey(1), "\n"), "line 2: a witness with this key");
  expect(absl::StrCat("witness none ", WitnessKey(1), "\n"), "line 1: the name none");
  expect(absl::StrCat("witness w ", LogKey(1), "\n"), "line 1: a witness's key is of type");
  expect(w1 + "group g all\n", "line 2: expected: group");
  expect(w1 + "group g some w1\n", "line 2: how many of the 1 members");
  expect(w1 + "group g 0 w1\n", "line 2: how many");
  expect(w1 + "group g 2 w1\n", "line 2: how many");
  expect(w1 + "group g 01 w1\n", "line 2: how many");
  expect(w1 + "group w1 all w1\n", "line 2: a name that is defined");
  expect(w1 + "group none all w1\n", "line 2: the name none");
  expect(w1 + "group g all g\n", "line 2: a member that is not defined above");
  expect(w1 + "group g all none\n", "line 2: a member that is not defined above");
  expect(w1 + w2 + "group g all w1 w1\n", "line 3: a member that is in a group already");
  expect(w1 + w2 + "group g all w1\ngroup h all w1 w2\n", "line 4: a member that is in a group");
}

// The same underlying key under another name is still the same witness.
TEST(PolicyTest, AKeyUnderTwoNamesIsOneWitness) {
  const std::string other = TestWitness("another.example", 1).verifier_key().ToString();
  EXPECT_THAT(Policy::Parse(absl::StrCat("witness w1 ", WitnessKey(1), "\nwitness w2 ", other,
                                         "\nquorum w1\n")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("line 2")));
}

TEST(PolicyTest, LimitsHold) {
  std::string text = absl::StrCat("witness w ", WitnessKey(1), "\ngroup g0 any w\n");
  for (size_t i = 1; i < kPolicyItemsMax; ++i)
    absl::StrAppend(&text, "group g", i, " any g", i - 1, "\n");
  ASSERT_OK_AND_ASSIGN(const Policy policy,
                       Policy::Parse(absl::StrCat(text, "quorum g", kPolicyItemsMax - 1, "\n")));
  EXPECT_TRUE(policy.IsMet({"w"}));
  EXPECT_FALSE(policy.IsMet({}));
  EXPECT_THAT(Policy::Parse(absl::StrCat(text, "group h any g", kPolicyItemsMax - 1, "\n")),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("more than 256 groups")));
  EXPECT_THAT(Policy::Parse(std::string(kPolicyBytesMax, '\n') + "quorum none\n"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

class PolicyOpenTest : public ::testing::Test {
 protected:
  // The log's checkpoint, cosigned by the witnesses of these seeds.
  std::string Signed(std::vector<char> witnesses, char log_seed = 1) {
    const NoteSigner log =
        TestSigner(absl::StrCat("log.example/", static_cast<int>(log_seed)), log_seed);
    const Checkpoint checkpoint{log.verifier_key().name, {9}, merkle::LeafHash("root"), {}};
    std::string note = *SignCheckpoint(checkpoint, {log});
    for (const char seed : witnesses) {
      note += Cosign(Witness(seed), checkpoint.ToText(), {1'000 + seed})->ToLine();
    }
    return note;
  }
  const Policy policy_ = *Policy::Parse(SpecPolicy());
};

TEST_F(PolicyOpenTest, BelievesAListedLogWithAQuorum) {
  ASSERT_OK_AND_ASSIGN(const SignedCheckpoint opened, policy_.Open(Signed({11, 12, 21})));
  EXPECT_EQ(opened.checkpoint.size, TreeSize{9});
  ASSERT_OK_AND_ASSIGN(const auto cosigned, policy_.Cosignatures(opened.note));
  ASSERT_THAT(cosigned, SizeIs(3));
  EXPECT_EQ(cosigned[0].witness, "X1");
  EXPECT_EQ(cosigned[0].time, Instant{1'011});
}

TEST_F(PolicyOpenTest, RefusesLess) {
  EXPECT_THAT(policy_.Open(Signed({11, 21})),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("2 of 6 witnesses")));
  EXPECT_THAT(policy_.Open(Signed({11, 12})), StatusIs(absl::StatusCode::kFailedPrecondition));
  // A stranger's cosignature, or one witness's twice, adds nothing.
  EXPECT_THAT(policy_.Open(Signed({11, 99, 21})), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(policy_.Open(Signed({11, 11, 21})), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(PolicyOpenTest, RefusesUnlistedLogsAndBadCosignatures) {
  EXPECT_THAT(policy_.Open(Signed({11, 12, 21}, 2)), StatusIs(absl::StatusCode::kNotFound));
  const NoteSigner log = TestSigner("log.example/1", 1);
  const std::string bad = Cosign(Witness(13), "another\n", {5})->ToLine();
  EXPECT_THAT(policy_.Open(Signed({11, 12, 21}) + bad),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("witness X3")));
  // Cosigned by all, signed by the log never.
  std::string unsigned_note = Signed({11, 12, 21});
  unsigned_note.erase(unsigned_note.find("\u2014 log"),
                      unsigned_note.find("\u2014 w") - unsigned_note.find("\u2014 log"));
  EXPECT_THAT(policy_.Open(unsigned_note), StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(policy_.Open("nothing"), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(PolicyOpenTest, OfSeveralCosignaturesTheLatestCounts) {
  Note note = *ParseNote(Signed({11}));
  note.signatures.push_back(*Cosign(Witness(11), note.text, {2'000}));
  note.signatures.push_back(*Cosign(Witness(11), note.text, {1'500}));
  ASSERT_OK_AND_ASSIGN(const auto cosigned, policy_.Cosignatures(note));
  ASSERT_THAT(cosigned, SizeIs(1));
  EXPECT_EQ(cosigned[0].time, Instant{2'000});
}

}  // namespace
}  // namespace consent::tlog

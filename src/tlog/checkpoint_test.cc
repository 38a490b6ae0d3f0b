// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/checkpoint.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_matchers.h"
#include "src/merkle/leaf_hash.h"
#include "src/tlog/test_keys.h"
#include "src/tlog/text.h"

namespace consent::tlog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

Checkpoint Sample() { return {"ledger.example/1", {42}, merkle::LeafHash("root"), {}}; }

TEST(CheckpointTest, ReadsTheSpecificationsCheckpoint) {
  ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint, ParseCheckpoint(kSpecCheckpointText));
  EXPECT_EQ(checkpoint.origin, "example.com/behind-the-sofa");
  EXPECT_EQ(checkpoint.size, TreeSize{20'852'163});
  EXPECT_EQ(FormatDigest(checkpoint.root), "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=");
  EXPECT_EQ(checkpoint.ToText(), kSpecCheckpointText);
  EXPECT_OK(ParseNote(SpecCheckpoint()));
}

TEST(CheckpointTest, CarriesExtensionLines) {
  const std::string text = absl::StrCat(Sample().ToText(), "one\ntwo 2\n");
  ASSERT_OK_AND_ASSIGN(const Checkpoint checkpoint, ParseCheckpoint(text));
  EXPECT_THAT(checkpoint.extensions, ElementsAre("one", "two 2"));
  EXPECT_EQ(checkpoint.ToText(), text);
}

TEST(CheckpointTest, AnErrorNamesTheLine) {
  const std::string root = FormatDigest(Sample().root);
  const auto expect = [](const std::string& text, const std::string& message) {
    EXPECT_THAT(ParseCheckpoint(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << text;
  };
  expect("", "line 1");
  expect("\n1\n" + root + "\n", "line 1");
  expect(std::string(kOriginBytesMax + 1, 'o') + "\n1\n" + root + "\n", "line 1");
  expect("o", "line 1");
  for (const char* size : {"", "01", "00", "-1", "+1", "1 ", " 1", "0x1", "9223372036854775808"}) {
    expect(absl::StrCat("o\n", size, "\n", root, "\n"), "line 2");
  }
  expect("o\n1", "line 2");
  for (const std::string& bad : {std::string(), root.substr(1), root.substr(0, 43), root + "=",
                                 root + " ", EncodeBase64("short")}) {
    expect(absl::StrCat("o\n1\n", bad, "\n"), "line 3");
  }
  expect("o\n1\n" + root, "line 3");
  expect("o\n1\n" + root + "\n\n", "line 4");
  expect("o\n1\n" + root + "\next\n\n", "line 5");
  expect("o\n1\n" + root + "\next", "does not end with a newline");
}

TEST(CheckpointTest, LimitsHold) {
  std::string text = Sample().ToText();
  for (size_t i = 0; i < kExtensionsMax; ++i) text += "e\n";
  EXPECT_OK(ParseCheckpoint(text));
  EXPECT_THAT(ParseCheckpoint(text + "e\n"), kInvalid);
  Checkpoint largest = Sample();
  largest.size = merkle::kMaxTreeSize;
  EXPECT_THAT(ParseCheckpoint(largest.ToText()), IsOkAndHolds(largest));
  largest.size = {0};
  EXPECT_THAT(ParseCheckpoint(largest.ToText()), IsOkAndHolds(largest));
}

TEST(CheckpointTest, OpensWhatItsLogSigned) {
  const std::vector<NoteSigner> signers = {TestSigner("ledger.example/1", 1)};
  const std::string note = *SignCheckpoint(Sample(), signers);
  ASSERT_OK_AND_ASSIGN(const SignedCheckpoint opened,
                       OpenCheckpoint(note, "ledger.example/1", {signers[0].verifier_key()}));
  EXPECT_EQ(opened.checkpoint, Sample());
  EXPECT_EQ(opened.note.ToString(), note);
}

// While a key is being replaced, both sign; whoever knows either can check.
TEST(CheckpointTest, OpensWithEitherOfTwoKeys) {
  const std::vector<NoteSigner> signers = {TestSigner("ledger.example/1", 1),
                                           TestSigner("ledger.example/1", 2)};
  const std::string note = *SignCheckpoint(Sample(), signers);
  for (const NoteSigner& signer : signers) {
    EXPECT_OK(OpenCheckpoint(note, "ledger.example/1", {signer.verifier_key()}));
  }
}

TEST(CheckpointTest, RefusesOtherLogsKeysAndTexts) {
  const NoteSigner signer = TestSigner("ledger.example/1", 1);
  const std::vector<VerifierKey> keys = {signer.verifier_key()};
  const std::string note = *SignCheckpoint(Sample(), {signer});
  EXPECT_THAT(OpenCheckpoint(note, "ledger.example/2", keys),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(
      OpenCheckpoint(note, "ledger.example/1", {TestSigner("ledger.example/1", 2).verifier_key()}),
      StatusIs(absl::StatusCode::kUnauthenticated));
  std::string larger = note;
  larger.replace(larger.find("42"), 2, "43");
  EXPECT_THAT(OpenCheckpoint(larger, "ledger.example/1", keys),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(OpenCheckpoint(Sample().ToText(), "ledger.example/1", keys), kInvalid);
  const std::string no_checkpoint = "text\n\n" + *signer.SignatureLine("text\n");
  EXPECT_THAT(OpenCheckpoint(no_checkpoint, "ledger.example/1", keys), kInvalid);
}

}  // namespace
}  // namespace consent::tlog

// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/cosignature.h"

#include <string>
#include <vector>

#include "src/base/status_matchers.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/test_keys.h"

namespace consent::tlog {
namespace {

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);
constexpr Instant kTime{1'679'315'147};

TEST(CosignatureTest, SignsWhatTheSpecificationSays) {
  EXPECT_EQ(CosignedMessage(kSpecCheckpointText, kTime),
            "cosignature/v1\n"
            "time 1679315147\n"
            "example.com/behind-the-sofa\n"
            "20852163\n"
            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
}

// Its key is not published; the time is in the clear.
TEST(CosignatureTest, ReadsTheSpecificationsLine) {
  ASSERT_OK_AND_ASSIGN(const Signature signature, ParseSignatureLine(kSpecCosignatureLine));
  EXPECT_EQ(signature.name, "witness.example.com/w1");
  EXPECT_EQ(signature.id, 0x8d66cf3fu);
  EXPECT_EQ(signature.bytes.size(), kCosignatureBytes);
  EXPECT_EQ(signature.bytes.substr(0, 8), std::string("\0\0\0\0\x64\x18\x50\xCB", 8));
  EXPECT_EQ(signature.ToLine(), kSpecCosignatureLine);
}

TEST(CosignatureTest, GivesTheTimeBack) {
  const NoteSigner witness = TestWitness("w.example/1", 1);
  for (const Instant time : {Instant{1}, kTime, Instant{INT64_MAX}}) {
    ASSERT_OK_AND_ASSIGN(const Signature signature, Cosign(witness, kSpecCheckpointText, time));
    EXPECT_TRUE(signature.Names(witness.verifier_key()));
    EXPECT_THAT(VerifyCosignature(witness.verifier_key(), kSpecCheckpointText, signature.bytes),
                IsOkAndHolds(time));
    EXPECT_OK(witness.verifier_key().Verify(kSpecCheckpointText, signature.bytes));
  }
}

TEST(CosignatureTest, IsOverTheTimeAndTheText) {
  const NoteSigner witness = TestWitness("w.example/1", 1);
  const VerifierKey& key = witness.verifier_key();
  Signature signature = *Cosign(witness, kSpecCheckpointText, kTime);
  const auto denied = StatusIs(absl::StatusCode::kPermissionDenied);
  EXPECT_THAT(VerifyCosignature(key, "another\n", signature.bytes), denied);
  for (size_t i = 1; i < kCosignatureBytes; ++i) {
    std::string bytes = signature.bytes;
    bytes[i] = static_cast<char>(bytes[i] ^ 1);
    EXPECT_FALSE(VerifyCosignature(key, kSpecCheckpointText, bytes).ok()) << i;
  }
  EXPECT_THAT(VerifyCosignature(TestWitness("w.example/1", 2).verifier_key(), kSpecCheckpointText,
                                signature.bytes),
              denied);
}

TEST(CosignatureTest, OtherLengthsAndTimesAreRefused) {
  const NoteSigner witness = TestWitness("w.example/1", 1);
  const VerifierKey& key = witness.verifier_key();
  const std::string bytes = Cosign(witness, kSpecCheckpointText, kTime)->bytes;
  EXPECT_THAT(VerifyCosignature(key, kSpecCheckpointText, bytes.substr(1)), kInvalid);
  EXPECT_THAT(VerifyCosignature(key, kSpecCheckpointText, bytes + "x"), kInvalid);
  EXPECT_THAT(VerifyCosignature(key, kSpecCheckpointText, ""), kInvalid);
  EXPECT_THAT(VerifyCosignature(key, kSpecCheckpointText, "\x80" + bytes.substr(1)), kInvalid);
  EXPECT_THAT(Cosign(witness, kSpecCheckpointText, {0}), kInvalid);
  EXPECT_THAT(Cosign(witness, kSpecCheckpointText, {-1}), kInvalid);
}

TEST(CosignatureTest, LogsAndWitnessesDoNotSignForEachOther) {
  const NoteSigner log = TestSigner("w.example/1", 1);
  const NoteSigner witness = TestWitness("w.example/1", 1);
  EXPECT_THAT(Cosign(log, kSpecCheckpointText, kTime), kInvalid);
  const std::string bytes = Cosign(witness, kSpecCheckpointText, kTime)->bytes;
  EXPECT_THAT(VerifyCosignature(log.verifier_key(), kSpecCheckpointText, bytes), kInvalid);
  // One key, two types: the bare signature of the one is none of the other's.
  EXPECT_FALSE(log.verifier_key().Verify(kSpecCheckpointText, bytes.substr(8)).ok());
}

TEST(CosignatureTest, ANoteCountsItAsASignature) {
  const NoteSigner log = TestSigner("example.com/behind-the-sofa", 1);
  const NoteSigner witness = TestWitness("w.example/1", 2);
  Note note;
  note.text = std::string(kSpecCheckpointText);
  note.signatures = {*ParseSignatureLine(*log.SignatureLine(note.text)),
                     *Cosign(witness, note.text, kTime)};
  const std::vector<VerifierKey> keys = {log.verifier_key(), witness.verifier_key()};
  ASSERT_OK_AND_ASSIGN(const auto signers, VerifyNote(*ParseNote(note.ToString()), keys));
  EXPECT_EQ(signers.size(), 2u);
  note.signatures[1].bytes.back() ^= 1;
  EXPECT_THAT(VerifyNote(note, keys), StatusIs(absl::StatusCode::kPermissionDenied));
}

}  // namespace
}  // namespace consent::tlog

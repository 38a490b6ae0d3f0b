// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/tlog_proof.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_matchers.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/proof.h"
#include "src/tlog/test_keys.h"

namespace consent::tlog {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

// The example of C2SP tlog-proof as far as its hashes are printed; of its checkpoint's signatures
// only beginnings are, so another checkpoint ends it.
const std::string kSpecProof = absl::StrCat(
    "c2sp.org/tlog-proof@v1\n"
    "extra YWdlLXYxLjIuMS1kYXJ3aW4tYXJtNjQudGFyLmd6kYXJ3aW4tYXJ\n"
    "index 73894\n"
    "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
    "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
    "EKNzoDWG8LGC0Yp9o+sv3qllpMP9uHQ9B20KNL+Q1zs=\n"
    "RoopEkOdqkYqMB4MJXrbt/hMjOxsVn0IrWjpz1ZMMes=\n"
    "AHCioX9nLjsrse6YhjRRmk1WUEirVOLLRoOQ6vfO5vk=\n"
    "\n",
    SpecCheckpoint());

TEST(TlogProofTest, ReadsTheSpecificationsProof) {
  ASSERT_OK_AND_ASSIGN(const TlogProof proof, ParseTlogProof(kSpecProof));
  EXPECT_THAT(proof.extra, StartsWith("age-v1.2.1-darwin-arm64.tar.g"));
  EXPECT_EQ(proof.index, LeafIndex{73'894});
  EXPECT_THAT(proof.proof, SizeIs(5));
  EXPECT_EQ(proof.checkpoint, SpecCheckpoint());
  EXPECT_EQ(proof.ToString(), kSpecProof);
}

// A log of seven entries, "0" to "6".
struct Log {
  NoteSigner signer = TestSigner("ledger.example/1", 1);
  std::vector<VerifierKey> keys = {signer.verifier_key()};
  merkle::CompactTree tree;
  Log() {
    for (int i = 0; i < 7; ++i) tree.Append(merkle::LeafHash(std::to_string(i)));
  }
  static absl::StatusOr<Digest> Read(const merkle::Subtree& s) {
    if (s.level == 0) return merkle::LeafHash(std::to_string(s.index));
    return merkle::NodeHash(*Read({s.level - 1, 2 * s.index}),
                            *Read({s.level - 1, 2 * s.index + 1}));
  }
  TlogProof ProofOf(uint64_t leaf) const {
    return {"",
            {leaf},
            *merkle::InclusionProof({leaf}, tree.size(), Read),
            *SignCheckpoint({"ledger.example/1", tree.size(), tree.Root(), {}}, {signer})};
  }
};

TEST(TlogProofTest, ShowsAnEntryInTheLogThatSigned) {
  const Log log;
  for (uint64_t leaf = 0; leaf < 7; ++leaf) {
    ASSERT_OK_AND_ASSIGN(const TlogProof proof, ParseTlogProof(log.ProofOf(leaf).ToString()));
    ASSERT_OK_AND_ASSIGN(const SignedCheckpoint opened,
                         VerifyTlogProof(proof, merkle::LeafHash(std::to_string(leaf)),
                                         "ledger.example/1", log.keys));
    EXPECT_EQ(opened.checkpoint.size, TreeSize{7});
  }
}

TEST(TlogProofTest, EveryFlippedBitIsNoticed) {
  const Log log;
  const std::string text = log.ProofOf(4).ToString();
  const Digest leaf_hash = merkle::LeafHash("4");
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1 << i % 8);
    const auto proof = ParseTlogProof(damaged);
    EXPECT_TRUE(!proof.ok() ||
                !VerifyTlogProof(*proof, leaf_hash, "ledger.example/1", log.keys).ok())
        << i;
  }
}

TEST(TlogProofTest, AnotherEntryOrLogIsRefused) {
  const Log log;
  const TlogProof proof = log.ProofOf(4);
  EXPECT_THAT(VerifyTlogProof(proof, merkle::LeafHash("5"), "ledger.example/1", log.keys),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(VerifyTlogProof(proof, merkle::LeafHash("4"), "ledger.example/2", log.keys),
              StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(VerifyTlogProof(proof, merkle::LeafHash("4"), "ledger.example/1", {}),
              StatusIs(absl::StatusCode::kUnauthenticated));
  TlogProof beyond = proof;
  beyond.index = {7};
  EXPECT_THAT(VerifyTlogProof(beyond, merkle::LeafHash("4"), "ledger.example/1", log.keys),
              kInvalid);
}

TEST(TlogProofTest, CarriesExtraDataThatNothingSigns) {
  const Log log;
  TlogProof proof = log.ProofOf(4);
  proof.extra = std::string("\0opening\xFF", 9);
  EXPECT_THAT(ParseTlogProof(proof.ToString()), IsOkAndHolds(proof));
  EXPECT_OK(VerifyTlogProof(proof, merkle::LeafHash("4"), "ledger.example/1", log.keys));
  proof.extra = std::string(kExtraBytesMax, 'e');
  EXPECT_THAT(ParseTlogProof(proof.ToString()), IsOkAndHolds(proof));
  proof.extra += "e";
  EXPECT_THAT(ParseTlogProof(proof.ToString()), kInvalid);
}

TEST(TlogProofTest, AnErrorNamesTheLine) {
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  const std::string hash = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n";
  const auto expect = [](const std::string& text, const std::string& message) {
    EXPECT_THAT(ParseTlogProof(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << text;
  };
  EXPECT_OK(ParseTlogProof(head + "index 0\n" + hash + "\ncheckpoint"));
  EXPECT_OK(ParseTlogProof(head + "index 0\n\ncheckpoint"));
  expect("", "line 1");
  expect("c2sp.org/tlog-proof@v2\nindex 0\n\nc", "line 1");
  expect("c2sp.org/tlog-proof@v1", "line 1");
  expect(head, "line 2");
  expect(head + "extra \nindex 0\n\nc", "line 2");
  expect(head + "extra QUI\nindex 0\n\nc", "line 2");
  expect(head + "index\n\nc", "line 2");
  expect(head + "index 00\n\nc", "line 2");
  expect(head + "index 9223372036854775807\n\nc", "line 2");
  expect(head + "extra QUI=\nextra QUI=\nindex 0\n\nc", "line 3");
  expect(head + "index 0\n" + hash + "nohash\n\nc", "line 4");
  expect(head + "index 0\n" + hash, "line 4");
  expect(head + "index 0\n" + hash + "\n", "line 5");
  std::string longest = head + "index 0\n";
  for (int i = 0; i < merkle::kProofHashesMax; ++i) longest += hash;
  EXPECT_OK(ParseTlogProof(longest + "\nc"));
  expect(longest + hash + "\nc", "more than 63 hashes");
  expect(head + "index 0\n\n" + std::string(kNoteBytesMax + 1, 'c'), "no checkpoint");
}

}  // namespace
}  // namespace consent::tlog

// SPDX-License-Identifier: Apache-2.0

#include "src/journal/receipt.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/crypto/private_key.h"
#include "src/journal/log_keys.h"
#include "src/journal/opening.h"
#include "src/journal/tile_reader.h"
#include "src/journal/tiler.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/leaf_hash.h"
#include "src/store/memory_store.h"
#include "src/tlog/note.h"

namespace consent::journal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr ShardId kShard{1};
constexpr char kOrigin[] = "ledger.example/1";

crypto::PrivateKey KeyOf(char fill) {
  return crypto::PrivateKey::FromEd25519Seed(*crypto::Secret::FromBytes(std::string(32, fill)));
}

// A journal of 300 entries, tiled, and the parts of each.
class ReceiptTest : public ::testing::Test {
 protected:
  static constexpr uint64_t kEntries = 300;

  ReceiptTest() : keys_(*LogKeys::Make({KeyOf('a')})), verifiers_(keys_.VerifierKeys(kOrigin)) {
    store::CommitRequest request;
    merkle::CompactTree tree;
    for (uint64_t i = 0; i < kEntries; ++i) {
      Entry entry;
      entry.kind = 6;
      entry.position = {i};
      entry.commitment = Commit(SaltsAt(i), PartsAt(i));
      leaves_.push_back(Encode(entry));
      tree.Append(merkle::LeafHash(leaves_.back()));
      request.bundle.openings.push_back(std::string(16, '\0'));
    }
    request.bundle.entries = leaves_;
    EXPECT_OK(store_.Commit(kShard, request));
    auto tiler = Tiler::Load(store_, kShard);
    EXPECT_OK(tiler.status());
    EXPECT_OK(tiler->AdvanceTo({kEntries}));
    EXPECT_EQ(tiler->Tree(), tree);
    checkpoint_ = *keys_.Sign({kOrigin, {kEntries}, tree.Root(), {}});
  }

  Salts SaltsAt(uint64_t i) const {
    Salts salts;
    salts.contact.bytes.fill(static_cast<uint8_t>(i));
    salts.company.bytes.fill(static_cast<uint8_t>(i + 1));
    salts.ledger.bytes.fill(static_cast<uint8_t>(i + 2));
    return salts;
  }
  Parts PartsAt(uint64_t i) const {
    return {.contact = "contact " + std::to_string(i), .company = "company's", .ledger = "secret"};
  }
  Receipt ReceiptOf(uint64_t i, Shown shown = Shown::kCompanysPart) {
    return {.shown = Show(leaves_[i], SaltsAt(i), PartsAt(i), shown),
            .position = {i},
            .proof = *TileReader(store_, kShard).InclusionProof({i}, {kEntries}),
            .checkpoint = checkpoint_};
  }

  store::MemoryStore store_;
  std::vector<std::string> leaves_;
  const LogKeys keys_;
  const std::vector<tlog::VerifierKey> verifiers_;
  std::string checkpoint_;
};

TEST_F(ReceiptTest, ProvesEveryEntryWithThePublicKeyAlone) {
  for (const uint64_t i : {0, 1, 255, 256, 299}) {
    ASSERT_OK_AND_ASSIGN(const Receipt receipt, ParseReceipt(ToText(ReceiptOf(i))));
    ASSERT_OK_AND_ASSIGN(const Proven proven, VerifyReceipt(receipt, verifiers_));
    EXPECT_EQ(proven.entry.position.value, i);
    EXPECT_EQ(proven.checkpoint.origin, kOrigin);
    EXPECT_EQ(receipt.shown.parts->contact.opened->bytes, PartsAt(i).contact);
  }
}

TEST_F(ReceiptTest, SaysNothingOfTheLedgersPart) {
  const Receipt receipt = ReceiptOf(7);
  EXPECT_FALSE(receipt.shown.parts->ledger.opened.has_value());
  EXPECT_THAT(Encode(receipt.shown), Not(HasSubstr("secret")));
  EXPECT_THAT(Encode(ReceiptOf(7, Shown::kAll).shown), HasSubstr("secret"));
}

TEST_F(ReceiptTest, AnEntryWhoseConsumerIsErasedIsStillProven) {
  Receipt receipt = ReceiptOf(42);
  receipt.shown.parts.reset();
  EXPECT_OK(VerifyReceipt(receipt, verifiers_));
}

TEST_F(ReceiptTest, RefusesAnotherPart) {
  Receipt receipt = ReceiptOf(7);
  receipt.shown.parts->company.opened->bytes = "another answer";
  EXPECT_THAT(VerifyReceipt(receipt, verifiers_), StatusIs(absl::StatusCode::kDataLoss));
  receipt = ReceiptOf(7);
  receipt.shown.parts->ledger.hash.bytes[5] ^= 1;
  EXPECT_THAT(VerifyReceipt(receipt, verifiers_), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(ReceiptTest, RefusesAnotherPlace) {
  Receipt receipt = ReceiptOf(7);
  receipt.position = {6};
  EXPECT_THAT(VerifyReceipt(receipt, verifiers_), StatusIs(absl::StatusCode::kDataLoss));
  receipt = ReceiptOf(7);
  receipt.proof[2].bytes[0] ^= 1;
  EXPECT_THAT(VerifyReceipt(receipt, verifiers_), StatusIs(absl::StatusCode::kDataLoss));
}

TEST_F(ReceiptTest, RefusesAnotherSigner) {
  const auto others = LogKeys::Make({KeyOf('b')})->VerifierKeys(kOrigin);
  EXPECT_FALSE(VerifyReceipt(ReceiptOf(7), others).ok());
  const auto elsewhere = keys_.VerifierKeys("ledger.example/2");
  EXPECT_FALSE(VerifyReceipt(ReceiptOf(7), elsewhere).ok());
}

TEST_F(ReceiptTest, ACheckpointOfAnotherJournalDoesNotPassForThisOnes) {
  // The same key, and a name that the signature does not cover.
  ASSERT_OK_AND_ASSIGN(const Digest root, TileReader(store_, kShard).RootAt({kEntries}));
  Receipt receipt = ReceiptOf(7);
  receipt.checkpoint = *keys_.Sign({"ledger.example/directory", {kEntries}, root, {}});
  ASSERT_OK_AND_ASSIGN(tlog::Note note, tlog::ParseNote(receipt.checkpoint));
  note.signatures[0].name = kOrigin;
  note.signatures[0].id = verifiers_[0].id;
  receipt.checkpoint = note.ToString();
  EXPECT_FALSE(VerifyReceipt(receipt, verifiers_).ok());
}

TEST_F(ReceiptTest, EveryKeyOfARotationVerifiesIt) {
  ASSERT_OK_AND_ASSIGN(const LogKeys both, LogKeys::Make({KeyOf('b'), KeyOf('a')}));
  ASSERT_OK_AND_ASSIGN(const Digest root, TileReader(store_, kShard).RootAt({kEntries}));
  Receipt receipt = ReceiptOf(7);
  receipt.checkpoint = *both.Sign({kOrigin, {kEntries}, root, {}});
  for (const tlog::VerifierKey& key : both.VerifierKeys(kOrigin)) {
    EXPECT_OK(VerifyReceipt(receipt, {&key, 1}));
  }
}

TEST_F(ReceiptTest, NoBitOfTheTextCanChangeUnnoticed) {
  const std::string text = ToText(ReceiptOf(200));
  for (size_t i = 0; i < text.size(); ++i) {
    for (const int bit : {0, 3, 6}) {
      std::string other = text;
      other[i] = static_cast<char>(other[i] ^ (1 << bit));
      const auto receipt = ParseReceipt(other);
      if (!receipt.ok()) continue;
      EXPECT_FALSE(VerifyReceipt(*receipt, verifiers_).ok()) << "byte " << i << ", bit " << bit;
    }
  }
}

TEST(LogKeysTest, AreOneToFourDifferentEd25519Keys) {
  EXPECT_FALSE(LogKeys::Make({}).ok());
  EXPECT_FALSE(LogKeys::Make({KeyOf('a'), KeyOf('a')}).ok());
  EXPECT_FALSE(LogKeys::Make({crypto::PrivateKey::Generate(crypto::Algorithm::kEcdsaP256)}).ok());
  EXPECT_FALSE(LogKeys::Make({KeyOf('a'), KeyOf('b'), KeyOf('c'), KeyOf('d'), KeyOf('e')}).ok());
}

}  // namespace
}  // namespace consent::journal

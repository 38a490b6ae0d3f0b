// SPDX-License-Identifier: Apache-2.0
//
// Against the definitions (test_tree.h), and the proofs of the certificate-transparency reference
// implementation over the leaves of compact_tree_test.cc.

#include "src/merkle/proof.h"

#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "src/base/status_matchers.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/test_tree.h"

namespace consent::merkle {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One tree for all tests: its roots are remembered.
const TestTree& Tree() {
  static const auto* tree = new TestTree(1100);
  return *tree;
}

std::vector<Digest> Inclusion(uint64_t leaf, uint64_t size) {
  return *InclusionProof({leaf}, {size}, Tree().ReaderAt(size));
}
std::vector<Digest> Consistency(uint64_t from, uint64_t to) {
  return *ConsistencyProof({from}, {to}, Tree().ReaderAt(to));
}
TreePair Pair(uint64_t from, uint64_t to) {
  return {{from}, Tree().Root(from), {to}, Tree().Root(to)};
}

TEST(ProofTest, IsTheDefinitionsForEverySmallTree) {
  for (uint64_t size = 1; size <= 70; ++size) {
    for (uint64_t leaf = 0; leaf < size; ++leaf) {
      const auto proof = Inclusion(leaf, size);
      ASSERT_EQ(proof, Tree().Path(leaf, 0, size)) << leaf << " in " << size;
      ASSERT_OK(VerifyInclusion(Tree().leaf(leaf), {leaf}, {size}, proof, Tree().Root(size)));
    }
    for (uint64_t from = 1; from <= size; ++from) {
      const auto proof = Consistency(from, size);
      ASSERT_EQ(proof, Tree().Proof(from, size)) << from << " to " << size;
      ASSERT_OK(VerifyConsistency(Pair(from, size), proof)) << from << " to " << size;
    }
  }
}

RC_GTEST_PROP(ProofTest, AnInclusionProofIsTheDefinitionsAndVerifies, ()) {
  const auto size = *rc::gen::inRange<uint64_t>(1, Tree().size() + 1);
  const auto leaf = *rc::gen::inRange<uint64_t>(0, size);
  const auto proof = Inclusion(leaf, size);
  RC_ASSERT(proof == Tree().Path(leaf, 0, size));
  RC_ASSERT(VerifyInclusion(Tree().leaf(leaf), {leaf}, {size}, proof, Tree().Root(size)).ok());
}

RC_GTEST_PROP(ProofTest, AConsistencyProofIsTheDefinitionsAndVerifies, ()) {
  const auto to = *rc::gen::inRange<uint64_t>(1, Tree().size() + 1);
  const auto from = *rc::gen::inRange<uint64_t>(1, to + 1);
  const auto proof = Consistency(from, to);
  RC_ASSERT(proof == Tree().Proof(from, to));
  RC_ASSERT(VerifyConsistency(Pair(from, to), proof).ok());
}

RC_GTEST_PROP(ProofTest, OneFlippedBitBreaksAnInclusionProof, ()) {
  const auto size = *rc::gen::inRange<uint64_t>(1, Tree().size() + 1);
  const auto leaf = *rc::gen::inRange<uint64_t>(0, size);
  auto proof = Inclusion(leaf, size);
  Digest leaf_hash = Tree().leaf(leaf);
  Digest root = Tree().Root(size);
  // The last two numbers stand for the leaf's hash and the root.
  const auto which = *rc::gen::inRange<size_t>(0, proof.size() + 2);
  Digest& damaged = which < proof.size() ? proof[which] : which == proof.size() ? leaf_hash : root;
  damaged = Flipped(damaged, *rc::gen::inRange(0, 256));
  RC_ASSERT(VerifyInclusion(leaf_hash, {leaf}, {size}, proof, root).code() ==
            absl::StatusCode::kDataLoss);
}

RC_GTEST_PROP(ProofTest, OneFlippedBitBreaksAConsistencyProof, ()) {
  const auto to = *rc::gen::inRange<uint64_t>(1, Tree().size() + 1);
  const auto from = *rc::gen::inRange<uint64_t>(1, to + 1);
  auto proof = Consistency(from, to);
  TreePair pair = Pair(from, to);
  const auto which = *rc::gen::inRange<size_t>(0, proof.size() + 2);
  Digest& damaged = which < proof.size()    ? proof[which]
                    : which == proof.size() ? pair.from_root
                                            : pair.to_root;
  damaged = Flipped(damaged, *rc::gen::inRange(0, 256));
  RC_ASSERT(VerifyConsistency(pair, proof).code() == absl::StatusCode::kDataLoss);
}

RC_GTEST_PROP(ProofTest, AProofHoldsAtNoOtherPlaceAndForNoOtherSize, ()) {
  const auto size = *rc::gen::inRange<uint64_t>(2, Tree().size() + 1);
  const auto leaf = *rc::gen::inRange<uint64_t>(0, size);
  const auto other = *rc::gen::distinctFrom(rc::gen::inRange<uint64_t>(0, size), leaf);
  const auto proof = Inclusion(leaf, size);
  RC_ASSERT(!VerifyInclusion(Tree().leaf(leaf), {other}, {size}, proof, Tree().Root(size)).ok());
  const auto from = *rc::gen::inRange<uint64_t>(1, size + 1);
  const auto to = *rc::gen::distinctFrom(rc::gen::inRange<uint64_t>(from, Tree().size() + 1), size);
  RC_ASSERT(!VerifyConsistency({{from}, Tree().Root(from), {to}, Tree().Root(size)},
                               Consistency(from, to))
                 .ok());
}

RC_GTEST_PROP(ProofTest, AProofOfAnotherLengthIsRefusedAsSuch, ()) {
  const auto to = *rc::gen::inRange<uint64_t>(1, Tree().size() + 1);
  const auto from = *rc::gen::inRange<uint64_t>(0, to + 1);
  auto consistency = Consistency(from, to);
  auto inclusion = Inclusion(to - 1, to);
  for (auto* proof : {&consistency, &inclusion}) {
    if (proof->empty() || *rc::gen::arbitrary<bool>()) {
      proof->push_back(Tree().leaf(0));
    } else {
      proof->pop_back();
    }
  }
  RC_ASSERT(VerifyConsistency(Pair(from, to), consistency).code() ==
            absl::StatusCode::kInvalidArgument);
  RC_ASSERT(
      VerifyInclusion(Tree().leaf(to - 1), {to - 1}, {to}, inclusion, Tree().Root(to)).code() ==
      absl::StatusCode::kInvalidArgument);
}

RC_GTEST_PROP(ProofTest, TheTreeAtASizeIsTheOneGrownToIt, ()) {
  const auto size = *rc::gen::inRange<uint64_t>(0, Tree().size() + 1);
  CompactTree grown;
  for (uint64_t i = 0; i < size; ++i) grown.Append(Tree().leaf(i));
  const auto tree = TreeAt({size}, Tree().ReaderAt(Tree().size()));
  RC_ASSERT(tree.ok());
  RC_ASSERT(*tree == grown);
  RC_ASSERT(tree->Root() == Tree().Root(size));
}

TEST(ProofTest, NothingProvesThatATreeBeginsEmptyOrWithItself) {
  EXPECT_THAT(Consistency(0, 9), IsEmpty());
  EXPECT_THAT(Consistency(9, 9), IsEmpty());
  EXPECT_THAT(Consistency(0, 0), IsEmpty());
  EXPECT_OK(VerifyConsistency(Pair(0, 9), {}));
  EXPECT_OK(VerifyConsistency(Pair(9, 9), {}));
  EXPECT_OK(VerifyConsistency(Pair(0, 0), {}));
}

TEST(ProofTest, TwoRootsOfOneSizeAreAFork) {
  const TreePair fork{{9}, Tree().Root(9), {9}, Tree().Root(8)};
  EXPECT_THAT(VerifyConsistency(fork, {}),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("two roots of one size, 9")));
}

TEST(ProofTest, TheEmptyTreeHasOneRoot) {
  EXPECT_THAT(VerifyConsistency({{0}, Tree().Root(1), {9}, Tree().Root(9)}, {}),
              StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(VerifyConsistency({{0}, Tree().Root(1), {0}, Tree().Root(1)}, {}),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST(ProofTest, ImpossibleSizesAreRefused) {
  const TreeSize beyond{kMaxTreeSize.value + 1};
  const auto refuse = [](const Subtree&) -> absl::StatusOr<Digest> {
    return absl::InternalError("read");
  };
  const auto invalid = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(InclusionProof({7}, {7}, refuse), invalid);
  EXPECT_THAT(InclusionProof({0}, {0}, refuse), invalid);
  EXPECT_THAT(InclusionProof({0}, beyond, refuse), invalid);
  EXPECT_THAT(ConsistencyProof({8}, {7}, refuse), invalid);
  EXPECT_THAT(ConsistencyProof({8}, beyond, refuse), invalid);
  EXPECT_THAT(TreeAt(beyond, refuse), invalid);
  EXPECT_THAT(VerifyInclusion({}, {7}, {7}, {}, {}), invalid);
  EXPECT_THAT(VerifyInclusion({}, {0}, {0}, {}, {}), invalid);
  EXPECT_THAT(VerifyInclusion({}, {0}, beyond, {}, {}), invalid);
  EXPECT_THAT(VerifyConsistency({{8}, {}, {7}, {}}, {}), invalid);
  EXPECT_THAT(VerifyConsistency({{8}, {}, beyond, {}}, {}), invalid);
}

TEST(ProofTest, TheLargestTreeHasProofsOfAtMost63Hashes) {
  const auto any = [](const Subtree& s) -> absl::StatusOr<Digest> {
    return s.IsIn(kMaxTreeSize) ? LeafHash(std::to_string(s.level))
                                : absl::StatusOr<Digest>(absl::InternalError("not there"));
  };
  ASSERT_OK_AND_ASSIGN(const auto first, InclusionProof({0}, kMaxTreeSize, any));
  EXPECT_EQ(first.size(), static_cast<size_t>(kProofHashesMax));
  EXPECT_OK(RootFromInclusion({}, {0}, kMaxTreeSize, first));
  const LeafIndex last_leaf{kMaxTreeSize.value - 1};
  ASSERT_OK_AND_ASSIGN(const auto last, InclusionProof(last_leaf, kMaxTreeSize, any));
  EXPECT_EQ(last.size(), 62u);
  EXPECT_OK(RootFromInclusion({}, last_leaf, kMaxTreeSize, last));
  ASSERT_OK_AND_ASSIGN(const auto consistency, ConsistencyProof({3}, kMaxTreeSize, any));
  EXPECT_EQ(consistency.size(), 64u);
  ASSERT_OK_AND_ASSIGN(const auto half, ConsistencyProof({3}, {uint64_t{1} << 62}, any));
  EXPECT_EQ(half.size(), static_cast<size_t>(kProofHashesMax));
  // Of the right length, though nothing adds up.
  EXPECT_THAT(VerifyConsistency({{3}, {}, kMaxTreeSize, {}}, consistency),
              StatusIs(absl::StatusCode::kDataLoss));
}

TEST(ProofTest, TheReadersErrorIsPassedOn) {
  const auto fail = [](const Subtree&) -> absl::StatusOr<Digest> {
    return absl::UnavailableError("no disk");
  };
  const auto unavailable = StatusIs(absl::StatusCode::kUnavailable);
  EXPECT_THAT(InclusionProof({1}, {2}, fail), unavailable);
  EXPECT_THAT(ConsistencyProof({1}, {2}, fail), unavailable);
  EXPECT_THAT(TreeAt({1}, fail), unavailable);
}

// From the reference implementation's tests (merkle trees of certificate-transparency).
const char* const kLeaves[] = {"",
                               "00",
                               "10",
                               "2021",
                               "3031",
                               "40414243",
                               "5051525354555657",
                               "606162636465666768696a6b6c6d6e6f"};
Digest FromHex(const char* hex) { return *Digest::FromBytes(absl::HexStringToBytes(hex)); }
absl::StatusOr<Digest> KnownSubtree(const Subtree& s) {
  if (s.level == 0) return LeafHash(absl::HexStringToBytes(kLeaves[s.index]));
  return NodeHash(*KnownSubtree({s.level - 1, 2 * s.index}),
                  *KnownSubtree({s.level - 1, 2 * s.index + 1}));
}
std::vector<Digest> Known(std::vector<const char*> hex) {
  std::vector<Digest> digests;
  for (const char* text : hex) digests.push_back(FromHex(text));
  return digests;
}

TEST(ProofTest, MakesTheInclusionProofsOfTheReference) {
  EXPECT_EQ(*InclusionProof({0}, {1}, KnownSubtree), Known({}));
  EXPECT_EQ(*InclusionProof({0}, {8}, KnownSubtree),
            Known({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(*InclusionProof({5}, {8}, KnownSubtree),
            Known({"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                   "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                   "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(*InclusionProof({2}, {3}, KnownSubtree),
            Known({"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}));
}

TEST(ProofTest, MakesTheConsistencyProofsOfTheReference) {
  EXPECT_EQ(*ConsistencyProof({1}, {8}, KnownSubtree),
            Known({"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(*ConsistencyProof({6}, {8}, KnownSubtree),
            Known({"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                   "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                   "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(*ConsistencyProof({2}, {5}, KnownSubtree),
            Known({"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

}  // namespace
}  // namespace consent::merkle

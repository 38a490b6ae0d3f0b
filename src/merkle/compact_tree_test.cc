// SPDX-License-Identifier: Apache-2.0
//
// Vectors: the leaves and roots of the certificate-transparency reference implementation, which
// every log tool is tried with.

#include "src/merkle/compact_tree.h"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/crypto/hash.h"
#include "src/merkle/leaf_hash.h"

namespace consent::merkle {
namespace {

std::string Bytes(const char* hex) { return absl::HexStringToBytes(hex); }
std::string Hex(const Digest& digest) { return absl::BytesToHexString(digest.str()); }

struct Step {
  const char* leaf;  // The entry added.
  const char* root;  // The root of the tree that it ends.
};
constexpr Step kSteps[] = {
    {"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    {"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
    {"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
    {"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
    {"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
    {"606162636465666768696a6b6c6d6e6f",
     "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"}};

// MTH of RFC 6962, 2.1, word for word: split at the largest power of two below n.
Digest Definition(const std::vector<std::string>& entries, size_t begin, size_t end) {
  const size_t n = end - begin;
  if (n == 0) return crypto::Sha256({});
  if (n == 1) return crypto::Sha256({std::string(1, '\0'), entries[begin]});
  const size_t k = std::bit_ceil(n) / 2;
  return crypto::Sha256({std::string(1, '\1'), Definition(entries, begin, begin + k).view(),
                         Definition(entries, begin + k, end).view()});
}

// `size` leaves, each of which is another.
CompactTree TreeOf(uint64_t size) {
  CompactTree tree;
  for (uint64_t i = 0; i < size; ++i) tree.Append(LeafHash(std::to_string(i)));
  return tree;
}

TEST(CompactTreeTest, TheEmptyTreeIsTheHashOfNothing) {
  EXPECT_EQ(CompactTree().size(), TreeSize{0});
  EXPECT_EQ(CompactTree().Root(), EmptyRoot());
  EXPECT_EQ(Hex(EmptyRoot()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(CompactTreeTest, GrowsAsTheReferenceDoes) {
  CompactTree tree;
  uint64_t position = 0;
  for (const Step& step : kSteps) {
    EXPECT_EQ(tree.Append(LeafHash(Bytes(step.leaf))), LeafIndex{position++});
    EXPECT_EQ(Hex(tree.Root()), step.root) << "size " << position;
    EXPECT_EQ(tree.size(), TreeSize{position});
  }
}

TEST(CompactTreeTest, LeavesAndNodesAreHashedApart) {
  const Digest a = LeafHash("a");
  const Digest b = LeafHash("b");
  EXPECT_NE(LeafHash(a.str() + b.str()), NodeHash(a, b));
  EXPECT_NE(NodeHash(a, b), NodeHash(b, a));
}

RC_GTEST_PROP(CompactTreeTest, EqualsTheDefinitionForEverySize, ()) {
  const auto size = *rc::gen::inRange<size_t>(0, 300);
  const auto entries =
      *rc::gen::container<std::vector<std::string>>(size, rc::gen::arbitrary<std::string>());
  CompactTree tree;
  for (size_t i = 0; i < size; ++i) {
    RC_ASSERT(tree.Append(LeafHash(entries[i])) == LeafIndex{i});
  }
  RC_ASSERT(tree.Root() == Definition(entries, 0, size));
  RC_ASSERT(tree.subtrees().size() == static_cast<size_t>(std::popcount(size)));
}

TEST(CompactTreeTest, EqualsTheDefinitionAroundPowersOfTwo) {
  std::vector<std::string> entries;
  CompactTree tree;
  for (size_t i = 0; i <= 4100; ++i) {
    const size_t size = entries.size();
    if (std::has_single_bit(size) || std::has_single_bit(size + 1) ||
        std::has_single_bit(size - 1)) {
      EXPECT_EQ(tree.Root(), Definition(entries, 0, size)) << "size " << size;
    }
    entries.push_back(std::to_string(i));
    tree.Append(LeafHash(entries.back()));
  }
}

RC_GTEST_PROP(CompactTreeTest, AStoredTreeGrowsOnAsIfItHadNotBeenStored, ()) {
  CompactTree tree = TreeOf(*rc::gen::inRange<uint64_t>(0, 200));
  auto stored = Decode<CompactTree>(Encode(tree));
  RC_ASSERT(stored.ok());
  RC_ASSERT(*stored == tree);
  const auto more = *rc::gen::inRange<int>(0, 100);
  for (int i = 0; i < more; ++i) {
    const Digest leaf = LeafHash("more " + std::to_string(i));
    RC_ASSERT(tree.Append(leaf) == stored->Append(leaf));
  }
  RC_ASSERT(tree.Root() == stored->Root());
}

TEST(CompactTreeTest, HasTheseBytesForEver) {
  EXPECT_EQ(absl::BytesToHexString(Encode(CompactTree())), "0000");
  CompactTree tree;
  for (int i = 0; i < 3; ++i) tree.Append(LeafHash(Bytes(kSteps[i].leaf)));
  EXPECT_EQ(absl::BytesToHexString(Encode(tree)),
            "03"  // Three leaves,
            "02"  // so two subtrees: of two leaves, and of one.
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125" +
                Hex(LeafHash(Bytes("10"))));
}

TEST(CompactTreeTest, AnotherNumberOfHashesThanTheSizeTellsIsRefused) {
  const std::string hash(32, 'h');
  const auto encoding = [&](uint64_t size, size_t hashes) {
    std::string bytes;
    Writer writer(bytes);
    writer.Varint(size);
    writer.Varint(hashes);
    for (size_t i = 0; i < hashes; ++i) bytes += hash;
    return bytes;
  };
  EXPECT_OK(Decode<CompactTree>(encoding(6, 2)));
  for (const auto& [size, hashes] : std::vector<std::pair<uint64_t, size_t>>{
           {0, 1}, {1, 0}, {1, 2}, {6, 1}, {6, 3}, {6, 6}, {8, 0}, {8, 8}}) {
    EXPECT_THAT(Decode<CompactTree>(encoding(size, hashes)),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << size << " leaves, " << hashes << " hashes";
  }
  EXPECT_OK(Decode<CompactTree>(encoding(kMaxTreeSize.value, 63)));
  EXPECT_THAT(Decode<CompactTree>(encoding(kMaxTreeSize.value + 1, 1)),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(CompactTreeTest, EveryCutIsRefused) {
  const std::string bytes = Encode(TreeOf(7));
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_THAT(Decode<CompactTree>(bytes.substr(0, size)),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << size;
  }
}

TEST(CompactTreeDeathTest, AFullTreeTakesNoLeaf) {
  std::string bytes;
  Writer writer(bytes);
  writer.Varint(kMaxTreeSize.value);
  writer.Varint(63);
  bytes += std::string(63 * 32, 'h');
  CompactTree tree = *Decode<CompactTree>(bytes);
  EXPECT_DEATH(tree.Append(LeafHash("")), "cannot hold another leaf");
}

}  // namespace
}  // namespace consent::merkle

// SPDX-License-Identifier: Apache-2.0

#include "src/merkle/proof.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/merkle/leaf_hash.h"

namespace consent::merkle {
namespace {

absl::Status CheckSize(TreeSize size) {
  if (size <= kMaxTreeSize) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("tree size ", size.value, " is above the largest, ", kMaxTreeSize.value));
}

// The leaves [begin, end), which a larger tree has as one node: `begin` is a multiple of the
// smallest power of two that holds them.
struct Range {
  uint64_t begin = 0;
  uint64_t end = 0;
  uint64_t size() const { return end - begin; }
  // Where RFC 6962 splits it: after the largest power of two smaller than its size.
  uint64_t split() const { return begin + std::bit_ceil(size()) / 2; }
};

// The perfect subtrees that a range falls into, largest (leftmost) first.
std::vector<Subtree> PerfectSubtrees(Range range) {
  std::vector<Subtree> subtrees;
  while (range.size() > 0) {
    const int level = std::bit_width(range.size()) - 1;
    subtrees.push_back({level, range.begin >> level});
    range.begin += uint64_t{1} << level;
  }
  return subtrees;
}

// The hash of a range that is not empty.
absl::StatusOr<Digest> RangeHash(Range range, HashReader read) {
  const std::vector<Subtree> subtrees = PerfectSubtrees(range);
  ASSIGN_OR_RETURN(Digest hash, read(subtrees.back()));
  for (size_t i = subtrees.size() - 1; i > 0; --i) {
    ASSIGN_OR_RETURN(const Digest left, read(subtrees[i - 1]));
    hash = NodeHash(left, hash);
  }
  return hash;
}

// Ranges to their hashes, from the last (nearest to the leaves) to the first.
absl::StatusOr<std::vector<Digest>> HashesUpwards(const std::vector<Range>& ranges,
                                                  HashReader read) {
  std::vector<Digest> hashes;
  hashes.reserve(ranges.size());
  for (auto range = ranges.rbegin(); range != ranges.rend(); ++range) {
    ASSIGN_OR_RETURN(hashes.emplace_back(), RangeHash(*range, read));
  }
  return hashes;
}

// How a proof is made of two parts: first the steps inside the smallest subtree that holds both the
// leaf and the tree's last leaf, then the subtrees on that one's left.
struct Steps {
  int inner = 0;
  int border = 0;
  int count() const { return inner + border; }
};
Steps StepsOf(uint64_t leaf, uint64_t last) {
  const int inner = std::bit_width(leaf ^ last);
  return {inner, inner < 64 ? std::popcount(leaf >> inner) : 0};
}

absl::Status WrongLength(size_t found, size_t expected) {
  return absl::InvalidArgumentError(
      absl::StrCat("a proof of ", found, " hashes where ", expected, " belong"));
}

}  // namespace

absl::StatusOr<std::vector<Digest>> InclusionProof(LeafIndex leaf, TreeSize size, HashReader read) {
  RETURN_IF_ERROR(CheckSize(size));
  if (leaf.value >= size.value) {
    return absl::InvalidArgumentError(
        absl::StrCat("leaf ", leaf.value, " is not in a tree of ", size.value));
  }
  std::vector<Range> siblings;
  Range range{0, size.value};
  while (range.size() > 1) {
    const uint64_t split = range.split();
    if (leaf.value < split) {
      siblings.push_back({split, range.end});
      range.end = split;
    } else {
      siblings.push_back({range.begin, split});
      range.begin = split;
    }
  }
  return HashesUpwards(siblings, read);
}

absl::StatusOr<std::vector<Digest>> ConsistencyProof(TreeSize from, TreeSize to, HashReader read) {
  RETURN_IF_ERROR(CheckSize(to));
  if (from > to) {
    return absl::InvalidArgumentError(
        absl::StrCat("a tree of ", to.value, " cannot begin with one of ", from.value));
  }
  if (from.value == 0 || from == to) return std::vector<Digest>();
  std::vector<Range> parts;
  Range range{0, to.value};
  while (range.end != from.value) {
    const uint64_t split = range.split();
    if (from.value <= split) {
      parts.push_back({split, range.end});
      range.end = split;
    } else {
      parts.push_back({range.begin, split});
      range.begin = split;
    }
  }
  // What is left is the last subtree of the smaller tree. Only where it is the whole of that does
  // the verifier know its hash.
  if (range.begin != 0) parts.push_back(range);
  return HashesUpwards(parts, read);
}

absl::StatusOr<CompactTree> TreeAt(TreeSize size, HashReader read) {
  RETURN_IF_ERROR(CheckSize(size));
  std::vector<Digest> roots;
  for (const Subtree& subtree : PerfectSubtrees({0, size.value})) {
    ASSIGN_OR_RETURN(roots.emplace_back(), read(subtree));
  }
  return CompactTree::FromSubtrees(size, std::move(roots));
}

absl::StatusOr<Digest> RootFromInclusion(const Digest& leaf_hash, LeafIndex leaf, TreeSize size,
                                         absl::Span<const Digest> proof) {
  RETURN_IF_ERROR(CheckSize(size));
  if (leaf.value >= size.value) {
    return absl::InvalidArgumentError(
        absl::StrCat("leaf ", leaf.value, " is not in a tree of ", size.value));
  }
  const Steps steps = StepsOf(leaf.value, size.value - 1);
  if (proof.size() != static_cast<size_t>(steps.count())) {
    return WrongLength(proof.size(), steps.count());
  }
  Digest hash = leaf_hash;
  for (int i = 0; i < steps.count(); ++i) {
    const bool on_the_left = i >= steps.inner || (leaf.value >> i & 1) == 1;
    hash = on_the_left ? NodeHash(proof[i], hash) : NodeHash(hash, proof[i]);
  }
  return hash;
}

absl::Status VerifyInclusion(const Digest& leaf_hash, LeafIndex leaf, TreeSize size,
                             absl::Span<const Digest> proof, const Digest& root) {
  ASSIGN_OR_RETURN(const Digest found, RootFromInclusion(leaf_hash, leaf, size, proof));
  if (found == root) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the proof does not lead from leaf ", leaf.value,
                                          " to the root of the tree of ", size.value));
}

absl::Status VerifyConsistency(const TreePair& pair, absl::Span<const Digest> proof) {
  RETURN_IF_ERROR(CheckSize(pair.to));
  if (pair.from > pair.to) {
    return absl::InvalidArgumentError(
        absl::StrCat("a tree of ", pair.to.value, " cannot begin with one of ", pair.from.value));
  }
  if (pair.from.value == 0 && pair.from_root != EmptyRoot()) {
    return absl::DataLossError("the root of a tree without leaves is not that of the empty tree");
  }
  if (pair.from.value == 0 || pair.from == pair.to) {
    if (!proof.empty()) return WrongLength(proof.size(), 0);
    if (pair.from == pair.to && pair.from_root != pair.to_root) {
      return absl::DataLossError(absl::StrCat("two roots of one size, ", pair.from.value));
    }
    return absl::OkStatus();
  }

  // The way up begins at the last perfect subtree of the smaller tree, `shift` levels high; the
  // steps below it are those inside that subtree. Where it is the whole smaller tree, its hash is
  // the smaller root and not in the proof.
  const int shift = std::countr_zero(pair.from.value);
  Steps steps = StepsOf(pair.from.value - 1, pair.to.value - 1);
  steps.inner -= shift;
  const bool whole = std::has_single_bit(pair.from.value);
  const size_t expected = static_cast<size_t>(steps.count()) + (whole ? 0 : 1);
  if (proof.size() != expected) return WrongLength(proof.size(), expected);
  const Digest seed = whole ? pair.from_root : proof.front();
  if (!whole) proof.remove_prefix(1);

  // Only what is on the left belongs to the smaller tree.
  Digest from_root = seed;
  Digest to_root = seed;
  for (int i = 0; i < steps.count(); ++i) {
    const bool on_the_left = i >= steps.inner || ((pair.from.value - 1) >> (shift + i) & 1) == 1;
    if (on_the_left) from_root = NodeHash(proof[i], from_root);
    to_root = on_the_left ? NodeHash(proof[i], to_root) : NodeHash(to_root, proof[i]);
  }
  if (from_root == pair.from_root && to_root == pair.to_root) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the proof does not show that the tree of ",
                                          pair.to.value, " begins with that of ", pair.from.value));
}

}  // namespace consent::merkle

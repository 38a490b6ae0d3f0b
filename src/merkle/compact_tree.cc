// SPDX-License-Identifier: Apache-2.0

#include "src/merkle/compact_tree.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/require.h"
#include "src/merkle/leaf_hash.h"

namespace consent::merkle {

absl::StatusOr<CompactTree> CompactTree::FromSubtrees(TreeSize size, std::vector<Digest> subtrees) {
  if (size > kMaxTreeSize || subtrees.size() != static_cast<size_t>(std::popcount(size.value))) {
    return absl::InvalidArgumentError(
        absl::StrCat("no tree of ", size.value, " leaves has ", subtrees.size(), " subtrees"));
  }
  CompactTree tree;
  tree.size_ = size;
  tree.subtrees_ = std::move(subtrees);
  return tree;
}

LeafIndex CompactTree::Append(const Digest& leaf_hash) {
  crypto::Require(size_ < kMaxTreeSize, "the Merkle tree cannot hold another leaf");
  // As in adding one to a binary number: each trailing one-bit is a subtree that the new one, by
  // now as large, joins from the right.
  Digest root = leaf_hash;
  for (int ones = std::countr_one(size_.value); ones > 0; --ones) {
    root = NodeHash(subtrees_.back(), root);
    subtrees_.pop_back();
  }
  subtrees_.push_back(root);
  return LeafIndex{size_.value++};
}

Digest CompactTree::Root() const {
  if (subtrees_.empty()) return EmptyRoot();
  Digest root = subtrees_.back();
  for (size_t i = subtrees_.size() - 1; i > 0; --i) root = NodeHash(subtrees_[i - 1], root);
  return root;
}

}  // namespace consent::merkle

// SPDX-License-Identifier: Apache-2.0
//
// CompactTree: as much of an RFC 6962 Merkle tree as appending to it takes.
//
// A tree of n leaves is a row of perfect subtrees, one for each bit set in n, largest first. Their
// root hashes are all that a later leaf or the root of the whole depends on: at most 63 hashes,
// whatever the size.
//
//   n = 11 = 0b1011:   [8 leaves] [2 leaves] [1 leaf]
//
// Invariant: as many hashes as bits set in the size; size at most kMaxTreeSize. Decoding refuses
// anything else. That the hashes are those of real entries no decoder can see: whoever loads a tree
// compares its root with a promise (docs/formats/).
//
// Threads: const use from any thread; Append belongs to one. No I/O.

#ifndef CONSENT_MERKLE_COMPACT_TREE_H_
#define CONSENT_MERKLE_COMPACT_TREE_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/ids.h"

namespace consent::merkle {

// Log tools count in signed 64-bit integers.
inline constexpr TreeSize kMaxTreeSize{(uint64_t{1} << 63) - 1};

class CompactTree {
 public:
  // The tree without leaves.
  CompactTree() = default;

  // The tree of `size` leaves with these roots of perfect subtrees, largest (leftmost) first.
  // InvalidArgument when they are not as many as bits are set in the size, or the size is above
  // kMaxTreeSize.
  static absl::StatusOr<CompactTree> FromSubtrees(TreeSize size, std::vector<Digest> subtrees);

  // Adds a leaf on the right, given LeafHash of its entry. Returns the position it took: the size
  // before. On average one node is hashed. A tree of kMaxTreeSize leaves ends the process; it would
  // take ten thousand years to reach.
  LeafIndex Append(const Digest& leaf_hash);

  // The root over all leaves: EmptyRoot() when there are none. Hashes a node for each subtree but
  // the first, so call it once a commit, not once an entry.
  Digest Root() const;

  TreeSize size() const { return size_; }
  // The roots of the perfect subtrees, largest (leftmost) first.
  const std::vector<Digest>& subtrees() const { return subtrees_; }

  friend bool operator==(const CompactTree&, const CompactTree&) = default;

  // Codec (src/base/codec.h): the size, then the subtrees' roots with their number.
  template <class A>
  void Fields(A& a) {
    a(size_);
    a(subtrees_);
    if constexpr (A::kReading) {
      if (size_ > kMaxTreeSize ||
          subtrees_.size() != static_cast<size_t>(std::popcount(size_.value))) {
        a.Fail();
      }
    }
  }

 private:
  TreeSize size_;
  std::vector<Digest> subtrees_;
};

}  // namespace consent::merkle

#endif  // CONSENT_MERKLE_COMPACT_TREE_H_

// SPDX-License-Identifier: Apache-2.0
//
// Subtree: a perfect subtree of a Merkle tree, by its place.
//
//   {0, 5}   leaf 5
//   {3, 1}   the 8 leaves from 8 to 15
//
// Whatever a proof or a root needs is hashes of perfect subtrees: they never change once all their
// leaves are there, so they can be stored, and the ragged right edge is hashed out of them.
//
// Threads: a plain value.

#ifndef CONSENT_MERKLE_SUBTREE_H_
#define CONSENT_MERKLE_SUBTREE_H_

#include <compare>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"

namespace consent::merkle {

// A tree of at most 2^63 - 1 leaves has no perfect subtree of more than 2^62.
inline constexpr int kSubtreeLevelMax = 62;

// The 2^level leaves [index << level, (index + 1) << level).
struct Subtree {
  int level = 0;
  uint64_t index = 0;
  friend constexpr auto operator<=>(const Subtree&, const Subtree&) = default;

  // Whether a tree of this size has all the leaves of the subtree.
  constexpr bool IsIn(TreeSize size) const {
    return level >= 0 && level <= kSubtreeLevelMax && index < size.value >> level;
  }
};

// Gives the hash of a perfect subtree of one tree. It is only ever asked for subtrees that the tree
// has in full; what it fails with is passed on.
using HashReader = absl::FunctionRef<absl::StatusOr<Digest>(const Subtree&)>;

}  // namespace consent::merkle

#endif  // CONSENT_MERKLE_SUBTREE_H_

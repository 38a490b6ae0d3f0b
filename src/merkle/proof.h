// SPDX-License-Identifier: Apache-2.0
//
// Inclusion and consistency proofs (RFC 6962, 2.1.1 and 2.1.2; the same in RFC 9162).
//
// An inclusion proof shows that a leaf is at its place in the tree with a root; a consistency
// proof, that a larger tree begins with all of a smaller one. Both are lists of at most 63 hashes,
// and whoever checks them needs nothing of the log but the roots.
//
// Making a proof reads the hashes of perfect subtrees: about two for each hash of the proof, and
// where the tree's right edge is ragged one more for each bit of its size.
//
// Threads: safe from any thread, as far as the reader is. No I/O but the reader's.

#ifndef CONSENT_MERKLE_PROOF_H_
#define CONSENT_MERKLE_PROOF_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/subtree.h"

namespace consent::merkle {

// No inclusion proof has more hashes, and no consistency proof of trees up to 2^62 leaves.
inline constexpr int kProofHashesMax = 63;

// The proof that `leaf` is in the tree of `size` leaves: the leaf's sibling first. InvalidArgument
// for a leaf that is not in it or a size above kMaxTreeSize; otherwise the reader's errors.
absl::StatusOr<std::vector<Digest>> InclusionProof(LeafIndex leaf, TreeSize size, HashReader read);

// The proof that the tree of `to` leaves begins with that of `from`; empty when `from` is 0 or
// `to`. InvalidArgument when `from` is larger than `to`, or `to` than kMaxTreeSize.
absl::StatusOr<std::vector<Digest>> ConsistencyProof(TreeSize from, TreeSize to, HashReader read);

// The right edge of the tree of `size` leaves: what appending to it takes, and its root.
absl::StatusOr<CompactTree> TreeAt(TreeSize size, HashReader read);

// The root that `proof` leads to from a leaf hash: InvalidArgument for a leaf beyond the size, a
// size above kMaxTreeSize, or a proof of another length than theirs.
absl::StatusOr<Digest> RootFromInclusion(const Digest& leaf_hash, LeafIndex leaf, TreeSize size,
                                         absl::Span<const Digest> proof);

// OK when `proof` shows that the leaf with this hash stands at `leaf` in the tree of `size` leaves
// and this root. InvalidArgument as RootFromInclusion; DataLoss when the hashes lead elsewhere.
absl::Status VerifyInclusion(const Digest& leaf_hash, LeafIndex leaf, TreeSize size,
                             absl::Span<const Digest> proof, const Digest& root);

// Two heads of what is said to be one tree.
struct TreePair {
  TreeSize from;
  Digest from_root;
  TreeSize to;
  Digest to_root;
};

// OK when `proof` shows that the larger tree begins with the smaller. The empty tree's root must be
// EmptyRoot(), and trees of one size must have one root. InvalidArgument when `from` is larger than
// `to`, `to` than kMaxTreeSize, or the proof has another length than theirs; DataLoss when the
// hashes do not add up: both roots signed by one log are then the proof that it lied.
absl::Status VerifyConsistency(const TreePair& pair, absl::Span<const Digest> proof);

}  // namespace consent::merkle

#endif  // CONSENT_MERKLE_PROOF_H_

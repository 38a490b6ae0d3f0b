// SPDX-License-Identifier: Apache-2.0
//
// The hashes of an RFC 6962 Merkle tree (section 2.1; the same in RFC 9162 and C2SP tlog-tiles).
//
// Leaves and nodes are hashed with different first bytes, so that no entry can pass for a pair of
// subtrees.
//
// Threads: safe from any thread. No I/O; cannot fail.

#ifndef CONSENT_MERKLE_LEAF_HASH_H_
#define CONSENT_MERKLE_LEAF_HASH_H_

#include <string_view>

#include "src/base/ids.h"

namespace consent::merkle {

// SHA-256(0x00 || entry).
Digest LeafHash(std::string_view entry);

// SHA-256(0x01 || left || right).
Digest NodeHash(const Digest& left, const Digest& right);

// SHA-256 of nothing: the root of the tree without leaves.
Digest EmptyRoot();

}  // namespace consent::merkle

#endif  // CONSENT_MERKLE_LEAF_HASH_H_

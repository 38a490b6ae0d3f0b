// SPDX-License-Identifier: Apache-2.0
//
// Test code only. A Merkle tree as RFC 6962, section 2.1, defines it: word for word, recursive, and
// slow. What the tests of proofs and tiles compare with.

#ifndef CONSENT_MERKLE_TEST_TREE_H_
#define CONSENT_MERKLE_TEST_TREE_H_

#include <bit>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/crypto/hash.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/subtree.h"

namespace consent::merkle {

// A tree whose entry number n is the decimal text of n.
class TestTree {
 public:
  explicit TestTree(uint64_t size) {
    for (uint64_t i = 0; i < size; ++i) leaves_.push_back(LeafHash(std::to_string(i)));
  }

  uint64_t size() const { return leaves_.size(); }
  const Digest& leaf(uint64_t i) const { return leaves_[i]; }

  // MTH(D[begin:end]).
  Digest Root(uint64_t begin, uint64_t end) const {
    if (begin == end) return EmptyRoot();
    if (end - begin == 1) return leaves_[begin];
    const auto [it, is_new] = roots_.try_emplace({begin, end});
    if (is_new) {
      const uint64_t k = Split(end - begin);
      const Digest left = Root(begin, begin + k);
      it->second = NodeHash(left, Root(begin + k, end));
    }
    return it->second;
  }
  Digest Root(uint64_t size) const { return Root(0, size); }

  // PATH(m, D[begin:end]), 2.1.1.
  std::vector<Digest> Path(uint64_t m, uint64_t begin, uint64_t end) const {
    const uint64_t n = end - begin;
    if (n == 1) return {};
    const uint64_t k = Split(n);
    if (m < k) return Join(Path(m, begin, begin + k), Root(begin + k, end));
    return Join(Path(m - k, begin + k, end), Root(begin, begin + k));
  }

  // PROOF(m, D[0:n]), 2.1.2.
  std::vector<Digest> Proof(uint64_t m, uint64_t n) const { return SubProof(m, 0, n, true); }

  // Reads perfect subtrees of the tree of the first `size` leaves; refuses what it does not have.
  auto ReaderAt(uint64_t size) const {
    return [this, size](const Subtree& s) -> absl::StatusOr<Digest> {
      if (!s.IsIn({size})) return absl::InternalError("asked for a subtree that is not there");
      return Root(s.index << s.level, (s.index + 1) << s.level);
    };
  }

 private:
  // The largest power of two smaller than n.
  static uint64_t Split(uint64_t n) {
    uint64_t k = 1;
    while (k * 2 < n) k *= 2;
    return k;
  }
  static std::vector<Digest> Join(std::vector<Digest> list, const Digest& last) {
    list.push_back(last);
    return list;
  }
  std::vector<Digest> SubProof(uint64_t m, uint64_t begin, uint64_t end, bool known) const {
    const uint64_t n = end - begin;
    if (m == n) return known ? std::vector<Digest>() : std::vector<Digest>{Root(begin, end)};
    const uint64_t k = Split(n);
    if (m <= k) return Join(SubProof(m, begin, begin + k, known), Root(begin + k, end));
    return Join(SubProof(m - k, begin + k, end, false), Root(begin, begin + k));
  }

  std::vector<Digest> leaves_;
  mutable std::map<std::pair<uint64_t, uint64_t>, Digest> roots_;
};

// The digest with one bit changed.
inline Digest Flipped(Digest digest, int bit) {
  digest.bytes[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
  return digest;
}

}  // namespace consent::merkle

#endif  // CONSENT_MERKLE_TEST_TREE_H_

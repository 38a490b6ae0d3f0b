// SPDX-License-Identifier: Apache-2.0
//
// Test code only. A log with two histories that a witness must tell apart, and its requests.

#ifndef CONSENT_HTTP_TEST_LOG_H_
#define CONSENT_HTTP_TEST_LOG_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "src/base/ids.h"
#include "src/crypto/private_key.h"
#include "src/crypto/secret.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/proof.h"
#include "src/tlog/add_checkpoint.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/verifier_key.h"

namespace consent::http {

inline tlog::NoteSigner TestKey(const std::string& name, char seed, tlog::KeyType type) {
  const auto secret = *crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, seed));
  return tlog::NoteSigner(name, crypto::PrivateKey::FromEd25519Seed(secret), type);
}

// The two histories differ from entry number `fork` on.
class TestLog {
 public:
  explicit TestLog(std::string origin = "example.com/log", uint64_t fork = 5)
      : signer_(TestKey(origin, 'l', tlog::KeyType::kEd25519)), fork_(fork) {}

  const std::string& origin() const { return signer_.verifier_key().name; }
  const tlog::VerifierKey& key() const { return signer_.verifier_key(); }
  uint64_t fork() const { return fork_; }

  Digest Root(uint64_t size, bool other = false) const { return Hash(0, size, other); }

  std::string Checkpoint(uint64_t size, bool other = false) const {
    const tlog::Checkpoint checkpoint{
        .origin = origin(), .size = TreeSize{size}, .root = Root(size, other), .extensions = {}};
    return *tlog::SignCheckpoint(checkpoint, {&signer_, 1});
  }

  std::vector<Digest> Proof(uint64_t from, uint64_t to, bool other = false) const {
    const auto read = [&](const merkle::Subtree& subtree) -> absl::StatusOr<Digest> {
      const uint64_t begin = subtree.index << subtree.level;
      return Hash(begin, begin + (uint64_t{1} << subtree.level), other);
    };
    auto proof = merkle::ConsistencyProof(TreeSize{from}, TreeSize{to}, read);
    return proof.ok() ? *std::move(proof) : std::vector<Digest>{};
  }

  tlog::AddCheckpoint Request(uint64_t from, uint64_t to, bool other = false) const {
    return {.old_size = TreeSize{from},
            .proof = Proof(from, to, other),
            .checkpoint = Checkpoint(to, other)};
  }

 private:
  Digest Hash(uint64_t begin, uint64_t end, bool other) const {
    if (begin == end) return merkle::EmptyRoot();
    if (end - begin == 1) {
      return merkle::LeafHash((other && begin >= fork_ ? "other " : "") + std::to_string(begin));
    }
    uint64_t split = 1;
    while (split * 2 < end - begin) split *= 2;
    return merkle::NodeHash(Hash(begin, begin + split, other), Hash(begin + split, end, other));
  }

  tlog::NoteSigner signer_;
  uint64_t fork_;
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_TEST_LOG_H_

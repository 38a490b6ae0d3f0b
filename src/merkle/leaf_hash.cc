// SPDX-License-Identifier: Apache-2.0

#include "src/merkle/leaf_hash.h"

#include "src/crypto/hash.h"

namespace consent::merkle {
namespace {

constexpr std::string_view kLeafPrefix("\x00", 1);
constexpr std::string_view kNodePrefix("\x01", 1);

}  // namespace

Digest LeafHash(std::string_view entry) { return crypto::Sha256({kLeafPrefix, entry}); }

Digest NodeHash(const Digest& left, const Digest& right) {
  return crypto::Sha256({kNodePrefix, left.view(), right.view()});
}

Digest EmptyRoot() { return crypto::Sha256({}); }

}  // namespace consent::merkle

// SPDX-License-Identifier: Apache-2.0
//
// Strong types for what must not be mixed: positions, sizes, shards, and fixed byte strings.

#ifndef CONSENT_BASE_IDS_H_
#define CONSENT_BASE_IDS_H_

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace consent {

// A slice of consumers with one journal of its own. Shard 0 is the directory.
struct ShardId {
  uint16_t value = 0;
  friend constexpr auto operator<=>(ShardId, ShardId) = default;
};
inline constexpr ShardId kDirectoryShard{0};

// The position of an entry in its shard's journal, from 0.
struct LeafIndex {
  uint64_t value = 0;
  friend constexpr auto operator<=>(LeafIndex, LeafIndex) = default;
};

// The number of entries in a journal. An entry at LeafIndex{n} is in every tree larger than n.
struct TreeSize {
  uint64_t value = 0;
  friend constexpr auto operator<=>(TreeSize, TreeSize) = default;
};

// N bytes of one kind. Tag makes kinds distinct: a ContactId is not a ConsumerId.
template <typename Tag, size_t N>
struct FixedBytes {
  static constexpr size_t kSize = N;
  std::array<uint8_t, N> bytes{};

  // The value of exactly N bytes; nullopt for any other length.
  static std::optional<FixedBytes> FromBytes(std::string_view s) {
    if (s.size() != N) return std::nullopt;
    FixedBytes id;
    std::copy(s.begin(), s.end(), reinterpret_cast<char*>(id.bytes.data()));
    return id;
  }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  std::string str() const { return std::string(view()); }

  friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const FixedBytes& id) {
    return H::combine(std::move(h), id.bytes);
  }
};

// Pepper version || first 31 of HMAC-SHA256(pepper, contact point): its only name (contact_id.h).
using ContactId = FixedBytes<struct ContactIdTag, 32>;
// Random; names the person behind one or more contact points.
using ConsumerId = FixedBytes<struct ConsumerIdTag, 16>;
// Random; the only link from an opening to whose secret unseals it.
using Handle = FixedBytes<struct HandleTag, 16>;
// First 16 bytes of SHA-256 over a statement's payload (which holds a random id of its own): the
// same bytes again are the same statement, whoever sends them.
using StatementId = FixedBytes<struct StatementIdTag, 16>;
// First 16 bytes of SHA-256 over the DER SubjectPublicKeyInfo of a public key.
using KeyId = FixedBytes<struct KeyIdTag, 16>;
// SHA-256.
using Digest = FixedBytes<struct DigestTag, 32>;

}  // namespace consent

#endif  // CONSENT_BASE_IDS_H_

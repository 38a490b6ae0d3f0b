// SPDX-License-Identifier: Apache-2.0
//
// For all values: decode(encode(v)) = v. For all bytes: what decodes encodes to the same bytes.

#include <rapidcheck/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/base/codec.h"

namespace consent {
namespace {

enum class Kind : uint8_t { kNone = 0, kSome = 1 };

struct Node {
  bool flag = false;
  Kind kind = Kind::kNone;
  uint8_t small = 0;
  uint64_t large = 0;
  int32_t sign = 0;
  Instant when;
  std::string name;
  std::vector<uint32_t> counts;
  std::optional<std::string> note;
  std::vector<std::optional<int64_t>> nested;
  KeyId key;

  friend bool operator==(const Node&, const Node&) = default;
  template <class A>
  void Fields(A& a) {
    a(flag);
    a(kind);
    a(small);
    a(large);
    a(sign);
    a(when);
    a(name);
    a(counts);
    a(note);
    a(nested);
    a(key);
  }
};

template <typename T>
std::optional<T> AnyOptional() {
  if (*rc::gen::arbitrary<bool>()) return std::nullopt;
  return *rc::gen::arbitrary<T>();
}

Node AnyNode() {
  Node node;
  node.flag = *rc::gen::arbitrary<bool>();
  node.kind = static_cast<Kind>(*rc::gen::arbitrary<uint8_t>());
  node.small = *rc::gen::arbitrary<uint8_t>();
  // Arbitrary numbers stay small; shifted ones reach every length of varint.
  node.large = *rc::gen::arbitrary<uint64_t>() << *rc::gen::inRange(0, 64);
  node.sign = *rc::gen::arbitrary<int32_t>();
  node.when =
      Instant{static_cast<int64_t>(*rc::gen::arbitrary<uint64_t>() << *rc::gen::inRange(0, 64))};
  node.name = *rc::gen::arbitrary<std::string>();
  node.counts = *rc::gen::arbitrary<std::vector<uint32_t>>();
  node.note = AnyOptional<std::string>();
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i) node.nested.push_back(AnyOptional<int64_t>());
  for (uint8_t& byte : node.key.bytes) byte = *rc::gen::arbitrary<uint8_t>();
  return node;
}

RC_GTEST_PROP(CodecProperty, WhatIsWrittenIsReadBack, ()) {
  const Node node = AnyNode();
  const auto copy = Decode<Node>(Encode(node));
  RC_ASSERT(copy.ok());
  RC_ASSERT(*copy == node);
}

RC_GTEST_PROP(CodecProperty, ADamagedEncodingIsRefusedOrMeansSomethingElse, ()) {
  const Node node = AnyNode();
  const std::string bytes = Encode(node);
  std::string damaged = bytes;
  const auto place = *rc::gen::inRange<size_t>(0, bytes.size());
  damaged[place] = static_cast<char>(damaged[place] ^ *rc::gen::inRange(1, 256));
  const auto read = Decode<Node>(damaged);
  if (!read.ok()) return;
  RC_ASSERT(!(*read == node));
  RC_ASSERT(Encode(*read) == damaged);
}

RC_GTEST_PROP(CodecProperty, AnAddedOrMissingByteIsRefusedOrMeansSomethingElse, ()) {
  const Node node = AnyNode();
  const std::string bytes = Encode(node);
  std::string other = bytes;
  const auto place = *rc::gen::inRange<size_t>(0, bytes.size());
  if (*rc::gen::arbitrary<bool>()) {
    other.erase(place, 1);
  } else {
    other.insert(place, 1, *rc::gen::element('\x00', '\x01', '\x7f', '\x80', '\xff'));
  }
  if (other == bytes) return;  // Doubling a byte can yield the same string as before one place on.
  const auto read = Decode<Node>(other);
  if (!read.ok()) return;
  RC_ASSERT(!(*read == node));
  RC_ASSERT(Encode(*read) == other);
}

// Bytes made of what varints are made of, so that most nearly decode.
RC_GTEST_PROP(CodecProperty, WhatDecodesIsCanonical, ()) {
  using T = std::vector<std::optional<uint32_t>>;
  const auto bytes = *rc::gen::container<std::string>(
      rc::gen::element('\x00', '\x01', '\x02', '\x03', '\x7f', '\x80', '\x81', '\xff'));
  const auto read = Decode<T>(bytes);
  if (!read.ok()) return;
  RC_ASSERT(Encode(*read) == bytes);
}

}  // namespace
}  // namespace consent

// SPDX-License-Identifier: Apache-2.0
//
// The house's binary encoding: one list of fields a struct, used to write and to read it.
//
//   struct Span {
//     uint8_t days;
//     int32_t from_minute;
//     template <class A> void Fields(A& a) { a(days); a(from_minute); }
//   };
//   std::string bytes = Encode(span);
//   ASSIGN_OR_RETURN(Span copy, Decode<Span>(bytes));
//
// Encoding is canonical: a value has one encoding, and Decode accepts only that one. Unsigned
// integers and enums are minimal LEB128 varints, signed ones zig-zag first; bool is one byte, 0 or
// 1; FixedBytes are their bytes; strings and vectors carry their length first; an optional is one
// byte, 0 or 1, then the value. There are no field names: a type that may change starts with a
// version of its own. Format: docs/formats/codec.md.
//
// Limits: a string or vector says at most as many items as bytes remain, so a decode allocates no
// more than a small multiple of its input.

#ifndef CONSENT_BASE_CODEC_H_
#define CONSENT_BASE_CODEC_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/base/instant.h"

namespace consent {

// Appends values to a string.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}
  static constexpr bool kReading = false;

  void Varint(uint64_t v) {
    while (v >= 0x80) {
      out_.push_back(static_cast<char>(v | 0x80));
      v >>= 7;
    }
    out_.push_back(static_cast<char>(v));
  }
  void Raw(std::string_view bytes) { out_.append(bytes); }

  template <typename T>
  void operator()(T& value);

 private:
  std::string& out_;
};

// Takes values off a string. After the first fault every read yields zero and `ok()` is false.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}
  static constexpr bool kReading = true;

  uint64_t Varint();
  std::string_view Raw(uint64_t size);
  // Marks the input as faulty; `Fields` calls it for values out of range.
  void Fail() { ok_ = false; }
  bool ok() const { return ok_; }
  size_t remaining() const { return in_.size(); }

  template <typename T>
  void operator()(T& value);

 private:
  std::string_view in_;
  bool ok_ = true;
};

namespace codec_internal {
template <typename T>
struct IsVector : std::false_type {};
template <typename T>
struct IsVector<std::vector<T>> : std::true_type {};
template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <typename T>
struct IsFixedBytes : std::false_type {};
template <typename Tag, size_t N>
struct IsFixedBytes<FixedBytes<Tag, N>> : std::true_type {};

// Most encodings are no longer, so most grow into room that is there.
inline constexpr size_t kUsualBytes = 255;

constexpr uint64_t ZigZag(int64_t v) {
  return (static_cast<uint64_t>(v) << 1) ^ static_cast<uint64_t>(v >> 63);
}
constexpr int64_t UnZigZag(uint64_t v) {
  return static_cast<int64_t>(v >> 1) ^ -static_cast<int64_t>(v & 1);
}
}  // namespace codec_internal

template <typename T>
void Writer::operator()(T& value) {
  using U = std::remove_cv_t<T>;
  if constexpr (std::is_same_v<U, bool>) {
    Varint(value ? 1 : 0);
  } else if constexpr (std::is_enum_v<U>) {
    // By way of the unsigned type of the same width, so that a negative enumerator stays short.
    Varint(static_cast<std::make_unsigned_t<std::underlying_type_t<U>>>(value));
  } else if constexpr (std::is_integral_v<U> && std::is_signed_v<U>) {
    Varint(codec_internal::ZigZag(value));
  } else if constexpr (std::is_integral_v<U>) {
    Varint(value);
  } else if constexpr (std::is_same_v<U, Instant>) {
    Varint(codec_internal::ZigZag(value.unix_seconds));
  } else if constexpr (std::is_same_v<U, Seconds>) {
    Varint(codec_internal::ZigZag(value.count));
  } else if constexpr (std::is_same_v<U, LeafIndex> || std::is_same_v<U, TreeSize> ||
                       std::is_same_v<U, ShardId>) {
    Varint(value.value);
  } else if constexpr (std::is_same_v<U, std::string>) {
    Varint(value.size());
    Raw(value);
  } else if constexpr (codec_internal::IsFixedBytes<U>::value) {
    Raw(value.view());
  } else if constexpr (codec_internal::IsVector<U>::value) {
    Varint(value.size());
    for (auto& item : value) (*this)(item);
  } else if constexpr (codec_internal::IsOptional<U>::value) {
    Varint(value.has_value() ? 1 : 0);
    if (value.has_value()) (*this)(*value);
  } else {
    const_cast<U&>(value).Fields(*this);  // Fields reads only when handed a Writer.
  }
}

template <typename T>
void Reader::operator()(T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    const uint64_t v = Varint();
    if (v > 1) Fail();
    value = v == 1;
  } else if constexpr (std::is_enum_v<T>) {
    const uint64_t v = Varint();
    using Under = std::make_unsigned_t<std::underlying_type_t<T>>;
    if (v > static_cast<Under>(-1)) Fail();
    value = static_cast<T>(v);
  } else if constexpr (std::is_integral_v<T> && std::is_signed_v<T>) {
    const int64_t v = codec_internal::UnZigZag(Varint());
    value = static_cast<T>(v);
    if (value != v) Fail();
  } else if constexpr (std::is_integral_v<T>) {
    const uint64_t v = Varint();
    value = static_cast<T>(v);
    if (value != v) Fail();
  } else if constexpr (std::is_same_v<T, Instant>) {
    value.unix_seconds = codec_internal::UnZigZag(Varint());
  } else if constexpr (std::is_same_v<T, Seconds>) {
    value.count = codec_internal::UnZigZag(Varint());
  } else if constexpr (std::is_same_v<T, LeafIndex> || std::is_same_v<T, TreeSize> ||
                       std::is_same_v<T, ShardId>) {
    (*this)(value.value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    value = std::string(Raw(Varint()));
  } else if constexpr (codec_internal::IsFixedBytes<T>::value) {
    if (const auto bytes = T::FromBytes(Raw(T::kSize)); bytes.has_value()) value = *bytes;
  } else if constexpr (codec_internal::IsVector<T>::value) {
    const uint64_t size = Varint();
    if (size > remaining()) Fail();
    value.clear();
    for (uint64_t i = 0; i < size && ok_; ++i) (*this)(value.emplace_back());
  } else if constexpr (codec_internal::IsOptional<T>::value) {
    const uint64_t has = Varint();
    if (has > 1) Fail();
    value.reset();
    if (has == 1) (*this)(value.emplace());
  } else {
    value.Fields(*this);
  }
}

// The canonical bytes of `value`.
template <typename T>
std::string Encode(const T& value) {
  std::string out;
  out.reserve(codec_internal::kUsualBytes);
  Writer writer(out);
  writer(value);
  return out;
}

// The value whose canonical encoding `bytes` is. InvalidArgument when there is none; the message
// says only where the fault lies, never what the bytes hold.
template <typename T>
absl::StatusOr<T> Decode(std::string_view bytes) {
  Reader reader(bytes);
  T value{};
  reader(value);
  if (!reader.ok()) return absl::InvalidArgumentError("malformed or truncated encoding");
  if (reader.remaining() != 0) {
    return absl::InvalidArgumentError("encoding is followed by further bytes");
  }
  return value;
}

}  // namespace consent

#endif  // CONSENT_BASE_CODEC_H_

// SPDX-License-Identifier: Apache-2.0
//
// JSON (RFC 8259), read strictly, for what decides who somebody is: no name twice in an object, for
// two readers might each believe another one; no comments, no bytes behind the end, no deep nests.
//
// Threads: values; const use is safe from any thread.

#ifndef CONSENT_BASE_JSON_H_
#define CONSENT_BASE_JSON_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"

namespace consent {

class Json {
 public:
  static constexpr int kDepthMax = 16;
  static constexpr size_t kBytesMax = 1024 * 1024;

  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;

  // InvalidArgument with the place, and without a word of the text, which may be secret.
  static absl::StatusOr<Json> Parse(std::string_view text);

  // Null where the value is of another kind.
  const std::string* text() const { return std::get_if<std::string>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  // A number without what stands behind its point; nullopt for other kinds and beyond ±2^53.
  std::optional<int64_t> whole() const;

  // The member of an object; null where there is none, or this is no object.
  const Json* Find(std::string_view name) const;
  // The same if it is a text.
  const std::string* FindText(std::string_view name) const;

 private:
  friend class JsonReader;

  struct Number {
    double value;
  };
  std::variant<std::monostate, bool, Number, std::string, Array, Object> value_;
};

}  // namespace consent

#endif  // CONSENT_BASE_JSON_H_

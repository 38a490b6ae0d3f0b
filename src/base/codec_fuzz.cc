// SPDX-License-Identifier: Apache-2.0
//
// Decodes any bytes as a struct of every kind of field: whatever is accepted must be canonical.

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/codec.h"

namespace {

enum class Kind : uint8_t { kNone = 0 };

struct Part {
  int64_t sign = 0;
  std::optional<std::string> note;
  template <class A>
  void Fields(A& a) {
    a(sign);
    a(note);
  }
};

struct Whole {
  bool flag = false;
  Kind kind = Kind::kNone;
  uint16_t days = 0;
  consent::Instant when;
  consent::ShardId shard;
  std::vector<Part> parts;
  std::vector<std::vector<std::string>> names;
  std::optional<consent::KeyId> key;
  template <class A>
  void Fields(A& a) {
    a(flag);
    a(kind);
    a(days);
    a(when);
    a(shard);
    a(parts);
    a(names);
    a(key);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = consent::Decode<Whole>(bytes);
  if (whole.ok() && consent::Encode(*whole) != bytes) std::abort();
  return 0;
}

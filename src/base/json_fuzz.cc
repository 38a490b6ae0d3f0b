// SPDX-License-Identifier: Apache-2.0
//
// Texts from anywhere as JSON: no name twice, nothing deeper than the limit.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "src/base/json.h"

namespace {

void Walk(const consent::Json& json, int depth) {
  if (depth > consent::Json::kDepthMax) std::abort();
  if (const auto* items = json.array(); items != nullptr) {
    for (const consent::Json& item : *items) Walk(item, depth + 1);
  }
  if (const auto* members = json.object(); members != nullptr) {
    std::set<std::string> names;
    for (const auto& [name, value] : *members) {
      if (!names.insert(name).second || json.Find(name) != &value) std::abort();
      Walk(value, depth + 1);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto json =
      consent::Json::Parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (json.ok()) Walk(*json, 0);
  return 0;
}

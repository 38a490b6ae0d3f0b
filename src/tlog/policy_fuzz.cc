// SPDX-License-Identifier: Apache-2.0
//
// Whatever is taken for a policy can be asked, and more witnesses never make a quorum less.

#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "src/tlog/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto policy = consent::tlog::Policy::Parse(bytes);
  if (!policy.ok()) return 0;
  std::set<std::string> all;
  bool met = policy->IsMet(all);
  for (const auto& witness : policy->witnesses()) {
    all.insert(witness.name);
    const bool now = policy->IsMet(all);
    if (met && !now) std::abort();
    met = now;
  }
  if (!met) std::abort();
  return 0;
}

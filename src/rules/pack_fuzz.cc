// SPDX-License-Identifier: Apache-2.0
//
// The parser of rule packs over arbitrary bytes: it returns a sound pack, whose rules can be joined
// and described, or errors with lines.

#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "src/rules/describe.h"
#include "src/rules/pack.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto file = consent::rules::ParsePack({reinterpret_cast<const char*>(data), size});
  if (file.errors.size() > consent::text::kErrorsMax) std::abort();
  for (const auto& error : file.errors) {
    if (error.line < 0 || error.message.empty()) std::abort();
  }
  if (!file.errors.empty()) return 0;
  const consent::rules::Pack& pack = file.pack;
  if (pack.id.empty() || pack.regions.empty() || pack.rules.empty()) std::abort();
  if (!consent::rules::Join({pack}).ok()) std::abort();
  for (const auto& rule : pack.rules) {
    if (rule.rule.id.rfind(pack.id + ".", 0) != 0) std::abort();
    if (rule.rule.scope.from >= rule.rule.scope.until) std::abort();
    if (consent::rules::DescribeScope(pack, rule.rule.scope).empty()) std::abort();
    if (consent::rules::DescribeBody(rule.rule).empty()) std::abort();
  }
  return 0;
}

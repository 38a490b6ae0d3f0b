// SPDX-License-Identifier: Apache-2.0

#include "src/verify/state.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/tlog/text.h"

namespace consent::verify {
namespace {

constexpr std::string_view kHeader = "consent-ledger verified@v1";

absl::Status Malformed() {
  return absl::InvalidArgumentError("the state is not one that an earlier run saved");
}

}  // namespace

std::string State::ToText() const {
  std::string text = absl::StrCat("consent-ledger verified@v1\n", origin, "\n", tree.size().value,
                                  "\n", last_at.unix_seconds, "\n");
  for (const Digest& root : tree.subtrees()) {
    absl::StrAppend(&text, tlog::FormatDigest(root), "\n");
  }
  return text;
}

absl::StatusOr<State> ParseState(std::string_view text) {
  if (tlog::TakeLine(text) != kHeader) return Malformed();
  const auto origin = tlog::TakeLine(text);
  const auto size_line = tlog::TakeLine(text);
  const auto time_line = tlog::TakeLine(text);
  if (!origin.has_value() || !size_line.has_value() || !time_line.has_value()) return Malformed();
  const auto size = tlog::ParseDecimal(*size_line, merkle::kMaxTreeSize.value);
  const auto time = tlog::ParseDecimal(*time_line, INT64_MAX);
  if (!size.has_value() || !time.has_value()) return Malformed();
  std::vector<Digest> roots;
  while (const auto line = tlog::TakeLine(text)) {
    const auto root = tlog::ParseDigest(*line);
    if (!root.has_value()) return Malformed();
    roots.push_back(*root);
  }
  if (!text.empty()) return Malformed();
  State state;
  state.origin = std::string(*origin);
  state.last_at = {static_cast<int64_t>(*time)};
  auto tree = merkle::CompactTree::FromSubtrees({*size}, std::move(roots));
  if (!tree.ok()) return Malformed();
  state.tree = *std::move(tree);
  return state;
}

}  // namespace consent::verify

// SPDX-License-Identifier: Apache-2.0
//
// State: what a run of the verifier remembers for the next: how far it came, and the right edge of
// the tree over the entries that it has seen. With it a later run shows that the log still begins
// with those entries, without reading them again.
//
// A text, so that people can read it: five lines and one for each subtree.
//
// Threads: a plain value.

#ifndef CONSENT_VERIFY_STATE_H_
#define CONSENT_VERIFY_STATE_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/base/instant.h"
#include "src/merkle/compact_tree.h"

namespace consent::verify {

struct State {
  std::string origin;
  merkle::CompactTree tree;
  Instant last_at;  // Of its last entry.

  std::string ToText() const;
};

// InvalidArgument for any other text than ToText writes.
absl::StatusOr<State> ParseState(std::string_view text);

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_STATE_H_

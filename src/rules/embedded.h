// SPDX-License-Identifier: Apache-2.0
//
// The packs that the programs carry within: the files of src/rules/packs, byte for byte, so that
// `rules: [fr]` means the same on every machine that runs this release.
//
// Threads: all functions are safe from any thread.

#ifndef CONSENT_RULES_EMBEDDED_H_
#define CONSENT_RULES_EMBEDDED_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/rules/pack.h"

namespace consent::rules {

struct EmbeddedPack {
  std::string_view id;  // Which the file says too.
  std::string_view text;
};

// All of them, by id. Written at build by embed.cmake.
absl::Span<const EmbeddedPack> EmbeddedPacks();

// The embedded pack of this id. NotFound where there is none, naming those there are; Internal,
// with the first fault, where this machine lacks the time-zone data to read it.
absl::StatusOr<Pack> FindPack(std::string_view id);

}  // namespace consent::rules

#endif  // CONSENT_RULES_EMBEDDED_H_

// SPDX-License-Identifier: Apache-2.0
//
// Pack: the law of one place as a file: dated rules, each with its source, read into core::Law.
// Format: docs/reference/rule-packs.md.
//
// Invariant: a Pack that ParsePack returned without errors keeps the limits of law.h and those
// below; its rules' ids begin with its own id and a dot, so no two packs share one; every `lifts`
// names a consent rule of the same pack.
//
// Pure but for the time-zone data of the machine, in which dates become moments. Threads: all
// functions are safe from any thread.

#ifndef CONSENT_RULES_PACK_H_
#define CONSENT_RULES_PACK_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/consent/law.h"
#include "src/text/document.h"

namespace consent::rules {

inline constexpr size_t kPackIdBytesMax = 16;
inline constexpr size_t kSentenceBytesMax = 400;  // Of what a rule says, of its source, of a title.
inline constexpr size_t kRegionsMax = 64;         // Of a pack and of a rule.
inline constexpr size_t kPrefixesMax = 64;        // Of caller numbers in a rule.
inline constexpr size_t kRelationsMax = 8;        // In an exemption.
inline constexpr int kListDaysMax = 1826;         // Until a listing binds, or a list is too old.

// One rule, with what people need to know of it.
struct PackRule {
  core::Rule rule;
  std::string says;      // In one sentence.
  std::string source;    // Where it is written.
  bool verified = true;  // Whether the figures were compared with the source.
};

struct Pack {
  std::string id;
  absl::CivilDay version;  // The day on which somebody last compared it with the law.
  std::string title;
  absl::TimeZone time_zone;  // In which the dates of the file begin.
  std::vector<std::string> regions;
  std::vector<PackRule> rules;  // In the file's order, which is that of judging.
  Digest sha256;                // Of the file's exact bytes.
};

struct PackFile {
  // Sound when `errors` is empty, else of no use.
  Pack pack;
  // The first text::kErrorsMax faults, by line.
  std::vector<text::FileError> errors;
  bool more_errors = false;
};

// The pack that `text` (YAML or JSON) describes.
PackFile ParsePack(std::string_view text);

// All rules of the packs, in their order. InvalidArgument when a pack is given twice, or when they
// have more than core::kRulesMax rules together.
absl::StatusOr<core::Law> Join(absl::Span<const Pack> packs);

}  // namespace consent::rules

#endif  // CONSENT_RULES_PACK_H_

// SPDX-License-Identifier: Apache-2.0
//
// Readers of the parts that statements in a scenario share.
//
// Each returns what it read, and adds every fault to `errors`; with one, what it returns is of no
// use. `at` is the time of the step: nullopt where it could not be read, and what depends on it is
// not judged.

#ifndef CONSENT_SIMULATE_PART_READER_H_
#define CONSENT_SIMULATE_PART_READER_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "src/base/instant.h"
#include "src/consent/grant.h"
#include "src/text/document.h"
#include "src/text/value_reader.h"

namespace consent::simulate {

// `least` to kLimitsMax limits with ids of their own.
std::vector<core::Limit> ReadLimits(const text::Node& node, size_t least, text::Errors& errors);

// `valid_from` (default: `at`) and `valid_until` (default: never).
struct Validity {
  Instant from;
  Instant until = kNever;
};
Validity ReadValidity(text::Fields& fields, std::optional<Instant> at, text::Errors& errors);

// `signed_by` (default: `unless_said`), and of a claim `collected_at`.
struct Source {
  core::Signer signed_by = core::Signer::kConsumer;
  Instant collected_at;
};
Source ReadSource(text::Fields& fields, std::optional<Instant> at, core::Signer unless_said,
                  text::Errors& errors);

}  // namespace consent::simulate

#endif  // CONSENT_SIMULATE_PART_READER_H_

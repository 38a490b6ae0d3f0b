// SPDX-License-Identifier: Apache-2.0
//
// Source: who says so, and how it can be proven where it is not the consumer's own word.

#ifndef CONSENT_STATEMENT_SOURCE_H_
#define CONSENT_STATEMENT_SOURCE_H_

#include <string>

#include "absl/status/statusor.h"
#include "consent/v1/statement.pb.h"
#include "src/base/instant.h"
#include "src/consent/vocabulary.h"

namespace consent::statement {

inline constexpr int kMethodCharactersMax = 64;        // Evidence.method.
inline constexpr int kCollectedByCharactersMax = 128;  // Evidence.collected_by.

struct Source {
  core::Signer signed_by = core::Signer::kConsumer;
  Instant collected_at;  // Of a claim's evidence.
  Instant arrival;       // The default of valid_from.
};

// When the evidence at `path`, which is complete, was collected: not after `arrival`. INVALID_FIELD
// names what is missing or wrong.
absl::StatusOr<Instant> ReadEvidence(const v1::Evidence& evidence, const std::string& path,
                                     Instant arrival);

// The source of a statement that the consumer signs without evidence and others with it;
// `evidence` is null where the statement has none.
absl::StatusOr<Source> ReadSource(const v1::Evidence* evidence, const std::string& path,
                                  core::Signer signed_by, Instant arrival);

}  // namespace consent::statement

#endif  // CONSENT_STATEMENT_SOURCE_H_

// SPDX-License-Identifier: Apache-2.0
//
// LawInForce: the rules of the packs that the directory puts in force, as this program carries
// them.
//
// The directory names a pack by the hash of its file. A program carries the packs of its release,
// and may be given others; where none has that hash, it cannot tell what the law forbids.
//
// Threads: all functions are safe from any thread.

#ifndef CONSENT_DIRECTORY_LAW_IN_FORCE_H_
#define CONSENT_DIRECTORY_LAW_IN_FORCE_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/ids.h"
#include "src/consent/law.h"
#include "src/directory/directory.h"
#include "src/rules/pack.h"

namespace consent::directory {

// The pack of this id and hash within this program, which lives as long as the program, or else
// among `more`. FailedPrecondition, RULE_PACK_MISSING, when there is none.
absl::StatusOr<const rules::Pack*> CarriedPack(std::string_view id, const Digest& sha256,
                                               absl::Span<const rules::Pack> more = {});

// All rules of the packs in force, in the order of their ids; none without packs.
// FailedPrecondition, RULE_PACK_MISSING, as above.
absl::StatusOr<core::Law> LawInForce(const RulePacks& packs,
                                     absl::Span<const rules::Pack> more = {});

}  // namespace consent::directory

#endif  // CONSENT_DIRECTORY_LAW_IN_FORCE_H_

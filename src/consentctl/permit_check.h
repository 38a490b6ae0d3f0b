// SPDX-License-Identifier: Apache-2.0
//
// PermitCheck: whether a signed permit is good for the contact at hand, offline
// (docs/formats/signed-permit.md).

#ifndef CONSENT_CONSENTCTL_PERMIT_CHECK_H_
#define CONSENT_CONSENTCTL_PERMIT_CHECK_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/base/instant.h"
#include "src/consentctl/output.h"
#include "src/tlog/verifier_key.h"

namespace consent::ctl {

// The contact at hand; what is not set is not compared.
struct PermitUse {
  Instant at = {};  // By the clock of who asks.
  // Whether `at` was named, and is no clock's: a permit given later then is not good either. A
  // clock may stand a little behind the ledger's.
  bool at_is_exact = false;
  std::optional<std::string> contact_point = std::nullopt;  // Canonical.
  std::optional<std::string> caller_number = std::nullopt;  // E.164.
  std::optional<std::string> channel = std::nullopt;        // "CALL"
};

struct PermitVerdict {
  enum class Kind {
    kGood,
    kNotForThis,    // Genuine, but expired or for another contact.
    kBadSignature,  // None of the keys signed it.
  };
  Kind kind = Kind::kGood;
  std::vector<std::string> why;  // Not kGood; without personal data.
  Json claims;                   // Of a genuine permit. Personal data.
};

// Checks a token as it was handed over; white space around it is left aside. A journal key speaks
// for the ledger whose origin begins its name. InvalidArgument when the token is none, or genuine
// but without the claims that a permit has.
absl::StatusOr<PermitVerdict> CheckPermit(std::string_view token,
                                          absl::Span<const tlog::VerifierKey> keys,
                                          const PermitUse& use);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_PERMIT_CHECK_H_

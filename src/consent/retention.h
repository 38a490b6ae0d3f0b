// SPDX-License-Identifier: Apache-2.0
//
// When a contact may be forgotten. Private to the core.

#ifndef CONSENT_CONSENT_RETENTION_H_
#define CONSENT_CONSENT_RETENTION_H_

#include "src/base/instant.h"
#include "src/consent/record.h"

namespace consent::core {

// How long every contact is kept: five years.
inline constexpr Seconds kContactKept{INT64_C(1826) * 24 * 60 * 60};

// Drops the contacts of `company`, a part of `record`, that are older than kContactKept and that no
// limit of a grant that can still speak, nor of the consumer's preferences, may count, now or
// later. Limits of law reach no further back than that. The consumer's zone is not asked: where it
// could matter a contact stays some days longer.
void Prune(const Record& record, CompanyRecord& company, Instant now);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_RETENTION_H_

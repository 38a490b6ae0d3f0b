// SPDX-License-Identifier: Apache-2.0
//
// Trace: the entries that a consumer's key of one year finds in a log, and the proof that there are
// no more.
//
// The entry number n of a consumer's year carries the tag HMAC(key, n) (docs/formats/entry.md#tag).
// Whoever has the key looks for 0, 1, 2, ...; in every entry of the log. That a number is absent
// from all of them shows that nothing was recorded under it. Numbers after the next one are looked
// for as well, so that a number left out is noticed.

#ifndef CONSENT_CONSENTCTL_TRACE_H_
#define CONSENT_CONSENTCTL_TRACE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "consent/verifier.h"
#include "src/crypto/secret.h"
#include "src/journal/entry.h"

namespace consent::ctl {

// How many numbers after the next one are looked for.
inline constexpr uint64_t kTraceAhead = 64;

struct Traced {
  uint64_t number = 0;
  journal::Entry entry;
};

struct TraceReport {
  uint64_t entries_read = 0;
  std::vector<Traced> found = {};  // In the order of their positions.
  uint64_t next = 0;               // One more than the highest number found; 0 when none was.
  // What must not be: numbers below `next` that are missing, come twice or out of order, entries of
  // another year. No personal data.
  std::vector<std::string> faults = {};
};

struct TraceOptions {
  crypto::Secret key;  // Of the year.
  int32_t year = 0;    // UTC.
  std::function<void(uint64_t done)> progress = {};
};

// Reads every entry of the log and looks for the key's tags. `log` is the report of VerifyLog,
// which found the log good; the entries read here are hashed again and must have the root found
// then: DataLoss when they have not, or a file has become unusable; Unavailable for one that cannot
// be read.
absl::StatusOr<TraceReport> Trace(const LogSource& source, const LogReport& log,
                                  const TraceOptions& options);

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_TRACE_H_

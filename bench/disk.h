// SPDX-License-Identifier: Apache-2.0
//
// What the disk alone costs: appending to a file and waiting until it is durable; and what
// lies on it.

#ifndef CONSENT_BENCH_DISK_H_
#define CONSENT_BENCH_DISK_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/load/latencies.h"

namespace consent::bench {

// Appends `bytes` bytes, then fdatasync, one after the other for the given time, to a new file in
// the folder that is removed afterwards. FailedPrecondition when the disk refuses.
absl::StatusOr<load::Latencies> TimeSyncs(const std::string& folder, size_t bytes,
                                          absl::Duration time);

// Writes so many bytes to a new file in the folder, in pieces of a mebibyte, syncs it once at the
// end and removes it: the time up to the sync's return.
absl::StatusOr<absl::Duration> TimeWrite(const std::string& folder, uint64_t bytes);

// The sizes of all files below the folder.
uint64_t BytesIn(const std::string& folder);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_DISK_H_

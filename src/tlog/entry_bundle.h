// SPDX-License-Identifier: Apache-2.0
//
// Entry bundles (C2SP tlog-tiles): the entries whose leaf hashes a tile of level 0 holds.
//
// Each entry is its length, two bytes big-endian, and its bytes; nothing stands between them. A
// bundle says neither where it begins nor how many entries it has: its path does.
//
// Threads: safe from any thread. No I/O.

#ifndef CONSENT_TLOG_ENTRY_BUNDLE_H_
#define CONSENT_TLOG_ENTRY_BUNDLE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace consent::tlog {

inline constexpr size_t kBundleEntriesMax = 256;
// What the length can say. This ledger's entries have at most 1,024 bytes.
inline constexpr size_t kBundleEntryBytesMax = 65'535;

// Adds an entry to a bundle. InvalidArgument, and nothing added, when it is longer than
// kBundleEntryBytesMax.
absl::Status AppendToBundle(std::string_view entry, std::string& bundle);

// The bundle of these entries. InvalidArgument for more than kBundleEntriesMax, or one too long.
absl::StatusOr<std::string> EncodeBundle(absl::Span<const std::string> entries);

// The entries of a bundle, as views into it; none for an empty one. InvalidArgument, with the
// number of the entry, when it ends amid one or has more than kBundleEntriesMax.
absl::StatusOr<std::vector<std::string_view>> DecodeBundle(std::string_view bundle);

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_ENTRY_BUNDLE_H_

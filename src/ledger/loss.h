// SPDX-License-Identifier: Apache-2.0
//
// What a store remembers of accepted losses (docs/guides/recover.md): how often its journals began
// anew, and the last loss of each. The journals say the same in their RECOVERED entries; these
// facts spare a start the search for them.

#ifndef CONSENT_LEDGER_LOSS_H_
#define CONSENT_LEDGER_LOSS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/consent/loss.h"
#include "src/journal/reader.h"
#include "src/store/store.h"

namespace consent::ledger {

// How many losses have been accepted: 0 for nearly every ledger. DataLoss when the fact is
// malformed.
absl::StatusOr<uint32_t> ReadGeneration(store::Store& store);
absl::Status WriteGeneration(store::Store& store, uint32_t generation);

// The origin of a shard's journal in a ledger: the ledger's, "/", "directory" or the shard's
// number; after accepted losses also "/r" and how many they were.
std::string JournalOriginOf(std::string_view ledger_origin, ShardId shard, uint32_t generation);

// The last loss of a shard's journal.
absl::StatusOr<std::optional<core::Loss>> ReadLoss(store::Store& store, ShardId shard);
// Keeps it, durably, unless the one kept is as late.
absl::Status KeepLoss(store::Store& store, ShardId shard, const core::Loss& loss);

// The loss that an opened entry tells of; none for all but RECOVERED ones.
std::optional<core::Loss> LossIn(const journal::OpenedEvent& opened);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_LOSS_H_

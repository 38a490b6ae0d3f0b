// SPDX-License-Identifier: Apache-2.0
//
// Consumer: what a shard works on of one consumer: the record, and what is needed beside it.

#ifndef CONSENT_LEDGER_CONSUMER_H_
#define CONSENT_LEDGER_CONSUMER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/consent/record.h"
#include "src/crypto/secret.h"
#include "src/store/store.h"

namespace consent::ledger {

struct Consumer {
  core::Record record;
  crypto::Secret secret;
  // The record's zones, loaded; none: unknown.
  std::vector<absl::TimeZone> zones;
  std::vector<std::string> zones_loaded;  // Their names, also where one could not be loaded.
  // The record's row (src/consent/record_row.h), of which the store has the first `stored` bytes;
  // 0: none that could be appended to. Empty: to be made anew.
  std::string row;
  size_t stored = 0;
  // The first event that the store's copy lacks; none: the store's copy is the same.
  std::optional<LeafIndex> dirty_since;
  // Ids that the record goes by, and the store's index may not have yet,
  std::vector<ContactId> new_ids;
  // and those that it goes by no more, and the index may still have.
  std::vector<ContactId> gone_ids;
  bool recently_used = true;
  bool fetched = false;  // Read ahead, and not looked for since.
};

// Somebody without changes that the store lacks: the record's row, and the secret.
struct Packed {
  std::string row;
  crypto::Secret secret;
};
Packed Pack(Consumer&& consumer);
// `packed` must be what Pack made, or a row that can be decoded.
std::unique_ptr<Consumer> Unpack(Packed&& packed);

// Loads those of the record's zones that are not loaded yet.
void LoadZones(Consumer& consumer);

// What a row of the store says of a consumer. DataLoss: it cannot be read.
absl::StatusOr<core::Record> DecodeRow(const ConsumerId& id, std::string_view row);
// The secret of a consumer whom the store knows. DataLoss: it is missing, or cannot be read.
absl::StatusOr<crypto::Secret> ReadSecret(store::Store& store, ShardId shard,
                                          const core::Record& record);
// As the store has them; null when it does not know them. DataLoss as both.
absl::StatusOr<std::unique_ptr<Consumer>> ReadConsumer(store::Store& store, ShardId shard,
                                                       const ConsumerId& id);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_CONSUMER_H_

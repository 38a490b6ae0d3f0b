// SPDX-License-Identifier: Apache-2.0

#include "src/journal/secret_value.h"

#include <string>
#include <utility>

#include "src/base/codec.h"
#include "src/base/status_macros.h"

namespace consent::journal {

absl::StatusOr<std::optional<SecretValue>> ReadSecretValue(store::Store& store, ShardId shard,
                                                           const Handle& handle) {
  ASSIGN_OR_RETURN(std::optional<std::string> row, store.ReadSecret(shard, handle));
  if (!row.has_value()) return std::nullopt;
  absl::StatusOr<SecretValue> value = Decode<SecretValue>(*row);
  crypto::Wipe(*row);
  if (!value.ok()) return absl::DataLossError("the row of an opening's handle is malformed");
  return *std::move(value);
}

}  // namespace consent::journal

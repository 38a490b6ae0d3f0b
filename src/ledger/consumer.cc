// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/consumer.h"

#include <utility>

#include "src/base/status_macros.h"
#include "src/consent/decide.h"
#include "src/consent/record_row.h"
#include "src/journal/secret_value.h"

namespace consent::ledger {
namespace {

std::unique_ptr<Consumer> MakeConsumer(core::Record record, std::string row,
                                       crypto::Secret secret) {
  auto consumer = std::make_unique<Consumer>();
  consumer->record = std::move(record);
  consumer->stored = row.size();
  consumer->row = std::move(row);
  consumer->secret = std::move(secret);
  LoadZones(*consumer);
  return consumer;
}

}  // namespace

Packed Pack(Consumer&& consumer) {
  std::string row = std::move(consumer.row);
  if (row.empty()) row = core::NewRow(consumer.record);
  row.shrink_to_fit();
  return {.row = std::move(row), .secret = std::move(consumer.secret)};
}

std::unique_ptr<Consumer> Unpack(Packed&& packed) {
  // Of our own making: were it malformed, nothing in this memory could be believed.
  core::Record record = core::DecodeRow(packed.row).value();
  return MakeConsumer(std::move(record), std::move(packed.row), std::move(packed.secret));
}

void LoadZones(Consumer& consumer) {
  if (consumer.zones_loaded == consumer.record.place.zones) return;
  consumer.zones = core::LoadZones(consumer.record.place);
  consumer.zones_loaded = consumer.record.place.zones;
}

absl::StatusOr<core::Record> DecodeRow(const ConsumerId& id, std::string_view row) {
  absl::StatusOr<core::Record> record = core::DecodeRow(row);
  if (!record.ok() || record->consumer != id) {
    return absl::DataLossError("a consumer's record is malformed");
  }
  return record;
}

absl::StatusOr<crypto::Secret> ReadSecret(store::Store& store, ShardId shard,
                                          const core::Record& record) {
  ASSIGN_OR_RETURN(std::optional<journal::SecretValue> value,
                   journal::ReadSecretValue(store, shard, record.handle));
  if (!value.has_value()) return absl::DataLossError("a consumer's record has no secret");
  return std::move(value->secret);
}

absl::StatusOr<std::unique_ptr<Consumer>> ReadConsumer(store::Store& store, ShardId shard,
                                                       const ConsumerId& id) {
  ASSIGN_OR_RETURN(std::optional<std::string> row, store.ReadRecord(shard, id));
  if (!row.has_value()) return nullptr;
  ASSIGN_OR_RETURN(core::Record record, DecodeRow(id, *row));
  ASSIGN_OR_RETURN(crypto::Secret secret, ReadSecret(store, shard, record));
  return MakeConsumer(std::move(record), *std::move(row), std::move(secret));
}

}  // namespace consent::ledger

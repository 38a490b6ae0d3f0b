// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/loss.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

constexpr std::string_view kGenerationFact = "generation";

std::string LossFact(ShardId shard) { return absl::StrCat("loss/", shard.value); }

// The fact, decoded; nullopt when there is none.
template <class T>
absl::StatusOr<std::optional<T>> ReadAs(store::Store& store, std::string_view name) {
  ASSIGN_OR_RETURN(const std::optional<std::string> bytes, store.ReadFact(name));
  if (!bytes.has_value()) return std::nullopt;
  absl::StatusOr<T> value = Decode<T>(*bytes);
  if (value.ok()) return std::optional<T>(*std::move(value));
  return absl::DataLossError(absl::StrCat("the store's fact ", std::string(name), " is malformed"));
}

}  // namespace

absl::StatusOr<uint32_t> ReadGeneration(store::Store& store) {
  ASSIGN_OR_RETURN(const std::optional<uint32_t> generation,
                   ReadAs<uint32_t>(store, kGenerationFact));
  return generation.value_or(0);
}

absl::Status WriteGeneration(store::Store& store, uint32_t generation) {
  return store.WriteFact(kGenerationFact, Encode(generation));
}

std::string JournalOriginOf(std::string_view ledger_origin, ShardId shard, uint32_t generation) {
  std::string origin(ledger_origin);
  if (shard == kDirectoryShard) {
    absl::StrAppend(&origin, "/directory");
  } else {
    absl::StrAppend(&origin, "/", shard.value);
  }
  if (generation > 0) absl::StrAppend(&origin, "/r", generation);
  return origin;
}

absl::StatusOr<std::optional<core::Loss>> ReadLoss(store::Store& store, ShardId shard) {
  return ReadAs<core::Loss>(store, LossFact(shard));
}

absl::Status KeepLoss(store::Store& store, ShardId shard, const core::Loss& loss) {
  ASSIGN_OR_RETURN(const std::optional<core::Loss> kept, ReadLoss(store, shard));
  if (kept.has_value() && kept->position >= loss.position) return absl::OkStatus();
  return store.WriteFact(LossFact(shard), Encode(loss));
}

std::optional<core::Loss> LossIn(const journal::OpenedEvent& opened) {
  const auto* const recovered = std::get_if<core::Recovered>(&opened.event.body);
  if (recovered == nullptr) return std::nullopt;
  return core::Loss{
      .from = recovered->lost_from, .to = opened.event.at, .position = opened.event.position};
}

}  // namespace consent::ledger

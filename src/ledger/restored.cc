// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/restored.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/ledger/ledger.h"
#include "src/ledger/loss.h"

namespace consent::ledger {
namespace {

constexpr std::string_view kFact = "restored";

std::string Named(const Restored& restored) {
  return absl::StrCat("this store was restored from backup ", restored.backup, " of ",
                      absl::FormatTime(ToAbslTime(restored.made_at), absl::UTCTimeZone()));
}

}  // namespace

absl::Status MarkRestored(store::Store& store, const Restored& restored) {
  return store.WriteFact(kFact, Encode(restored));
}

absl::StatusOr<std::optional<Restored>> ReadRestored(store::Store& store) {
  ASSIGN_OR_RETURN(const std::optional<std::string> fact, store.ReadFact(kFact));
  if (!fact.has_value() || fact->empty()) return std::nullopt;
  absl::StatusOr<Restored> restored = Decode<Restored>(*fact);
  if (!restored.ok()) return absl::DataLossError("the store's fact `restored` is malformed");
  ASSIGN_OR_RETURN(const uint32_t generation, ReadGeneration(store));
  if (generation != restored->generation) return std::nullopt;
  return std::optional<Restored>(*restored);
}

absl::Status CheckRestored(store::Store& store, const Guard* guard) {
  ASSIGN_OR_RETURN(const std::optional<Restored> restored, ReadRestored(store));
  if (!restored.has_value()) return absl::OkStatus();
  if (restored->cut) {
    return absl::FailedPreconditionError(
        absl::StrCat(Named(*restored),
                     ", and cut short to be looked at: entries that followed were acknowledged. "
                     "Restore a whole backup to go on; `consentctl recover --accept-loss` goes on "
                     "from here, without all that followed"));
  }
  ASSIGN_OR_RETURN(const std::optional<std::string> origin, store.ReadFact(kOriginFact));
  for (const ShardId shard : {kDirectoryShard, kConsumerShard}) {
    const std::string journal = JournalOriginOf(origin.value_or(""), shard, restored->generation);
    if (guard != nullptr && guard->Checkpoint(journal).has_value()) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        Named(*restored), ", and ", guard == nullptr ? "no guard says" : "its guard does not say",
        " what journal ", journal,
        " has promised since. Start it with the guard that the lost one had (--guard FILE). If "
        "that "
        "is lost too, `consentctl recover --accept-loss` goes on without what may be missing"));
  }
  return absl::OkStatus();
}

absl::Status ClearRestored(store::Store& store) {
  ASSIGN_OR_RETURN(const std::optional<Restored> restored, ReadRestored(store));
  return restored.has_value() ? store.WriteFact(kFact, "") : absl::OkStatus();
}

}  // namespace consent::ledger

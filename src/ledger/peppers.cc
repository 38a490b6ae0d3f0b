// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/peppers.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"

namespace consent::ledger {
namespace {

absl::Status Refused(uint32_t version, const std::string& why) {
  return absl::FailedPreconditionError(absl::StrCat("pepper.", version, ": ", why));
}

}  // namespace

absl::StatusOr<journal::KeyChecks> ReadKnownPeppers(store::Store& store) {
  ASSIGN_OR_RETURN(const std::optional<std::string> fact, store.ReadFact(kPeppersFact));
  if (!fact.has_value()) return journal::KeyChecks();
  return journal::ParseKeyChecks(*fact);
}

absl::Status CheckPeppers(const journal::KeyChecks& known, const PeppersAtHand& at_hand) {
  if (at_hand.empty()) return absl::InvalidArgumentError("a ledger needs a pepper");
  if (known.empty()) return absl::OkStatus();
  const uint32_t newest = known.rbegin()->first;
  for (const contact::PepperCheck& pepper : at_hand) {
    const auto one = known.find(pepper.version);
    if (one == known.end() && pepper.version < newest) {
      return Refused(pepper.version, "expected none of this number, for this store never had it");
    }
    if (one != known.end() && one->second != pepper.check) {
      return Refused(pepper.version,
                     "is not the one this store was made with: every contact point under it would "
                     "look unknown; put the right key back");
    }
  }
  if (at_hand.front().version >= newest) return absl::OkStatus();
  return Refused(newest, absl::StrCat("is missing; once in use it is not given up for pepper.",
                                      at_hand.front().version, ": put the key back"));
}

absl::StatusOr<std::vector<uint8_t>> FindOlderInUse(store::Store& store, ShardId shard,
                                                    const journal::KeyChecks& known,
                                                    const PeppersAtHand& at_hand) {
  std::vector<uint8_t> in_use;
  for (auto pepper = known.rbegin(); pepper != known.rend(); ++pepper) {
    const auto version = static_cast<uint8_t>(pepper->first);
    if (version >= at_hand.front().version) continue;
    ASSIGN_OR_RETURN(const bool used, store.HasContacts(shard, version));
    if (!used) continue;
    if (std::none_of(at_hand.begin(), at_hand.end(),
                     [&](const contact::PepperCheck& one) { return one.version == version; })) {
      return Refused(version,
                     "is missing, and still needed: contact points that have not been asked about "
                     "since it was replaced lie under it; put the key back");
    }
    in_use.push_back(version);
  }
  return in_use;
}

absl::Status SettlePeppers(store::Store& store, journal::KeyChecks known,
                           const PeppersAtHand& at_hand) {
  bool is_new = false;
  for (const contact::PepperCheck& pepper : at_hand) {
    is_new |= known.emplace(pepper.version, pepper.check).second;
  }
  return is_new ? store.WriteFact(kPeppersFact, journal::TextOf(known)) : absl::OkStatus();
}

}  // namespace consent::ledger

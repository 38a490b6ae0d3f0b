// SPDX-License-Identifier: Apache-2.0
//
// Which peppers a store's names were made with, and which of them it still needs.
//
// A fact tells every pepper that the store was ever served with from others. What it knows is never
// taken back: a wrong file under an old name is told by it, also after nothing needs that pepper.
// What needs one is in the index of contacts, where the ids of one version lie together.

#ifndef CONSENT_LEDGER_PEPPERS_H_
#define CONSENT_LEDGER_PEPPERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/contact/contact_id.h"
#include "src/journal/key_checks.h"
#include "src/store/store.h"

namespace consent::ledger {

inline constexpr std::string_view kPeppersFact = "peppers";

// What the store knows; nothing where it is new.
absl::StatusOr<journal::KeyChecks> ReadKnownPeppers(store::Store& store);

// Peppers at hand: the newest first, at least one.
using PeppersAtHand = std::vector<contact::PepperCheck>;

// InvalidArgument without any. FailedPrecondition when one at hand is another than it was, when it
// is older than the newest known and was never this store's, or when none is as new as that one.
absl::Status CheckPeppers(const journal::KeyChecks& known, const PeppersAtHand& at_hand);

// The versions older than the newest at hand under which the index still has something, the newest
// first. FailedPrecondition when one of them is not at hand. The index must tell of the whole
// journal.
absl::StatusOr<std::vector<uint8_t>> FindOlderInUse(store::Store& store, ShardId shard,
                                                    const journal::KeyChecks& known,
                                                    const PeppersAtHand& at_hand);

// Says durably that those at hand are in use.
absl::Status SettlePeppers(store::Store& store, journal::KeyChecks known,
                           const PeppersAtHand& at_hand);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_PEPPERS_H_

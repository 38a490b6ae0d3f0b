// SPDX-License-Identifier: Apache-2.0
//
// Recount: what the journal and its openings say was taken, counted without the server, and held
// against what the clients were told.

#ifndef CONSENT_FAULT_RECOUNT_H_
#define CONSENT_FAULT_RECOUNT_H_

#include <string>

#include "absl/status/statusor.h"
#include "src/ledger/replay.h"
#include "tests/fault/world.h"

namespace consent::fault {

// Opens the store of the data folder `data`, where no server runs, replays the consumers' journal
// from nothing and compares the records byte for byte. Faults of `world`: an id that took two
// units, a consumer with more units taken than granted, an acknowledged ALLOWED that is not at its
// entry, an erased consumer who was contacted since or of whom something from before can still be
// opened.
absl::StatusOr<ledger::ReplayReport> Recount(World& world, const std::string& data);

}  // namespace consent::fault

#endif  // CONSENT_FAULT_RECOUNT_H_

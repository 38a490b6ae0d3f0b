// SPDX-License-Identifier: Apache-2.0
//
// Clients of a kill test: dialers that call one by one, dialers that stream batches, and an app
// through which consumers grant and revoke. Each keeps every request until it is answered, with
// the same id, however often the server dies meanwhile, and holds the answers against what it was
// told before. Each function is one thread's work and returns when the world is over.

#ifndef CONSENT_FAULT_CLIENTS_H_
#define CONSENT_FAULT_CLIENTS_H_

#include <string>

#include "tests/fault/world.h"
#include "tests/load/population.h"

namespace consent::fault {

// `name` makes request ids unique.
void DialOneByOne(World& world, const std::string& name, Chance chance);
void DialInBatches(World& world, const std::string& name, Chance chance);

// Binds new consumers, numbered from `first`, records their grants and revocations, and has some of
// them erased.
void GrantAndRevoke(World& world, const load::Population& population, size_t first, Chance chance);

// Asks again what was answered ALLOWED, and says as a fault if the answer is not the one it must
// be by now: the same again, or that the permit was used or given back, or REVOKED.
void AskAgain(World& world, Person& person, const Allowed& allowed);

// Asks whether an acknowledged revocation still stands.
void CheckRevoked(World& world, Person& person);

// Sends the person's order to be erased until it is obeyed. Obeyed before, it must be answered as
// then.
void Erase(World& world, Person& person);

// Asks whether the erased person is still unknown, and sends their order again.
void CheckErased(World& world, Person& person);

}  // namespace consent::fault

#endif  // CONSENT_FAULT_CLIENTS_H_

// SPDX-License-Identifier: Apache-2.0
//
// Randomness that follows from a seed. A program that links this has it instead of the generator of
// src/crypto/random.h: ids, handles, salts and secrets are the same each time. Test code only.

#ifndef CONSENT_SIMULATION_SEEDED_RANDOM_H_
#define CONSENT_SIMULATION_SEEDED_RANDOM_H_

#include <cstdint>

namespace consent::simulation {

// From here on, what is drawn follows from `seed` alone. Not safe for several threads.
void SeedRandom(uint64_t seed);

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_SEEDED_RANDOM_H_

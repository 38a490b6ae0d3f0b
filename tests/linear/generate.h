// SPDX-License-Identifier: Apache-2.0
//
// Histories made by the Model itself, with clients whose calls overlap and are lost: linearizable
// by construction. For tests of the checker, and as what clients of real ledgers ask.

#ifndef CONSENT_LINEAR_GENERATE_H_
#define CONSENT_LINEAR_GENERATE_H_

#include <cstdint>
#include <random>

#include "tests/linear/history.h"

namespace consent::linear {

using Chance = std::mt19937_64;

// What the clients of one consumer ask next; requests and statements get numbers of their own.
class Asker {
 public:
  // Statements are signed one millisecond after the other, beginning with `signed_at`.
  explicit Asker(int64_t signed_at) : signed_at_(signed_at) {}

  // A new call. Confirmations and releases name the last request that was held by this asker.
  Asked Next(Chance& chance);
  // A grant of so much.
  Asked Grant(int64_t calls_max, int64_t all_max);

 private:
  int requests_ = 0;
  int statements_ = 0;
  int held_ = 0;  // 0: none.
  int64_t signed_at_;
};

struct Shape {
  int clients = 6;
  int operations = 120;
  // One call in so many is lost, with its effect or without; 0: none.
  int lost_every = 0;
  // Of lost calls: whether it is known when they can have no effect any more.
  bool bounded = false;
};

// Begins with a grant.
History Generate(const Shape& shape, Chance& chance);

}  // namespace consent::linear

#endif  // CONSENT_LINEAR_GENERATE_H_

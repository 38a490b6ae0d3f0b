// SPDX-License-Identifier: Apache-2.0
//
// Clients::Expect, for the two files that need it.

#ifndef CONSENT_SIMULATION_EXPECT_H_
#define CONSENT_SIMULATION_EXPECT_H_

#include <memory>
#include <utility>

#include "tests/simulation/clients.h"

namespace consent::simulation {

template <class T>
ledger::Done<T> Clients::Expect(const Line& line, std::function<void(absl::StatusOr<T>)> then) {
  const auto call = calls_.insert(
      calls_.end(), {line.alive, [then] { then(absl::UnavailableError("the process has died")); }});
  // Once only: a second answer, or one by a process that has died, is none.
  return [this, call, alive = line.alive, then = std::move(then),
          answered = std::make_shared<bool>(false)](absl::StatusOr<T> answer) {
    if (!*alive) return;
    if (std::exchange(*answered, true)) return trace_.Fault("a call was answered twice");
    calls_.erase(call);
    then(std::move(answer));
  };
}

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_EXPECT_H_

// SPDX-License-Identifier: Apache-2.0
//
// Stage: the workers of one simulated process. Whoever runs the simulation says which of those that
// could take a step takes one, and when time passes; nothing here happens by itself.

#ifndef CONSENT_SIMULATION_STAGE_H_
#define CONSENT_SIMULATION_STAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/base/worker.h"
#include "tests/simulation/sim_time.h"

namespace consent::simulation {

class Stage : public Workers {
 public:
  explicit Stage(const SimTime& time) : time_(time) {}

  std::unique_ptr<Worker> Start(std::string name, Step step, Priority priority) override;

  // How many workers could take a step now.
  size_t ready() const;
  // The `which`-th of them takes it. Returns its name.
  std::string StepOne(size_t which);
  // When the next of those that rest will be ready without being woken.
  std::optional<int64_t> NextDueMs() const;
  // The process has died: no worker ever takes a step again, also not to finish.
  void Drop() { dropped_ = true; }

 private:
  class Actor;

  const SimTime& time_;
  bool dropped_ = false;
  std::vector<Actor*> actors_;  // In the order in which they were started.
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_STAGE_H_

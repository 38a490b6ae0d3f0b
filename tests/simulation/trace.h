// SPDX-License-Identifier: Apache-2.0
//
// Trace: what happened in a run, line after line, and what was wrong with it. It names nobody:
// people have numbers here.

#ifndef CONSENT_SIMULATION_TRACE_H_
#define CONSENT_SIMULATION_TRACE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/simulation/sim_time.h"

namespace consent::simulation {

class Trace {
 public:
  explicit Trace(const SimTime& time) : time_(time) {}

  void Say(std::string_view line);
  void Fault(std::string_view line);

  const std::vector<std::string>& lines() const { return lines_; }
  const std::vector<std::string>& faults() const { return faults_; }
  // Of all lines so far: two runs with the same digest went the same way.
  uint64_t digest() const { return digest_; }

 private:
  const SimTime& time_;
  std::vector<std::string> lines_;
  std::vector<std::string> faults_;
  uint64_t digest_ = 0xcbf29ce484222325;  // FNV-1a.
};

}  // namespace consent::simulation

#endif  // CONSENT_SIMULATION_TRACE_H_

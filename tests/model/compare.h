// SPDX-License-Identifier: Apache-2.0
//
// The core beside the model: plays a scenario through both and tells where they first differ.

#ifndef CONSENT_MODEL_COMPARE_H_
#define CONSENT_MODEL_COMPARE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/consent/decide.h"
#include "src/consent/event.h"
#include "src/consent/evolve.h"
#include "src/consent/record.h"
#include "tests/model/model.h"
#include "tests/model/scenario.h"

namespace consent::model {

// The core, driven step by step as a shard drives it: decide, append, evolve. Along the way it
// watches what must always hold, and keeps the first breach in `breach`.
class Core {
 public:
  explicit Core(const std::string& zone, core::Retention retention = core::Retention::kForever);

  // What the core answers to a step, and takes it in. Statements answer like the model's.
  core::Decision Play(const Step& step);

  const core::Record& record() const { return record_; }
  const std::vector<core::Event>& events() const { return events_; }
  // The entry in which the named step was allowed; a position without a permit for any other.
  LeafIndex Permit(int name) const;
  const std::optional<std::string>& breach() const { return breach_; }

 private:
  void Append(Instant at, core::EventBody body);
  core::Decision Said(const core::Judgement& judgement, const Step& step);
  core::Decision Ask(const Step& step, const core::Request& request);
  core::Reason State(Instant at, core::EventBody body);
  void Watch(bool holds, const std::string& what);
  void WatchAnswered(const core::Judgement& judgement, const std::string& company);

  std::optional<absl::TimeZone> zone_;
  core::Retention retention_;
  core::Record record_;
  std::vector<core::Event> events_;
  std::map<int, LeafIndex> permits_;
  uint64_t next_position_ = 7;
  std::optional<core::Loss> loss_;
  std::optional<std::string> breach_;
};

// Nothing when core and model answer every step of the scenario alike; else the step, both
// answers, and in what they differ.
std::optional<std::string> Difference(const Scenario& scenario);

// As simulate prints it, on one line.
std::string Show(const core::Decision& decision);
std::string Show(const Answer& answer);

}  // namespace consent::model

#endif  // CONSENT_MODEL_COMPARE_H_

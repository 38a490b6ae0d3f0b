// SPDX-License-Identifier: Apache-2.0
//
// Tally: the contacts that somebody's answers gave away, as whoever reads only the answers knows
// them. Nothing is judged here.

#ifndef CONSENT_MODEL_TALLY_H_
#define CONSENT_MODEL_TALLY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/decision.h"
#include "tests/model/core.h"
#include "tests/model/scenario.h"

namespace consent::model {

struct Made {
  Instant at;
  core::Request request;
  core::Basis basis = core::Basis::kUnspecified;
  std::string grant;
  bool confirmed = false;
  bool given_back = false;
  bool reached_nobody = false;
};

class Tally {
 public:
  // After each step, with what was answered. Whether it is a contact that nobody had before.
  bool Take(const Step& step, const core::Decision& said, const Core& core);

  // Those that count at `now`, in order: neither given back nor lapsed.
  std::vector<Made> At(Instant now) const;

 private:
  std::map<LeafIndex, Made> made_;
};

// Whether contacts at `a` and `b`, a <= b, lie in one window; GRANT windows and LIFETIME begin at
// `since`.
bool Together(const core::Window& window, Instant since, Instant a, Instant b,
              const absl::TimeZone& zone);

}  // namespace consent::model

#endif  // CONSENT_MODEL_TALLY_H_

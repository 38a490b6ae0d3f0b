// SPDX-License-Identifier: Apache-2.0
//
// Earliest: the first of some moments that is after a given one. Private to the core.

#ifndef CONSENT_CONSENT_EARLIEST_H_
#define CONSENT_CONSENT_EARLIEST_H_

#include "src/base/instant.h"

namespace consent::core {

class Earliest {
 public:
  explicit Earliest(Instant t) : t_(t) {}
  void Take(Instant moment) {
    if (moment > t_ && moment < next_) next_ = moment;
  }
  // kNever when no moment taken is after it.
  Instant next() const { return next_; }

 private:
  const Instant t_;
  Instant next_ = kNever;
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_EARLIEST_H_

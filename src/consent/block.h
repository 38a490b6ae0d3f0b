// SPDX-License-Identifier: Apache-2.0
//
// Block: "not you, not on these channels", as a record keeps it and as a tombstone carries it on.

#ifndef CONSENT_CONSENT_BLOCK_H_
#define CONSENT_CONSENT_BLOCK_H_

#include <string>

#include "src/base/ids.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// One block that stands. A company of "*" is all companies.
struct Block {
  std::string company;
  ChannelSet channels;
  // All zero: made by an outcome (OPPOSED, STOP), before an erasure, or in a simulation. Whoever
  // speaks as the consumer lifts it.
  KeyId made_by;

  friend bool operator==(const Block&, const Block&) = default;
  template <class A>
  void Fields(A& a) {
    a(company), a(channels), a(made_by);
  }
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_BLOCK_H_

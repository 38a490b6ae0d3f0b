// SPDX-License-Identifier: Apache-2.0
//
// Loss: what a journal has forgotten, and must reckon with.
//
// A ledger that was restored from an old backup goes on without the entries since. Whoever
// accepted that loss made a RECOVERED entry; from it follows that anything may have been answered
// in between. So every permit from before it is void, and a limit is full as long as it would count
// a contact made at the moment of that entry. Windows that count an earlier moment count that one
// too (but for rolling ones in the hour that clocks are set back), so nothing that was lost is
// counted as room, and the last loss stands for those before it.

#ifndef CONSENT_CONSENT_LOSS_H_
#define CONSENT_CONSENT_LOSS_H_

#include "src/base/ids.h"
#include "src/base/instant.h"

namespace consent::core {

struct Loss {
  Instant from;        // The last entry kept.
  Instant to;          // The RECOVERED entry.
  LeafIndex position;  // Its position.

  // Whether the permit that the entry at `permit` gave is void: confirmed, used or given back,
  // nobody knows.
  bool Voids(LeafIndex permit) const { return permit < position; }

  friend bool operator==(const Loss&, const Loss&) = default;
  template <class A>
  void Fields(A& a) {
    a(from), a(to), a(position);
  }
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_LOSS_H_

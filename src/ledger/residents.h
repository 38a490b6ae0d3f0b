// SPDX-License-Identifier: Apache-2.0
//
// Residents: the consumers in memory. Those in use are open, as they are worked on; of the others,
// packed, there are only the bytes that the store has of them, and their secrets: less than a third
// of the memory.
//
// Whoever is looked for is open from then on. Those open who have not been looked for lately are
// packed, and of the packed some leave, as far as there are too many; never one with changes that
// the store lacks.

#ifndef CONSENT_LEDGER_RESIDENTS_H_
#define CONSENT_LEDGER_RESIDENTS_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "src/base/ids.h"
#include "src/consent/record.h"
#include "src/ledger/consumer.h"

namespace consent::ledger {

class Residents {
 public:
  // About so many in all, and so many of them open; more while they have changes.
  Residents(size_t max, size_t open_max) : max_(max), open_max_(open_max) {}

  // Null: not in memory. The pointer is good until Trim, Erase or Clear.
  Consumer* Find(const ConsumerId& id);
  // Takes somebody in, in place of who may be here by that id.
  Consumer& Hold(std::unique_ptr<Consumer> consumer);
  // The same of somebody packed, who is not in use.
  void Hold(const ConsumerId& id, Packed packed);
  bool contains(const ConsumerId& id) const { return places_.contains(id); }
  void Erase(const ConsumerId& id);
  // Packs those open, and lets go of those packed, who are too many. `leaves` is called with the id
  // of each that leaves, and what contact ids they go by.
  using Leaves = std::function<void(const ConsumerId&, const std::vector<ContactId>&)>;
  void Trim(const Leaves& leaves);
  void Clear();

  size_t size() const { return places_.size(); }
  // Whether one more would not be one too many.
  bool has_room() const { return places_.size() < max_; }
  size_t open() const { return open_; }
  // How many stand to be packed or let go.
  size_t waiting() const { return to_pack_.size() + to_let_go_.size(); }

  // Loads ahead into the processor's cache what work on somebody reads: see PrefetchNext.
  static constexpr int kPrefetchSteps = 2 + core::Record::kPrefetchSteps;
  static constexpr int kPrefetchPackedSteps = 3;  // For who is packed.
  void Prefetch(const ConsumerId& id, int step) const;

 private:
  // One of the two.
  struct Place {
    std::unique_ptr<Consumer> open;
    std::unique_ptr<Packed> packed;
    bool queued = false;  // Stands among those to be let go, packed or not.
    bool spared = false;  // Has been open since it was queued.
  };

  void PackUnused();
  void LetGo(const Leaves& leaves);

  const size_t max_;
  const size_t open_max_;
  size_t open_ = 0;
  absl::flat_hash_map<ConsumerId, Place> places_;
  // The next to be looked at first. Some may have been erased.
  std::deque<ConsumerId> to_pack_;    // All that are open.
  std::deque<ConsumerId> to_let_go_;  // All that are packed.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_RESIDENTS_H_

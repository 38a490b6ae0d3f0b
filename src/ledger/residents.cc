// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/residents.h"

#include <utility>

#include "src/base/prefetch.h"

namespace consent::ledger {

Consumer* Residents::Find(const ConsumerId& id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return nullptr;
  Place& place = found->second;
  if (place.open == nullptr) {
    place.open = Unpack(std::move(*place.packed));
    place.packed.reset();
    place.spared = true;
    to_pack_.push_back(id);
    ++open_;
  }
  return place.open.get();
}

Consumer& Residents::Hold(std::unique_ptr<Consumer> consumer) {
  const ConsumerId id = consumer->record.consumer;
  Erase(id);
  Place& place = places_[id];
  place.open = std::move(consumer);
  to_pack_.push_back(id);
  ++open_;
  return *place.open;
}

void Residents::Hold(const ConsumerId& id, Packed packed) {
  Erase(id);
  places_[id] = {.open = nullptr,
                 .packed = std::make_unique<Packed>(std::move(packed)),
                 .queued = true,
                 .spared = false};
  to_let_go_.push_back(id);
}

void Residents::Erase(const ConsumerId& id) {
  const auto found = places_.find(id);
  if (found == places_.end()) return;
  if (found->second.open != nullptr) --open_;
  places_.erase(found);
}

void Residents::Trim(const Leaves& leaves) {
  PackUnused();
  LetGo(leaves);
}

void Residents::PackUnused() {
  for (size_t looks = to_pack_.size(); open_ > open_max_ && looks > 0; --looks) {
    PrefetchNext(0, to_pack_.size(), kPrefetchSteps,
                 [&](size_t next, int step) { Prefetch(to_pack_[next], step); });
    const ConsumerId id = to_pack_.front();
    to_pack_.pop_front();
    const auto found = places_.find(id);
    if (found == places_.end() || found->second.open == nullptr) continue;
    Place& place = found->second;
    Consumer& consumer = *place.open;
    if (consumer.recently_used || consumer.dirty_since.has_value()) {
      consumer.recently_used = false;
      to_pack_.push_back(id);
      continue;
    }
    place.packed = std::make_unique<Packed>(Pack(std::move(consumer)));
    place.open.reset();
    --open_;
    if (std::exchange(place.queued, true)) continue;
    place.spared = false;
    to_let_go_.push_back(id);
  }
}

void Residents::LetGo(const Leaves& leaves) {
  for (size_t looks = to_let_go_.size(); places_.size() > max_ && looks > 0; --looks) {
    PrefetchNext(0, to_let_go_.size(), kPrefetchPackedSteps,
                 [&](size_t next, int step) { Prefetch(to_let_go_[next], step); });
    const ConsumerId id = to_let_go_.front();
    to_let_go_.pop_front();
    const auto found = places_.find(id);
    if (found == places_.end()) continue;
    Place& place = found->second;
    place.queued = place.packed != nullptr && std::exchange(place.spared, false);
    if (place.queued) {
      to_let_go_.push_back(id);
    } else if (place.packed != nullptr) {
      leaves(id, core::Record::ContactIdsOf(place.packed->row));
      places_.erase(found);
    }
  }
}

void Residents::Clear() {
  places_.clear();
  to_pack_.clear();
  to_let_go_.clear();
  open_ = 0;
}

void Residents::Prefetch(const ConsumerId& id, int step) const {
  if (step == 0) return places_.prefetch(id);
  const auto found = places_.find(id);
  if (found == places_.end()) return;
  if (const Packed* const packed = found->second.packed.get()) {
    if (step == 1) consent::Prefetch(packed, sizeof(*packed));
    if (step == 2) consent::Prefetch(packed->row.data(), packed->row.size());
    return;
  }
  const Consumer& consumer = *found->second.open;
  if (step == 1) return consent::Prefetch(&consumer, sizeof(consumer));
  if (step == 2) {
    PrefetchFirst(consumer.zones, 1);
    PrefetchFirst(consumer.zones_loaded, 1);
    PrefetchFirst(consumer.record.place.zones, 1);
    consent::Prefetch(consumer.row.data() + consumer.row.size(), 1);
  }
  consumer.record.Prefetch(step - 2);
}

}  // namespace consent::ledger

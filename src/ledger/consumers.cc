// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/consumers.h"

#include <algorithm>
#include <string>
#include <utility>

#include "src/base/prefetch.h"
#include "src/base/status_macros.h"
#include "src/consent/record_row.h"
#include "src/journal/secret_value.h"
#include "src/ledger/fingerprint.h"

namespace consent::ledger {
namespace {

// One more, where nobody else writes.
void Count(std::atomic<uint64_t>& number) {
  number.store(number.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

ConsumersStatistics Consumers::statistics() const {
  return {.hits = hits_.load(std::memory_order_relaxed),
          .misses = misses_.load(std::memory_order_relaxed),
          .unknown = unknown_.load(std::memory_order_relaxed),
          .resident = resident_now_.load(std::memory_order_relaxed),
          .dirty = dirty_now_.load(std::memory_order_relaxed),
          .late = late_now_.load(std::memory_order_relaxed)};
}

std::vector<core::Renamed> RenamesOf(const core::Record& record, const contact::ContactName& name) {
  std::vector<core::Renamed> renamed;
  const uint64_t fingerprints = record.erased.has_value() ? record.erased->fingerprints : 0;
  for (const ContactId& older : name.older) {
    for (size_t i = 0; i < record.contact_ids.size(); ++i) {
      const bool erased = i < fingerprints;
      if (record.contact_ids[i] != (erased ? FingerprintOf(older) : older)) continue;
      renamed.push_back({record.contact_ids[i], erased ? FingerprintOf(name.newest) : name.newest});
    }
  }
  return renamed;
}

absl::StatusOr<Consumer*> Consumers::Find(const contact::ContactName& name) {
  ASSIGN_OR_RETURN(Consumer * holder, FindUnder(name.newest));
  for (size_t i = 0; i < name.older.size() && holder == nullptr; ++i) {
    ASSIGN_OR_RETURN(holder, FindUnder(name.older[i]));
  }
  if (holder == nullptr) Count(unknown_);
  return holder;
}

void Consumers::Prefetch(const ContactId& contact, int step) const {
  if (step == 0) return contacts_.prefetch(contact);
  const auto known = contacts_.find(contact);
  if (known == contacts_.end()) return;
  residents_.Prefetch(known->second, step - 1);
}

absl::StatusOr<Consumer*> Consumers::FindUnder(const ContactId& contact) {
  ASSIGN_OR_RETURN(Consumer* const holder, FindAs(contact));
  if (holder != nullptr) return holder;
  ASSIGN_OR_RETURN(const bool tombstones, HasTombstones());
  return tombstones ? FindAs(FingerprintOf(contact)) : nullptr;
}

absl::StatusOr<bool> Consumers::HasTombstones() {
  if (!tombstones_.has_value()) {
    ASSIGN_OR_RETURN(const TreeSize erased, store_.ReadErased(shard_));
    tombstones_ = erased.value > 0;
  }
  return *tombstones_;
}

absl::StatusOr<Consumer*> Consumers::FindAs(const ContactId& contact) {
  if (const auto known = contacts_.find(contact); known != contacts_.end()) {
    return Find(known->second);
  }
  ASSIGN_OR_RETURN(const std::optional<ConsumerId> id, store_.ReadContact(shard_, contact));
  if (!id.has_value()) return nullptr;
  ASSIGN_OR_RETURN(Consumer* const consumer, Find(*id));
  if (consumer == nullptr) return nullptr;
  // The index only leads here; the record decides.
  const auto& contact_ids = consumer->record.contact_ids;
  const bool holds =
      std::find(contact_ids.begin(), contact_ids.end(), contact) != contact_ids.end();
  return holds ? consumer : nullptr;
}

absl::StatusOr<Consumer*> Consumers::Find(const ConsumerId& id) {
  if (Consumer* const known = residents_.Find(id)) {
    Count(std::exchange(known->fetched, false) ? misses_ : hits_);
    known->recently_used = true;
    return known;
  }
  if (gone_.contains(id)) return nullptr;
  ASSIGN_OR_RETURN(std::unique_ptr<Consumer> consumer, ReadConsumer(store_, shard_, id));
  if (consumer == nullptr) return nullptr;
  Count(misses_);
  return &Hold(std::move(consumer));
}

void Consumers::Keep(std::unique_ptr<Fetched> fetched) {
  if (fetched == nullptr || !IsNews(fetched->consumer->record.consumer, fetched->as_of)) return;
  Hold(std::move(fetched->consumer)).fetched = true;
}

bool Consumers::Keep(FetchedPacked fetched) {
  if (!residents_.has_room() || !IsNews(fetched.consumer, fetched.as_of)) return false;
  for (const ContactId& contact : core::Record::ContactIdsOf(fetched.packed.row)) {
    Index(contact, fetched.consumer);
  }
  residents_.Hold(fetched.consumer, std::move(fetched.packed));
  return true;
}

bool Consumers::IsNews(const ConsumerId& id, uint64_t as_of) const {
  return fetcher_.IsCurrent(id, as_of) && !residents_.contains(id) && !gone_.contains(id);
}

Consumer& Consumers::Hold(std::unique_ptr<Consumer> consumer) {
  Consumer& held = residents_.Hold(std::move(consumer));
  for (const ContactId& contact : held.record.contact_ids) Index(contact, held.record.consumer);
  return held;
}

Consumer& Consumers::Add(const ConsumerId& id, const Handle& handle, crypto::Secret secret) {
  auto consumer = std::make_unique<Consumer>();
  consumer->record.consumer = id;
  consumer->record.handle = handle;
  consumer->secret = std::move(secret);
  return Hold(std::move(consumer));
}

void Consumers::Apply(Consumer& consumer, const core::Event& event) {
  if (event.position.value < consumer.record.seen.value) return;
  core::EvolveRow(consumer.record, consumer.row, event);
  if (consumer.row.empty()) consumer.stored = 0;
  LoadZones(consumer);
  for (const core::Renamed& renamed : event.renamed) {
    consumer.gone_ids.push_back(renamed.from);
    std::erase(consumer.new_ids, renamed.from);
    Unindex(renamed.from, consumer.record.consumer);
  }
  for (const ContactId& contact : consumer.record.contact_ids) {
    if (Index(contact, consumer.record.consumer)) consumer.new_ids.push_back(contact);
  }
  if (!consumer.dirty_since.has_value()) {
    consumer.dirty_since = event.position;
    dirty_.push_back(consumer.record.consumer);
  }
}

bool Consumers::Index(const ContactId& contact, const ConsumerId& id) {
  const auto [entry, is_new] = contacts_.try_emplace(contact, id);
  if (is_new) {
    fetcher_.Came(contact);
  } else if (entry->second == id) {
    return false;
  }
  entry->second = id;
  return true;
}

void Consumers::Unindex(const ContactId& contact, const ConsumerId& id) {
  const auto known = contacts_.find(contact);
  // A fingerprint may lead to the tombstone already.
  if (known == contacts_.end() || known->second != id) return;
  contacts_.erase(known);
  fetcher_.Left(contact);
}

store::Erasure Consumers::Remove(const Consumer& consumer, LeafIndex position) {
  const core::Record& record = consumer.record;
  const ConsumerId id = record.consumer;
  store::Erasure rows{.secrets = {record.handle}, .records = {id}, .contacts = record.contact_ids};
  rows.contacts.insert(rows.contacts.end(), consumer.gone_ids.begin(), consumer.gone_ids.end());
  for (const ContactId& contact : rows.contacts) Unindex(contact, id);
  if (consumer.dirty_since.has_value()) std::erase(dirty_, id);
  residents_.Erase(id);
  gone_.emplace(id, position);
  tombstones_ = true;
  return rows;
}

TreeSize Consumers::Reached(TreeSize durable, size_t count) {
  return count < dirty_.size() ? TreeSize{residents_.Find(dirty_[count])->dirty_since->value}
                               : durable;
}

absl::Status Consumers::WriteBehind(size_t records_max, TreeSize reached, TreeSize seen) {
  // Who is forgotten to be gone must not come back by a row fetched before it was deleted.
  if (absl::erase_if(gone_, [&](const auto& gone) { return gone.second.value < seen.value; }) > 0) {
    fetcher_.Forget();
  }
  const size_t count = std::min(records_max, dirty_.size());
  const auto first_left = dirty_.begin() + static_cast<ptrdiff_t>(count);
  std::vector<ConsumerId> ids(dirty_.begin(), first_left);
  // By key, which spares the store most of its search for the place of each row.
  std::sort(ids.begin(), ids.end());
  store::DerivedRows rows;
  rows.records.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    PrefetchNext(i, count, Residents::kPrefetchSteps,
                 [&](size_t next, int step) { residents_.Prefetch(ids[next], step); });
    Consumer& consumer = *residents_.Find(ids[i]);
    fetcher_.Writes(consumer.record.consumer);
    if (consumer.row.empty()) consumer.row = core::NewRow(consumer.record);
    (consumer.stored > 0 ? rows.appended : rows.records)
        .push_back({consumer.record.consumer, consumer.row.substr(consumer.stored)});
    // Were it not written, nobody would know what the store has.
    consumer.stored = 0;
    for (const ContactId& contact : consumer.new_ids) {
      rows.contacts.push_back({contact, consumer.record.consumer});
    }
    rows.contacts_gone.insert(rows.contacts_gone.end(), consumer.gone_ids.begin(),
                              consumer.gone_ids.end());
  }
  rows.applied = Reached(reached, count);
  rows.seen = seen;
  // Entries that change no record move the mark all the same.
  if (count > 0 || rows.applied > applied_) {
    const absl::Status written = store_.WriteBehind(shard_, rows);
    fetcher_.Wrote();
    RETURN_IF_ERROR(written);
    applied_ = rows.applied;
    for (const ConsumerId& id : ids) {
      Consumer& consumer = *residents_.Find(id);
      consumer.stored = consumer.row.size();
      consumer.dirty_since.reset();
      consumer.new_ids.clear();
      consumer.gone_ids.clear();
    }
    dirty_.erase(dirty_.begin(), first_left);
  }
  residents_.Trim([this](const ConsumerId& id, const std::vector<ContactId>& contacts) {
    for (const ContactId& contact : contacts) Unindex(contact, id);
  });
  resident_now_.store(residents_.size(), std::memory_order_relaxed);
  dirty_now_.store(dirty_.size(), std::memory_order_relaxed);
  late_now_.store(reached.value - applied_.value, std::memory_order_relaxed);
  return absl::OkStatus();
}

void Consumers::Clear() {
  fetcher_.Forget();
  for (const auto& [contact, consumer] : contacts_) fetcher_.Left(contact);
  residents_.Clear();
  contacts_.clear();
  dirty_.clear();
  gone_.clear();
  tombstones_.reset();
}

}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0
//
// What an Epoch checks, all of it from outside the server: after each start what is new and some of
// what is not, at the end everything.

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/store/rocksdb_store.h"
#include "tests/fault/answers.h"
#include "tests/fault/clients.h"
#include "tests/fault/epoch.h"
#include "tests/fault/recount.h"

namespace consent::fault {
namespace {

// Entries read again after each start.
constexpr uint64_t kEntriesAgain = 200;

}  // namespace

// Journals, while or after the clients work. Reads what is new and some of what is not.
bool Epoch::ReadJournals(uint64_t again) {
  bool read = true;
  for (JournalWitness& witness : witnesses_) {
    const uint64_t from = witness.size() - std::min(witness.size(), again);
    read = witness.Read(world_, channel_, from) && read;
  }
  return read;
}

void Epoch::FetchCheckpoints() {
  for (Published& published : published_) published.Fetch(world_, channel_);
}

// Everything acknowledged up to the last kill must be in the journal that the server now has.
void Epoch::CheckAcknowledged(const std::vector<Acknowledged>& acknowledged) {
  if (!ReadJournals(kEntriesAgain)) return world_.Fault("the journals cannot be read");
  for (const Acknowledged& one : acknowledged) {
    if (witnesses_[0].Holds(one)) continue;
    world_.Fault(absl::StrCat("an acknowledged answer is gone: entry ", one.entry, ", kind ",
                              int{one.kind}, ", reason ", int{one.reason}, "; the journal has ",
                              witnesses_[0].size(), " entries"));
  }
}

// What is noted outside the store is done by the next start, whoever asks again.
void Epoch::CheckNotedErasure(const PointInfo* point) {
  const Person* const person = world_.in_erasure;
  if (point == nullptr || person == nullptr) return;
  if (point->point != Point::kErasureNoted && point->point != Point::kErasureBegins) return;
  const v1::Reason reason = CheckAt(channel_, *person);
  if (reason == v1::REASON_NO_PERMISSION) return;
  world_.Fault(absl::StrCat(
      "consumer ", person->number,
      " was noted as erased outside the store; a start has left them: ", v1::Reason_Name(reason)));
}

// Every checkpoint that was ever seen must be a prefix of the journals as they were read.
void Epoch::CheckPublished(bool all) {
  FetchCheckpoints();
  for (const std::string& receipt : world_.TakeReceipts())
    published_[0].SeeReceipt(world_, receipt);
  for (size_t i = 0; i < published_.size(); ++i) published_[i].Compare(world_, witnesses_[i], all);
}

// What was published had been stored before.
absl::Status Epoch::CheckStored() {
  ASSIGN_OR_RETURN(const auto store, store::RocksDbStore::OpenReadOnly(data_ + "/store"));
  for (const std::string& receipt : world_.TakeReceipts())
    published_[0].SeeReceipt(world_, receipt);
  for (const Published& published : published_) published.CompareStored(world_, *store);
  return absl::OkStatus();
}

// Asks again what `count` people were told: half of them the latest, half of them any.
void Epoch::CheckPeople(size_t count) {
  const std::vector<Person*> people = world_.everybody();
  for (size_t i = 0; i < count; ++i) {
    const size_t any = static_cast<size_t>(Pick(chance_, 1, static_cast<int64_t>(people.size())));
    Person& person = *people[people.size() - (i % 2 == 0 ? any : std::min(people.size(), i))];
    if (person.erased) {
      CheckErased(world_, person);
    } else if (person.revoked) {
      CheckRevoked(world_, person);
    }
    std::vector<Allowed> allowed;
    {
      absl::MutexLock lock(&person.mutex);
      allowed = person.allowed;
    }
    for (const Allowed& one : allowed) AskAgain(world_, person, one);
  }
}

// By what the clients were told alone: no more units out than granted; and where a denial said that
// all were taken, all had been.
void Epoch::CheckLimits() {
  for (Person* const person : world_.everybody()) {
    absl::MutexLock lock(&person->mutex);
    int64_t live = 0;
    for (const Allowed& allowed : person->allowed) {
      if (allowed.fate != Fate::kGivenBack && allowed.fate != Fate::kUnclear) ++live;
    }
    if (live > person->max) {
      world_.Fault(absl::StrCat("consumer ", person->number, ": ", live, " contacts allowed of ",
                                person->max));
    }
    const auto ever = static_cast<int64_t>(person->allowed.size());
    if (person->seen_full && !person->revoking && !person->erasing && ever < person->max) {
      world_.Fault(absl::StrCat("consumer ", person->number, ": denied for its limit of ",
                                person->max, ", of which only ", ever, " were given"));
    }
  }
}

// The journals from their first entry, and what a replay from nothing makes of them.
absl::Status Epoch::CountAll() {
  if (!ReadJournals(std::numeric_limits<uint64_t>::max())) {
    world_.Fault("the journals cannot be read");
  }
  CheckPublished(/*all=*/true);
  server_->Kill();
  ASSIGN_OR_RETURN(const ledger::ReplayReport replayed, Recount(world_, data_));
  if (replayed.entries != witnesses_[0].size() ||
      replayed.root != witnesses_[0].RootAt(witnesses_[0].size())) {
    world_.Fault(absl::StrCat("a replay finds ", replayed.entries, " entries; ",
                              witnesses_[0].size(), " were seen, or their root is another"));
  }
  return absl::OkStatus();
}

}  // namespace consent::fault

// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/recount.h"

#include <map>
#include <memory>
#include <set>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/journal/sealed_store.h"
#include "src/keys/keys.h"
#include "src/ledger/ledger.h"
#include "src/store/rocksdb_store.h"
#include "tests/load/population.h"

namespace consent::fault {
namespace {

// What one consumer's entries say.
struct Taken {
  std::map<std::string, uint64_t> entry_of;  // By request id.
  std::map<uint64_t, bool> live;             // By the entry that took it: not given back.
};

class Counter {
 public:
  explicit Counter(World& world) : world_(world) {}

  void See(const journal::OpenedEvent& opened) {
    if (!opened.consumer.has_value()) return;
    Taken& taken = taken_[*opened.consumer];
    if (!opened.contact_point.empty()) {
      first_opened_.emplace(opened.contact_point, opened.event.position.value);
    }
    const core::EventBody& body = opened.event.body;
    if (const auto* const decided = std::get_if<core::Decided>(&body)) {
      contact_points_[opened.contact_point] = *opened.consumer;
      if (decided->answer.verdict != core::Verdict::kAllowed) return;
      const uint64_t entry = opened.event.position.value;
      const auto [known, added] = taken.entry_of.emplace(decided->request.request_id, entry);
      if (!added) {
        world_.Fault(absl::StrCat("request ", decided->request.request_id, " took a unit at entry ",
                                  known->second, " and at ", entry));
      }
      taken.live[entry] = true;
    } else if (const auto* const released = std::get_if<core::Released>(&body)) {
      taken.live[released->permit.value] = false;
    } else if (const auto* const confirmed = std::get_if<core::Confirmed>(&body)) {
      if (!confirmed->contact_before.has_value()) taken.live[confirmed->permit.value] = false;
    } else if (const auto* const reported = std::get_if<core::OutcomeReported>(&body)) {
      if (reported->outcome == core::Outcome::kNotSent) taken.live[reported->permit.value] = false;
    }
  }

  void Compare(Person& person) {
    const Taken& taken = taken_[contact_points_[load::ContactPointOf(person.number)]];
    int64_t live = 0;
    for (const auto& [entry, is_live] : taken.live) live += is_live ? 1 : 0;
    if (live > person.max) {
      world_.Fault(absl::StrCat("consumer ", person.number, ": the journal has ", live,
                                " units taken of ", person.max));
    }
    absl::MutexLock lock(&person.mutex);
    if (person.erased) return CompareErased(person, taken);
    if (person.erasing) return;
    for (const Allowed& allowed : person.allowed) {
      const auto found = taken.entry_of.find(allowed.request.request_id());
      if (found == taken.entry_of.end() || found->second != allowed.entry) {
        world_.Fault(absl::StrCat("request ", allowed.request.request_id(),
                                  " was acknowledged at entry ", allowed.entry,
                                  "; the journal does not say so"));
      }
    }
  }

 private:
  // Whoever was erased took nothing since, and nothing from before can be opened.
  void CompareErased(const Person& person, const Taken& taken)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(person.mutex) {
    if (!taken.entry_of.empty()) {
      world_.Fault(absl::StrCat("consumer ", person.number, " was erased, and contacted since"));
    }
    const auto opened = first_opened_.find(load::ContactPointOf(person.number));
    if (opened != first_opened_.end() && person.erased_at != Person::kNowhere &&
        opened->second < person.erased_at) {
      world_.Fault(absl::StrCat("consumer ", person.number, " was erased at entry ",
                                person.erased_at, "; entry ", opened->second,
                                " can still be opened"));
    }
  }

  World& world_;
  std::map<std::string, uint64_t>
      first_opened_;  // By contact point: the first entry that names it.
  std::map<ConsumerId, Taken> taken_;
  std::map<std::string, ConsumerId> contact_points_;
};

}  // namespace

absl::StatusOr<ledger::ReplayReport> Recount(World& world, const std::string& data) {
  ASSIGN_OR_RETURN(const std::unique_ptr<store::RocksDbStore> files,
                   store::RocksDbStore::OpenReadOnly(data + "/store"));
  ASSIGN_OR_RETURN(auto master, keys::OpenMasterKeys(keys::KeySource(data + "/keys")));
  ASSIGN_OR_RETURN(const auto store, journal::SealedStore::Open(*files, std::move(master),
                                                                journal::SealedStore::Use::kRead));
  Counter counter(world);
  ASSIGN_OR_RETURN(
      const ledger::ReplayReport report,
      ledger::ReplayAndCompare(*store, ledger::kConsumerShard, {},
                               [&](const journal::OpenedEvent& opened) { counter.See(opened); }));
  for (Person* const person : world.everybody()) counter.Compare(*person);
  return report;
}

}  // namespace consent::fault

// SPDX-License-Identifier: Apache-2.0
//
// Recount: whether anybody was contacted beyond what they allowed, counted from events alone.
//
// Independent of the records and of the code that decides: what is counted here are the contacts
// that the journal says were allowed, against the limits of the grants that the journal holds, at
// the moment of each contact. Only the calendar is shared with the core (window.h). Meaning of
// limits, holds, attempts and outcomes: docs/reference/scenario.md.
//
// Feed it the events of one journal, in order. Not safe for several threads.

#ifndef CONSENT_VERIFY_RECOUNT_H_
#define CONSENT_VERIFY_RECOUNT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/consent/grant.h"
#include "src/consent/vocabulary.h"

namespace consent::verify {

// A contact that should not have been allowed.
struct Excess {
  LeafIndex entry;
  std::string what;  // "limit calls: 2 of 1"; no personal data.
};

struct RecountTotals {
  uint64_t decided = 0;
  uint64_t allowed = 0;
  uint64_t denied = 0;
  std::map<std::string, uint64_t> denied_by_reason;  // As answered.
  // Contacts: allowed, confirmed where they were held, and not given back.
  uint64_t contacts = 0;
  std::map<std::string, uint64_t> contacts_by_channel;
  uint64_t consumers = 0;
  uint64_t consumers_contacted = 0;
  uint64_t limits_checked = 0;  // Limits of grants, one for each allowed contact on its channel.
  // Allowed contacts that broke a limit, or that came back after they were given back.
  uint64_t over_limit = 0;
  // Allowed contacts of which no grant in force names company, purpose and channel.
  uint64_t without_grant = 0;
  // Allowed on another basis than consent: what law demands of them is not counted here.
  uint64_t on_other_bases = 0;
  std::vector<Excess> first_excesses;  // At most kExcessesKept.
  // Entries of erased consumers, which nobody can open any more; not among the counts above. Filled
  // in by whoever reads the journal.
  uint64_t erased = 0;
};

class Recount {
 public:
  static constexpr size_t kExcessesKept = 20;

  // The next event of the journal; `consumer` is none where it is about nobody ever heard of.
  void Add(const std::optional<ConsumerId>& consumer, const core::Event& event);

  // Of all events so far.
  RecountTotals Totals() const;

 private:
  struct Contact {
    LeafIndex entry;
    Instant at;
    core::Channel channel;
    core::Purpose purpose;
    core::Basis basis;
    Seconds hold;           // 0: not held.
    bool confirmed = true;  // False while held.
    bool given_back = false;
    bool reached_nobody = false;

    bool LapsedAt(Instant t) const { return !confirmed && t >= at + hold; }
    bool CountsAt(Instant t) const { return !given_back && !LapsedAt(t); }
  };
  struct Given {
    core::Grant grant;
    bool revoked = false;
  };
  // What lies between a consumer and a company.
  struct Dealings {
    std::vector<Given> grants;
    std::vector<Contact> contacts;
  };
  struct Person {
    std::string zone;
    std::map<std::string, Dealings> companies;
  };

  void TakeZone(Person& person, const core::EventBody& body);
  void TakeDecision(Person* person, const core::Event& event, const core::Decided& decided);
  void CheckLimits(const Person& person, const Dealings& dealings, const core::Grant& grant);
  Contact* Find(Person& person, const std::string& company, LeafIndex entry);
  void Exceed(uint64_t& counter, LeafIndex entry, std::string what);

  absl::flat_hash_map<ConsumerId, Person> people_;
  RecountTotals totals_;
};

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_RECOUNT_H_

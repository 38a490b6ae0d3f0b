// SPDX-License-Identifier: Apache-2.0
//
// Retake: each decision of a journal, taken again from the entries before it.
//
// The rules are those the ledger itself has (src/consent): what differs shows that the ledger
// answered by other rules, on another record, or at another time than its journal says. That the
// rules themselves keep the limits is what recount.h counts, without them.
//
// Law, delegations, numbers and groups are in the directory's journal (directory_log.h). Where what
// it said then is not known, a decision is taken again without them, and not judged where it then
// differs and they may be the reason.
//
// Feed it the events of one journal, in order. Threads: belongs to one.

#ifndef CONSENT_VERIFY_RETAKE_H_
#define CONSENT_VERIFY_RETAKE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "consent/verifier.h"
#include "src/base/ids.h"
#include "src/consent/decide.h"
#include "src/consent/event.h"
#include "src/consent/record.h"
#include "src/verify/directory_log.h"

namespace consent::verify {

class Retake {
 public:
  // Takes the next event, about `contact_point` (canonical text, empty where it names none), and
  // the directory that it was written by. What it should have been is compared with what it is.
  // Returns what differs, in words without personal data; empty when nothing does.
  std::string Add(const std::optional<ConsumerId>& consumer, const core::Event& event,
                  std::string_view contact_point, const Cited& cited);

  // Taken again and judged.
  uint64_t retaken() const { return retaken_; }
  // Not judged: what is not known of law and directory may be the reason that they differ.
  uint64_t not_retaken() const { return not_retaken_; }
  // What was not known, for the first of them.
  NotRetakenCause not_retaken_cause() const { return not_retaken_cause_; }
  const std::string& not_retaken_why() const { return not_retaken_why_; }

 private:
  struct Person {
    core::Record record;
    std::vector<std::string> zone_names;  // That `zones` are of.
    std::vector<absl::TimeZone> zones;
  };

  std::string Judge(const Person& person, const core::Event& event, const Cited& cited);

  absl::flat_hash_map<ConsumerId, Person> people_;
  std::optional<core::Loss> loss_;
  uint64_t retaken_ = 0;
  uint64_t not_retaken_ = 0;
  NotRetakenCause not_retaken_cause_ = NotRetakenCause::kNone;
  std::string not_retaken_why_;
};

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_RETAKE_H_

// SPDX-License-Identifier: Apache-2.0
//
// What may be asked of a shard, and what it answers. Everything here has been decoded, normalised
// and, where it is signed, verified: the shard decides and records.

#ifndef CONSENT_LEDGER_COMMAND_H_
#define CONSENT_LEDGER_COMMAND_H_

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/decide.h"
#include "src/consent/decision.h"
#include "src/consent/record.h"
#include "src/contact/contact_id.h"
#include "src/statement/envelope.h"

namespace consent::ledger {

// Names a permit within a shard.
struct PermitRef {
  ConsumerId consumer;
  LeafIndex position;  // Of the entry that allowed it.

  template <class A>
  void Fields(A& a) {
    a(consumer), a(position);
  }
};

// One wish to contact one consumer.
struct ContactCommand {
  contact::ContactName contact;
  std::string contact_point;  // Canonical text; ends in the sealed opening and nowhere else.
  core::Place place;          // What the contact point tells of it.
  core::Request request;
  core::NextAllowed next_allowed = core::NextAllowed::kWhenDenied;
};

struct ContactAnswer {
  core::Decision decision;  // As the company is told.
  Instant at;
  std::optional<LeafIndex> entry;   // None for a Check.
  std::optional<PermitRef> permit;  // When allowed.
  bool repeated = false;
};
using ContactAnswers = std::vector<absl::StatusOr<ContactAnswer>>;

struct ConfirmPermit {};
struct ReleasePermit {};
struct ReportOutcome {
  core::Outcome outcome = core::Outcome::kUnspecified;
};
struct PermitCommand {
  PermitRef permit;
  std::string company;  // Whose permit it must be.
  std::variant<ConfirmPermit, ReleasePermit, ReportOutcome> action;
};

struct PermitAnswer {
  core::Decision decision;
  Instant at;
  std::optional<LeafIndex> entry;  // None: nothing was recorded.
};

struct StatementCommand {
  statement::Opened opened;
  contact::ContactName contact;
  core::Place place;  // What the contact point tells of it.
  std::optional<contact::ContactName> same_consumer_as;
};

struct StatementAnswer {
  LeafIndex entry;
  bool repeated = false;
};
using StatementAnswers = std::vector<absl::StatusOr<StatementAnswer>>;

// A contact point on a list, or no longer.
struct ListingCommand {
  contact::ContactName contact;
  std::string contact_point;         // Canonical text; ends in the sealed opening and nowhere else.
  core::Place place;                 // What the contact point tells of it.
  core::Listing listing;             // Its date is `listed_at`'s.
  std::optional<Instant> listed_at;  // None: that of the first time it was heard of.
  bool removed = false;
};

struct ListingAnswer {
  bool changed = false;  // False: known already.
};
using ListingAnswers = std::vector<absl::StatusOr<ListingAnswer>>;

// What the ledger holds of a consumer, at one moment.
struct ConsumerView {
  core::Record record;
  std::vector<absl::TimeZone> zones;
  std::optional<core::Loss> loss;  // The journal's last.
  Instant at;
  TreeSize journal_size;

  core::Moment Now() const {
    return {.now = at, .zones = zones, .loss = loss.has_value() ? &*loss : nullptr};
  }
};

// A consumer's signed order to be erased; its signature has been verified.
struct EraseCommand {
  contact::ContactName contact;
  KeyId key;
  StatementId id;
  int64_t signed_at_ms = 0;
};

struct EraseAnswer {
  LeafIndex entry;  // The tombstone's.
  Instant at;
  bool repeated = false;  // The same signed bytes had been obeyed before, at that entry.
};

template <class T>
using Done = std::function<void(absl::StatusOr<T>)>;

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_COMMAND_H_

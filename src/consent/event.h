// SPDX-License-Identifier: Apache-2.0
//
// Events: what happened to a consumer's record. One event is one journal entry.
//
// Each body has two lists of fields: `Company` is what the company concerned may see opened,
// `Ledger` is the rest. The journal commits to the two separately (docs/formats/opening.md), so a
// receipt can open the first and say nothing of the second. The two together, with the entry's
// time, position and kind, give the event back: a journal and its openings rebuild every record.

#ifndef CONSENT_CONSENT_EVENT_H_
#define CONSENT_CONSENT_EVENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/block.h"
#include "src/consent/contract.h"
#include "src/consent/decision.h"
#include "src/consent/grant.h"
#include "src/consent/listing.h"
#include "src/consent/place.h"
#include "src/consent/preferences.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// The kind of a journal entry. Kinds from 64 up belong to the directory (src/directory).
enum class Kind : uint8_t {
  kUnspecified = 0,
  kBound = 1,
  kGranted = 2,
  kRevoked = 3,
  kBlocked = 4,
  kUnblocked = 5,
  kDecided = 6,
  kConfirmed = 7,
  kReleased = 8,
  kOutcomeReported = 9,
  kErased = 10,
  kRecovered = 11,  // Of both the directory's journal and the consumers'.
  kPreferred = 12,
  kContractClaimed = 13,
  kContested = 14,
  kCallbackAsked = 15,
  kListed = 16,
  kHolderChanged = 17,
};

// "GRANTED", "DECIDED"; "" for a number that no kind of a consumer's entry has.
std::string_view Name(Kind kind);

// What is known of the signed bytes behind a statement. Simulations have none.
struct SignedBytes {
  StatementId id;
  int64_t signed_at_ms = 0;
  Signer signer = Signer::kUnspecified;  // In which role the key spoke.
  KeyId key;
  std::string envelope;  // The signed statement as received (consent.v1.SignedStatement).

  friend bool operator==(const SignedBytes&, const SignedBytes&) = default;
  template <class A>
  void Fields(A& a) {
    a(id), a(signed_at_ms), EnumField(a, signer, kSignerMax), a(key), a(envelope);
  }
};

// Whom a statement is about. The first statement about a contact point makes the record.
struct Subject {
  ContactId contact_id;
  // May be unknown. A binding's zones replace the record's; what any other statement brings is
  // taken when the record knows none yet.
  Place place;

  friend bool operator==(const Subject&, const Subject&) = default;
  template <class A>
  void Fields(A& a) {
    a(contact_id), a(place);
  }
};

// A registrar verified that `key` belongs to the holder of the contact point.
struct Bound {
  static constexpr Kind kKind = Kind::kBound;
  Subject subject;
  std::optional<KeyId> key;       // Simulations bind without a key.
  std::optional<KeyId> replaces;  // A key of the consumer's that `key` succeeds.
  std::optional<SignedBytes> statement;

  friend bool operator==(const Bound&, const Bound&) = default;
  template <class A>
  void Company(A&) {}
  template <class A>
  void Ledger(A& a) {
    a(subject), a(key), a(replaces), a(statement);
  }
};

struct Granted {
  static constexpr Kind kKind = Kind::kGranted;
  Grant grant;
  Subject subject;
  std::optional<SignedBytes> statement;

  friend bool operator==(const Granted&, const Granted&) = default;
  template <class A>
  void Company(A& a) {
    a(grant), a(statement);
  }
  template <class A>
  void Ledger(A& a) {
    a(subject);
  }
};

struct Revoked {
  static constexpr Kind kKind = Kind::kRevoked;
  std::string company;
  std::string grant;  // Empty: every grant of the company's that has arrived.
  Subject subject;
  std::optional<SignedBytes> statement;

  friend bool operator==(const Revoked&, const Revoked&) = default;
  template <class A>
  void Company(A& a) {
    a(company), a(grant), a(statement);
  }
  template <class A>
  void Ledger(A& a) {
    a(subject);
  }
};

struct Blocked {
  static constexpr Kind kKind = Kind::kBlocked;
  std::string company;  // As in Block.
  ChannelSet channels;
  Whose whose = Whose::kCompany;
  PurposeSet purposes = PurposeSet::All();
  Subject subject;
  std::optional<SignedBytes> statement;

  friend bool operator==(const Blocked&, const Blocked&) = default;
  template <class A>
  void Company(A&) {}
  template <class A>
  void Ledger(A& a) {
    a(company), a(channels), EnumField(a, whose, kWhoseMax), a(purposes), a(subject), a(statement);
  }
};

// Lifts the blocks with exactly this company that the signing key made; signed by the consumer,
// also those that outcomes made.
struct Unblocked {
  static constexpr Kind kKind = Kind::kUnblocked;
  std::string company;
  Whose whose = Whose::kCompany;
  Subject subject;
  std::optional<SignedBytes> statement;

  friend bool operator==(const Unblocked&, const Unblocked&) = default;
  template <class A>
  void Company(A&) {}
  template <class A>
  void Ledger(A& a) {
    a(company), EnumField(a, whose, kWhoseMax), a(subject), a(statement);
  }
};

// An answer as the company got it.
struct Answer {
  Verdict verdict = Verdict::kUnspecified;
  Reason reason = Reason::kUnspecified;
  Basis basis = Basis::kUnspecified;
  std::string limit;
  std::string rule;
  std::string grant;
  std::vector<Remaining> remaining;
  std::optional<Instant> next_allowed;
  std::optional<Instant> contact_before;

  friend bool operator==(const Answer&, const Answer&) = default;
  template <class A>
  void Fields(A& a) {
    EnumField(a, verdict, kVerdictMax), EnumField(a, reason, kReasonMax),
        EnumField(a, basis, kBasisMax), a(limit), a(rule), a(grant), a(remaining), a(next_allowed),
        a(contact_before);
  }
};

// A request was judged: ALLOWED (a unit is taken) or DENIED.
struct Decided {
  static constexpr Kind kKind = Kind::kDecided;
  Request request;
  Answer answer;
  // The ledger's part: what was true, where the company was told less.
  Reason true_reason = Reason::kUnspecified;
  std::string true_limit;
  std::string true_rule;
  // What the consumer's preferences leave: no company's affair.
  std::vector<Remaining> hidden_remaining;
  std::optional<Instant> true_next_allowed;
  // Allowed under a limit that names the channel and has max_attempts.
  bool attempts_apart = false;
  // Whom it is about, where the contact is the first thing that happens to a consumer.
  std::optional<Subject> subject;

  friend bool operator==(const Decided&, const Decided&) = default;
  template <class A>
  void Company(A& a) {
    a(request), a(answer);
  }
  template <class A>
  void Ledger(A& a) {
    EnumField(a, true_reason, kReasonMax), a(true_limit), a(true_rule), a(hidden_remaining),
        a(true_next_allowed), a(attempts_apart), a(subject);
  }
};

// A held permit was confirmed (`contact_before` set) or its confirmation refused for `reason`.
struct Confirmed {
  static constexpr Kind kKind = Kind::kConfirmed;
  std::string company;
  LeafIndex permit;
  Reason reason = Reason::kUnspecified;  // As answered; OK when confirmed.
  std::optional<Instant> contact_before;
  Reason true_reason = Reason::kUnspecified;

  friend bool operator==(const Confirmed&, const Confirmed&) = default;
  template <class A>
  void Company(A& a) {
    a(company), a(permit), EnumField(a, reason, kReasonMax), a(contact_before);
  }
  template <class A>
  void Ledger(A& a) {
    EnumField(a, true_reason, kReasonMax);
  }
};

struct Released {
  static constexpr Kind kKind = Kind::kReleased;
  std::string company;
  LeafIndex permit;

  friend bool operator==(const Released&, const Released&) = default;
  template <class A>
  void Company(A& a) {
    a(company), a(permit);
  }
  template <class A>
  void Ledger(A&) {}
};

struct OutcomeReported {
  static constexpr Kind kKind = Kind::kOutcomeReported;
  std::string company;
  LeafIndex permit;
  Outcome outcome = Outcome::kUnspecified;

  friend bool operator==(const OutcomeReported&, const OutcomeReported&) = default;
  template <class A>
  void Company(A& a) {
    a(company), a(permit), EnumField(a, outcome, kOutcomeMax);
  }
  template <class A>
  void Ledger(A&) {}
};

// The consumer's word across all companies; replaces the one before.
struct Preferred {
  static constexpr Kind kKind = Kind::kPreferred;
  Preferences preferences;
  Subject subject;
  std::optional<SignedBytes> statement;

  friend bool operator==(const Preferred&, const Preferred&) = default;
  template <class A>
  void Company(A&) {}
  template <class A>
  void Ledger(A& a) {
    a(preferences), a(subject), a(statement);
  }
};

// A company claims a relation with the consumer. One of a known id takes its place.
struct ContractClaimed {
  static constexpr Kind kKind = Kind::kContractClaimed;
  Contract contract;
  Subject subject;
  std::optional<SignedBytes> statement;

  friend bool operator==(const ContractClaimed&, const ContractClaimed&) = default;
  template <class A>
  void Company(A& a) {
    a(contract), a(statement);
  }
  template <class A>
  void Ledger(A& a) {
    a(subject);
  }
};

// The consumer denies that contract, or, without an id, all of the company's.
struct Contested {
  static constexpr Kind kKind = Kind::kContested;
  std::string company;
  std::string contract;
  Subject subject;
  std::optional<SignedBytes> statement;

  friend bool operator==(const Contested&, const Contested&) = default;
  template <class A>
  void Company(A& a) {
    a(company), a(contract), a(statement);
  }
  template <class A>
  void Ledger(A& a) {
    a(subject);
  }
};

// The consumer asked to be contacted.
struct CallbackAsked {
  static constexpr Kind kKind = Kind::kCallbackAsked;
  Callback callback;
  Subject subject;
  std::optional<SignedBytes> statement;

  friend bool operator==(const CallbackAsked&, const CallbackAsked&) = default;
  template <class A>
  void Company(A& a) {
    a(callback), a(statement);
  }
  template <class A>
  void Ledger(A& a) {
    a(subject);
  }
};

// The contact point stands on a list, or no longer does.
struct Listed {
  static constexpr Kind kKind = Kind::kListed;
  Listing listing;
  bool removed = false;
  Subject subject;

  friend bool operator==(const Listed&, const Listed&) = default;
  template <class A>
  void Company(A&) {}
  template <class A>
  void Ledger(A& a) {
    a(listing), a(removed), a(subject);
  }
};

// Somebody else holds the contact point, or its holder is of another class than was known. With a
// new holder, all that the old one said and allowed ends; blocks and listings stay.
struct HolderChanged {
  static constexpr Kind kKind = Kind::kHolderChanged;
  bool new_holder = false;
  HolderClass holder = HolderClass::kUnspecified;
  Subject subject;
  std::optional<SignedBytes> statement;

  friend bool operator==(const HolderChanged&, const HolderChanged&) = default;
  template <class A>
  void Company(A&) {}
  template <class A>
  void Ledger(A& a) {
    a(new_holder), EnumField(a, holder, kHolderClassMax), a(subject), a(statement);
  }
};

// A consumer was erased; this one takes its place (`Tombstone`). The first event of its record.
struct Erased {
  static constexpr Kind kKind = Kind::kErased;
  std::vector<ContactId> fingerprints;  // One-way images of the contact ids.
  std::vector<Block> blocks;            // That stood; made_by is all zero.
  std::vector<Listing> listings;
  std::vector<Handle> handles;  // Whose openings are gone for ever.
  // Unix milliseconds: nothing signed up to then is taken in. The latest own time of what had been
  // said, and of the request.
  int64_t signed_at_ms = 0;
  StatementId request;  // Its envelope would name the person.

  friend bool operator==(const Erased&, const Erased&) = default;
  template <class A>
  void Company(A&) {}
  template <class A>
  void Ledger(A& a) {
    a(fingerprints), a(blocks), a(listings), a(handles), a(signed_at_ms), a(request);
  }
};

// The journal goes on after a loss that somebody accepted (loss.h). About no consumer: its opening
// is plain, and it changes no record. What lies below its position is the journal of `old_origin`,
// as far as it was kept.
struct Recovered {
  static constexpr Kind kKind = Kind::kRecovered;
  std::string old_origin;   // Of this journal until now.
  uint32_t generation = 0;  // How many losses have been accepted, this one included.
  TreeSize kept_size;
  Digest kept_root;
  // The last checkpoint that is known to have been published; 0 and zero when none is.
  TreeSize promised_size;
  Digest promised_root;
  Instant lost_from;  // The time of the last entry kept.

  friend bool operator==(const Recovered&, const Recovered&) = default;
  template <class A>
  void Company(A& a) {
    a(old_origin), a(generation), a(kept_size), a(kept_root), a(promised_size), a(promised_root),
        a(lost_from);
  }
  template <class A>
  void Ledger(A&) {}
};

using EventBody = std::variant<Bound, Granted, Revoked, Blocked, Unblocked, Decided, Confirmed,
                               Released, OutcomeReported, Erased, Recovered, Preferred,
                               ContractClaimed, Contested, CallbackAsked, Listed, HolderChanged>;

// A contact point goes by another id from now on: the ledger has a newer pepper. `to` takes the
// place of `from` in the record, be they ids or fingerprints.
struct Renamed {
  ContactId from;
  ContactId to;

  friend bool operator==(const Renamed&, const Renamed&) = default;
  template <class A>
  void Fields(A& a) {
    a(from), a(to);
  }
};

// A body at its place in the journal.
struct Event {
  Instant at;
  LeafIndex position;
  EventBody body;
  std::vector<Renamed> renamed{};  // Before the body is taken in; of the ledger's part.

  friend bool operator==(const Event&, const Event&) = default;
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_EVENT_H_

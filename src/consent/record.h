// SPDX-License-Identifier: Apache-2.0
//
// A consumer's record: everything a decision about that consumer reads, and nothing else.
//
// Invariant: a record is a pure function of the events about its consumer (`Evolve`). It is a
// cache of the journal: losing it loses nothing. Its encoding (`Encode(record)`) is compared byte
// for byte with a replay, so all of it must follow from events alone.

#ifndef CONSENT_CONSENT_RECORD_H_
#define CONSENT_CONSENT_RECORD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/block.h"
#include "src/consent/contacts.h"
#include "src/consent/contract.h"
#include "src/consent/decision.h"
#include "src/consent/grant.h"
#include "src/consent/listing.h"
#include "src/consent/place.h"
#include "src/consent/preferences.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// A grant as the record keeps it.
struct KeptGrant {
  Grant grant;
  bool revoked = false;
  Instant arrived;
  // The consumer's key that gave it, or its successor; all zero for claims and in simulations.
  KeyId given_by;

  friend bool operator==(const KeptGrant&, const KeptGrant&) = default;
  template <class A>
  void Fields(A& a) {
    a(grant), a(revoked), a(arrived), a(given_by);
  }
};

struct KeptContract {
  Contract contract;
  bool contested = false;

  friend bool operator==(const KeptContract&, const KeptContract&) = default;
  template <class A>
  void Fields(A& a) {
    a(contract), a(contested);
  }
};

struct KeptCallback {
  Callback callback;
  bool revoked = false;
  Instant arrived;

  friend bool operator==(const KeptCallback&, const KeptCallback&) = default;
  template <class A>
  void Fields(A& a) {
    a(callback), a(revoked), a(arrived);
  }
};

// The last time the consumer declined a contact of one kind.
struct Refusal {
  Channel channel = Channel::kUnspecified;
  Purpose purpose = Purpose::kUnspecified;
  Instant at;  // Of the report.

  friend bool operator==(const Refusal&, const Refusal&) = default;
  template <class A>
  void Fields(A& a) {
    EnumField(a, channel, kChannelMax), EnumField(a, purpose, kPurposeMax), a(at);
  }
};

// The last word with which a consumer narrowed what somebody may do.
struct Narrowing {
  Instant at;          // Ledger time of its arrival.
  LeafIndex position;  // Of its entry.
  // Unix milliseconds: the latest of the own times of all such words so far, each counted as no
  // later than its arrival (a phone's fast clock shuts nobody out). Words may overtake each other
  // on their way; a grant must have been signed after all of them.
  int64_t signed_at_ms = 0;

  friend bool operator==(const Narrowing&, const Narrowing&) = default;
  template <class A>
  void Fields(A& a) {
    a(at), a(position), a(signed_at_ms);
  }
};

// What lies between the consumer and one company.
struct CompanyRecord {
  std::string company;
  std::vector<KeptGrant> grants;  // In order of arrival.
  Contacts contacts;
  // Purposes that a consumer-signed grant has ever named; claims for them are silent.
  PurposeSet spoken_for;
  std::optional<Narrowing> narrowed;    // Concerning this company alone.
  std::vector<KeptContract> contracts;  // In order of arrival; one for each id.
  std::optional<Instant> contested_at;  // Evidence collected up to then gives no ground.
  std::vector<KeptCallback> callbacks;  // In order of arrival; one for each id.
  std::vector<Refusal> refusals;        // One for each kind.

  friend bool operator==(const CompanyRecord&, const CompanyRecord&) = default;
  template <class A>
  void Fields(A& a) {
    a(company), a(grants), a(contacts), a(spoken_for), a(narrowed), a(contracts), a(contested_at),
        a(callbacks), a(refusals);
  }
};

// The last preferences of one key.
struct KeptPreferences {
  Preferences preferences;
  int64_t signed_at_ms = 0;  // Own time, as in Narrowing.
  KeyId given_by;            // As in KeptGrant.

  friend bool operator==(const KeptPreferences&, const KeptPreferences&) = default;
  template <class A>
  void Fields(A& a) {
    a(preferences), a(signed_at_ms), a(given_by);
  }
};

// A statement already taken in; a second arrival changes nothing.
struct KnownStatement {
  StatementId id;
  LeafIndex position;

  friend bool operator==(const KnownStatement&, const KnownStatement&) = default;
  template <class A>
  void Fields(A& a) {
    a(id), a(position);
  }
};

// Of a consumer who takes the place of an erased one.
struct ErasedBefore {
  uint64_t fingerprints = 0;    // So many of the record's contact_ids, the first, are fingerprints.
  std::vector<Handle> handles;  // Under which nothing can be opened any more.

  friend bool operator==(const ErasedBefore&, const ErasedBefore&) = default;
  template <class A>
  void Fields(A& a) {
    a(fingerprints), a(handles);
  }
};

// People who may bind a key of their own to one shared line.
inline constexpr size_t kLineKeysMax = 8;

struct Record {
  static constexpr uint8_t kVersion = 5;

  ConsumerId consumer;
  Handle handle;  // Finds the secret under which this consumer's openings are sealed.
  TreeSize seen;  // Events of entries below this size are in the record.
  Place place;
  std::vector<ContactId> contact_ids;
  // Keys that may speak for the consumer now: one, or, on a shared line, one for each person, of
  // whose words the strictest counts.
  std::vector<KeyId> keys;
  // No binding signed before is taken in: signed_at of the last one, or past an erasure.
  int64_t bound_signed_at_ms = 0;
  // The latest signed_at of all that gave something: bindings, grants, lifted blocks.
  int64_t given_signed_at_ms = 0;
  // The next tag is HMAC(key of `tag_year`, tag_count); counts start again each UTC year.
  int32_t tag_year = 0;
  uint64_t tag_count = 0;
  std::vector<KnownStatement> statements;
  std::vector<Block> blocks;
  std::optional<Narrowing> narrowed_all;     // Concerning all companies.
  std::vector<KeptPreferences> preferences;  // All of them bind.
  std::vector<Listing> listings;
  HolderClass holder = HolderClass::kUnspecified;
  LeafIndex held_since;  // What lies before is another holder's past.
  // No contract is believed on evidence collected up to then: it is of another holder, or of
  // somebody erased. (What else is claimed must be later than `narrowed_all`.)
  std::optional<Instant> claims_after;
  std::optional<ErasedBefore> erased;
  std::vector<CompanyRecord> companies;  // Sorted by name.

  // The part about `company`; null when nothing ever lay between the two.
  const CompanyRecord* Find(std::string_view company) const;
  // The same, made on first use.
  CompanyRecord& At(std::string_view company);
  // Loads ahead what a decision about this consumer reads: step after step, what the one before
  // leads to.
  static constexpr int kPrefetchSteps = 3;
  void Prefetch(int step) const;
  // The contact allowed by the entry at `position`; null when there is none.
  const Contact* FindContact(LeafIndex position) const;

  // The ids that the record of these bytes goes by, read without all the rest; none: malformed.
  static std::vector<ContactId> ContactIdsOf(std::string_view bytes);

  friend bool operator==(const Record&, const Record&) = default;
  template <class A>
  void Fields(A& a) {
    if (!FirstFields(a)) return;
    a(keys), a(bound_signed_at_ms), a(given_signed_at_ms), a(tag_year), a(tag_count), a(statements),
        a(blocks), a(narrowed_all), a(preferences), a(listings),
        EnumField(a, holder, kHolderClassMax), a(held_since), a(claims_after), a(erased),
        a(companies);
  }

 private:
  // Whether these are bytes of this version.
  template <class A>
  bool FirstFields(A& a) {
    uint8_t version = kVersion;
    a(version);
    if (version != kVersion) {
      if constexpr (A::kReading) a.Fail();
      return false;
    }
    a(consumer), a(handle), a(seen), a(place), a(contact_ids);
    return true;
  }
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_RECORD_H_

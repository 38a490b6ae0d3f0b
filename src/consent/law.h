// SPDX-License-Identifier: Apache-2.0
//
// Law: dated rules as data, as `Decide` applies them. Rule packs (src/rules) are read into it.
//
// A rule binds what its scope names and nothing else: channels, purposes, bases, matters, regions,
// dates. Rules of one kind add up: all that bind must be kept, so the strictest wins, and the first
// that is broken, in the order of the packs, is the one that an answer cites. An exemption lifts
// only the rules it names.
//
// Invariant: a Law read from packs keeps the limits named below and every `lifts` names a
// ConsentRule of the same pack.

#ifndef CONSENT_CONSENT_LAW_H_
#define CONSENT_CONSENT_LAW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "src/base/instant.h"
#include "src/consent/grant.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// Whom and what a rule binds.
struct Scope {
  ChannelSet channels = ChannelSet::All();
  PurposeSet purposes = PurposeSet::All();
  BasisSet bases = BasisSet::All();
  MatterSet matters;                 // Empty: whatever the contact is about.
  std::vector<std::string> regions;  // ISO 3166-1 or -2: "FR", "US-FL". Empty: everywhere.
  Instant from = kEarliest;          // In force from then on,
  Instant until = kNever;            // up to and without this moment.
};

// A contact needs the consumer's consent.
struct ConsentRule {};

// A relation between consumer and company that may stand in for consent, and how long it does so
// after it began. Without `lasts`: as long as the contract runs.
struct RelationTerm {
  Relation relation = Relation::kUnspecified;
  std::optional<Window> lasts;  // `period` and `count` alone matter.
};

// What stands in for consent, and which ConsentRules it lifts. By `basis`:
//   CONTRACT, SIMILAR_PRODUCTS, SERVICE   one of `relations` holds and is not contested; for
//                                         SIMILAR_PRODUCTS it says that it covers them
//   EXEMPT     the directory gives the company the sector of the purpose
//   CALLBACK   the consumer asked for it; at most `max_attempts` contacts
struct Exemption {
  std::vector<std::string> lifts;
  Basis basis = Basis::kUnspecified;
  std::vector<RelationTerm> relations;
  int64_t max_attempts = 0;
};

// A day without contacts: a day of the year, or one so many days after Easter Sunday.
struct Holiday {
  int month = 0;  // 1 to 12, with `day` 1 to 31; 0: by Easter.
  int day = 0;
  int easter_offset_days = 0;
  std::vector<std::string> zones;  // IANA names where it is kept; empty: everywhere.
};

// Contacts only within these hours of the consumer's clock, and not on holidays.
struct HoursRule {
  std::vector<Span> spans;
  std::vector<Holiday> holidays;
  bool consent_lifts = false;  // Within the `outside_legal_hours` of the grant that speaks.
};

// At most so many contacts, attempts that reached nobody included, by one company. The limit's id
// is the rule's; answers write it "law/ID".
struct AttemptsRule {
  Limit limit;
};

// No contact on so many full days after the consumer declined; the day of the refusal itself comes
// on top.
struct SilenceRule {
  int32_t days = 0;
};

// No contact at all; consent does not lift it.
struct Prohibition {};

// What a displayed number must be.
struct CallerRule {
  bool required = false;  // None, or a hidden one, is forbidden.
  // Numbers that begin like `country` must begin like one of `allowed`; empty: any.
  std::string country;
  std::vector<std::string> allowed;
  // More than so many new numbers of one company in so many days is a rotation; 0: any number.
  int32_t new_numbers_max = 0;
  int32_t new_numbers_days = 0;
};

// Who stands on the list is not contacted. Without any rule that names its list, a listing binds
// at once, for ever, and yields to the consumer's own later word.
struct ListRule {
  std::string list;
  std::optional<Window> lasts;   // After it was made; none: for ever.
  int32_t binds_after_days = 0;  // After it was made.
  int32_t stale_after_days = 0;  // An older import screens nobody; 0: never stale.
};

// Grants of a holder of this class need a guardian's word too.
struct GuardianRule {
  HolderClass holder = HolderClass::kMinor;
};

struct Rule {
  std::string id;
  Scope scope;
  std::variant<ConsentRule, Exemption, HoursRule, AttemptsRule, SilenceRule, Prohibition,
               CallerRule, ListRule, GuardianRule>
      body;
};

inline constexpr int kRulesMax = 256;         // In all packs in force.
inline constexpr int kHolidaysMax = 64;       // In a rule.
inline constexpr int kSilenceDaysMax = 1826;  // Contacts are kept as long.
inline constexpr int kRuleWindowDaysMax = 1826;

struct Law {
  std::vector<Rule> rules;  // In the packs' order.
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_LAW_H_

// SPDX-License-Identifier: Apache-2.0
//
// Contracts and callbacks: what a company may rely on where it has no grant.
//
// A contract is a company's claim about its relation with the consumer, who sees it and can contest
// it; a contested one gives no ground until evidence collected after the contest comes. A callback
// is a contact that the consumer asked for.
//
// Invariant: what passed `ValidateContract` or `ValidateCallback` keeps the limits named below.

#ifndef CONSENT_CONSENT_CONTRACT_H_
#define CONSENT_CONSENT_CONTRACT_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "src/base/instant.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

struct Contract {
  std::string id;  // The company's reference; unique for consumer and company.
  std::string company;
  Relation relation = Relation::kContract;
  std::string object;             // What it is about, in words; 1 to 128 characters.
  Instant valid_from;             // It was made then; a purchase or inquiry happened then.
  Instant valid_until = kNever;   // Exclusive.
  bool similar_products = false;  // The consumer could object to advertising for similar ones.
  Signer signed_by = Signer::kCompany;
  Instant collected_at;  // Of its evidence.

  friend bool operator==(const Contract&, const Contract&) = default;
  template <class A>
  void Fields(A& a) {
    a(id), a(company), EnumField(a, relation, kRelationMax), a(object), a(valid_from),
        a(valid_until), a(similar_products), EnumField(a, signed_by, kSignerMax), a(collected_at);
  }
};

struct Callback {
  std::string id;
  std::string company;
  ChannelSet channels;
  PurposeSet purposes;
  Instant valid_from;   // Contacts from then on,
  Instant valid_until;  // up to and without this moment.
  Signer signed_by = Signer::kConsumer;
  Instant collected_at;  // Of a claim: when the consumer asked.

  friend bool operator==(const Callback&, const Callback&) = default;
  template <class A>
  void Fields(A& a) {
    a(id), a(company), a(channels), a(purposes), a(valid_from), a(valid_until),
        EnumField(a, signed_by, kSignerMax), a(collected_at);
  }
};

inline constexpr int kObjectBytesMax = 128;
// A record keeps so many of one company with one consumer; the oldest makes room, and with it goes
// what it allowed.
inline constexpr size_t kContractsMax = 64;
inline constexpr size_t kCallbacksMax = 16;
inline constexpr Seconds kCallbackMax{INT64_C(366) * 24 * 60 * 60};  // How long one may last.
inline constexpr int64_t kCallbackContactsMax = 3;                   // Where no law says less.
// A callback that somebody else claims the consumer asked for counts the contacts of earlier ones
// in so much time before it as its own.
inline constexpr Seconds kCallbackClaimsShare{INT64_C(30) * 24 * 60 * 60};

// OK, or InvalidArgument naming the field, what was expected and what was found.
absl::Status ValidateContract(const Contract& contract);
absl::Status ValidateCallback(const Callback& callback);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_CONTRACT_H_

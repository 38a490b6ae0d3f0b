// SPDX-License-Identifier: Apache-2.0
//
// What is asked of a consumer's record, and what it answers.

#ifndef CONSENT_CONSENT_DECISION_H_
#define CONSENT_CONSENT_DECISION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

inline constexpr Seconds kPermitTtlDefault{300};
inline constexpr Seconds kPermitTtlMax{24 * 60 * 60};
inline constexpr Seconds kHoldMax{24 * 60 * 60};
// How far ahead `next_allowed_time` looks.
inline constexpr Seconds kHorizon{INT64_C(1826) * 24 * 60 * 60};

// A company's wish to contact a consumer once.
struct Request {
  std::string company;
  std::string request_id;  // The caller's; empty in a Check.
  Channel channel = Channel::kUnspecified;
  Purpose purpose = Purpose::kUnspecified;
  Seconds permit_ttl = kPermitTtlDefault;  // 1 s to 24 h.
  Seconds hold{0};                         // 0: no hold; else 1 s to 24 h.
  // As the called party sees it: E.164, and for texts a short code or a name; empty: none.
  std::string caller_number;
  Matter matter = Matter::kUnspecified;  // What it is about, where the law asks.
  std::string contract;                  // The contract that it is about; empty: none.
  std::string processor;                 // Who contacts for the company; empty: it does itself.
  std::string agent;                     // Whoever speaks or writes, as the caller names them.
  std::string agent_country;             // ISO 3166-1, where they sit; empty: not said.

  friend bool operator==(const Request&, const Request&) = default;
  template <class A>
  void Fields(A& a) {
    a(company), a(request_id), EnumField(a, channel, kChannelMax),
        EnumField(a, purpose, kPurposeMax), a(permit_ttl), a(hold), a(caller_number),
        EnumField(a, matter, kMatterMax), a(contract), a(processor), a(agent), a(agent_country);
  }
};

// How much room one limit has left.
struct Remaining {
  std::string limit;
  int64_t count = 0;  // At least 0.

  friend bool operator==(const Remaining&, const Remaining&) = default;
  template <class A>
  void Fields(A& a) {
    a(limit), a(count);
  }
};

enum class Verdict : uint8_t { kUnspecified = 0, kAllowed = 1, kDenied = 2, kError = 3, kDone = 4 };
inline constexpr int kVerdictMax = 4;

// An answer. `kDone` answers confirm, release and outcome; `kError` changes nothing.
struct Decision {
  Verdict verdict = Verdict::kUnspecified;
  Reason reason = Reason::kUnspecified;
  Basis basis = Basis::kUnspecified;
  std::string limit;  // The first limit that is full, where the reason is LIMIT_REACHED.
  std::string rule;   // The law's rule that decided; "" when none did.
  std::string grant;  // The id of the grant that spoke; "" when none did.
  std::vector<Remaining> remaining;
  std::optional<Instant> next_allowed;
  std::optional<Instant> contact_before;
  // The entry that allowed the contact. Set by a repeat, from the record; a first ALLOWED gets
  // its position when it is appended.
  std::optional<LeafIndex> permit;

  friend bool operator==(const Decision&, const Decision&) = default;
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_DECISION_H_

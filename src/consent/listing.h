// SPDX-License-Identifier: Apache-2.0
//
// Listing: a consumer's contact point stands on a list of people not to contact: a red list, an
// opposition of old, a company's own do-not-call list.

#ifndef CONSENT_CONSENT_LISTING_H_
#define CONSENT_CONSENT_LISTING_H_

#include <string>

#include "src/base/instant.h"

namespace consent::core {

struct Listing {
  std::string list;     // "bloctel": what law says of it is found by this name.
  std::string company;  // Whom it binds; "*": everybody.
  Instant listed_at;    // When the consumer was put on the list.

  friend bool operator==(const Listing&, const Listing&) = default;
  template <class A>
  void Fields(A& a) {
    a(list), a(company), a(listed_at);
  }
};

// Of one consumer: lists that bind everybody, and lists that bind one company, each by itself, for
// no company may keep a consumer off a list by filling up the record.
inline constexpr int kListingsMax = 64;
inline constexpr int kListingsOfACompanyMax = 8;

}  // namespace consent::core

#endif  // CONSENT_CONSENT_LISTING_H_

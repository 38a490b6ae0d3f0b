// SPDX-License-Identifier: Apache-2.0
//
// Asker: what the directory says, at one of its sizes, of who wants to contact and of the lists.

#ifndef CONSENT_CONSENT_ASKER_H_
#define CONSENT_CONSENT_ASKER_H_

#include <optional>
#include <string>
#include <vector>

#include "src/base/instant.h"
#include "src/consent/vocabulary.h"

namespace consent::core {

// A number, short code or name that a company registered to show to those it contacts.
struct RegisteredNumber {
  std::string number;
  Instant registered_at;
};

// When somebody acts for the company.
struct DelegationInForce {
  Instant from;
  Instant until = kNever;  // Exclusive.
};

struct Asker {
  std::string group;   // Of the company; empty: none.
  PurposeSet sectors;  // Purposes for which law may ask no consent of it.
  // Of the processor that the request names: through it, or the whole chain up to the company.
  std::optional<DelegationInForce> delegation;
  // Sorted by number. Empty: the company has registered none and may show any.
  std::vector<RegisteredNumber> numbers;
};

// The newest import of a list.
struct ListImport {
  std::string list;
  Instant imported_at;
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_ASKER_H_

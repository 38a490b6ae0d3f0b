// SPDX-License-Identifier: Apache-2.0
//
// Delegations: who may contact for a company. A company delegates to a processor, who may delegate
// on as far as `kDelegationDepthMax`; quotas count on the company all the same.

#ifndef CONSENT_CONSENT_DELEGATION_H_
#define CONSENT_CONSENT_DELEGATION_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/instant.h"
#include "src/consent/asker.h"

namespace consent::core {

struct Delegation {
  std::string company;
  std::string processor;
  std::string by;  // The processor who delegates on; empty: the company itself.
  Instant from;
  Instant until = kNever;  // Exclusive.
};

// Processors from the company down to the one who contacts.
inline constexpr int kDelegationDepthMax = 4;

// When `processor` may act for `company`, as seen at `now`: the time in which every delegation of a
// chain is in force. Of several chains, the one that lasts longest from now; of those that are not
// in force now, the one that begins first. nullopt when there is none to come.
std::optional<DelegationInForce> FindDelegation(const std::vector<Delegation>& delegations,
                                                std::string_view company,
                                                std::string_view processor, Instant now);

}  // namespace consent::core

#endif  // CONSENT_CONSENT_DELEGATION_H_

// SPDX-License-Identifier: Apache-2.0

#include "src/consent/speaking.h"

#include <algorithm>

namespace consent::core {
namespace {

bool HasSay(const CompanyRecord& company, const Grant& grant, Purpose purpose) {
  return grant.purposes.Has(purpose) &&
         (grant.signed_by == Signer::kConsumer || !company.spoken_for.Has(purpose));
}

}  // namespace

SpeakingGrants GrantsThatSpeak(const CompanyRecord& company, Purpose purpose, Instant t) {
  SpeakingGrants speaking;
  for (auto it = company.grants.rbegin(); it != company.grants.rend(); ++it) {
    if (!HasSay(company, it->grant, purpose)) continue;
    const auto same = std::find_if(speaking.begin(), speaking.end(), [&](const KeptGrant* later) {
      return later->given_by == it->given_by;
    });
    if (same == speaking.end()) {
      speaking.push_back(&*it);
    } else if ((*same)->grant.valid_from > t && it->grant.valid_from <= t) {
      *same = &*it;
    }
  }
  return speaking;
}

}  // namespace consent::core

// SPDX-License-Identifier: Apache-2.0

#include "src/consent/speaking.h"

namespace consent::core {
namespace {

bool HasSay(const CompanyRecord& company, const Grant& grant, Purpose purpose) {
  return grant.purposes.Has(purpose) &&
         (grant.signed_by == Signer::kConsumer || !company.spoken_for.Has(purpose));
}

}  // namespace

const KeptGrant* SpeakingGrant(const CompanyRecord& company, Purpose purpose, Instant t) {
  const KeptGrant* latest = nullptr;
  for (auto it = company.grants.rbegin(); it != company.grants.rend(); ++it) {
    if (!HasSay(company, it->grant, purpose)) continue;
    if (it->grant.valid_from <= t) return &*it;
    if (latest == nullptr) latest = &*it;
  }
  return latest;
}

}  // namespace consent::core

// SPDX-License-Identifier: Apache-2.0
//
// Permit ids: opaque to clients, and all that is needed to find the permit again.

#ifndef CONSENT_API_PERMIT_ID_H_
#define CONSENT_API_PERMIT_ID_H_

#include <optional>
#include <string>
#include <string_view>

#include "src/base/ids.h"
#include "src/crypto/token.h"
#include "src/ledger/command.h"

namespace consent::api {

struct PermitName {
  ShardId shard;
  ledger::PermitRef permit;

  template <class A>
  void Fields(A& a) {
    a(shard), a(permit);
  }
};

// The id: a sealed token, in URL-safe base64.
std::string ToPermitId(const crypto::TokenKey& key, const PermitName& name);
// The permit of an id; nullopt for ids that were never given out.
std::optional<PermitName> FromPermitId(const crypto::TokenKey& key, std::string_view id);

}  // namespace consent::api

#endif  // CONSENT_API_PERMIT_ID_H_

// SPDX-License-Identifier: Apache-2.0
//
// What a handle's row holds: whose openings are filed under it, and the secret that unseals them.
// The row is the only link from an opening to a person; destroying it is erasure.

#ifndef CONSENT_JOURNAL_SECRET_VALUE_H_
#define CONSENT_JOURNAL_SECRET_VALUE_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/crypto/secret.h"
#include "src/store/store.h"

namespace consent::journal {

struct SecretValue {
  static constexpr uint8_t kVersion = 1;

  // The consumer; none: contact points never heard of, on one day.
  std::optional<ConsumerId> consumer;
  int32_t day = 0;  // Days since 1970-01-01 UTC; 0 for a consumer's.
  crypto::Secret secret;

  template <class A>
  void Fields(A& a) {
    uint8_t version = kVersion;
    a(version);
    if constexpr (A::kReading) {
      if (version != kVersion) a.Fail();
    }
    a(consumer), a(day), a(secret);
  }
};

// The value filed under `handle`; none where there is no such row. Leaves no copy of the row in
// memory. DataLoss when it is malformed.
absl::StatusOr<std::optional<SecretValue>> ReadSecretValue(store::Store& store, ShardId shard,
                                                           const Handle& handle);

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_SECRET_VALUE_H_

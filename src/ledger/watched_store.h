// SPDX-License-Identifier: Apache-2.0
//
// WatchedStore: a store through which a test sees what is read, and can falsify it. Test code only.

#ifndef CONSENT_LEDGER_WATCHED_STORE_H_
#define CONSENT_LEDGER_WATCHED_STORE_H_

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/base/status_macros.h"
#include "src/store/forwarding_store.h"

namespace consent::ledger {

class WatchedStore : public store::ForwardingStore {
 public:
  using ForwardingStore::ForwardingStore;

  // Sees each bundle that is read, before the reader does.
  std::function<void(ShardId, store::Bundle&)> falsify;

  // Handles whose secrets are not found.
  std::set<Handle> hidden;

  absl::StatusOr<std::vector<store::Bundle>> ReadBundles(ShardId shard, LeafIndex from,
                                                         size_t entries_max) override {
    ASSIGN_OR_RETURN(std::vector<store::Bundle> bundles,
                     ForwardingStore::ReadBundles(shard, from, entries_max));
    for (store::Bundle& bundle : bundles) {
      if (falsify) falsify(shard, bundle);
    }
    return bundles;
  }
  absl::StatusOr<std::optional<std::string>> ReadSecret(ShardId shard,
                                                        const Handle& handle) override {
    if (hidden.contains(handle)) return std::nullopt;
    return ForwardingStore::ReadSecret(shard, handle);
  }
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_WATCHED_STORE_H_

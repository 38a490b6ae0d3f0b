// SPDX-License-Identifier: Apache-2.0
//
// Entrance: the back door of a ledger whose server has stopped. Signed statements are taken in by
// the ledger itself, in this process, without the wire and without a look at signatures that were
// made a moment ago: millions of consumers in minutes. What is written is what a server would
// write.
//
// Threads: Enter from any thread.

#ifndef CONSENT_BENCH_ENTRANCE_H_
#define CONSENT_BENCH_ENTRANCE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/clock.h"
#include "src/journal/sealed_store.h"
#include "src/keys/keys.h"
#include "src/ledger/ledger.h"
#include "src/store/store.h"
#include "tests/load/population.h"

namespace consent::bench {

class Entrance {
 public:
  // Opens the ledger in a consentd's data folder, with the keys that lie there.
  static absl::StatusOr<std::unique_ptr<Entrance>> Open(const std::string& data);

  // Durable on return. Internal when one is refused.
  absl::Status Enter(const std::vector<load::Spoken>& spoken);

 private:
  explicit Entrance(keys::Keys keys) : keys_(std::move(keys)) {}

  SystemClock clock_;
  keys::Keys keys_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<journal::SealedStore> sealed_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

}  // namespace consent::bench

#endif  // CONSENT_BENCH_ENTRANCE_H_

// SPDX-License-Identifier: Apache-2.0
//
// Strangers: companies that ask about many people who never gave them anything.
//
// Counted is what the company is told anyway, the answer NO_PERMISSION, which is the same for
// somebody unknown and somebody who refused: so whether it is asked slowly from then on tells it
// nothing that the answers did not.
//
// A company has so many such answers a day. Each question takes one when it is asked, and has it
// back when it is answered otherwise; so whoever asks about their own customers never runs out.
// Past that it is answered as slowly as they come back, and the directory's journal says so: once,
// and again for each day that it goes on.
//
// What is counted is in memory. After a restart a company that the journal tells of is taken to
// have had none left at that time; one that was not noticed yet begins anew.
//
// Threads: safe from any thread.

#ifndef CONSENT_API_STRANGERS_H_
#define CONSENT_API_STRANGERS_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "src/base/clock.h"
#include "src/base/mutex.h"
#include "src/base/token_bucket.h"
#include "src/ledger/ledger.h"

namespace consent::api {

// How many answers say NO_PERMISSION.
size_t CountStrangers(const ledger::ContactAnswers& answers);

class Strangers {
 public:
  static constexpr size_t kCompaniesMax = 16'384;

  // `per_day` 0: nobody is counted. Ledger and clock outlive this.
  Strangers(uint32_t per_day, ledger::Ledger& ledger, const Clock& clock)
      : per_day_(per_day), ledger_(ledger), clock_(clock) {}

  // OK if the company may ask about so many now; each is to be answered. ResourceExhausted,
  // TOO_MANY_STRANGERS with the time to wait, if it may not.
  absl::Status Ask(const std::string& company, size_t count);
  // What it asked is answered, to `strangers` of them with NO_PERMISSION.
  void Answered(const std::string& company, size_t count, size_t strangers);

 private:
  struct Watch {
    TokenBucket left;
    Instant since = {};  // When the first of `answers` was counted.
    uint64_t answers = 0;
    std::optional<int64_t> noticed_ms = std::nullopt;  // By the steady clock.
  };

  Watch& WatchOf(const std::string& company, int64_t now_ms) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Instant Now() const { return Instant{clock_.WallMillis() / 1000}; }

  const uint32_t per_day_;
  ledger::Ledger& ledger_;
  const Clock& clock_;
  Mutex mutex_;
  absl::flat_hash_map<std::string, std::unique_ptr<Watch>> watches_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace consent::api

#endif  // CONSENT_API_STRANGERS_H_

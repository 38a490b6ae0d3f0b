// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/resealing.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/consentd/log.h"
#include "src/ledger/ledger.h"

namespace consent::consentd {
namespace {

// After a failure: a disk that was full may have room again.
constexpr absl::Duration kAgainAfter = absl::Minutes(1);

}  // namespace

Resealing::Resealing(journal::SealedStore& store) : store_(store) {
  if (!store_.HasOldSeals()) return;
  worker_ = threads_.Start("resealing", [this](Call call) { return Step(call); });
}

Resealing::~Resealing() {
  stopping_ = true;
  if (worker_ != nullptr) worker_->Finish();
}

Rest Resealing::Step(Call call) {
  if (call == Call::kFinish || !store_.HasOldSeals()) return Rest::Ended();
  uint64_t resealed = 0;
  const absl::Status done = store_.Reseal(
      {ledger::kConsumerShard}, [this] { return stopping_.load(); }, resealed);
  if (stopping_) return Rest::Ended();
  const std::string newest = absl::StrCat("master.", store_.newest());
  if (!done.ok()) {
    LogError("cannot seal the consumers' secrets anew; the older keys are still needed",
             {{"under", newest}, {"message", std::string(done.message())}});
    return Rest::AtMost(kAgainAfter);
  }
  LogInfo("the consumers' secrets are sealed under the newest master key alone",
          {{"under", newest}, {"resealed", resealed}});
  return Rest::UntilWoken();
}

}  // namespace consent::consentd

// SPDX-License-Identifier: Apache-2.0

#include "src/api/callers.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/retry.h"

namespace consent::api {
namespace {

// How often all accounts are looked through for those that can be forgotten.
constexpr int64_t kForgetEveryMs = 1000;
// Nobody knows when a call will end; one usually ends within this.
constexpr absl::Duration kCallTakes = absl::Milliseconds(250);

absl::Status TooMany(std::string_view what, uint32_t max) {
  return WithRetryAfter(
      Fault(absl::StatusCode::kResourceExhausted, "TOO_MANY_CALLS",
            absl::StrCat("expected at most ", max, " ", std::string(what),
                         " of one caller at once; end one, or wait until one has ended")),
      kCallTakes);
}

}  // namespace

Callers::Account::Account(const Callers& callers, int64_t now_ms)
    : callers_(callers),
      bucket_({.tokens = std::max<int64_t>(1, callers.limits_.decisions_per_second)},
              std::max<int64_t>(kBurstMin, callers.limits_.decisions_per_second), now_ms) {}

absl::Status Callers::Account::Charge(size_t decisions) {
  const uint32_t per_second = callers_.limits_.decisions_per_second;
  if (per_second == 0) return absl::OkStatus();
  absl::Duration wait;
  {
    MutexLock lock(&mutex_);
    wait = bucket_.Take(std::max<int64_t>(static_cast<int64_t>(decisions), 1),
                        callers_.clock_.SteadyMillis());
  }
  if (wait == absl::ZeroDuration()) return absl::OkStatus();
  ++callers_.rate_limited_;
  return WithRetryAfter(
      Fault(absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
            absl::StrCat("expected at most ", per_second,
                         " decisions a second of one caller; wait as RetryInfo says")),
      wait);
}

bool Callers::Account::IsLikeNew(int64_t now_ms) {
  MutexLock lock(&mutex_);
  return calls_ == 0 && streams_ == 0 && bucket_.IsFull(now_ms);
}

Callers::Ticket::~Ticket() {
  if (account_ == nullptr) return;
  MutexLock lock(&account_->mutex_);
  --(kind_ == Kind::kStream ? account_->streams_ : account_->calls_);
}

std::shared_ptr<Callers::Account> Callers::AccountOf(std::string_view caller) {
  const int64_t now_ms = clock_.SteadyMillis();
  MutexLock lock(&mutex_);
  const auto found = accounts_.find(absl::string_view(caller.data(), caller.size()));
  if (found != accounts_.end()) return found->second;
  if (accounts_.size() >= kAccountsMax && now_ms >= forgot_at_ms_ + kForgetEveryMs) {
    forgot_at_ms_ = now_ms;
    absl::erase_if(accounts_, [now_ms](const auto& named) {
      return named.second.use_count() == 1 && named.second->IsLikeNew(now_ms);
    });
  }
  if (accounts_.size() >= kAccountsMax) {
    if (shared_ == nullptr) shared_ = std::make_shared<Account>(*this, now_ms);
    return shared_;
  }
  return accounts_.emplace(caller, std::make_shared<Account>(*this, now_ms)).first->second;
}

absl::StatusOr<Callers::Ticket> Callers::Enter(std::string_view caller, Kind kind) {
  std::shared_ptr<Account> account = AccountOf(caller);
  const bool is_stream = kind == Kind::kStream;
  const uint32_t max = is_stream ? limits_.streams_max : limits_.calls_max;
  {
    MutexLock lock(&account->mutex_);
    uint32_t& count = is_stream ? account->streams_ : account->calls_;
    if (max == 0 || count < max) {
      ++count;
      return Ticket(std::move(account), kind);
    }
  }
  ++too_many_calls_;
  return TooMany(is_stream ? "open streams" : "calls under way", max);
}

}  // namespace consent::api

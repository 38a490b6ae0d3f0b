// SPDX-License-Identifier: Apache-2.0

#include "src/api/strangers.h"

#include <algorithm>
#include <utility>

#include "src/base/fault.h"
#include "src/base/retry.h"
#include "src/directory/directory_event.h"

namespace consent::api {
namespace {

constexpr int64_t kDayMs = 24 * 3600 * 1000;
// The one that companies share past kCompaniesMax; no company's name.
constexpr char kOthers[] = "*";

}  // namespace

size_t CountStrangers(const ledger::ContactAnswers& answers) {
  return static_cast<size_t>(std::count_if(answers.begin(), answers.end(), [](const auto& answer) {
    return answer.ok() && answer->decision.reason == core::Reason::kNoPermission;
  }));
}

Strangers::Watch& Strangers::WatchOf(const std::string& company, int64_t now_ms) {
  const auto found = watches_.find(company);
  if (found != watches_.end()) return *found->second;
  if (watches_.size() >= kCompaniesMax) {
    absl::erase_if(watches_, [now_ms](auto& named) { return named.second->left.IsFull(now_ms); });
  }
  if (watches_.size() >= kCompaniesMax && company != kOthers) return WatchOf(kOthers, now_ms);
  auto watch = std::make_unique<Watch>(
      Watch{.left = TokenBucket({.tokens = per_day_, .every_ms = kDayMs}, per_day_, now_ms)});
  const std::shared_ptr<const directory::Directory> directory = ledger_.directory().Snapshot();
  const directory::Party* const party = directory->Find(company, directory::Role::kCompany);
  if (party != nullptr && party->strangers.has_value()) {
    // A restart forgives nothing that was noticed.
    const int64_t noticed_s = party->strangers->noticed_at.unix_seconds;
    const int64_t ago_ms = std::max<int64_t>(0, clock_.WallMillis() - noticed_s * 1000);
    if (ago_ms < kDayMs) {
      watch->noticed_ms = now_ms - ago_ms;
      watch->since = party->strangers->noticed_at;
      watch->left =
          TokenBucket({.tokens = per_day_, .every_ms = kDayMs}, per_day_, now_ms - ago_ms);
      watch->left.Take(per_day_, now_ms - ago_ms);
    }
  }
  return *(watches_[company] = std::move(watch));
}

absl::Status Strangers::Ask(const std::string& company, size_t count) {
  if (per_day_ == 0 || count == 0) return absl::OkStatus();
  const int64_t now_ms = clock_.SteadyMillis();
  std::optional<directory::StrangersAsked> notice;
  absl::Duration wait;
  {
    MutexLock lock(&mutex_);
    Watch& watch = WatchOf(company, now_ms);
    if (watch.left.IsFull(now_ms)) {
      watch.answers = 0;
      watch.noticed_ms.reset();
    }
    wait = watch.left.Take(static_cast<int64_t>(count), now_ms);
    if (wait == absl::ZeroDuration()) return absl::OkStatus();
    const bool is_new = !watch.noticed_ms.has_value() || now_ms - *watch.noticed_ms >= kDayMs;
    if (is_new && watch.answers > 0) {
      notice = {company, watch.since, watch.answers};
      watch.noticed_ms = now_ms;
      watch.answers = 0;
    }
  }
  if (notice.has_value()) {
    // What cannot be written now is noticed again a day later; the answers are slow either way.
    ledger_.directory().Change(*std::move(notice),
                               [](const absl::StatusOr<ledger::DirectoryChange>&) {});
  }
  return WithRetryAfter(
      Fault(absl::StatusCode::kResourceExhausted, "TOO_MANY_STRANGERS",
            "the company has asked about so many people who gave it no permission that it is "
            "answered slowly; wait as RetryInfo says, and ask about those who did"),
      wait);
}

void Strangers::Answered(const std::string& company, size_t count, size_t strangers) {
  if (per_day_ == 0 || count == 0) return;
  const int64_t now_ms = clock_.SteadyMillis();
  MutexLock lock(&mutex_);
  Watch& watch = WatchOf(company, now_ms);
  watch.left.Give(static_cast<int64_t>(count - std::min(count, strangers)));
  if (strangers > 0 && watch.answers == 0) watch.since = Now();
  watch.answers += strangers;
}

}  // namespace consent::api

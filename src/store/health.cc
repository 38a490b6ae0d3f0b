// SPDX-License-Identifier: Apache-2.0

#include "src/store/health.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"

namespace consent::store {

absl::Status StoreFull(std::string_view dir, std::string_view why) {
  return Fault(absl::StatusCode::kResourceExhausted, "STORE_FULL",
               absl::StrCat("store ", std::string(dir), ": the disk is full (", std::string(why),
                            "); nothing was written: make room, then repeat the call"));
}

Health::Health(std::string dir, OnFailure on_failure)
    : dir_(std::move(dir)), on_failure_(std::move(on_failure)) {}

void Health::Fail(std::string_view reason) {
  {
    const std::lock_guard lock(mutex_);
    if (failed_.load()) return;
    reason_ = std::string(reason);
    failed_ = true;
  }
  if (on_failure_) on_failure_(Check());
}

void Health::Fill(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  if (failed_.load()) return;
  reason_ = std::string(reason);
  fills_.fetch_add(1);
  full_ = true;
}

void Health::Recover(uint64_t seen) {
  const std::lock_guard lock(mutex_);
  if (fills_.load() == seen) full_ = false;
}

absl::Status Health::Check() const {
  if (!failed_.load() && !full_.load()) return absl::OkStatus();
  const std::lock_guard lock(mutex_);
  if (failed_.load()) {
    return absl::UnavailableError(absl::StrCat("store ", dir_,
                                               " is closed to writers since a write failed; open "
                                               "it again to learn what is durable: ",
                                               reason_));
  }
  return full_.load() ? StoreFull(dir_, reason_) : absl::OkStatus();
}

}  // namespace consent::store

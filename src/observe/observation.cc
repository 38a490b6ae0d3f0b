// SPDX-License-Identifier: Apache-2.0

#include "src/observe/observation.h"

#include "absl/strings/str_cat.h"
#include "src/api/method.h"
#include "src/base/fault.h"

namespace consent::observe {

absl::StatusOr<std::unique_ptr<Observation>> Observation::Open(const Clock& clock,
                                                               Options options) {
  auto observation = std::unique_ptr<Observation>(new Observation(clock, options.access));
  if (options.access != AccessLog::kNone) {
    auto writer = LineWriter::Open({});
    if (!writer.ok()) return writer.status();
    observation->access_ = *std::move(writer);
  }
  if (!options.audit.empty()) {
    auto writer = LineWriter::Open(
        {.path = options.audit, .keeps_all = true, .report = std::move(options.report)});
    if (!writer.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("audit-log: expected a file that can be appended to, found ",
                       std::string(writer.status().message())));
    }
    observation->audit_ = *std::move(writer);
  }
  return observation;
}

Observation::Observation(const Clock& clock, AccessLog access)
    : clock_(clock), access_log_(access) {
  for (const std::string& method : api::Methods()) acts_.push_back(ActOf(method));
}

Observation::~Observation() {
  MutexLock lock(&mutex_);
  TellOfMore(second_);
}

absl::Status Observation::MayBegin(int method) {
  if (!acts_[static_cast<size_t>(method)].has_value() || audit_ == nullptr || audit_->HasRoom()) {
    return absl::OkStatus();
  }
  return Fault(absl::StatusCode::kUnavailable, "AUDIT_UNAVAILABLE",
               "the audit log cannot be written, and what this call does would be missing in it; "
               "nothing was done");
}

void Observation::Ended(const api::CallEnd& end) {
  tallies_.Ended(end.method, end.status, end.nanos);
  const std::optional<Act>& act = acts_[static_cast<size_t>(end.method)];
  const bool audited = act.has_value() && !end.at_gate && audit_ != nullptr;
  const bool has_line =
      access_log_ == AccessLog::kAll || (access_log_ == AccessLog::kRefused && !end.status.ok());
  if (!audited && !has_line) return;
  const int64_t now_ms = clock_.WallMillis();
  if (audited) audit_->Write(AuditLine(NameOf(*act), end, now_ms));
  if (has_line) access_->Write(AccessLine(end, now_ms));
}

void Observation::Refused(const api::CallEnd& end) {
  tallies_.Refused(ReasonOf(end.status));
  if (audit_ == nullptr) return;
  const int64_t now_ms = clock_.WallMillis();
  if (HasLine(now_ms)) audit_->Write(AuditLine(kTurnedAway, end, now_ms));
}

bool Observation::HasLine(int64_t now_ms) {
  MutexLock lock(&mutex_);
  const int64_t second = now_ms / 1000;
  if (second != second_) {
    TellOfMore(second_);
    second_ = second;
    turned_away_ = 0;
  }
  return ++turned_away_ <= kTurnedAwayASecond && audit_->HasRoom();
}

void Observation::TellOfMore(int64_t second) {
  if (audit_ == nullptr || turned_away_ <= kTurnedAwayASecond) return;
  audit_->Write(AuditLine(kTurnedAwayMore,
                          {{"count", absl::StrCat(turned_away_ - kTurnedAwayASecond)}},
                          second * 1000));
}

void Observation::Audit(std::string_view act,
                        const std::vector<std::pair<std::string, std::string>>& facts) {
  if (audit_ != nullptr) audit_->Write(AuditLine(act, facts, clock_.WallMillis()));
}

void Observation::Show(Page& page) const {
  tallies_.Show(page);
  page.Add("consent_access_lines_dropped_total",
           access_ == nullptr ? 0 : static_cast<double>(access_->dropped()));
  page.Add("consent_audit_lines_waiting",
           audit_ == nullptr ? 0 : static_cast<double>(audit_->waiting()));
}

}  // namespace consent::observe

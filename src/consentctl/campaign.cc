// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/campaign.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/ask_stream.h"
#include "src/consentctl/failure.h"

namespace consent::ctl {
std::string RequestIdOf(const std::string& prefix, size_t index) {
  return absl::StrCat(prefix, "-", index + 1);
}

Campaign::Campaign(const Connection& connection, const CampaignOptions& options,
                   const std::vector<std::string>& contacts)
    : connection_(connection), options_(options), contacts_(contacts), tries_(contacts.size()) {
  for (size_t i = 0; i < contacts.size(); ++i) {
    if (i % static_cast<size_t>(options.batch) == 0) waiting_.emplace_back();
    waiting_.back().push_back(i);
  }
}

absl::Status Campaign::Run(const std::function<void(uint64_t)>& progress) {
  int fruitless = 0;  // Streams in a row that brought no answer.
  absl::Duration wait = options_.first_wait;
  while (!waiting_.empty()) {
    const uint64_t answered = totals_.allowed + totals_.denied;
    troubled_ = false;
    const absl::Status status = RunStream(progress);
    if (!status.ok()) {
      // Nobody there, or nothing that will ever be answered: better said than counted.
      const bool hopeless = !MayRetry(status) || !reached_ || absl::IsDeadlineExceeded(status);
      if (totals_.asked == 0 && hopeless) return status;
      for (Batch& batch : std::exchange(in_flight_, {})) AskAgain(batch, status);
    }
    if (totals_.allowed + totals_.denied > answered) {
      fruitless = 0;
      wait = options_.first_wait;
    } else if (++fruitless >= kTries) {
      for (const Batch& batch : std::exchange(waiting_, {})) {
        for (size_t i = 0; i < batch.size(); ++i) CountError(status.ok() ? last_ : status);
      }
    }
    if (waiting_.empty()) break;
    absl::SleepFor(std::max(wait, std::exchange(told_, absl::ZeroDuration())));
    wait = std::min(wait * 2, options_.first_wait * 50);
  }
  return absl::OkStatus();
}

absl::Status Campaign::RunStream(const std::function<void(uint64_t)>& progress) {
  AskStream stream(connection_);
  bool broken = false;
  while (!waiting_.empty() || !in_flight_.empty()) {
    if (!waiting_.empty() && !troubled_ && !broken &&
        in_flight_.size() < static_cast<size_t>(options_.in_flight)) {
      in_flight_.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
      v1::StreamCheckAndConsumeRequest request;
      *request.mutable_header() = options_.header;
      for (const size_t index : in_flight_.back()) {
        v1::BatchItem& item = *request.add_items();
        item.set_contact_point(contacts_[index]);
        item.set_request_id(RequestIdOf(options_.id_prefix, index));
      }
      broken = !stream.Write(request);
      reached_ = reached_ || !broken;
      continue;
    }
    if (in_flight_.empty()) break;  // Troubled: on with it after a while.
    ASSIGN_OR_RETURN(const v1::StreamCheckAndConsumeResponse response, stream.Read());
    const Batch batch = std::move(in_flight_.front());
    in_flight_.pop_front();
    RETURN_IF_ERROR(TakeAnswer(batch, response));
    progress(totals_.asked);
  }
  stream.Close();
  return absl::OkStatus();
}

absl::Status Campaign::TakeAnswer(const Batch& batch,
                                  const v1::StreamCheckAndConsumeResponse& response) {
  if (response.has_error()) {
    const absl::Status status = FromRpc(response.error());
    if (MayRetry(status)) {
      AskAgain(batch, status);
      return absl::OkStatus();
    }
    // What is wrong with a whole message (company, channel, purpose) is wrong with all of them.
    if (totals_.asked == 0) {
      in_flight_.clear();
      return status;
    }
    for (size_t i = 0; i < batch.size(); ++i) CountError(status);
    return absl::OkStatus();
  }
  Batch again;
  absl::Status why;
  for (size_t i = 0; i < batch.size(); ++i) {
    if (static_cast<int>(i) >= response.results_size()) {
      CountError(absl::InternalError("the ledger gave no answer to this one"));
      continue;
    }
    const v1::BatchResult& result = response.results(static_cast<int>(i));
    if (result.has_error() && MayRetry(FromRpc(result.error()))) {
      again.push_back(batch[i]);
      why = FromRpc(result.error());
    } else {
      Count(batch[i], result);
    }
  }
  if (!again.empty()) AskAgain(again, why);
  return absl::OkStatus();
}

void Campaign::Count(size_t index, const v1::BatchResult& result) {
  if (!result.has_decision()) {
    CountError(result.has_error() ? FromRpc(result.error())
                                  : absl::InternalError("the ledger gave no answer to this one"));
    return;
  }
  const v1::Decision& decision = result.decision();
  ++totals_.asked;
  if (decision.verdict() == v1::VERDICT_ALLOWED) {
    ++totals_.allowed;
    if (decision.repeated()) ++totals_.repeated;
    totals_.permits.push_back(decision.permit_id());
    // A retry of ours is answered as repeated too, where the first answer got lost.
    if (decision.repeated() && tries_[index] > 0) --totals_.repeated;
  } else {
    ++totals_.denied;
    ++totals_.denied_by_reason[NameOf(decision.reason())];
  }
}

void Campaign::CountError(const absl::Status& status) {
  ++totals_.asked;
  ++totals_.errors;
  const std::string reason = ReasonOf(status);
  ++totals_.errors_by_reason[reason.empty() ? absl::StatusCodeToString(status.code()) : reason];
}

void Campaign::AskAgain(const Batch& batch, const absl::Status& status) {
  troubled_ = true;
  last_ = status;
  told_ = PauseAfter(status, told_);
  const int tried = IsToldToWait(status) ? 0 : 1;
  Batch again;
  for (const size_t index : batch) {
    if ((tries_[index] += tried) >= kTries) {
      CountError(status);
    } else {
      again.push_back(index);
    }
  }
  totals_.retries += again.size();
  // First of all: whoever waits longest is asked next.
  if (!again.empty()) waiting_.push_front(std::move(again));
}

}  // namespace consent::ctl

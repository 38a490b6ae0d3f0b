// SPDX-License-Identifier: Apache-2.0

#include "src/api/contact_stream.h"

#include <algorithm>
#include <utility>

#include "src/api/batch.h"
#include "src/api/bulk.h"
#include "src/api/bulk_message.h"
#include "src/api/error.h"
#include "src/base/retry.h"
#include "src/base/status_macros.h"

namespace consent::api {

ContactStream::ContactStream(CallTrack track, const Context& context, Pass pass)
    : track_(std::move(track)), context_(context), pass_(std::move(pass)) {
  reading_ = true;
  StartRead(&bytes_);
}

ContactStream::Due ContactStream::Next() {
  Due due;
  if (!reading_ && !read_all_ && answers_.size() < kInFlightMax) {
    reading_ = true;
    due.read = pause_ == absl::ZeroDuration();
    if (!due.read) Pause();
  }
  if (!writing_ && !answers_.empty() && answers_.front()->ready) {
    writing_ = true;
    due.write = answers_.front().get();
  }
  if (read_all_ && !reading_ && answers_.empty() && !finished_) {
    due.finish = finished_ = true;
  }
  return due;
}

void ContactStream::Do(const Due& due) {
  if (due.read) StartRead(&bytes_);
  if (due.write != nullptr) StartWrite(&due.write->bytes);
  if (due.finish) {
    const absl::Status end =
        track_.IsCancelled() ? absl::CancelledError("the client went away") : absl::OkStatus();
    track_.End(end);
    Finish(ToGrpcStatus(end));
  }
}

void ContactStream::OnReadDone(bool ok) {
  Answer* answer = nullptr;
  Due due;
  {
    MutexLock lock(&mutex_);
    if (ok) {
      answer = answers_.emplace_back(std::make_unique<Answer>()).get();
      answer->since = track_.Since();
    } else {
      reading_ = false;
      read_all_ = true;
      due = Next();
    }
  }
  if (answer == nullptr) return Do(due);
  context_.bulk->Run(track_.guest.lane, static_cast<int>(bytes_.Length() / kItemBytes),
                     [this, answer] { Judge(answer); });
}

absl::Status ContactStream::ReadRequest() {
  RETURN_IF_ERROR(Read(bytes_, request_));
  const absl::Status admitted = pass_.Admit(request_);
  if (!admitted.ok()) track_.RefuseMessage(admitted);
  return admitted;
}

void ContactStream::Judge(Answer* answer) {
  // Not under the mutex: a batch that cannot be queued is answered at once, on this thread.
  if (const absl::Status read = ReadRequest(); !read.ok()) {
    Judged(answer, read);
  } else {
    JudgeBatch(context_, track_.guest.lane, Way::kStream, request_.header(), request_.items(),
               answer->message.mutable_results(),
               [this, answer](const absl::Status& status) { Judged(answer, status); });
  }
  Due due;
  {
    MutexLock lock(&mutex_);
    reading_ = false;
    due = Next();
  }
  Do(due);
}

void ContactStream::Judged(Answer* answer, const absl::Status& status) {
  if (!status.ok()) {
    answer->message.clear_results();
    *answer->message.mutable_error() = ToRpcStatus(status);
  }
  answer->bytes = Write(answer->message);
  v1::StreamCheckAndConsumeResponse().Swap(&answer->message);  // Gone here, not on gRPC's thread.
  track_.Answered(answer->since);
  Due due;
  {
    MutexLock lock(&mutex_);
    const absl::Duration wait = RetryAfterOf(status).value_or(absl::ZeroDuration());
    pause_ = std::max(pause_, std::min(wait, kPauseMax));
    answer->ready = true;
    due = Next();
  }
  Do(due);
}

void ContactStream::Pause() {
  const int64_t millis = absl::ToInt64Milliseconds(absl::Ceil(pause_, absl::Milliseconds(1)));
  pause_ = absl::ZeroDuration();
  pausing_ = true;
  // Runs on another thread, never here.
  alarm_.Set(gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(millis, GPR_TIMESPAN)),
             [this](bool) { PauseOver(); });
}

void ContactStream::PauseOver() {
  Due due;
  {
    MutexLock lock(&mutex_);
    pausing_ = reading_ = false;
    due = Next();
  }
  Do(due);
}

void ContactStream::OnWriteDone(bool ok) {
  Due due;
  {
    MutexLock lock(&mutex_);
    writing_ = false;
    answers_.pop_front();
    if (!ok) read_all_ = true;
    due = Next();
  }
  Do(due);
}

void ContactStream::OnCancel() {
  Due due;
  {
    MutexLock lock(&mutex_);
    read_all_ = true;
    if (pausing_) alarm_.Cancel();
    due = Next();
  }
  Do(due);
}

}  // namespace consent::api

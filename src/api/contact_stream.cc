// SPDX-License-Identifier: Apache-2.0

#include "src/api/contact_stream.h"

#include <utility>

#include "src/api/batch.h"
#include "src/api/bulk.h"
#include "src/api/error.h"

namespace consent::api {

ContactStream::ContactStream(CallTrack track, const Context& context, Pass pass)
    : track_(std::move(track)), context_(context), pass_(std::move(pass)) {
  reading_ = true;
  StartRead(&request_);
}

ContactStream::Due ContactStream::Next() {
  Due due;
  if (!reading_ && !read_all_ && answers_.size() < kInFlightMax) {
    due.read = reading_ = true;
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
  if (due.read) StartRead(&request_);
  if (due.write != nullptr) StartWrite(&due.write->message);
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
  context_.bulk->Run(track_.guest.lane, request_.items_size(), [this, answer] { Judge(answer); });
}

void ContactStream::Judge(Answer* answer) {
  // Not under the mutex: a batch that cannot be queued is answered at once, on this thread.
  if (const absl::Status admitted = pass_.Admit(request_); !admitted.ok()) {
    track_.RefuseMessage(admitted);
    Judged(answer, admitted);
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
  track_.Answered(answer->since);
  Due due;
  {
    MutexLock lock(&mutex_);
    if (!status.ok()) {
      answer->message.clear_results();
      *answer->message.mutable_error() = ToRpcStatus(status);
    }
    answer->ready = true;
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
    due = Next();
  }
  Do(due);
}

}  // namespace consent::api

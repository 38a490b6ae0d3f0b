// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/ask_stream.h"

#include <utility>

#include "absl/time/clock.h"
#include "src/consentctl/failure.h"

namespace consent::ctl {

AskStream::AskStream(const Connection& connection) : connection_(connection) {
  connection.Trace(context_);
  call_ = connection.contacts().AsyncStreamCheckAndConsume(&context_, &queue_,
                                                           reinterpret_cast<void*>(kStart));
  started_ = Wait(kStart);
}

AskStream::~AskStream() {
  context_.TryCancel();
  queue_.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  while (queue_.Next(&tag, &ok)) {
  }
}

bool AskStream::Wait(Operation operation) {
  const auto deadline = absl::ToChronoTime(absl::Now() + connection_.timeout());
  for (;;) {
    void* tag = nullptr;
    bool ok = false;
    if (queue_.AsyncNext(&tag, &ok, deadline) != grpc::CompletionQueue::GOT_EVENT) {
      timed_out_ = true;
      return false;
    }
    const auto done = static_cast<Operation>(reinterpret_cast<intptr_t>(tag));
    if (done == kRead) {
      read_pending_ = false;
      read_ready_ = ok;
    }
    if (done == operation) return ok;
    // A read that failed means the end of the stream; the write under way will tell as well.
  }
}

void AskStream::StartRead() {
  if (read_pending_ || read_ready_ || unanswered_ == 0) return;
  read_pending_ = true;
  call_->Read(&incoming_, reinterpret_cast<void*>(kRead));
}

absl::Status AskStream::Failure() {
  const bool first = !std::exchange(over_, true);
  if (timed_out_) {
    context_.TryCancel();
    return FromRpc(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, ""), connection_.server());
  }
  if (first) {
    // All answers are read by now: gRPC keeps the status back until then.
    call_->Finish(&end_, reinterpret_cast<void*>(kFinish));
    if (!Wait(kFinish)) end_ = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  }
  if (end_.ok()) return absl::UnavailableError("the ledger ended the stream before its answers");
  return FromRpc(end_, connection_.server());
}

bool AskStream::Write(const v1::StreamCheckAndConsumeRequest& request) {
  if (over_ || !started_) return false;
  call_->Write(request, reinterpret_cast<void*>(kWrite));
  if (!Wait(kWrite)) return false;
  ++unanswered_;
  StartRead();
  return true;
}

absl::StatusOr<v1::StreamCheckAndConsumeResponse> AskStream::Read() {
  if (over_ || timed_out_) return Failure();
  StartRead();
  if (!read_ready_ && (!read_pending_ || !Wait(kRead))) return Failure();
  read_ready_ = false;
  --unanswered_;
  v1::StreamCheckAndConsumeResponse response = std::move(incoming_);
  StartRead();
  return response;
}

void AskStream::Close() {
  if (over_) return;
  over_ = true;
  call_->WritesDone(reinterpret_cast<void*>(kWrite));
  if (!Wait(kWrite)) return;
  call_->Finish(&end_, reinterpret_cast<void*>(kFinish));
  Wait(kFinish);
}

}  // namespace consent::ctl

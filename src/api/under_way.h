// SPDX-License-Identifier: Apache-2.0
//
// Calls under way: what lies between gRPC and a handler, so that every call is seen to end, once,
// with the status that its caller gets.
//
// Threads: each belongs to one call; whoever finishes it touches it last.

#ifndef CONSENT_API_UNDER_WAY_H_
#define CONSENT_API_UNDER_WAY_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/server_callback.h"
#include "src/access/identity.h"
#include "src/api/bulk_message.h"
#include "src/api/error.h"
#include "src/api/gate.h"
#include "src/api/observer.h"
#include "src/base/counters.h"
#include "src/base/status_macros.h"

namespace consent::api {

// What is to be told of a call when it has ended. Without an observer it costs a comparison.
class CallTrack {
 public:
  // `observer` may be null. It and `context` outlive the call.
  CallTrack(Observer* observer, int method, const grpc::CallbackServerContext& context)
      : observer_(observer), method_(method), context_(&context) {
    if (observer_ != nullptr) began_ = SteadyNanos();
  }

  // Who calls, as soon as that is known.
  Guest guest = {};

  // The call has ended: to be called once.
  void End(const absl::Status& status) const {
    if (observer_ != nullptr) observer_->Ended(Tell(status, /*at_gate=*/false));
  }
  // The gate turned the call away; in place of End.
  void Refuse(const absl::Status& status) const {
    if (observer_ == nullptr) return;
    observer_->Refused(Tell(status, /*at_gate=*/true));
    observer_->Ended(Tell(status, /*at_gate=*/true));
  }
  // The gate turned a message of a stream away, which goes on.
  void RefuseMessage(const absl::Status& status) const {
    if (observer_ != nullptr) observer_->Refused(Tell(status, /*at_gate=*/true));
  }
  // Whether the client has gone, or run out of patience.
  bool IsCancelled() const { return context_->IsCancelled(); }
  // For streams: one message has been answered, which came in at `since`.
  int64_t Since() const { return observer_ == nullptr ? 0 : SteadyNanos(); }
  void Answered(int64_t since) const {
    if (observer_ != nullptr) observer_->Answered(method_, SteadyNanos() - since);
  }
  absl::Status MayBegin() const {
    return observer_ == nullptr ? absl::OkStatus() : observer_->MayBegin(method_);
  }

 private:
  CallEnd Tell(const absl::Status& status, bool at_gate) const {
    return {.method = method_,
            .status = status,
            .nanos = SteadyNanos() - began_,
            .at_gate = at_gate,
            .caller = guest.caller.get(),
            .context = *context_};
  }
  Observer* observer_;
  int method_;
  const grpc::CallbackServerContext* context_;
  int64_t began_ = 0;
};

// A unary call as its handler has it. Gone once it is finished.
class UnaryCall {
 public:
  UnaryCall(CallTrack track, grpc::ServerUnaryReactor* reactor)
      : track_(std::move(track)), reactor_(reactor) {}

  ledger::Lane lane() const { return track_.guest.lane; }

  // To be called once, last.
  void Finish(const absl::Status& status) {
    WriteAnswer();
    track_.End(status);
    End(status);
  }
  // The same for a call that no handler has seen.
  void TurnAway(const absl::Status& status) {
    track_.Refuse(status);
    End(status);
  }

 protected:
  virtual ~UnaryCall() = default;

  const CallTrack& track() const { return track_; }

 private:
  // Where the answer is not in a message of gRPC's yet.
  virtual void WriteAnswer() {}

  void End(const absl::Status& status) {
    reactor_->Finish(ToGrpcStatus(status));
    delete this;
  }

  const CallTrack track_;
  grpc::ServerUnaryReactor* const reactor_;
};

// One that brings a bulk message (bulk_message.h), and is answered with one.
template <class Request, class Response>
class BulkCall final : public UnaryCall {
 public:
  // `bytes` and `answer` are gRPC's, and last as long as the call.
  BulkCall(CallTrack track, Pass pass, grpc::ServerUnaryReactor* reactor,
           const grpc::ByteBuffer& bytes, grpc::ByteBuffer& answer)
      : UnaryCall(std::move(track), reactor),
        pass_(std::move(pass)),
        bytes_(bytes),
        answer_(answer) {}

  Request request;
  Response response;

  // Reads the request. Whether it can be, the caller may ask this, and what it does be written
  // down.
  absl::Status MayBegin() {
    RETURN_IF_ERROR(Read(bytes_, request));
    RETURN_IF_ERROR(pass_.Admit(request));
    return track().MayBegin();
  }

 private:
  ~BulkCall() override = default;
  void WriteAnswer() override { answer_ = Write(response); }

  Pass pass_;
  grpc::ByteBuffer bytes_;
  grpc::ByteBuffer& answer_;
};

// A stream of answers to one request. Before each answer the gate is asked whether the caller may
// still have it; the stream ends where they may not.
template <class Response>
class AnswerStream : public grpc::ServerWriteReactor<Response> {
 public:
  void OnDone() override { delete this; }

 protected:
  // `request` is gRPC's, and lasts as long as the call.
  AnswerStream(CallTrack track, Pass pass, const google::protobuf::Message& request)
      : track_(std::move(track)), pass_(std::move(pass)), asked_(request) {}

  ledger::Lane lane() const { return track_.guest.lane; }

  // The next answer, or the end. One at a time; `answer` lasts until it has been written.
  void Answer(const Response* answer) {
    if (const absl::Status still = pass_.StillAdmits(asked_); !still.ok()) {
      track_.RefuseMessage(still);
      return Finish(still);
    }
    this->StartWrite(answer);
  }
  void Finish(const absl::Status& status) {
    track_.End(status);
    grpc::ServerWriteReactor<Response>::Finish(ToGrpcStatus(status));
  }

 private:
  const CallTrack track_;
  Pass pass_;
  const google::protobuf::Message& asked_;
};

}  // namespace consent::api

#endif  // CONSENT_API_UNDER_WAY_H_

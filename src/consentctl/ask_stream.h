// SPDX-License-Identifier: Apache-2.0
//
// AskStream: one StreamCheckAndConsume call, with a deadline for each answer instead of one for the
// whole. Answers come in the order of the messages written.
//
// Not safe for several threads.

#ifndef CONSENT_CONSENTCTL_ASK_STREAM_H_
#define CONSENT_CONSENTCTL_ASK_STREAM_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "src/consentctl/connection.h"

namespace consent::ctl {

// How many messages may wait for their answer: the service reads no further ones.
inline constexpr int kMessagesInFlightMax = 16;

class AskStream {
 public:
  explicit AskStream(const Connection& connection);
  ~AskStream();  // Cancels what is under way.
  AskStream(const AskStream&) = delete;
  AskStream& operator=(const AskStream&) = delete;

  // Sends a message. At most kMessagesInFlightMax may wait for their answer. False when the stream
  // broke: then only Read is left, which hands out what was still answered and then says why.
  bool Write(const v1::StreamCheckAndConsumeRequest& request);
  // The next answer. After an error the stream is over; every message without an answer may or may
  // not have been judged.
  absl::StatusOr<v1::StreamCheckAndConsumeResponse> Read();
  // Ends the stream in good order, once every message has its answer.
  void Close();

 private:
  // Operations under way at the same time.
  enum Operation : intptr_t { kStart = 1, kRead, kWrite, kFinish };
  // Waits until `operation` is done; whether it succeeded.
  bool Wait(Operation operation);
  void StartRead();
  absl::Status Failure();

  const Connection& connection_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncReaderWriter<v1::StreamCheckAndConsumeRequest,
                                                v1::StreamCheckAndConsumeResponse>>
      call_;
  // While answers are due a read is always under way or done, so that the service is never kept
  // from answering while we write.
  v1::StreamCheckAndConsumeResponse incoming_;
  bool read_pending_ = false;
  bool read_ready_ = false;  // `incoming_` holds an answer that Read has not handed out.
  int unanswered_ = 0;
  grpc::Status end_;
  bool started_ = false;
  bool timed_out_ = false;
  bool over_ = false;
};

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_ASK_STREAM_H_

// SPDX-License-Identifier: Apache-2.0
//
// ContactStream: one client's stream of batches.
//
// Messages are judged as they arrive and answered in their order. At most kInFlightMax wait for
// their answer to be written; until one is, no further message is read, so a client that does not
// read its answers stops being read, and nothing piles up.
//
// Threads: gRPC's callbacks, bulk.h's threads and the answerer's meet in here; one mutex guards all
// state. The stream deletes itself in OnDone, which gRPC calls once after Finish.

#ifndef CONSENT_API_CONTACT_STREAM_H_
#define CONSENT_API_CONTACT_STREAM_H_

#include <cstddef>
#include <deque>
#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "src/api/context.h"
#include "src/api/gate.h"
#include "src/api/under_way.h"
#include "src/base/mutex.h"

namespace consent::api {

class ContactStream : public grpc::ServerBidiReactor<v1::StreamCheckAndConsumeRequest,
                                                     v1::StreamCheckAndConsumeResponse> {
 public:
  static constexpr size_t kInFlightMax = 16;

  // `pass` says of each message whether it may be judged. One that may not is answered with an
  // error of its own, and the stream goes on.
  ContactStream(CallTrack track, const Context& context, Pass pass);

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override { delete this; }

 private:
  // A message that was read and is not yet answered.
  struct Answer {
    v1::StreamCheckAndConsumeResponse message;
    int64_t since = 0;  // When it was read.
    bool ready = false;
  };

  // What is to be done next. It is done without the mutex: the last thing done may let another
  // thread end the stream.
  struct Due {
    bool read = false;
    Answer* write = nullptr;
    bool finish = false;
  };

  // Of what was just read; then reads on.
  void Judge(Answer* answer);
  void Judged(Answer* answer, const absl::Status& status);
  Due Next() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Do(const Due& due);

  const CallTrack track_;
  const Context& context_;
  Pass pass_;  // Of whoever reads.
  Mutex mutex_;
  v1::StreamCheckAndConsumeRequest request_;  // Between StartRead and OnReadDone gRPC's.
  std::deque<std::unique_ptr<Answer>> answers_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;  // The client has said everything, or is gone.
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace consent::api

#endif  // CONSENT_API_CONTACT_STREAM_H_

// SPDX-License-Identifier: Apache-2.0
//
// ContactStream: one client's stream of batches.
//
// Messages are judged as they arrive and answered in their order. At most kInFlightMax wait for
// their answer to be written; until one is, no further message is read, so a client that does not
// read its answers stops being read, and nothing piles up. After a message that was refused for
// now, none is read before the time that its client was told to wait, or kPauseMax, is over.
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
#include "absl/time/time.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "grpcpp/alarm.h"
#include "grpcpp/support/byte_buffer.h"
#include "src/api/context.h"
#include "src/api/gate.h"
#include "src/api/under_way.h"
#include "src/base/mutex.h"

namespace consent::api {

class ContactStream : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  static constexpr size_t kInFlightMax = 16;
  static constexpr absl::Duration kPauseMax = absl::Seconds(1);

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
    grpc::ByteBuffer bytes;  // The message, once it is ready.
    int64_t since = 0;       // When it was read.
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
  absl::Status ReadRequest();
  void Judged(Answer* answer, const absl::Status& status);
  // Reads on when the pause that is due is over.
  void Pause() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void PauseOver();
  Due Next() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Do(const Due& due);

  const CallTrack track_;
  const Context& context_;
  Pass pass_;  // Of whoever reads.
  Mutex mutex_;
  grpc::ByteBuffer bytes_;                    // Between StartRead and OnReadDone gRPC's.
  v1::StreamCheckAndConsumeRequest request_;  // Of whoever reads.
  std::deque<std::unique_ptr<Answer>> answers_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;  // Or pausing before it.
  absl::Duration pause_ ABSL_GUARDED_BY(mutex_);  // That is due before the next is read.
  grpc::Alarm alarm_ ABSL_GUARDED_BY(mutex_);     // Set while `pausing_`.
  bool pausing_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool read_all_ ABSL_GUARDED_BY(mutex_) = false;  // The client has said everything, or is gone.
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace consent::api

#endif  // CONSENT_API_CONTACT_STREAM_H_

// SPDX-License-Identifier: Apache-2.0
//
// Wire: one consumer of a real ledger, asked over gRPC as the Model is asked.
//
// What a number stands for is kept: a statement is the same bytes each time it is sent, and a
// permit is the one that was answered.
//
// Threads: safe for any.

#ifndef CONSENT_LINEAR_WIRE_H_
#define CONSENT_LINEAR_WIRE_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "consent/v1/statement.pb.h"
#include "grpcpp/channel.h"
#include "tests/linear/history.h"
#include "tests/load/population.h"

namespace consent::linear {

class Wire {
 public:
  // The consumer of this number in the population, who is bound and has granted nothing.
  Wire(const load::Population& population, size_t consumer)
      : population_(population), consumer_(consumer) {}

  struct Heard {
    std::optional<Answer> answer = std::nullopt;  // None: it was lost.
    // Lost without the server having failed: the call may take effect yet.
    bool may_come_yet = false;
  };
  // Not OK: what no ledger may answer.
  absl::StatusOr<Heard> Ask(const std::shared_ptr<grpc::Channel>& channel, const Asked& asked);

  // A confirmation or release can be asked once the request's permit is known.
  bool CanAsk(const Asked& asked);

 private:
  using Answered = absl::StatusOr<Heard>;

  Answered Consume(v1::ContactService::Stub& stub, const Asked& asked);
  Answered Check(v1::ContactService::Stub& stub, const Asked& asked);
  Answered Finish(v1::ContactService::Stub& stub, const Asked& asked);
  Answered Say(const std::shared_ptr<grpc::Channel>& channel, const Asked& asked);
  v1::SignedStatement StatementOf(const Asked& asked);

  const load::Population& population_;
  const size_t consumer_;
  absl::Mutex mutex_;
  std::map<int, std::string> permits_ ABSL_GUARDED_BY(mutex_);             // By request.
  std::map<int, v1::SignedStatement> statements_ ABSL_GUARDED_BY(mutex_);  // By number.
};

}  // namespace consent::linear

#endif  // CONSENT_LINEAR_WIRE_H_

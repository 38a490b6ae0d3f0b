// SPDX-License-Identifier: Apache-2.0
//
// Gate: the one place where a call is let in or turned away, before a handler sees it. Who calls
// is the authenticator's to say; what they may, the table's (src/access/table.txt).
//
// A refusal tells what the table says and nothing of the request's subject: nothing was looked up.
//
// Threads: safe from any thread. Without an authenticator a call costs one comparison.

#ifndef CONSENT_API_GATE_H_
#define CONSENT_API_GATE_H_

#include <memory>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "src/access/table.h"
#include "src/api/authenticator.h"
#include "src/api/observer.h"
#include "src/base/clock.h"

namespace consent::api {

// Whoever opened a stream. Outlived by the gate.
class Pass {
 public:
  // Whether the stream may ask this now: its credentials have not run out, and the table allows it.
  absl::Status Admit(const google::protobuf::Message& request) const;

 private:
  friend class Gate;
  Pass(const Clock& clock, const access::Row* row, std::optional<Visitor> visitor)
      : clock_(clock), row_(row), visitor_(std::move(visitor)) {}

  const Clock& clock_;
  const access::Row* row_;
  std::optional<Visitor> visitor_;  // None: everybody may everything.
};

class Gate {
 public:
  // `authenticator` may be null: then everybody may everything, which is for machines on which
  // nobody else can reach the service. It, the table and the clock outlive the gate.
  // `observer`, which may be null too, is told of every call.
  Gate(Authenticator* authenticator, const access::Table& table, const Clock& clock,
       Observer* observer = nullptr);

  Observer* observer() const { return observer_; }

  // OK if this caller may make this call about what `request` names. The method is the one that
  // takes messages of this type; there is one.
  // `caller` is set as soon as it is known who calls, also where the call is refused.
  absl::Status Admit(const grpc::CallbackServerContext& call,
                     const google::protobuf::Message& request,
                     std::shared_ptr<const access::Caller>* caller) const;

  // For a stream whose messages are `request`s: OK if the caller may say something on it.
  absl::StatusOr<Pass> Open(const grpc::CallbackServerContext& call,
                            const google::protobuf::Descriptor& request,
                            std::shared_ptr<const access::Caller>* caller) const;

 private:
  Authenticator* const authenticator_;
  const Clock& clock_;
  Observer* const observer_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, const access::Row*> rows_;
};

}  // namespace consent::api

#endif  // CONSENT_API_GATE_H_

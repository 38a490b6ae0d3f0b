// SPDX-License-Identifier: Apache-2.0
//
// Gate: the one place where a call is let in or turned away, before a handler sees it. Who calls
// is the authenticator's to say; what they may, the table's (src/access/table.txt).
//
// A refusal tells what the table says and nothing of the request's subject: nothing was looked up.
//
// Then how much of the service the caller has already: callers.h. Where nobody is authenticated,
// callers are told apart by the address they call from.
//
// Threads: safe from any thread. Without authenticator and limits a call costs one comparison.

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
#include "src/api/callers.h"
#include "src/api/observer.h"
#include "src/base/clock.h"
#include "src/ledger/lanes.h"

namespace consent::api {

class Gate;

// Who makes a call, and the place they take up until it is over.
struct Guest {
  std::shared_ptr<const access::Caller> caller = nullptr;  // Null: nobody was asked.
  ledger::Lane lane = {};  // Where what they ask waits for its turn.
  Callers::Ticket ticket = {};
};

// A method as the gate knows it.
struct Door {
  const access::Row* row = nullptr;                          // Null: open to nobody.
  const google::protobuf::FieldDescriptor* items = nullptr;  // What a batch of it holds; or null.
};

// Whoever opened a stream. Outlived by the gate and by the call.
//
// Threads: one at a time.
class Pass {
 public:
  // Whether the stream may ask this now: what it costs is left to its caller, its credentials have
  // not run out and would be believed again, and the table allows it.
  absl::Status Admit(const google::protobuf::Message& request);
  // The same, of what was admitted and is still being answered: it costs nothing once more.
  absl::Status StillAdmits(const google::protobuf::Message& request);

 private:
  friend class Gate;
  Pass(const Gate& gate, const grpc::CallbackServerContext& call, const Door& door)
      : gate_(&gate), call_(&call), door_(door) {}

  const Gate* gate_;
  const grpc::CallbackServerContext* call_;
  Door door_;
  Callers::Account* account_ = nullptr;  // The call's; null: no limits.
  std::optional<Visitor> visitor_;       // None: everybody may everything.
};

class Gate {
 public:
  // `authenticator` may be null: then everybody may everything, which is for machines on which
  // nobody else can reach the service. It, the table and the clock outlive the gate, and the gate
  // every call. `observer`, which may be null too, is told of every call.
  Gate(Authenticator* authenticator, const access::Table& table, const Clock& clock,
       Observer* observer = nullptr, const CallerLimits& limits = {});

  Observer* observer() const { return observer_; }

  // OK if this caller may make this call about what `request` names. The method is the one that
  // takes messages of this type; there is one. `guest` is filled in as soon as it is known who
  // calls, also where the call is refused, and lasts as long as the call.
  absl::Status Admit(const grpc::CallbackServerContext& call,
                     const google::protobuf::Message& request, Callers::Kind kind,
                     Guest& guest) const;

  // For a stream whose messages are `request`s: OK if the caller may say something on it.
  absl::StatusOr<Pass> Open(const grpc::CallbackServerContext& call,
                            const google::protobuf::Descriptor& request, Callers::Kind kind,
                            Guest& guest) const;

  Callers::Refusals refusals() const { return callers_.refusals(); }

 private:
  friend class Pass;

  Authenticator* const authenticator_;
  const Clock& clock_;
  Observer* const observer_;
  mutable Callers callers_;
  absl::flat_hash_map<const google::protobuf::Descriptor*, Door> doors_;
};

}  // namespace consent::api

#endif  // CONSENT_API_GATE_H_

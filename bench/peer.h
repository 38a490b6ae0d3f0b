// SPDX-License-Identifier: Apache-2.0
//
// Peer: another store that does the same job, for comparison. Whoever asks names a request and a
// contact point; the peer takes one unit of that contact point's quota where one is left, logs its
// decision, remembers its answer for a repeat, and answers once all that is durable.
//
// Threads: one at a time.

#ifndef CONSENT_BENCH_PEER_H_
#define CONSENT_BENCH_PEER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace consent::bench {

struct Ask {
  std::string request_id;
  std::string contact_point;
};

// One of a peer's clients, over TCP on loopback, as consentd's are.
class PeerConnection {
 public:
  virtual ~PeerConnection() = default;

  // Readable when there is something to receive.
  virtual int socket() const = 0;
  // Sends one message: of one ask in the peer's single form, of more in its batched form. Returns
  // once it is handed to the system. One message at a time.
  virtual absl::Status Send(const std::vector<Ask>& asks) = 0;
  // Takes what has come, without waiting. True once the whole answer is there: of each ask, whether
  // it was allowed.
  virtual absl::StatusOr<bool> Receive(std::vector<bool>& allowed) = 0;
};

// What a peer has written, by its own account.
struct PeerBooks {
  int64_t taken = 0;      // Units, of all contact points.
  int64_t decisions = 0;  // In its log.
};

class Peer {
 public:
  virtual ~Peer() = default;

  // As in the names of figures.
  virtual const std::string& name() const = 0;
  // Asks in a message of its batched form, and how many such messages may be in flight at its best.
  virtual size_t batch() const = 0;
  // Gives each of the contact points so many units.
  virtual absl::Status Grant(const std::vector<std::string>& contact_points, int64_t units) = 0;
  virtual absl::StatusOr<std::unique_ptr<PeerConnection>> Connect() = 0;
  virtual absl::StatusOr<PeerBooks> ReadBooks() = 0;
};

}  // namespace consent::bench

#endif  // CONSENT_BENCH_PEER_H_

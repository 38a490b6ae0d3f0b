// SPDX-License-Identifier: Apache-2.0
//
// The peers that can be had here: what stands in for "what one would use instead".

#ifndef CONSENT_BENCH_PEERS_H_
#define CONSENT_BENCH_PEERS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/peer.h"

namespace consent::bench {

struct PeerKind {
  std::string name;
  // What its batched form is called in the names of its figures, and of the ratio to it.
  std::string batched;
  std::string batch_ratio;
  // Starts one. Unavailable where it cannot be had: not installed, or this program was built
  // without its library.
  std::function<absl::StatusOr<std::unique_ptr<Peer>>()> start;
};

// All there are, in the order in which they are measured.
std::vector<PeerKind> AllPeers();

}  // namespace consent::bench

#endif  // CONSENT_BENCH_PEERS_H_

// SPDX-License-Identifier: Apache-2.0
//
// The loop that keeps a peer busy: one message in flight on each connection, followed by the next
// as soon as it is answered. One thread watches all connections, so that the peer has the machine
// for itself as far as can be.

#ifndef CONSENT_BENCH_PEER_LOAD_H_
#define CONSENT_BENCH_PEER_LOAD_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/peer.h"
#include "tests/load/unary_load.h"

namespace consent::bench {

struct PeerLoadOptions {
  size_t connections = 1;  // The first of those given.
  size_t batch = 1;        // Asks a message.
  absl::Duration warm_up = absl::ZeroDuration();
  absl::Duration measured = absl::Seconds(1);
  uint64_t asks_max = UINT64_MAX;  // Rounded up to whole messages.
};

using MakeAsk = std::function<Ask(uint64_t serial)>;
using SeeAnswer = std::function<void(uint64_t serial, bool allowed)>;

// As load::LoadReport has it: latencies are those of messages, counts those of asks; all asks that
// were sent have been answered on return. Serials count from 0.
absl::StatusOr<load::LoadReport> RunPeerLoad(
    const std::vector<std::unique_ptr<PeerConnection>>& connections, const PeerLoadOptions& options,
    const MakeAsk& make, const SeeAnswer& see);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_PEER_LOAD_H_

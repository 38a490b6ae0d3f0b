// SPDX-License-Identifier: Apache-2.0
//
// The peers' part of a round: each is kept busy for as long as consentd was just before, and the
// two are compared.

#ifndef CONSENT_BENCH_MEASURE_PEERS_H_
#define CONSENT_BENCH_MEASURE_PEERS_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "bench/peer_rival.h"
#include "bench/peers.h"
#include "bench/report.h"
#include "bench/timing.h"

namespace consent::bench {

struct NamedRival {
  PeerKind kind;
  std::unique_ptr<Rival> rival;
};
using Rivals = std::vector<NamedRival>;

// What each rival did on how many connections, and on how many it does best.
void AddTried(const Rivals& rivals, Report& report);

// Measures one form of every rival, and `own`, decisions a second of consentd, against it.
absl::Status MeasureRivals(const Rivals& rivals, PeerForm form, double own, const Timing& timing,
                           Report& report);

}  // namespace consent::bench

#endif  // CONSENT_BENCH_MEASURE_PEERS_H_

// SPDX-License-Identifier: Apache-2.0
//
// Rival: a peer under load beside consentd. Its answers are checked before it is measured, and its
// books afterwards: a rival that gives a unit away twice, or forgets what it has answered, is no
// measure.
//
// Threads: one at a time.

#ifndef CONSENT_BENCH_PEER_RIVAL_H_
#define CONSENT_BENCH_PEER_RIVAL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "bench/peer.h"
#include "tests/load/unary_load.h"

namespace consent::bench {

enum class PeerForm { kSingle, kBatched };

class Rival {
 public:
  // Grants plenty to `consumers` contact points, connects, and checks the peer's answers: of a
  // hundred who have three units each, each is allowed three times, and a repeat is answered as at
  // first.
  static absl::StatusOr<std::unique_ptr<Rival>> Open(std::unique_ptr<Peer> peer, size_t consumers);

  const std::string& name() const { return peer_->name(); }

  // Tries both forms with several numbers of connections, for `each`, and keeps to the best.
  absl::Status FindBest(absl::Duration each);
  size_t best(PeerForm form) const { return best_.at(form); }
  // Asks answered a second, one at a time on so many connections.
  const std::map<size_t, double>& tried() const { return tried_; }

  // Asks that go round all consumers, at the best number of connections.
  absl::StatusOr<load::LoadReport> Load(PeerForm form, absl::Duration warm_up,
                                        absl::Duration measured);

  // Internal unless the peer has taken a unit for each ask that it allowed, and logged each ask.
  absl::Status CheckBooks();

 private:
  Rival(std::unique_ptr<Peer> peer, size_t consumers)
      : peer_(std::move(peer)), consumers_(consumers) {}

  size_t BatchOf(PeerForm form) const { return form == PeerForm::kSingle ? 1 : peer_->batch(); }
  absl::Status CheckAnswers(PeerForm form, size_t first_contact);
  absl::StatusOr<load::LoadReport> LoadOn(size_t connections, PeerForm form, absl::Duration warm_up,
                                          absl::Duration measured);

  const std::unique_ptr<Peer> peer_;
  const size_t consumers_;
  std::vector<std::unique_ptr<PeerConnection>> connections_;
  std::map<PeerForm, size_t> best_ = {{PeerForm::kSingle, 64}, {PeerForm::kBatched, 4}};
  std::map<size_t, double> tried_;
  uint64_t loads_ = 0;  // Makes request ids unique.
  // Of asks that were no repeats.
  int64_t allowed_ = 0;
  int64_t answered_ = 0;
};

}  // namespace consent::bench

#endif  // CONSENT_BENCH_PEER_RIVAL_H_

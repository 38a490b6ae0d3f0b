// SPDX-License-Identifier: Apache-2.0
//
// JournalWitness: remembers every leaf of a journal it has seen, and says so when one changes,
// vanishes, or does not hash to the root that the server names.
//
// Threads: one at a time.

#ifndef CONSENT_FAULT_JOURNAL_WITNESS_H_
#define CONSENT_FAULT_JOURNAL_WITNESS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "src/base/ids.h"
#include "src/merkle/compact_tree.h"
#include "tests/fault/world.h"

namespace consent::fault {

class JournalWitness {
 public:
  explicit JournalWitness(std::string origin)
      : origin_(std::move(origin)), roots_{merkle::CompactTree().Root()} {}

  const std::string& origin() const { return origin_; }
  // Entries seen so far.
  uint64_t size() const { return seen_.size(); }
  // The root over the first `size` entries, at most size().
  const Digest& RootAt(uint64_t size) const { return roots_[size]; }

  // Reads the journal from `from`, at most size(), to its end: entries seen before must be the
  // same, all together must hash to the root. Differences are faults of `world`. False when the
  // server was lost.
  bool Read(World& world, const std::shared_ptr<grpc::Channel>& channel, uint64_t from);

  // Whether the entry that an answer named is there, of that kind, channel and reason.
  bool Holds(const Acknowledged& acknowledged) const;

 private:
  struct Seen {
    Digest hash;
    uint8_t kind;
    uint8_t channel;
    uint8_t reason;
  };

  void See(World& world, uint64_t position, const std::string& leaf);

  const std::string origin_;
  std::vector<Seen> seen_;
  merkle::CompactTree tree_;
  std::vector<Digest> roots_;  // By size.
};

}  // namespace consent::fault

#endif  // CONSENT_FAULT_JOURNAL_WITNESS_H_

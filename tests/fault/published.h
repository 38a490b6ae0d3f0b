// SPDX-License-Identifier: Apache-2.0
//
// Published: every checkpoint of a journal that was seen from outside. Each must be signed, none
// may be smaller than one before it, and each must be a prefix of the journal for ever.
//
// Threads: one at a time.

#ifndef CONSENT_FAULT_PUBLISHED_H_
#define CONSENT_FAULT_PUBLISHED_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "grpcpp/channel.h"
#include "src/base/ids.h"
#include "src/store/store.h"
#include "src/tlog/verifier_key.h"
#include "tests/fault/journal_witness.h"
#include "tests/fault/world.h"

namespace consent::fault {

class Published {
 public:
  Published(std::string origin, std::vector<tlog::VerifierKey> keys)
      : origin_(std::move(origin)), keys_(std::move(keys)) {}

  // Asks for the present checkpoint, which may not be older than the last one seen so. False when
  // the server was lost.
  bool Fetch(World& world, const std::shared_ptr<grpc::Channel>& channel);

  // The checkpoint in a receipt, which must prove what it says.
  void SeeReceipt(World& world, const std::string& receipt);

  // The checkpoint that the store keeps, where no server runs: not older than any that was seen.
  void CompareStored(World& world, store::Store& store) const;

  // Compares all that the witness has read far enough for with what it read. With `all`, one that
  // goes beyond the journal is a fault too.
  void Compare(World& world, const JournalWitness& witness, bool all);

  // Checkpoints of different sizes seen, and receipts.
  uint64_t sizes() const { return sizes_; }
  uint64_t receipts() const { return receipts_; }

 private:
  void See(World& world, TreeSize size, const Digest& root);

  const std::string origin_;
  const std::vector<tlog::VerifierKey> keys_;
  TreeSize latest_;
  std::map<uint64_t, Digest> roots_;  // By size; kept for ever, compared each time.
  uint64_t compared_ = 0;             // Those of smaller sizes were compared with the witness.
  uint64_t sizes_ = 0;
  uint64_t receipts_ = 0;
};

}  // namespace consent::fault

#endif  // CONSENT_FAULT_PUBLISHED_H_

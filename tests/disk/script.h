// SPDX-License-Identifier: Apache-2.0
//
// Script: does to a store what a ledger does, at random from a seed, and knows what the store may
// hold afterwards.
//
// What it knows: `current`, what a store that is open shows; and what one that is opened again
// after a loss of power may show: everything up to the last commit or fact that was acknowledged,
// of the rows written behind since then the first few, and a write that returned an error wholly or
// not at all, if nothing was acknowledged after it.

#ifndef CONSENT_DISK_SCRIPT_H_
#define CONSENT_DISK_SCRIPT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "src/store/store.h"
#include "tests/disk/contents.h"

namespace consent::disk {

class Script {
 public:
  explicit Script(uint64_t seed);

  // Does the next thing. A commit that is Aborted is a fault of the script.
  absl::Status Step(store::Store& store);

  const Names& names() const { return names_; }
  // What an open store shows.
  const Contents& current() const { return current_; }
  // Whether a store that was opened again may show this; if so, that is what counts from now on.
  // Else the difference to what was acknowledged.
  std::string Settle(const Contents& found);
  // How many writes have been acknowledged.
  uint64_t acknowledged() const { return acknowledged_; }
  // What the last step was, for messages.
  const std::string& last() const { return last_; }

 private:
  using Change = std::map<std::string, std::optional<std::string>>;  // nullopt: no such line.
  enum class Durable { kYes, kNo };

  uint64_t Pick(uint64_t below) { return chance_() % below; }
  std::string Bytes(uint64_t length_max);
  uint64_t Number(const std::string& line) const;
  template <typename Id>
  std::vector<Id> Listed(const std::string& kind, ShardId shard) const;
  absl::Status Note(absl::Status status, Change change, Durable durable);

  absl::Status Commit(store::Store& store, ShardId shard, bool erasing);
  absl::Status WriteBehind(store::Store& store, ShardId shard);
  absl::Status WriteTiles(store::Store& store, ShardId shard);
  absl::Status WriteFact(store::Store& store);

  std::mt19937_64 chance_;
  Names names_;
  Contents durable_;             // All that was acknowledged as durable.
  std::vector<Change> behind_;   // Acknowledged since, but not durable by itself.
  std::vector<Change> unknown_;  // Since the last acknowledged: of those that failed one, at most.
  bool failed_ = false;          // The store has: what fails after that is not even tried.
  Contents current_;
  uint64_t acknowledged_ = 0;
  uint32_t next_ = 0;  // Names are never used twice.
  std::string last_;
};

}  // namespace consent::disk

#endif  // CONSENT_DISK_SCRIPT_H_

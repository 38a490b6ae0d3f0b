// SPDX-License-Identifier: Apache-2.0
//
// Replay: records from a journal and its openings.

#ifndef CONSENT_LEDGER_REPLAY_H_
#define CONSENT_LEDGER_REPLAY_H_

#include <cstdint>
#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/journal/journal.h"
#include "src/journal/reader.h"
#include "src/ledger/consumers.h"
#include "src/store/store.h"

namespace consent::ledger {

struct CatchUpOptions {
  // Whom so many entries are about is read ahead, many `at_once`: a disk serves many reads in
  // hardly more time than one.
  size_t entries = 16'384;
  journal::AtOnce at_once = journal::OneByOne;
  // So many changed records may be left to be written behind: who waits for a start need not wait
  // for those. None is written before `entries` have been caught up with.
  size_t gathered = 0;
};

// Brings `consumers` from the store's mark `applied` up to `size`, writing behind as it goes.
// Entries of consumers who have been erased since are passed over; DataLoss when an opening has no
// secret and no tombstone tells why.
absl::Status CatchUp(store::Store& store, ShardId shard, TreeSize size, Consumers& consumers,
                     const CatchUpOptions& options);

struct ReplayReport {
  uint64_t entries = 0;
  uint64_t records = 0;  // Rebuilt from the journal.
  uint64_t erased = 0;   // Entries that nobody can open any more.
  Digest root;           // Recomputed from the entries; equal to the head's.
};
// Called with the number of entries read so far, every few thousand.
using Progress = std::function<void(uint64_t entries)>;
// Sees every opened entry, in order; those of erased consumers are not opened.
using EventVisitor = std::function<void(const journal::OpenedEvent&)>;

// Rebuilds every record of a shard from the journal alone, in memory (record_book.h), and compares
// each with what the stored row says, encoded anew, byte for byte. What the store need not hold yet
// (entries from `applied` on) is first added, in memory, to what it does hold. The store must not
// be written meanwhile, but to erase. DataLoss names what differs first: a root, a leaf, or a
// record (by its number in key order). Aborted when somebody was erased while it ran: try again.
absl::StatusOr<ReplayReport> ReplayAndCompare(store::Store& store, ShardId shard,
                                              const Progress& progress,
                                              const EventVisitor& visit = {});

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_REPLAY_H_

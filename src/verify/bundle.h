// SPDX-License-Identifier: Apache-2.0
//
// One bundle of a log and the tile of level 0 that has the hashes of its entries.
//
// Reading and hashing is most of a verification, and each bundle can be done by itself: this is
// what runs on many threads. Judging what differs is left to who knows the tile above (tree.h).
//
// Threads: safe from any thread.

#ifndef CONSENT_VERIFY_BUNDLE_H_
#define CONSENT_VERIFY_BUNDLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "consent/verifier.h"
#include "src/base/instant.h"
#include "src/merkle/tile.h"

namespace consent::verify {

// A file of a log: its bytes, or what is wrong with it.
struct FileRead {
  std::string bytes;
  bool full = false;             // In place of a partial one, the full one was read.
  std::vector<LogFault> faults;  // At most one: it is missing, or of another length.
  std::string unreadable;        // Why it could not be read; empty when it could, or is missing.
  bool usable() const { return faults.empty() && unreadable.empty(); }
};

// The hashes of a tile as its file has them; none, and a fault, when they are not tile.width. A
// partial tile that is missing is sought as the full one: logs may remove partial tiles then.
FileRead ReadTile(const LogSource& source, const merkle::Tile& tile);

struct Bundle {
  merkle::Tile tile;     // Of level 0.
  std::string filed;     // The tile's hashes as its file has them; empty when that is unusable.
  std::string computed;  // The hashes of the bundle's entries; empty when it is unusable.
  std::vector<LogFault> faults;
  std::vector<LogFault> entry_faults;  // Of what the entries say, should they be the log's.
  std::string unreadable;              // A file that could not be read, and why.
  bool has_times = false;
  Instant first_at;
  Instant last_at;
  uint64_t entry_bytes = 0;
};

Bundle ReadBundle(const LogSource& source, uint64_t index, int width);

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_BUNDLE_H_

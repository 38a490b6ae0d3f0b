// SPDX-License-Identifier: Apache-2.0
//
// Tree: every file of a log held against every other.
//
// Entries are hashed and compared with the tiles of level 0, those with the tiles of level 1, and
// so on up to the root that the checkpoint signs. Where two files differ, the file above both says
// which one is wrong; at the right edge, where there is none above, the checkpoint's root does: the
// rows of the edge are tried as computed and as filed, until one combination leads to it. So a bit
// that flipped is found in the file in which it flipped, and the rest is still verified.
//
// Memory: one tile for each level, and kBundlesAtOnce bundles. Threads: belongs to one; bundles are
// read and hashed on others.

#ifndef CONSENT_VERIFY_TREE_H_
#define CONSENT_VERIFY_TREE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "consent/verifier.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/merkle/compact_tree.h"
#include "src/verify/bundle.h"
#include "src/verify/faults.h"
#include "src/verify/state.h"

namespace consent::verify {

inline constexpr size_t kBundlesAtOnce = 128;

class Tree {
 public:
  struct Options {
    TreeSize size;  // Of the checkpoint.
    Digest root;
    unsigned threads = 1;
    // What of the log was verified before; the log has been found to begin with it.
    std::optional<State> known;
    // Called after each group of bundles, with the number of entries that have been verified.
    std::function<void(uint64_t done)> progress;
  };

  Tree(const LogSource& source, Options options, Faults& faults)
      : source_(source), options_(std::move(options)), faults_(faults) {}

  // Verifies all that is not known. May be called once.
  void Verify();

  uint64_t entry_bytes() const { return entry_bytes_; }
  uint64_t entries() const { return entries_; }  // In this run.
  Instant first_at() const { return first_at_; }
  Instant last_at() const { return last_at_.value_or(Instant{}); }
  // The tree over the entries seen so far, the known ones included, by the hashes that were held to
  // be right.
  merkle::CompactTree seen() const;

 private:
  // The hashes of a tile: as its file has them, and as computed from what is below. Each is empty
  // when it could not be had.
  struct Row {
    std::string filed;
    std::string computed;
  };
  struct Edge {
    merkle::Tile tile;
    Row row;
  };

  Row ReadRow(const merkle::Tile& tile);
  Row ReadLeaves(const merkle::Tile& tile);
  // The root of a full tile, as it is held to be right; none when nothing is known of it.
  std::optional<Digest> CheckFull(const merkle::Tile& tile, const std::optional<Digest>& above);
  void CheckEdges(const std::vector<Edge>& edges);
  // The bundle of a full tile of level 0, out of those read ahead.
  const Bundle& TakeBundle(uint64_t index);
  // What the entries say, once they are held to be the log's.
  void TakeEntries(const Bundle& bundle);
  void BlameTile(const merkle::Tile& tile, const Row& row);
  void BlameBelow(const merkle::Tile& tile, const Row& row);
  // Adds a perfect subtree of 2^level leaves on the right of what has been seen.
  void See(int level, uint64_t begin, const Digest& root);
  bool Stopped() const { return !faults_.unreadable().empty(); }

  const LogSource& source_;
  const Options options_;
  Faults& faults_;

  std::vector<Bundle> bundles_;  // Read ahead: from first_bundle_ on.
  uint64_t first_bundle_ = 0;
  uint64_t entry_bytes_ = 0;
  uint64_t entries_ = 0;
  bool has_times_ = false;
  Instant first_at_;
  std::optional<Instant> last_at_;
  uint64_t known_size_ = 0;  // Whole bundles that need not be read.
  Bundle edge_bundle_;       // The one at the right edge, with fewer than 256 entries.
  struct SeenRoot {
    int level;
    Digest root;
  };
  std::vector<SeenRoot> seen_;  // Perfect subtrees, as those of a CompactTree.
  uint64_t seen_size_ = 0;
};

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_TREE_H_

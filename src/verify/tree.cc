// SPDX-License-Identifier: Apache-2.0

#include "src/verify/tree.h"

#include <algorithm>
#include <bit>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/tile.h"
#include "src/tlog/tile_path.h"
#include "src/verify/parallel.h"

namespace consent::verify {
namespace {

using merkle::kTileHeight;
using merkle::kTileWidth;
using merkle::Tile;

// Of one tile, so many hashes are named one by one.
constexpr int kNamedMax = 8;

Digest HashAt(std::string_view hashes, size_t i) {
  return *Digest::FromBytes(hashes.substr(i * Digest::kSize, Digest::kSize));
}

Tile ChildOf(const Tile& tile, uint64_t i) {
  return {tile.level - 1, tile.index * kTileWidth + i, kTileWidth};
}

// What hash i of the tile is the hash of.
std::string BelowOf(const Tile& tile, uint64_t i) {
  if (tile.level == 0) return absl::StrCat("entry ", tile.index * kTileWidth + i);
  return tlog::Path(ChildOf(tile, i));
}

// The places at which two rows of the same length differ.
std::vector<int> Differences(std::string_view a, std::string_view b) {
  std::vector<int> places;
  for (size_t i = 0; i < std::min(a.size(), b.size()) / Digest::kSize; ++i) {
    if (HashAt(a, i) != HashAt(b, i)) places.push_back(static_cast<int>(i));
  }
  return places;
}

// The roots of the perfect subtrees that a row falls into, largest first.
std::vector<Digest> Subtrees(std::string_view row) {
  std::vector<Digest> roots;
  while (!row.empty()) {
    const size_t bytes = std::bit_floor(row.size() / Digest::kSize) * Digest::kSize;
    roots.push_back(*merkle::PerfectRoot(row.substr(0, bytes)));
    row.remove_prefix(bytes);
  }
  return roots;
}

}  // namespace

void Tree::Verify() {
  if (options_.known.has_value()) {
    const merkle::CompactTree& tree = options_.known->tree;
    known_size_ = tree.size().value / kTileWidth * kTileWidth;
    size_t i = 0;
    for (int level = 62; level >= kTileHeight; --level) {
      if ((known_size_ >> level & 1) == 1) See(level, seen_size_, tree.subtrees()[i++]);
    }
    // Where a bundle was amid, its beginning is read again.
    if (known_size_ == tree.size().value && known_size_ > 0) last_at_ = options_.known->last_at;
  }
  if (options_.size.value == 0 && options_.root != merkle::EmptyRoot()) {
    faults_.Add("checkpoint", "its root is not that of the empty tree");
  }
  std::vector<Edge> edges;
  for (int level = merkle::kTileLevelMax; level >= 0 && !Stopped(); --level) {
    const uint64_t subtrees = options_.size.value >> (kTileHeight * level);
    const Tile tile{level, subtrees / kTileWidth, static_cast<int>(subtrees % kTileWidth)};
    if (tile.width > 0) edges.push_back({tile, ReadRow(tile)});
  }
  if (!Stopped()) CheckEdges(edges);
  if (options_.progress && !Stopped()) options_.progress(seen_size_);
}

Tree::Row Tree::ReadRow(const Tile& tile) {
  if (tile.level == 0) return ReadLeaves(tile);
  FileRead file = ReadTile(source_, tile);
  for (const LogFault& fault : file.faults) faults_.Add(fault.where, fault.what);
  if (!file.unreadable.empty()) faults_.AddUnreadable(file.unreadable);
  Row row;
  row.filed = std::move(file.bytes);
  bool whole = true;
  for (int i = 0; i < tile.width && !Stopped(); ++i) {
    std::optional<Digest> above;
    if (!row.filed.empty()) above = HashAt(row.filed, i);
    const std::optional<Digest> root = CheckFull(ChildOf(tile, i), above);
    whole = whole && root.has_value();
    if (root.has_value()) row.computed.append(root->view());
  }
  if (!whole || Stopped()) row.computed.clear();
  return row;
}

Tree::Row Tree::ReadLeaves(const Tile& tile) {
  if (!tile.IsFull()) edge_bundle_ = ReadBundle(source_, tile.index, tile.width);
  const Bundle& bundle = tile.IsFull() ? TakeBundle(tile.index) : edge_bundle_;
  for (const LogFault& fault : bundle.faults) faults_.Add(fault.where, fault.what);
  if (!bundle.unreadable.empty()) faults_.AddUnreadable(bundle.unreadable);
  return {bundle.filed, bundle.computed};
}

const Bundle& Tree::TakeBundle(uint64_t index) {
  if (index < first_bundle_ || index >= first_bundle_ + bundles_.size()) {
    if (options_.progress) options_.progress(seen_size_);
    const uint64_t full = options_.size.value / kTileWidth;
    bundles_.assign(std::min<uint64_t>(kBundlesAtOnce, full - index), Bundle());
    first_bundle_ = index;
    ForEach(bundles_.size(), options_.threads,
            [&](size_t i) { bundles_[i] = ReadBundle(source_, index + i, kTileWidth); });
  }
  return bundles_[index - first_bundle_];
}

std::optional<Digest> Tree::CheckFull(const Tile& tile, const std::optional<Digest>& above) {
  const int height = kTileHeight * (tile.level + 1);
  if (above.has_value() && (tile.index + 1) << height <= known_size_) return above;
  const Row row = ReadRow(tile);
  if (Stopped()) return above;
  std::optional<Digest> root = above;
  bool by_entries = false;
  if (!row.filed.empty() || !row.computed.empty()) {
    bool as_filed = row.computed.empty();
    if (!row.filed.empty() && !row.computed.empty() && row.filed != row.computed) {
      as_filed = above.has_value() && *merkle::PerfectRoot(row.filed) == *above;
      as_filed ? BlameBelow(tile, row) : BlameTile(tile, row);
    }
    by_entries = !as_filed || row.filed == row.computed;
    root = *merkle::PerfectRoot(as_filed ? row.filed : row.computed);
  }
  if (tile.level == 0) {
    if (by_entries) TakeEntries(TakeBundle(tile.index));
    if (root.has_value()) See(kTileHeight, tile.index * kTileWidth, *root);
  }
  return root;
}

void Tree::CheckEdges(const std::vector<Edge>& edges) {
  // Each bit of `choice` says of one edge whether its row is taken as filed.
  const auto row_of = [&](size_t i, unsigned choice) -> const std::string& {
    return (choice >> i & 1) == 1 ? edges[i].row.filed : edges[i].row.computed;
  };
  const auto leads_to_root = [&](unsigned choice) {
    std::vector<Digest> roots;
    for (size_t i = 0; i < edges.size(); ++i) {
      if (row_of(i, choice).empty()) return false;
      const std::vector<Digest> more = Subtrees(row_of(i, choice));
      roots.insert(roots.end(), more.begin(), more.end());
    }
    const auto tree = merkle::CompactTree::FromSubtrees(options_.size, std::move(roots));
    return tree.ok() && tree->Root() == options_.root;
  };
  unsigned choice = 0;
  while (choice < 1U << edges.size() && !leads_to_root(choice)) ++choice;
  const bool found = choice < 1U << edges.size();
  // With files missing it is no wonder that nothing leads to the root.
  const bool missing = std::any_of(edges.begin(), edges.end(), [](const Edge& edge) {
    return edge.row.filed.empty() && edge.row.computed.empty();
  });
  if (!found && !missing) {
    faults_.Add("checkpoint",
                absl::StrCat("its root is not that of the ", options_.size.value, " entries"));
  }
  for (size_t i = 0; i < edges.size(); ++i) {
    const auto& [tile, row] = edges[i];
    const bool as_filed = found && (choice >> i & 1) == 1 && row.filed != row.computed;
    if (!row.filed.empty() && !row.computed.empty() && row.filed != row.computed) {
      as_filed ? BlameBelow(tile, row) : BlameTile(tile, row);
    }
    if (tile.level != 0) continue;
    if (!as_filed && !row.computed.empty()) TakeEntries(edge_bundle_);
    const std::string& chosen = as_filed || row.computed.empty() ? row.filed : row.computed;
    for (size_t leaf = 0; leaf < chosen.size() / Digest::kSize; ++leaf) {
      See(0, tile.index * kTileWidth + leaf, HashAt(chosen, leaf));
    }
  }
}

void Tree::TakeEntries(const Bundle& bundle) {
  const std::string path = tlog::EntriesPath(bundle.tile.index, bundle.tile.width);
  for (const LogFault& fault : bundle.entry_faults) faults_.Add(fault.where, fault.what);
  entries_ += bundle.tile.width;
  entry_bytes_ += bundle.entry_bytes;
  if (!bundle.has_times) return;
  if (last_at_.has_value() && bundle.first_at < *last_at_) {
    faults_.Add(path, absl::StrCat("entry 0 (position ", bundle.tile.index * kTileWidth,
                                   ") is earlier than the one before, by ",
                                   (*last_at_ - bundle.first_at).count, " s"));
  }
  if (!has_times_) first_at_ = bundle.first_at;
  has_times_ = true;
  last_at_ = bundle.last_at;
}

void Tree::BlameTile(const Tile& tile, const Row& row) {
  const std::vector<int> places = Differences(row.filed, row.computed);
  for (size_t n = 0; n < places.size() && n < kNamedMax; ++n) {
    faults_.Add(tlog::Path(tile),
                absl::StrCat("hash ", places[n], " is not that of ", BelowOf(tile, places[n])));
  }
  if (places.size() > kNamedMax) {
    faults_.Add(tlog::Path(tile),
                absl::StrCat(places.size() - kNamedMax, " more of its hashes are wrong"));
  }
}

void Tree::BlameBelow(const Tile& tile, const Row& row) {
  const std::vector<int> places = Differences(row.filed, row.computed);
  for (size_t n = 0; n < places.size() && n < kNamedMax; ++n) {
    const int i = places[n];
    if (tile.level == 0) {
      faults_.Add(
          tlog::EntriesPath(tile.index, tile.width),
          absl::StrCat("entry ", i, " (position ", tile.index * kTileWidth + i,
                       ") is not the one in the tree: see hash ", i, " of ", tlog::Path(tile)));
    } else {
      faults_.Add(
          tlog::Path(ChildOf(tile, i)),
          absl::StrCat("is not the one in the tree: see hash ", i, " of ", tlog::Path(tile)));
    }
  }
  if (places.size() > kNamedMax) {
    faults_.Add(tile.level == 0 ? tlog::EntriesPath(tile.index, tile.width) : tlog::Path(tile),
                absl::StrCat(places.size() - kNamedMax, " more differ"));
  }
}

void Tree::See(int level, uint64_t begin, const Digest& root) {
  if (begin != seen_size_) return;  // Seen before, or after something that could not be read.
  seen_size_ += uint64_t{1} << level;
  SeenRoot joined{level, root};
  while (!seen_.empty() && seen_.back().level == joined.level) {
    joined = {level + 1, merkle::NodeHash(seen_.back().root, joined.root)};
    level = joined.level;
    seen_.pop_back();
  }
  seen_.push_back(joined);
}

merkle::CompactTree Tree::seen() const {
  std::vector<Digest> roots;
  for (const SeenRoot& subtree : seen_) roots.push_back(subtree.root);
  return *merkle::CompactTree::FromSubtrees({seen_size_}, std::move(roots));
}

}  // namespace consent::verify

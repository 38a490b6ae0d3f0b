// SPDX-License-Identifier: Apache-2.0

#include "src/merkle/tile.h"

#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "src/base/status_matchers.h"
#include "src/merkle/compact_tree.h"
#include "src/merkle/proof.h"
#include "src/merkle/test_tree.h"

namespace consent::merkle {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// One tree for all tests: large enough for a full tile at level 1.
constexpr uint64_t kSize = 66'000;
const TestTree& Tree() {
  static const auto* tree = new TestTree(kSize);
  return *tree;
}

// The bytes of a tile by the definition of C2SP tlog-tiles.
std::string Bytes(const Tile& tile) {
  std::string bytes;
  for (int i = 0; i < tile.width; ++i) {
    const uint64_t n = tile.index * kTileWidth + i;
    bytes += Tree().Root(n << 8 * tile.level, (n + 1) << 8 * tile.level).str();
  }
  return bytes;
}

// A size, more often than not near a power of 256.
rc::Gen<uint64_t> Sizes() {
  return rc::gen::oneOf(rc::gen::inRange<uint64_t>(0, kSize + 1),
                        rc::gen::inRange<uint64_t>(0, 1030),
                        rc::gen::inRange<uint64_t>(65'530, 65'800));
}

// The first example of the specification.
TEST(TileTest, CutsATreeOf70000AsTheSpecificationSays) {
  const TreeSize size{70'000};
  EXPECT_EQ(WidthOf(0, 0, size), 256);
  EXPECT_EQ(WidthOf(0, 272, size), 256);
  EXPECT_EQ(WidthOf(0, 273, size), 112);
  EXPECT_EQ(WidthOf(0, 274, size), 0);
  EXPECT_EQ(WidthOf(1, 0, size), 256);
  EXPECT_EQ(WidthOf(1, 1, size), 17);
  EXPECT_EQ(WidthOf(1, 2, size), 0);
  EXPECT_EQ(WidthOf(2, 0, size), 1);
  EXPECT_EQ(WidthOf(2, 1, size), 0);
  EXPECT_EQ(WidthOf(3, 0, size), 0);
  EXPECT_EQ(NewTiles({0}, size).size(), 273u + 1 + 1 + 1 + 1);
}

// The second example.
TEST(TileTest, AFullTileIsOneHashOfTheLevelAbove) {
  EXPECT_THAT(NewTiles({0}, {256}), ElementsAre(Tile{0, 0, 256}, Tile{1, 0, 1}));
  EXPECT_THAT(NewTiles({0}, {255}), ElementsAre(Tile{0, 0, 255}));
}

TEST(TileTest, OnlyWhatGrewIsNew) {
  EXPECT_THAT(NewTiles({5}, {5}), IsEmpty());
  EXPECT_THAT(NewTiles({6}, {5}), IsEmpty());
  EXPECT_THAT(NewTiles({0}, {0}), IsEmpty());
  EXPECT_THAT(NewTiles({257}, {259}), ElementsAre(Tile{0, 1, 3}));
  EXPECT_THAT(NewTiles({256}, {257}), ElementsAre(Tile{0, 1, 1}));
  EXPECT_THAT(NewTiles({255}, {513}),
              ElementsAre(Tile{0, 0, 256}, Tile{0, 1, 256}, Tile{0, 2, 1}, Tile{1, 0, 2}));
}

TEST(TileTest, TheLargestTreeHasTilesOfEightLevels) {
  EXPECT_EQ(WidthOf(7, 0, kMaxTreeSize), 127);
  EXPECT_EQ(WidthOf(0, kMaxTreeSize.value / 256, kMaxTreeSize), 255);
  EXPECT_EQ(WidthOf(0, ~uint64_t{0}, kMaxTreeSize), 0);
  EXPECT_EQ(WidthOf(8, 0, kMaxTreeSize), 0);
  EXPECT_EQ(WidthOf(-1, 0, kMaxTreeSize), 0);
  const TreeSize before{kMaxTreeSize.value - 1};
  EXPECT_THAT(NewTiles(before, kMaxTreeSize), ElementsAre(Tile{0, kMaxTreeSize.value / 256, 255}));
}

RC_GTEST_PROP(TileTest, NewTilesAreThoseWhoseWidthGrew, ()) {
  const auto from = *Sizes();
  const auto to = *Sizes();
  std::vector<Tile> expected;
  for (int level = 0; level <= kTileLevelMax; ++level) {
    for (uint64_t index = 0; WidthOf(level, index, {to}) > 0; ++index) {
      if (WidthOf(level, index, {to}) > WidthOf(level, index, {from})) {
        expected.push_back({level, index, WidthOf(level, index, {to})});
      }
    }
  }
  RC_ASSERT(NewTiles({from}, {to}) == expected);
}

RC_GTEST_PROP(TileTest, EverySubtreeIsHashedOutOfItsTile, ()) {
  const auto size = *rc::gen::suchThat(Sizes(), [](uint64_t s) { return s > 0; });
  const auto level = *rc::gen::inRange(0, static_cast<int>(std::bit_width(size)));
  const auto index = *rc::gen::inRange<uint64_t>(0, size >> level);
  const Subtree subtree{level, index};
  const auto place = PlaceOf(subtree, {size});
  RC_ASSERT(place.ok());
  RC_ASSERT(place->tile.width == WidthOf(place->tile.level, place->tile.index, {size}));
  RC_ASSERT(place->first + place->count <= place->tile.width);
  const auto hash = HashIn(place->tile, Bytes(place->tile), subtree);
  RC_ASSERT(hash.ok());
  RC_ASSERT(*hash == Tree().Root(index << level, (index + 1) << level));
  // A wider tile of the same place does as well.
  const Tile wide{place->tile.level, place->tile.index,
                  WidthOf(place->tile.level, place->tile.index, {kSize})};
  RC_ASSERT(*HashIn(wide, Bytes(wide), subtree) == *hash);
}

RC_GTEST_PROP(TileTest, ProofsAreMadeOutOfTilesAlone, ()) {
  const auto size = *rc::gen::suchThat(Sizes(), [](uint64_t s) { return s > 0; });
  const auto leaf = *rc::gen::inRange<uint64_t>(0, size);
  const auto source = [](const Tile& tile) -> absl::StatusOr<std::string> { return Bytes(tile); };
  const auto read = [&](const Subtree& s) { return ReadHash(s, {size}, source); };
  const auto inclusion = InclusionProof({leaf}, {size}, read);
  RC_ASSERT(inclusion.ok());
  RC_ASSERT(VerifyInclusion(Tree().leaf(leaf), {leaf}, {size}, *inclusion, Tree().Root(size)).ok());
  const auto consistency = ConsistencyProof({leaf}, {size}, read);
  RC_ASSERT(consistency.ok());
  RC_ASSERT(
      VerifyConsistency({{leaf}, Tree().Root(leaf), {size}, Tree().Root(size)}, *consistency).ok());
}

TEST(TileTest, ASubtreeThatIsNotCompleteHasNoPlace) {
  const auto invalid = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(PlaceOf({0, 5}, {5}), invalid);
  EXPECT_THAT(PlaceOf({3, 0}, {7}), invalid);
  EXPECT_THAT(PlaceOf({63, 0}, kMaxTreeSize), invalid);
  EXPECT_THAT(PlaceOf({64, 0}, kMaxTreeSize), invalid);
  EXPECT_THAT(PlaceOf({-1, 0}, kMaxTreeSize), invalid);
  EXPECT_THAT(PlaceOf({0, ~uint64_t{0}}, kMaxTreeSize), invalid);
  EXPECT_OK(PlaceOf({62, 0}, kMaxTreeSize));
  EXPECT_OK(PlaceOf({3, 0}, {8}));
}

TEST(TileTest, AnotherTileOrATileCutShortGivesNoHash) {
  const Tile tile{0, 1, 20};
  const std::string bytes = Bytes(tile);
  EXPECT_OK(HashIn(tile, bytes, {2, 68}));  // Hashes 16 to 19.
  const auto invalid = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(HashIn(tile, bytes, {2, 69}), invalid);   // 20 to 23.
  EXPECT_THAT(HashIn(tile, bytes, {4, 17}), invalid);   // 16 to 31.
  EXPECT_THAT(HashIn(tile, bytes, {0, 255}), invalid);  // The tile before.
  EXPECT_THAT(HashIn(tile, bytes, {8, 1}), invalid);    // A level above.
  EXPECT_THAT(HashIn(tile, bytes, {-1, 1}), invalid);
  EXPECT_THAT(HashIn({0, 1, 257}, std::string(257 * 32, 'h'), {0, 256}), invalid);
  const auto lost = StatusIs(absl::StatusCode::kDataLoss);
  EXPECT_THAT(HashIn(tile, bytes.substr(1), {2, 68}), lost);
  EXPECT_THAT(HashIn(tile, bytes + "x", {2, 68}), lost);
  EXPECT_THAT(HashIn(tile, "", {2, 68}), lost);
}

TEST(TileTest, OnlyPowersOfTwoHaveAPerfectRoot) {
  const std::string hashes(512 * 32, 'h');
  for (const size_t count : {1, 2, 4, 128, 256}) {
    EXPECT_OK(PerfectRoot(std::string_view(hashes).substr(0, count * 32))) << count;
  }
  for (const size_t bytes : {0, 31, 33, 3 * 32, 255 * 32, 512 * 32}) {
    EXPECT_THAT(PerfectRoot(std::string_view(hashes).substr(0, bytes)),
                StatusIs(absl::StatusCode::kInvalidArgument))
        << bytes;
  }
}

}  // namespace
}  // namespace consent::merkle

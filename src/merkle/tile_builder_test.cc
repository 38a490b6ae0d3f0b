// SPDX-License-Identifier: Apache-2.0

#include "src/merkle/tile_builder.h"

#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <utility>

#include "src/base/status_matchers.h"
#include "src/merkle/test_tree.h"

namespace consent::merkle {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kSize = 66'000;
const TestTree& Tree() {
  static const auto* tree = new TestTree(kSize);
  return *tree;
}

// The store of rows as the rule of tile_builder.h has it: checks that every row written begins as
// what was written there before, and that each was needed.
class Rows {
 public:
  void Write(TileBuilder& builder) {
    std::map<std::pair<int, uint64_t>, bool> seen;
    for (auto& row : builder.TakeChanged()) {
      std::string& stored = rows_[{row.level, row.index}];
      const bool is_new = seen.emplace(std::pair(row.level, row.index), true).second;
      EXPECT_TRUE(is_new) << "twice";
      EXPECT_GT(row.hashes.size(), stored.size()) << row.level << "/" << row.index;
      EXPECT_EQ(row.hashes.substr(0, stored.size()), stored) << row.level << "/" << row.index;
      stored = row.hashes;
    }
    size_ = builder.size();
  }

  absl::StatusOr<std::string> Read(int level, uint64_t index) const {
    const auto it = rows_.find({level, index});
    if (it == rows_.end()) return absl::NotFoundError("no such row");
    return it->second;
  }

  // Every tile of the tree is there, with the hashes of the definition, and nothing else.
  bool AreRight() const {
    const auto tiles = NewTiles({0}, size_);
    if (tiles.size() != rows_.size()) return false;
    for (const Tile& tile : tiles) {
      const auto row = Read(tile.level, tile.index);
      if (!row.ok() || row->size() != tile.bytes()) return false;
      for (int i = 0; i < tile.width; ++i) {
        const uint64_t n = tile.index * kTileWidth + i;
        const Digest hash = Tree().Root(n << 8 * tile.level, (n + 1) << 8 * tile.level);
        if (row->substr(i * 32, 32) != hash.view()) return false;
      }
    }
    return true;
  }

 private:
  std::map<std::pair<int, uint64_t>, std::string> rows_;
  TreeSize size_;
};

void Grow(TileBuilder& builder, uint64_t size) {
  while (builder.size().value < size) builder.Append(Tree().leaf(builder.size().value));
}

absl::StatusOr<TileBuilder> LoadFrom(const Rows& rows, uint64_t size) {
  return TileBuilder::Load({size}, [&](int level, uint64_t i) { return rows.Read(level, i); });
}

RC_GTEST_PROP(TileBuilderTest, MakesTheTilesOfTheDefinitionInWhateverSteps, ()) {
  Rows rows;
  TileBuilder builder;
  uint64_t size = 0;
  const auto steps = *rc::gen::container<std::vector<uint64_t>>(rc::gen::inRange<uint64_t>(0, 700));
  for (const uint64_t step : steps) {
    size = std::min(size + step, kSize);
    Grow(builder, size);
    rows.Write(builder);
    if (*rc::gen::arbitrary<bool>()) builder = *LoadFrom(rows, size);
  }
  RC_ASSERT(rows.AreRight());
  RC_ASSERT(builder.Tree().size() == TreeSize{size});
  RC_ASSERT(builder.Tree().Root() == Tree().Root(size));
}

TEST(TileBuilderTest, MakesFullTilesOfLevelOne) {
  Rows rows;
  TileBuilder builder;
  for (const uint64_t size : {uint64_t{1}, uint64_t{255}, uint64_t{256}, uint64_t{257},
                              uint64_t{65'535}, uint64_t{65'536}, kSize}) {
    Grow(builder, size);
    rows.Write(builder);
    ASSERT_TRUE(rows.AreRight()) << size;
    ASSERT_EQ(builder.Tree().Root(), Tree().Root(size)) << size;
    ASSERT_OK_AND_ASSIGN(builder, LoadFrom(rows, size));
    ASSERT_EQ(builder.Tree().Root(), Tree().Root(size)) << size;
  }
}

TEST(TileBuilderTest, GivesEachChangeOnce) {
  TileBuilder builder;
  EXPECT_THAT(builder.TakeChanged(), IsEmpty());
  Grow(builder, 3);
  EXPECT_EQ(builder.TakeChanged().size(), 1u);
  EXPECT_THAT(builder.TakeChanged(), IsEmpty());
  EXPECT_EQ(builder.Tree().Root(), Tree().Root(3));
}

TEST(TileBuilderTest, ARowAheadOfTheSizeIsReadAsFarAsTheSize) {
  Rows rows;
  TileBuilder ahead;
  Grow(ahead, 700);
  rows.Write(ahead);
  ASSERT_OK_AND_ASSIGN(TileBuilder builder, LoadFrom(rows, 600));
  EXPECT_EQ(builder.Tree().Root(), Tree().Root(600));
  Grow(builder, 700);
  EXPECT_EQ(builder.Tree().Root(), Tree().Root(700));
}

TEST(TileBuilderTest, ARowThatIsShortOrNoHashesIsALoss) {
  const auto load = [](uint64_t size, std::string row) {
    return TileBuilder::Load({size},
                             [&](int, uint64_t) -> absl::StatusOr<std::string> { return row; });
  };
  EXPECT_OK(load(5, std::string(5 * 32, 'h')));
  EXPECT_THAT(load(5, std::string(4 * 32, 'h')),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("tile 0 of level 0 has 128 bytes")));
  EXPECT_THAT(load(5, ""), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(load(5, std::string(5 * 32 + 1, 'h')), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(load(5, std::string(257 * 32, 'h')), StatusIs(absl::StatusCode::kDataLoss));
  EXPECT_THAT(TileBuilder::Load({5},
                                [](int, uint64_t) -> absl::StatusOr<std::string> {
                                  return absl::UnavailableError("no disk");
                                }),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(load(kMaxTreeSize.value + 1, ""), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(TileBuilderTest, OnlyPartialRowsAreRead) {
  std::vector<std::pair<int, uint64_t>> read;
  ASSERT_OK(
      TileBuilder::Load({70'000}, [&](int level, uint64_t index) -> absl::StatusOr<std::string> {
        read.emplace_back(level, index);
        return std::string(256 * 32, 'h');
      }));
  EXPECT_THAT(
      read, ::testing::ElementsAre(std::pair<int, uint64_t>(0, 273), std::pair<int, uint64_t>(1, 1),
                                   std::pair<int, uint64_t>(2, 0)));
}

TEST(TileBuilderDeathTest, AFullTreeTakesNoLeaf) {
  auto builder = TileBuilder::Load(kMaxTreeSize, [](int, uint64_t) -> absl::StatusOr<std::string> {
    return std::string(256 * 32, 'h');
  });
  ASSERT_OK(builder);
  EXPECT_DEATH(builder->Append({}), "cannot hold another leaf");
}

}  // namespace
}  // namespace consent::merkle

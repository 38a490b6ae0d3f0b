// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/tile_path.h"

#include <rapidcheck/gtest.h>

#include <string>

#include "src/base/status_matchers.h"
#include "src/merkle/compact_tree.h"

namespace consent::tlog {
namespace {

const auto kInvalid = StatusIs(absl::StatusCode::kInvalidArgument);

TEST(TilePathTest, NamesTilesAsTheSpecificationDoes) {
  EXPECT_EQ(Path({0, 1'234'067, 256}), "tile/0/x001/x234/067");
  EXPECT_EQ(Path({0, 1'234, 5}), "tile/0/x001/234.p/5");
  EXPECT_EQ(Path({1, 0, 17}), "tile/1/000.p/17");
  EXPECT_EQ(Path({7, 999, 256}), "tile/7/999");
  EXPECT_EQ(Path({0, 1'000, 255}), "tile/0/x001/000.p/255");
  EXPECT_EQ(Path({0, kPathIndexMax, 1}), "tile/0/x036/x028/x797/x018/x963/967.p/1");
  EXPECT_EQ(EntriesPath(1'234'067, 256), "tile/entries/x001/x234/067");
  EXPECT_EQ(EntriesPath(0, 1), "tile/entries/000.p/1");
}

RC_GTEST_PROP(TilePathTest, EveryNameIsReadBack, ()) {
  TilePath path;
  if (*rc::gen::arbitrary<bool>()) {
    path.kind = TilePath::Kind::kEntries;
  } else {
    path.tile.level = *rc::gen::inRange(0, kPathLevelMax + 1);
  }
  path.tile.index = *rc::gen::oneOf(rc::gen::inRange<uint64_t>(0, 3'000),
                                    rc::gen::inRange<uint64_t>(0, kPathIndexMax + 1),
                                    rc::gen::just(kPathIndexMax));
  path.tile.width = *rc::gen::inRange(1, 257);
  const std::string text = path.kind == TilePath::Kind::kEntries
                               ? EntriesPath(path.tile.index, path.tile.width)
                               : Path(path.tile);
  const auto parsed = ParseTilePath(text);
  RC_ASSERT(parsed.ok());
  RC_ASSERT(*parsed == path);
  RC_ASSERT(text.size() <= kTilePathBytesMax);
}

TEST(TilePathTest, OtherNamesOfTheSameTileAreRefused) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "/tile/0/000",
                           "tile//000",
                           "tile/00/000",
                           "tile/01/000",
                           "tile/64/000",
                           "tile/-1/000",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/0/x000",
                           "tile/0/x000/000",
                           "tile/0/x000/x001/000",
                           "tile/0/001/000",
                           "tile/0/x001/x000",
                           "tile/0/x01/000",
                           "tile/0/X001/000",
                           "tile/0/x001//000",
                           "tile/0/x001/000/",
                           "tile/0/0a0",
                           "tile/0/-01",
                           "tile/0/+01",
                           "tile/0/%30%30%30",
                           "tile/0/000.p",
                           "tile/0/000.p/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/01",
                           "tile/0/000.p/256",
                           "tile/0/000.p/-1",
                           "tile/0/000.p/5/",
                           "tile/0/000.p/5.p/5",
                           "tile/0/000.P/5",
                           "tile/0/000p/5",
                           "tile/0/000./5",
                           "tile/0/000 ",
                           "tile/0/000\n",
                           "tile/0/../0/000",
                           "tile/8/0/000",
                           "tile/entries",
                           "tile/entries/",
                           "tile/entries/0",
                           "tile/Entries/000",
                           "tile/entries/000.p/256",
                           "tile/entries/0/000",
                           "tile/data/000",
                           "Tile/0/000",
                           "tile/0/x036/x028/x797/x018/x963/968",
                           "tile/0/x001/x000/x000/x000/x000/x000/000",
                           "tile/0/x999/x999/x999/x999/x999/x999/x999/999"}) {
    EXPECT_THAT(ParseTilePath(path), kInvalid) << path;
  }
  EXPECT_THAT(ParseTilePath(std::string_view("tile/0/000\0", 11)), kInvalid);
}

TEST(TilePathTest, LevelsThatNoLogHasAreWellNamed) {
  ASSERT_OK_AND_ASSIGN(const TilePath path, ParseTilePath("tile/63/000.p/1"));
  EXPECT_EQ(path.tile.level, 63);
  EXPECT_EQ(merkle::WidthOf(63, 0, merkle::kMaxTreeSize), 0);
}

}  // namespace
}  // namespace consent::tlog

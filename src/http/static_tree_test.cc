// SPDX-License-Identifier: Apache-2.0

#include "src/http/static_tree.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/tlog/tile_path.h"

namespace consent::http {
namespace {

// A source that says what it was asked.
class Said : public LogSource {
 public:
  std::vector<std::string> Logs() override { return logs; }
  absl::StatusOr<std::string> Checkpoint(std::string_view log) override {
    return Say(log, "checkpoint");
  }
  absl::StatusOr<std::string> Tile(std::string_view log, const merkle::Tile& tile) override {
    return Say(log, absl::StrCat("hashes ", tile.level, " ", tile.index, " ", tile.width));
  }
  absl::StatusOr<std::string> Entries(std::string_view log, uint64_t index, int width) override {
    return Say(log, absl::StrCat("entries ", index, " ", width));
  }
  absl::StatusOr<std::string> VerifierKeys(std::string_view log) override {
    return Say(log, "vkey");
  }

  std::vector<std::string> logs = {"1/r2", "1", "1/r1", "directory"};
  absl::Status error;

 private:
  absl::StatusOr<std::string> Say(std::string_view log, const std::string& what) const {
    if (!error.ok()) return error;
    return absl::StrCat(std::string(log), ": ", what);
  }
};

class StaticTreeTest : public testing::Test {
 protected:
  Response Get(const std::string& path, const std::string& method = "GET") {
    return ServeTree(source_, {.method = method, .path = path, .headers = {}, .body = {}});
  }
  Said source_;
};

TEST_F(StaticTreeTest, FindsTheLogByTheLongestName) {
  EXPECT_EQ(Get("/checkpoint").body, "1/r2: checkpoint");
  EXPECT_EQ(Get("/1/checkpoint").body, "1: checkpoint");
  EXPECT_EQ(Get("/1/r1/checkpoint").body, "1/r1: checkpoint");
  EXPECT_EQ(Get("/directory/vkey").body, "directory: vkey");
  EXPECT_EQ(Get("/tile/0/000").body, "1/r2: hashes 0 0 256");
  EXPECT_EQ(Get("/1/tile/1/x001/234.p/5").body, "1: hashes 1 1234 5");
  EXPECT_EQ(Get("/directory/tile/entries/007").body, "directory: entries 7 256");
}

TEST_F(StaticTreeTest, SaysHowLongItMayBeKept) {
  for (const char* path : {"/checkpoint", "/1/vkey"}) {
    EXPECT_EQ(Get(path).content_type, "text/plain; charset=utf-8");
    EXPECT_EQ(Get(path).Header("Cache-Control"), "no-cache");
  }
  for (const char* path : {"/tile/0/000.p/1", "/1/tile/entries/000"}) {
    EXPECT_EQ(Get(path).content_type, "application/octet-stream");
    EXPECT_EQ(Get(path).Header("Cache-Control"), "public, max-age=31536000, immutable");
  }
}

TEST_F(StaticTreeTest, APathThatIsNoTilesIs400) {
  for (const char* path :
       {"/tile/", "/tile/0/0", "/tile/0/0000", "/tile/00/000", "/tile/0/x000/001",
        "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/64/000", "/tile/-1/000", "/tile/0/../000",
        "/tile/entries/1", "/1/tile/0/000/"}) {
    EXPECT_EQ(Get(path).status, 400) << path;
    EXPECT_EQ(Get(path).Header("Cache-Control"), "no-store");
  }
}

TEST_F(StaticTreeTest, WhatThereIsNotIs404) {
  for (const char* path : {"/", "/x", "/2/checkpoint", "/1", "/1/", "/checkpoint/", "/tile",
                           "/1//checkpoint", "/tile/8/000", "/../checkpoint"}) {
    EXPECT_EQ(Get(path).status, 404) << path;
  }
  source_.error = absl::NotFoundError("secret");
  const Response beyond = Get("/tile/0/005");
  EXPECT_EQ(beyond.status, 404);
  EXPECT_EQ(beyond.Header("Cache-Control"), "no-store");
  EXPECT_EQ(beyond.body.find("secret"), std::string::npos);
}

TEST_F(StaticTreeTest, OurFaultsShowNothing) {
  source_.error = absl::DataLossError("secret");
  EXPECT_EQ(Get("/checkpoint").status, 500);
  EXPECT_EQ(Get("/checkpoint").body, "internal error\n");
  source_.error = absl::UnavailableError("secret");
  EXPECT_EQ(Get("/checkpoint").status, 503);
}

TEST_F(StaticTreeTest, CanOnlyBeRead) {
  EXPECT_EQ(Get("/checkpoint", "HEAD").status, 200);
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(Get("/checkpoint", method).status, 405);
    EXPECT_EQ(Get("/checkpoint", method).Header("Allow"), "GET, HEAD");
  }
}

TEST_F(StaticTreeTest, ALedgerWithoutLogsHasNothing) {
  source_.logs.clear();
  source_.error = absl::NotFoundError("");
  EXPECT_EQ(Get("/checkpoint").status, 404);
}

}  // namespace
}  // namespace consent::http

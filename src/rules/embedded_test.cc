// SPDX-License-Identifier: Apache-2.0

#include "src/rules/embedded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_matchers.h"

namespace consent::rules {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(EmbeddedTest, CarriesEveryPackOfTheTree) {
  std::vector<std::string> ids;
  for (const EmbeddedPack& pack : EmbeddedPacks()) ids.emplace_back(pack.id);
  EXPECT_THAT(ids, ElementsAre("ca", "eu", "fr", "gb", "in", "us"));
}

TEST(EmbeddedTest, CarriesTheFilesByteForByte) {
  for (const EmbeddedPack& pack : EmbeddedPacks()) {
    std::ifstream in(absl::StrCat("src/rules/packs/", std::string(pack.id), ".yaml"));
    std::stringstream file;
    file << in.rdbuf();
    EXPECT_EQ(file.str(), pack.text) << pack.id;
    EXPECT_FALSE(pack.text.empty());
  }
}

TEST(EmbeddedTest, EveryPackIsSoundAndNamedAsItsFile) {
  for (const EmbeddedPack& embedded : EmbeddedPacks()) {
    ASSERT_OK_AND_ASSIGN(const Pack pack, FindPack(embedded.id));
    EXPECT_EQ(pack.id, embedded.id);
    EXPECT_EQ(pack.sha256, ParsePack(embedded.text).pack.sha256);
  }
}

TEST(EmbeddedTest, AllPacksTogetherAreALaw) {
  std::vector<Pack> packs;
  for (const EmbeddedPack& embedded : EmbeddedPacks()) {
    ASSERT_OK_AND_ASSIGN(Pack pack, FindPack(embedded.id));
    packs.push_back(std::move(pack));
  }
  EXPECT_OK(Join(packs));
}

TEST(EmbeddedTest, APackThatIsNotThereIsToldWithThoseThatAre) {
  EXPECT_THAT(FindPack("atlantis"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("ca, eu, fr, gb, in, us")));
  EXPECT_THAT(FindPack(""), StatusIs(absl::StatusCode::kNotFound));
}

}  // namespace
}  // namespace consent::rules

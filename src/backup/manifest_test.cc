// SPDX-License-Identifier: Apache-2.0

#include "src/backup/manifest.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/crypto/hash.h"

namespace consent::backup {
namespace {

using ::testing::HasSubstr;

Manifest Example() {
  return {.id = 7,
          .made_at = {1795460400},
          .origin = "ledger.example",
          .store_format = 2,
          .release = "0.1.0",
          .bytes = 4711,
          .catalogue = crypto::Sha256({"catalogue"}),
          .journals = {{"ledger.example/directory", {3}, crypto::Sha256({"a"})},
                       {"ledger.example/1/r1", {1044}, crypto::Sha256({"b"})}}};
}

TEST(ManifestTest, ReadsWhatItWrites) {
  EXPECT_THAT(ParseManifest(WriteManifest(Example())), IsOkAndHolds(Example()));
}

// docs/formats/backup.md shows this text.
TEST(ManifestTest, IsAFewLinesThatEndWithTheirDigest) {
  const std::string text = WriteManifest(Example());
  EXPECT_THAT(text, testing::StartsWith("consent-ledger backup 1\nid 7\nmade 1795460400\norigin "
                                        "ledger.example\nformat 2\nrelease 0.1.0\nbytes 4711\n"));
  EXPECT_THAT(text, HasSubstr("\njournal ledger.example/1/r1 1044 "));
}

TEST(ManifestTest, CutShortAnywhereItIsRefused) {
  const std::string text = WriteManifest(Example());
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(ParseManifest(text.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(ParseManifest(text + "\n").ok());
}

TEST(ManifestTest, WithAnyByteChangedItIsRefused) {
  const std::string text = WriteManifest(Example());
  for (size_t at = 0; at < text.size(); ++at) {
    for (const char flip : {1, 2, 16, 32}) {
      std::string changed = text;
      changed[at] ^= flip;
      EXPECT_FALSE(ParseManifest(changed).ok()) << at;
    }
  }
}

TEST(ManifestTest, TheFirstLineThatIsWrongIsNamed) {
  std::string text = WriteManifest(Example());
  text.replace(text.find("bytes 4711"), 10, "bytes many");
  EXPECT_THAT(ParseManifest(text).status().ToString(), HasSubstr("line 7"));
}

}  // namespace
}  // namespace consent::backup

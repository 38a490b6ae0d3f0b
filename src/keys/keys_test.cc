// SPDX-License-Identifier: Apache-2.0

#include "src/keys/keys.h"

#include <filesystem>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/temporary_folder.h"

namespace consent::keys {
namespace {

TEST(OpenKeysTest, NewKeysAreFoundAgain) {
  const store::TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(const Keys made, OpenKeys(KeySource(folder.path()), /*may_create=*/true));
  ASSERT_OK_AND_ASSIGN(const Keys found, OpenKeys(KeySource(folder.path()), /*may_create=*/false));
  EXPECT_EQ(found.peppers.Checks().at(0).check, made.peppers.Checks().at(0).check);
  ASSERT_EQ(found.journal.size(), 1u);
  EXPECT_EQ(found.journal[0].public_key().spki(), made.journal[0].public_key().spki());
}

TEST(OpenKeysTest, AnOldLedgerGetsNoNewKeys) {
  const store::TemporaryFolder folder;
  EXPECT_THAT(OpenKeys(KeySource(folder.path()), /*may_create=*/false),
              StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST(OpenKeysTest, PeppersAreFoundTheNewestFirst) {
  const store::TemporaryFolder folder;
  const KeySource source(folder.path());
  ASSERT_OK(OpenKeys(source, /*may_create=*/true));
  for (const char* const name : {"pepper.10", "pepper.3"}) ASSERT_OK(source.CreateSecret(name));
  ASSERT_OK_AND_ASSIGN(const Keys keys, OpenKeys(source, /*may_create=*/false));
  std::vector<int> versions;
  for (const contact::PepperCheck& pepper : keys.peppers.Checks()) {
    versions.push_back(pepper.version);
  }
  EXPECT_EQ(versions, (std::vector{10, 3, 1}));
}

TEST(OpenKeysTest, APepperThatIsNotNewOrHasNoNumberIsRefusedByName) {
  const store::TemporaryFolder folder;
  const KeySource source(folder.path());
  ASSERT_OK(OpenKeys(source, /*may_create=*/true));
  const std::string second = folder.path() + "/pepper.2";
  std::filesystem::copy(folder.path() + "/pepper.1", second);
  EXPECT_THAT(OpenKeys(source, /*may_create=*/false),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       ::testing::HasSubstr("pepper.2: expected a new key")));
  std::filesystem::remove(second);
  ASSERT_OK(source.CreateSecret("pepper.256"));
  EXPECT_THAT(OpenKeys(source, /*may_create=*/false),
              StatusIs(absl::StatusCode::kFailedPrecondition,
                       ::testing::HasSubstr("pepper.256: expected a number up to 255")));
}

// A process that was killed while it made its journal key left a file that kept the ledger from
// ever starting.
TEST(OpenKeysTest, WhatACrashLeftOfAJournalKeyIsNoKey) {
  const store::TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(const Keys made, OpenKeys(KeySource(folder.path()), /*may_create=*/true));
  std::filesystem::copy(folder.path() + "/journal.1",
                        folder.path() + "/journal.2.0123456789abcdef.new");
  ASSERT_OK_AND_ASSIGN(const Keys found, OpenKeys(KeySource(folder.path()), /*may_create=*/false));
  EXPECT_EQ(found.journal.size(), 1u);
}

}  // namespace
}  // namespace consent::keys

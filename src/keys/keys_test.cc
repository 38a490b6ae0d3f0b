// SPDX-License-Identifier: Apache-2.0

#include "src/keys/keys.h"

#include <filesystem>
#include <string>

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/temporary_folder.h"

namespace consent::keys {
namespace {

TEST(OpenKeysTest, NewKeysAreFoundAgain) {
  const store::TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(const Keys made, OpenKeys(KeySource(folder.path()), /*may_create=*/true));
  ASSERT_OK_AND_ASSIGN(const Keys found, OpenKeys(KeySource(folder.path()), /*may_create=*/false));
  EXPECT_EQ(found.pepper_check, made.pepper_check);
  ASSERT_EQ(found.journal.size(), 1u);
  EXPECT_EQ(found.journal[0].public_key().spki(), made.journal[0].public_key().spki());
}

TEST(OpenKeysTest, AnOldLedgerGetsNoNewKeys) {
  const store::TemporaryFolder folder;
  EXPECT_THAT(OpenKeys(KeySource(folder.path()), /*may_create=*/false),
              StatusIs(absl::StatusCode::kFailedPrecondition));
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

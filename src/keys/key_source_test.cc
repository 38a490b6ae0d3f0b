// SPDX-License-Identifier: Apache-2.0

#include "src/keys/key_source.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/crypto/test_device.h"
#include "src/keys/keys.h"
#include "src/store/temporary_folder.h"

namespace consent::keys {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;

std::string Base64Of(char seed) {
  return absl::Base64Escape(std::string(crypto::Secret::kSize, seed));
}

class KeySourceTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) {
    const std::string path = folder_.path() + "/" + name;
    std::ofstream(path) << text << "\n";
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  KeySource Source() const { return KeySource(folder_.path()); }

  const store::TemporaryFolder folder_;
};

TEST_F(KeySourceTest, TheEnvironmentComesBeforeTheFileAndIsEmptiedOfKeys) {
  Write("pepper.1", Base64Of('f'));
  setenv("CONSENTD_KEY_PEPPER_1", Base64Of('e').c_str(), 1);
  setenv("CONSENTD_KEY_MASTER_3", Base64Of('m').c_str(), 1);
  const char* const where = std::getenv("CONSENTD_KEY_PEPPER_1");
  KeySource source = Source();
  ASSERT_OK(source.TakeEnvironment());
  EXPECT_EQ(std::getenv("CONSENTD_KEY_PEPPER_1"), nullptr);
  EXPECT_EQ(*where, '\0');  // Wiped where /proc shows it, not only taken off the list.
  ASSERT_OK_AND_ASSIGN(const crypto::Secret pepper, source.ReadSecret("pepper.1"));
  EXPECT_EQ(pepper.view(), std::string(crypto::Secret::kSize, 'e'));
  EXPECT_THAT(source.Numbers("master"), IsOkAndHolds(ElementsAre(3)));
}

TEST_F(KeySourceTest, AVariableThatNamesNoKeyIsAnErrorThatShowsNoKey) {
  for (const char* const bad : {"CONSENTD_KEY_PEPER_1", "CONSENTD_KEY_PEPPER", "CONSENTD_KEY_",
                                "CONSENTD_KEY_MASTER_0", "CONSENTD_KEY_MASTER_x"}) {
    setenv(bad, "hush-hush", 1);
    KeySource source = Source();
    const absl::Status refused = source.TakeEnvironment();
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(bad));
    EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("hush")));
    unsetenv(bad);
  }
  setenv("CONSENTD_KEY_PERMIT_1", "hush-hush", 1);
  KeySource source = Source();
  ASSERT_OK(source.TakeEnvironment());
  const absl::Status refused = source.ReadSecret("permit.1").status();
  EXPECT_THAT(refused, StatusIs(kRefused));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("CONSENTD_KEY_PERMIT_1"));
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr("hush")));
}

TEST_F(KeySourceTest, TheHighestNumberComesFirst) {
  Write("journal.2", "");
  Write("journal.10", "");
  Write("journal.9", "");
  EXPECT_THAT(Source().Numbers("journal"), IsOkAndHolds(ElementsAre(10, 9, 2)));
  Write("journal.old", "");
  EXPECT_THAT(Source().Numbers("journal"), StatusIs(kRefused));
}

TEST_F(KeySourceTest, AKeyFileMaySayWhereInADeviceTheKeyIs) {
  crypto::TestDevice& device = crypto::TestDevice::Get();
  device.MakeSigningKey("journal-1");
  device.MakeSecret("root");
  for (const char* const name : {"pepper.1", "permit.1", "master.1"}) {
    Write(name, device.UriOf("root"));
  }
  Write("journal.1", device.UriOf("journal-1"));
  ASSERT_OK_AND_ASSIGN(const Keys keys, OpenKeys(Source(), /*may_create=*/false));
  ASSERT_OK_AND_ASSIGN(const Keys again, OpenKeys(Source(), /*may_create=*/false));
  EXPECT_EQ(keys.peppers.Checks().at(0).check, again.peppers.Checks().at(0).check);
  EXPECT_TRUE(keys.master[0].key == again.master[0].key);
  EXPECT_OK(again.permit.OpenToken(keys.permit.SealToken("a permit")));
  ASSERT_OK_AND_ASSIGN(const std::string signature, keys.journal[0].Sign("note"));
  EXPECT_OK(again.journal[0].public_key().Verify("note", signature));

  Write("master.1", device.UriOf("nowhere"));
  const absl::Status refused = OpenKeys(Source(), /*may_create=*/false).status();
  EXPECT_THAT(refused, StatusIs(kRefused));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("/master.1: "));
  Write("master.1", "pkcs11:token=ledger");
  EXPECT_THAT(std::string(OpenKeys(Source(), false).status().message()), HasSubstr("/master.1: "));
}

TEST_F(KeySourceTest, APermitKeyIsReplacedWithoutVoidingPermits) {
  Write("permit.1", Base64Of('1'));
  ASSERT_OK_AND_ASSIGN(const Keys before, OpenKeys(Source(), /*may_create=*/true));
  const std::string token = before.permit.SealToken("a permit");
  Write("permit.2", Base64Of('2'));
  ASSERT_OK_AND_ASSIGN(const Keys both, OpenKeys(Source(), /*may_create=*/false));
  EXPECT_THAT(both.permit.OpenToken(token), IsOkAndHolds("a permit"));
  EXPECT_NE(both.permit.SealToken("a permit"), token);
  std::filesystem::remove(folder_.path() + "/permit.1");
  ASSERT_OK_AND_ASSIGN(const Keys after, OpenKeys(Source(), /*may_create=*/false));
  EXPECT_FALSE(after.permit.OpenToken(token).ok());
  EXPECT_OK(after.permit.OpenToken(both.permit.SealToken("a permit")));
}

}  // namespace
}  // namespace consent::keys

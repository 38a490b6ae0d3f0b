// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/pkcs11.h"

#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/crypto/test_device.h"

namespace consent::crypto {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kRefused = absl::StatusCode::kFailedPrecondition;

Pkcs11Uri UriOf(const std::string& label) {
  return *ParsePkcs11Uri(TestDevice::Get().UriOf(label));
}

TEST(Pkcs11Test, AKeyInADeviceSignsWhatItsPublicKeyVerifies) {
  TestDevice::Get().MakeSigningKey("signs");
  ASSERT_OK_AND_ASSIGN(const SigningKey key, OpenPkcs11Key(UriOf("signs")));
  EXPECT_EQ(key.algorithm(), Algorithm::kEd25519);
  ASSERT_OK_AND_ASSIGN(const std::string signature, key.Sign("a checkpoint"));
  EXPECT_OK(key.public_key().Verify("a checkpoint", signature));
  EXPECT_FALSE(key.public_key().Verify("another", signature).ok());
  EXPECT_THAT(key.Sign("a checkpoint"), IsOkAndHolds(signature));
  ASSERT_OK_AND_ASSIGN(const SigningKey again, OpenPkcs11Key(UriOf("signs")));
  EXPECT_EQ(again.public_key(), key.public_key());
}

TEST(Pkcs11Test, ManyThreadsSignWithOneKey) {
  TestDevice::Get().MakeSigningKey("many");
  ASSERT_OK_AND_ASSIGN(const SigningKey key, OpenPkcs11Key(UriOf("many")));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&key, t] {
      for (int i = 0; i < 50; ++i) {
        const std::string message = absl::StrCat(t, "/", i);
        const auto signature = key.Sign(message);
        ASSERT_OK(signature.status());
        EXPECT_OK(key.public_key().Verify(message, *signature));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Pkcs11Test, ASecretFollowsFromTheDevicesAndTheName) {
  TestDevice::Get().MakeSecret("root");
  TestDevice::Get().MakeSecret("other");
  ASSERT_OK_AND_ASSIGN(const Secret master, DerivePkcs11Secret(UriOf("root"), "master.1"));
  ASSERT_OK_AND_ASSIGN(const Secret again, DerivePkcs11Secret(UriOf("root"), "master.1"));
  ASSERT_OK_AND_ASSIGN(const Secret pepper, DerivePkcs11Secret(UriOf("root"), "pepper.1"));
  ASSERT_OK_AND_ASSIGN(const Secret other, DerivePkcs11Secret(UriOf("other"), "master.1"));
  EXPECT_TRUE(master == again);
  EXPECT_FALSE(master == pepper);
  EXPECT_FALSE(master == other);
}

TEST(Pkcs11Test, WhatIsNotThereOrNotOfTheKindIsNamed) {
  TestDevice& device = TestDevice::Get();
  device.MakeSecret("a-secret");
  Pkcs11Uri uri = UriOf("a-secret");
  EXPECT_THAT(OpenPkcs11Key(uri), StatusIs(kRefused));
  uri = UriOf("nothing");
  absl::Status refused = DerivePkcs11Secret(uri, "pepper.1").status();
  EXPECT_THAT(refused, StatusIs(kRefused));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("nothing: expected one"));
  uri.token = "elsewhere";
  EXPECT_THAT(std::string(DerivePkcs11Secret(uri, "pepper.1").status().message()),
              HasSubstr("token elsewhere: not found"));
  uri.module_path = "/no/module.so";
  EXPECT_THAT(std::string(DerivePkcs11Secret(uri, "pepper.1").status().message()),
              HasSubstr("/no/module.so"));
  uri.module_path = "/lib/x86_64-linux-gnu/libm.so.6";
  if (std::filesystem::exists(uri.module_path)) {
    EXPECT_THAT(std::string(DerivePkcs11Secret(uri, "pepper.1").status().message()),
                HasSubstr("it gives no functions"));
  }
  device.MakeSecret("twice");
  device.MakeSecret("twice");
  EXPECT_THAT(std::string(DerivePkcs11Secret(UriOf("twice"), "pepper.1").status().message()),
              HasSubstr("several"));
}

// A token stays logged in for the whole process: only a token nobody has opened asks for its pin.
TEST(Pkcs11DeathTest, AWrongPinIsRefusedAndNotShown) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        TestDevice& device = TestDevice::Get();
        device.MakeSecret("locked");
        device.WritePin("00000000");
        const std::string message(
            DerivePkcs11Secret(UriOf("locked"), "pepper.1").status().message());
        const bool good = message.find("log in with the pin in") != message.npos &&
                          message.find("00000000") == message.npos;
        std::exit(good ? 0 : 1);
      },
      ::testing::ExitedWithCode(0), "");
}

TEST(Pkcs11Test, APinThatOthersCanReadIsNotUsed) {
  TestDevice& device = TestDevice::Get();
  device.MakeSecret("guarded");
  std::filesystem::permissions(device.pin_path(), std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  EXPECT_THAT(DerivePkcs11Secret(UriOf("guarded"), "pepper.1"),
              StatusIs(absl::StatusCode::kPermissionDenied));
  device.WritePin(TestDevice::kPin);
}

}  // namespace
}  // namespace consent::crypto

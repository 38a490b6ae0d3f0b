// SPDX-License-Identifier: Apache-2.0
//
// TestDevice: a PKCS #11 token of SoftHSM's in a folder of its own. Test code only.

#ifndef CONSENT_CRYPTO_TEST_DEVICE_H_
#define CONSENT_CRYPTO_TEST_DEVICE_H_

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/crypto/pkcs11_uri.h"

namespace consent::crypto {

class TestDevice {
 public:
  static constexpr char kModule[] = "/usr/lib/softhsm/libsofthsm2.so";
  static constexpr char kPin[] = "73194862";

  // SoftHSM reads the name of its configuration once, so there is one device a process.
  static TestDevice& Get() {
    static auto* const device = new TestDevice();
    return *device;
  }

  void MakeSigningKey(const std::string& label) {
    Tool(absl::StrCat("--keypairgen --key-type EC:edwards25519 --label ", label, " --id 01"));
  }
  void MakeSecret(const std::string& label) {
    Tool(absl::StrCat("--keygen --key-type GENERIC:32 --sensitive --usage-sign --label ", label));
  }

  // As it stands in a key file.
  std::string UriOf(const std::string& label) const {
    return absl::StrCat("pkcs11:token=ledger;object=", label, "?module-path=", kModule,
                        "&pin-source=file:", pin_path());
  }
  std::string pin_path() const { return folder_ + "/pin"; }
  void WritePin(const std::string& pin) {
    std::ofstream(pin_path()) << pin << "\n";
    std::filesystem::permissions(
        pin_path(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

 private:
  TestDevice() {
    std::string folder = ::testing::TempDir() + "/deviceXXXXXX";
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    folder_ = folder;
    std::filesystem::create_directory(folder_ + "/tokens");
    std::ofstream(folder_ + "/softhsm2.conf")
        << "directories.tokendir = " << folder_ << "/tokens\nlog.level = ERROR\n";
    setenv("SOFTHSM2_CONF", (folder_ + "/softhsm2.conf").c_str(), 1);
    WritePin(kPin);
    Run(absl::StrCat("softhsm2-util --init-token --free --label ledger --so-pin ", kPin, " --pin ",
                     kPin));
    std::atexit([] { std::filesystem::remove_all(Get().folder_); });
  }

  static void Run(const std::string& command) {
    EXPECT_EQ(std::system((command + " >/dev/null 2>&1").c_str()), 0) << command;
  }
  static void Tool(const std::string& what) {
    Run(absl::StrCat("pkcs11-tool --module ", kModule, " --token-label ledger --pin ", kPin, " ",
                     what));
  }

  std::string folder_;
};

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_TEST_DEVICE_H_

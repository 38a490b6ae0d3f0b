// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/key_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "src/base/status_matchers.h"

namespace consent::crypto {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// The base64 of 32 times 's'.
constexpr char kSecretLine[] = "c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M=";

class KeyFileTest : public testing::Test {
 protected:
  KeyFileTest() {
    std::string name = testing::TempDir() + "key_file_test.XXXXXX";
    directory_ = mkdtemp(name.data());
  }
  ~KeyFileTest() override { std::filesystem::remove_all(directory_); }

  std::string Path(const std::string& name = "key") const { return directory_ + "/" + name; }
  void Put(const std::string& text, mode_t mode = 0600) {
    std::ofstream(Path(), std::ios::binary) << text;
    ASSERT_EQ(chmod(Path().c_str(), mode), 0);
  }
  std::string Text() {
    std::ifstream in(Path(), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  }
  size_t CountFiles() {
    return static_cast<size_t>(std::distance(std::filesystem::directory_iterator(directory_), {}));
  }

  const Secret secret_ = *Secret::FromBytes(std::string(32, 's'));
  std::string directory_;
};

TEST_F(KeyFileTest, ASecretIsOneLineOfBase64AndComesBack) {
  ASSERT_OK(CreateSecretFile(Path(), secret_));
  EXPECT_EQ(Text(), std::string(kSecretLine) + "\n");
  ASSERT_OK_AND_ASSIGN(const Secret read, ReadSecretFile(Path()));
  EXPECT_TRUE(read == secret_);
}

TEST_F(KeyFileTest, AKeyIsPemAndComesBack) {
  for (const Algorithm algorithm : {Algorithm::kEd25519, Algorithm::kEcdsaP256}) {
    const PrivateKey key = PrivateKey::Generate(algorithm);
    const std::string path = Path(std::string(AlgorithmName(algorithm)));
    ASSERT_OK(CreateKeyFile(path, key));
    ASSERT_OK_AND_ASSIGN(const PrivateKey read, ReadKeyFile(path));
    EXPECT_EQ(read.public_key(), key.public_key());
  }
}

TEST_F(KeyFileTest, OnlyTheOwnerMayReadWhateverTheUmask) {
  for (const mode_t mask : {0000, 0022, 0777}) {
    const mode_t before = umask(mask);
    const absl::Status created = CreateSecretFile(Path(), secret_);
    umask(before);
    ASSERT_OK(created);
    struct stat about;
    ASSERT_EQ(stat(Path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 07777, 0600u);
    unlink(Path().c_str());
  }
}

TEST_F(KeyFileTest, NothingElseIsLeftBehind) {
  ASSERT_OK(CreateSecretFile(Path(), secret_));
  EXPECT_EQ(CountFiles(), 1u);
  EXPECT_FALSE(CreateSecretFile(Path(), secret_).ok());
  EXPECT_EQ(CountFiles(), 1u);
}

TEST_F(KeyFileTest, AnExistingFileIsNeverOverwritten) {
  Put("something");
  EXPECT_THAT(CreateSecretFile(Path(), secret_),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr(Path())));
  EXPECT_THAT(CreateKeyFile(Path(), PrivateKey::Generate(Algorithm::kEd25519)),
              StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(Text(), "something");
}

TEST_F(KeyFileTest, OfManyThatCreateOneFileOneSucceeds) {
  std::atomic<int> created = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back(
        [&] { created += CreateSecretFile(Path(), Secret::Random()).ok() ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(created, 1);
  EXPECT_OK(ReadSecretFile(Path()));
}

TEST_F(KeyFileTest, AFileOthersCanTouchIsNotRead) {
  for (const mode_t mode : {0640, 0604, 0660, 0644, 0620, 0602, 0610, 0777}) {
    Put(std::string(kSecretLine) + "\n", mode);
    EXPECT_THAT(ReadSecretFile(Path()),
                StatusIs(absl::StatusCode::kPermissionDenied,
                         AllOf(HasSubstr(Path()), HasSubstr("expected mode 0600, found 0"),
                               Not(HasSubstr("c3Nz")))))
        << std::oct << mode;
    EXPECT_THAT(ReadKeyFile(Path()), StatusIs(absl::StatusCode::kPermissionDenied));
  }
  for (const mode_t mode : {0600, 0400, 0700}) {
    Put(std::string(kSecretLine) + "\n", mode);
    EXPECT_OK(ReadSecretFile(Path()));
  }
}

TEST_F(KeyFileTest, AMissingFileOrDirectoryIsNamed) {
  EXPECT_THAT(ReadSecretFile(Path()), StatusIs(absl::StatusCode::kNotFound, HasSubstr(Path())));
  const std::string nowhere = Path("none/key");
  EXPECT_THAT(ReadKeyFile(nowhere), StatusIs(absl::StatusCode::kNotFound, HasSubstr(nowhere)));
  EXPECT_THAT(CreateSecretFile(nowhere, secret_),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr(nowhere)));
}

TEST_F(KeyFileTest, WhatIsNoFileIsRefusedAndNotWaitedFor) {
  EXPECT_THAT(ReadSecretFile(directory_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("expected a regular file")));
  ASSERT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_THAT(ReadSecretFile(Path("pipe")), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(KeyFileTest, OtherContentIsRefusedWithoutShowingIt) {
  const std::string line = kSecretLine;
  for (const std::string& text :
       {std::string(), std::string("\n"), line.substr(1) + "\n", line + "=\n", line + "\n\n",
        " " + line, line.substr(0, 43) + "\n", "c3Nz" + line, line + "\n" + line + "\n",
        std::string("c3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3N=\n"), std::string(32, 's')}) {
    Put(text);
    EXPECT_THAT(
        ReadSecretFile(Path()),
        StatusIs(absl::StatusCode::kInvalidArgument,
                 AllOf(HasSubstr(Path()), HasSubstr("expected 32 bytes"), Not(HasSubstr("c3Nz")))))
        << text;
    EXPECT_THAT(ReadKeyFile(Path()), StatusIs(absl::StatusCode::kInvalidArgument,
                                              AllOf(HasSubstr(Path()), Not(HasSubstr("c3Nz")))));
  }
}

TEST_F(KeyFileTest, AFileAboveTheLimitIsRefused) {
  Put(std::string(kMaxKeyFileBytes + 1, 'x'));
  EXPECT_THAT(ReadSecretFile(Path()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at most 4096 bytes")));
}

}  // namespace
}  // namespace consent::crypto

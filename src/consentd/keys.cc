// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/keys.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/hkdf.h"
#include "src/crypto/hmac.h"
#include "src/crypto/key_file.h"

namespace consent::consentd {
namespace {

constexpr std::string_view kJournalKeyPrefix = "journal.";

absl::StatusOr<crypto::Secret> OpenSecret(const std::string& path, bool may_create) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    if (!may_create) {
      return absl::FailedPreconditionError(absl::StrCat(
          path, ": this ledger's key is missing; put it back from where it is kept safe"));
    }
    RETURN_IF_ERROR(crypto::CreateSecretFile(path, crypto::Secret::Random()));
  }
  return crypto::ReadSecretFile(path);
}

// What a crash leaves of a key that was being made (crypto::CreateKeyFile): nobody's key yet.
constexpr std::string_view kUnfinished = ".new";

// The journal keys in `folder` by their numbers, highest first.
absl::StatusOr<std::map<int, std::string, std::greater<>>> FindJournalKeys(
    const std::string& folder) {
  std::map<int, std::string, std::greater<>> found;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder, error)) {
    const std::string name = file.path().filename().string();
    if (!name.starts_with(kJournalKeyPrefix) || name.ends_with(kUnfinished)) continue;
    int number = 0;
    if (!absl::SimpleAtoi(name.substr(kJournalKeyPrefix.size()), &number) || number < 1) {
      return absl::FailedPreconditionError(
          absl::StrCat(file.path().string(), ": expected journal. and a number from 1"));
    }
    found[number] = file.path().string();
  }
  if (error) return absl::FailedPreconditionError(absl::StrCat(folder, ": ", error.message()));
  return found;
}

absl::StatusOr<std::vector<crypto::PrivateKey>> OpenJournalKeys(const std::string& folder,
                                                                bool may_create) {
  ASSIGN_OR_RETURN(auto files, FindJournalKeys(folder));
  if (files.empty()) {
    const std::string path = absl::StrCat(folder, "/", std::string(kJournalKeyPrefix), "1");
    if (!may_create) {
      return absl::FailedPreconditionError(absl::StrCat(
          path, ": this ledger's key is missing; put it back from where it is kept safe"));
    }
    RETURN_IF_ERROR(
        crypto::CreateKeyFile(path, crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519)));
    files[1] = path;
  }
  std::vector<crypto::PrivateKey> keys;
  for (const auto& [number, path] : files) {
    ASSIGN_OR_RETURN(crypto::PrivateKey key, crypto::ReadKeyFile(path));
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

absl::StatusOr<Keys> OpenKeys(const std::string& folder, bool may_create) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat(folder, ": ", error.message()));
  }
  std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  ASSIGN_OR_RETURN(const crypto::Secret pepper, OpenSecret(folder + "/pepper.1", may_create));
  ASSIGN_OR_RETURN(const crypto::Secret permit, OpenSecret(folder + "/permit", may_create));
  ASSIGN_OR_RETURN(std::vector<crypto::PrivateKey> journal, OpenJournalKeys(folder, may_create));
  const crypto::HmacKey check(crypto::DeriveKey(pepper, "consent-ledger/pepper-check"));
  return Keys{
      .pepper = contact::Pepper(contact::Pepper::kFirstVersion, crypto::HmacKey(pepper)),
      .pepper_check = absl::BytesToHexString(std::string(check.Mac("1").view().substr(0, 16))),
      .permit = crypto::TokenKey(permit, "permit"),
      .journal = std::move(journal)};
}

}  // namespace consent::consentd

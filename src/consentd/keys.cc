// SPDX-License-Identifier: Apache-2.0

#include "src/consentd/keys.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/hkdf.h"
#include "src/crypto/hmac.h"
#include "src/crypto/key_file.h"

namespace consent::consentd {
namespace {

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
  const crypto::HmacKey check(crypto::DeriveKey(pepper, "consent-ledger/pepper-check"));
  return Keys{
      .pepper = contact::Pepper(contact::Pepper::kFirstVersion, crypto::HmacKey(pepper)),
      .pepper_check = absl::BytesToHexString(std::string(check.Mac("1").view().substr(0, 16))),
      .permit = crypto::TokenKey(permit, "permit")};
}

}  // namespace consent::consentd

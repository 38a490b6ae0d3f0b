// SPDX-License-Identifier: Apache-2.0

#include "src/keys/keys.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/hmac.h"

namespace consent::keys {
namespace {

std::string NameOf(std::string_view kind, uint32_t number) {
  return absl::StrCat(std::string(kind), ".", number);
}

// The numbers of the keys of this kind, the newest first. Where there is none, the first is made,
// or expected: its absence is then said by whoever reads it.
absl::StatusOr<std::vector<uint32_t>> NumbersOf(const KeySource& source, std::string_view kind,
                                                bool may_create) {
  ASSIGN_OR_RETURN(std::vector<uint32_t> numbers, source.Numbers(kind));
  if (!numbers.empty()) return numbers;
  const std::string first = NameOf(kind, 1);
  if (may_create) {
    RETURN_IF_ERROR(kind == "journal" ? source.CreateSigningKey(first)
                                      : source.CreateSecret(first));
  }
  return std::vector<uint32_t>{1};
}

absl::StatusOr<contact::Peppers> OpenPeppers(const KeySource& source, bool may_create) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> numbers, NumbersOf(source, "pepper", may_create));
  std::vector<contact::Pepper> peppers;
  std::map<std::string, uint32_t> known;  // By their checks.
  for (const uint32_t number : numbers) {
    const std::string name = NameOf("pepper", number);
    if (number > contact::Pepper::kLastVersion) {
      return absl::FailedPreconditionError(absl::StrCat(
          name, ": expected a number up to ", static_cast<int>(contact::Pepper::kLastVersion)));
    }
    ASSIGN_OR_RETURN(const crypto::Secret secret, source.ReadSecret(name));
    peppers.emplace_back(static_cast<uint8_t>(number), crypto::HmacKey(secret));
    const auto [same, is_new] = known.emplace(peppers.back().Check().check, number);
    if (!is_new) {
      return absl::FailedPreconditionError(absl::StrCat(
          NameOf("pepper", same->second), ": expected a new key, found that of ", name));
    }
  }
  return contact::Peppers(std::move(peppers));
}

absl::StatusOr<crypto::TokenKey> OpenPermitKey(const KeySource& source, bool may_create) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> numbers, NumbersOf(source, "permit", may_create));
  std::vector<crypto::Secret> secrets;
  for (const uint32_t number : numbers) {
    ASSIGN_OR_RETURN(crypto::Secret secret, source.ReadSecret(NameOf("permit", number)));
    secrets.push_back(std::move(secret));
  }
  return crypto::TokenKey(secrets, "permit");
}

absl::StatusOr<std::vector<crypto::SigningKey>> OpenJournalKeys(const KeySource& source,
                                                                bool may_create) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> numbers, NumbersOf(source, "journal", may_create));
  std::vector<crypto::SigningKey> keys;
  for (const uint32_t number : numbers) {
    ASSIGN_OR_RETURN(crypto::SigningKey key, source.ReadSigningKey(NameOf("journal", number)));
    keys.push_back(std::move(key));
  }
  return keys;
}

}  // namespace

absl::StatusOr<std::vector<journal::MasterKey>> OpenMasterKeys(const KeySource& source) {
  ASSIGN_OR_RETURN(const std::vector<uint32_t> numbers, source.Numbers("master"));
  std::vector<journal::MasterKey> keys;
  for (const uint32_t number : numbers) {
    ASSIGN_OR_RETURN(crypto::Secret secret, source.ReadSecret(NameOf("master", number)));
    keys.push_back({number, std::move(secret)});
  }
  return keys;
}

absl::StatusOr<Keys> OpenKeys(const KeySource& source, bool may_create) {
  if (may_create) RETURN_IF_ERROR(source.CreateFolder());
  ASSIGN_OR_RETURN(contact::Peppers peppers, OpenPeppers(source, may_create));
  ASSIGN_OR_RETURN(crypto::TokenKey permit, OpenPermitKey(source, may_create));
  RETURN_IF_ERROR(NumbersOf(source, "master", may_create).status());
  ASSIGN_OR_RETURN(std::vector<journal::MasterKey> master, OpenMasterKeys(source));
  ASSIGN_OR_RETURN(std::vector<crypto::SigningKey> journal, OpenJournalKeys(source, may_create));
  return Keys{.peppers = std::move(peppers),
              .permit = std::move(permit),
              .master = std::move(master),
              .journal = std::move(journal)};
}

}  // namespace consent::keys

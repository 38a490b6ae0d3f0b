// SPDX-License-Identifier: Apache-2.0

#include "src/keys/key_source.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <set>
#include <system_error>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/pkcs11.h"
#include "src/crypto/pkcs11_uri.h"

namespace consent::keys {
namespace {

constexpr std::string_view kVariable = "CONSENTD_KEY_";
// What a crash leaves of a key that was being made (crypto::CreateKeyFile): nobody's key yet.
constexpr std::string_view kUnfinished = ".new";

std::string VariableOf(std::string_view name) {
  std::string variable = absl::AsciiStrToUpper(absl::string_view(name.data(), name.size()));
  std::replace(variable.begin(), variable.end(), '.', '_');
  return std::string(kVariable) + variable;
}

// "PEPPER_1" is pepper.1.
absl::StatusOr<std::string> NameIn(std::string_view variable) {
  std::string name(variable.substr(kVariable.size()));
  absl::AsciiStrToLower(&name);
  const size_t last = name.rfind('_');
  uint32_t number = 0;
  for (const std::string_view kind : {"pepper", "permit", "master", "journal"}) {
    if (last == name.npos || name.substr(0, last) != kind) continue;
    if (!absl::SimpleAtoi(name.substr(last + 1), &number) || number < 1) continue;
    return absl::StrCat(name.substr(0, last), ".", number);
  }
  return absl::InvalidArgumentError(
      absl::StrCat(std::string(variable), ": expected ", std::string(kVariable),
                   "KIND_N, KIND one of PEPPER, PERMIT, MASTER, JOURNAL and N a number from 1"));
}

absl::Status Prefixed(const std::string& place, const absl::Status& status) {
  if (status.ok()) return status;
  return absl::FailedPreconditionError(absl::StrCat(place, ": ", std::string(status.message())));
}

}  // namespace

absl::Status KeySource::TakeEnvironment() {
  std::set<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (text.starts_with(kVariable)) variables.emplace(text.substr(0, text.find('=')));
  }
  for (const std::string& variable : variables) {
    ASSIGN_OR_RETURN(std::string name, NameIn(variable));
    char* const value = std::getenv(variable.c_str());
    const size_t size = std::string_view(value).size();
    environment_.emplace(std::move(name), crypto::KeyText(std::string(value, size)));
    crypto::Wipe(value, size);
    unsetenv(variable.c_str());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<uint32_t>> KeySource::Numbers(std::string_view kind) const {
  const std::string prefix = absl::StrCat(std::string(kind), ".");
  std::set<uint32_t, std::greater<>> found;
  std::error_code error;
  const auto add = [&](const std::string& name) {
    uint32_t number = 0;
    const bool good = absl::SimpleAtoi(name.substr(prefix.size()), &number) && number >= 1;
    if (good) found.insert(number);
    return good;
  };
  for (const auto& [name, text] : environment_) {
    if (name.starts_with(prefix)) add(name);
  }
  if (!std::filesystem::exists(folder_, error)) return std::vector(found.begin(), found.end());
  for (const auto& file : std::filesystem::directory_iterator(folder_, error)) {
    const std::string name = file.path().filename().string();
    if (!name.starts_with(prefix) || name.ends_with(kUnfinished)) continue;
    if (!add(name)) {
      return absl::FailedPreconditionError(
          absl::StrCat(file.path().string(), ": expected ", prefix, "N, N a number from 1"));
    }
  }
  if (error) return absl::FailedPreconditionError(absl::StrCat(folder_, ": ", error.message()));
  return std::vector(found.begin(), found.end());
}

absl::StatusOr<KeySource::Found> KeySource::Find(const std::string& name) const {
  if (const auto found = environment_.find(name); found != environment_.end()) {
    return Found{VariableOf(name), crypto::KeyText(std::string(found->second.view()))};
  }
  absl::StatusOr<crypto::KeyText> text = crypto::ReadKeyText(PathOf(name));
  if (text.ok()) return Found{"key file " + PathOf(name), *std::move(text)};
  if (!absl::IsNotFound(text.status())) return text.status();
  return absl::FailedPreconditionError(absl::StrCat(
      PathOf(name),
      ": this ledger's key is missing; put it back from where it is kept safe, or name "
      "it in the environment as ",
      VariableOf(name)));
}

absl::StatusOr<crypto::Secret> KeySource::ReadSecret(const std::string& name) const {
  ASSIGN_OR_RETURN(const Found found, Find(name));
  if (!crypto::IsPkcs11Uri(found.text.view())) {
    absl::StatusOr<crypto::Secret> secret = crypto::ParseSecret(found.text);
    if (!secret.ok()) return Prefixed(found.place, secret.status());
    return secret;
  }
  const absl::StatusOr<crypto::Pkcs11Uri> uri = crypto::ParsePkcs11Uri(found.text.Line());
  if (!uri.ok()) return Prefixed(found.place, uri.status());
  absl::StatusOr<crypto::Secret> secret = crypto::DerivePkcs11Secret(*uri, name);
  if (!secret.ok()) return Prefixed(found.place, secret.status());
  return secret;
}

absl::StatusOr<crypto::SigningKey> KeySource::ReadSigningKey(const std::string& name) const {
  ASSIGN_OR_RETURN(const Found found, Find(name));
  if (!crypto::IsPkcs11Uri(found.text.view())) {
    absl::StatusOr<crypto::PrivateKey> key = crypto::PrivateKey::FromPem(found.text.view());
    if (!key.ok()) return Prefixed(found.place, key.status());
    return crypto::SigningKey(*std::move(key));
  }
  const absl::StatusOr<crypto::Pkcs11Uri> uri = crypto::ParsePkcs11Uri(found.text.Line());
  if (!uri.ok()) return Prefixed(found.place, uri.status());
  absl::StatusOr<crypto::SigningKey> key = crypto::OpenPkcs11Key(*uri);
  if (!key.ok()) return Prefixed(found.place, key.status());
  return key;
}

absl::Status KeySource::CreateFolder() const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  if (error) return absl::FailedPreconditionError(absl::StrCat(folder_, ": ", error.message()));
  std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, error);
  return absl::OkStatus();
}

absl::Status KeySource::CreateSecret(const std::string& name) const {
  return crypto::CreateSecretFile(PathOf(name), crypto::Secret::Random());
}

absl::Status KeySource::CreateSigningKey(const std::string& name) const {
  return crypto::CreateKeyFile(PathOf(name),
                               crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519));
}

}  // namespace consent::keys

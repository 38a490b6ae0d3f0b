// SPDX-License-Identifier: Apache-2.0

#include "src/access/identity.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace consent::access {
namespace {

constexpr std::string_view kScheme = "consent:";

bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kNameBytesMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
                  c == '-';
         });
}

// Not quoted: whatever stands in a credential may be anything.
absl::Status NoIdentity() {
  return absl::InvalidArgumentError(
      "expected an identity such as company:acme, processor:callco, registrar:operator1, app:myapp,"
      " auditor, regulator or admin");
}

}  // namespace

std::string_view NameOf(Role role) {
  switch (role) {
    case Role::kCompany:
      return "company";
    case Role::kProcessor:
      return "processor";
    case Role::kRegistrar:
      return "registrar";
    case Role::kApp:
      return "app";
    case Role::kAuditor:
      return "auditor";
    case Role::kRegulator:
      return "regulator";
    case Role::kAdmin:
      return "admin";
  }
  return "";
}

std::optional<Role> RoleOf(std::string_view name) {
  for (const Role role : kRoles) {
    if (NameOf(role) == name) return role;
  }
  return std::nullopt;
}

bool IsNamed(Role role) {
  return role == Role::kCompany || role == Role::kProcessor || role == Role::kRegistrar ||
         role == Role::kApp;
}

absl::StatusOr<Identity> ParseIdentity(std::string_view word) {
  const size_t colon = word.find(':');
  const std::optional<Role> role = RoleOf(word.substr(0, colon));
  if (!role.has_value()) return NoIdentity();
  if (!IsNamed(*role)) {
    if (colon != word.npos) return NoIdentity();
    return Identity{.role = *role};
  }
  if (colon == word.npos || !IsName(word.substr(colon + 1))) return NoIdentity();
  return Identity{.role = *role, .name = std::string(word.substr(colon + 1))};
}

absl::StatusOr<Identity> ParseIdentityUri(std::string_view uri) {
  if (!uri.starts_with(kScheme)) return absl::NotFoundError("an URI of another scheme");
  return ParseIdentity(uri.substr(kScheme.size()));
}

std::string ToString(const Identity& identity) {
  const std::string role(NameOf(identity.role));
  return IsNamed(identity.role) ? absl::StrCat(role, ":", identity.name) : role;
}

absl::StatusOr<Caller> Caller::Of(std::vector<Identity> identities) {
  if (identities.empty() || identities.size() > kIdentitiesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected 1 to ", kIdentitiesMax, " identities, found ", identities.size()));
  }
  return Caller(std::move(identities));
}

Caller::Caller(std::vector<Identity> identities) : identities_(std::move(identities)) {
  std::set<std::string> words;
  for (const Identity& identity : identities_) words.insert(ToString(identity));
  name_ = absl::StrJoin(words, ",");
}

bool Caller::Has(Role role) const {
  return std::any_of(identities_.begin(), identities_.end(),
                     [role](const Identity& identity) { return identity.role == role; });
}

bool Caller::Is(Role role, std::string_view name) const {
  return !name.empty() && std::any_of(identities_.begin(), identities_.end(),
                                      [role, name](const Identity& identity) {
                                        return identity.role == role && identity.name == name;
                                      });
}

}  // namespace consent::access

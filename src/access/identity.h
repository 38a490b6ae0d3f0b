// SPDX-License-Identifier: Apache-2.0
//
// Identity: in what capacity somebody calls, in one word. Caller: all of a caller's words.
//
//   company:acme          a company, under its name in the directory
//   processor:callco      who contacts for companies, under its name in the directory
//   registrar:operator1   who verifies that a number is somebody's
//   app:myapp             an app through which consumers speak
//   auditor, regulator, admin
//
// A credential holds such words: a certificate as URIs (consent:company:acme), a token in its claim
// `consent`. Nothing here looks at credentials; what is read here is read strictly, for a word that
// is misread is somebody else's right.
//
// Threads: values; const use is safe from any thread.

#ifndef CONSENT_ACCESS_IDENTITY_H_
#define CONSENT_ACCESS_IDENTITY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace consent::access {

enum class Role { kCompany, kProcessor, kRegistrar, kApp, kAuditor, kRegulator, kAdmin };

inline constexpr Role kRoles[] = {Role::kCompany, Role::kProcessor, Role::kRegistrar, Role::kApp,
                                  Role::kAuditor, Role::kRegulator, Role::kAdmin};

// "company".
std::string_view NameOf(Role role);
std::optional<Role> RoleOf(std::string_view name);
// Whether a word of this role names who it is: "company:acme", but "auditor".
bool IsNamed(Role role);

inline constexpr size_t kNameBytesMax = 64;

struct Identity {
  Role role = Role::kCompany;
  std::string name = {};  // 1 to 64 of a-z, 0-9, '.', '_', '-'; empty where IsNamed says so.

  friend auto operator<=>(const Identity&, const Identity&) = default;
};

// The identity of "company:acme". InvalidArgument otherwise.
absl::StatusOr<Identity> ParseIdentity(std::string_view word);
// The identity of "consent:company:acme", as certificates hold it. NotFound for URIs of other
// schemes, which are nothing of ours; InvalidArgument for one of ours that says nothing.
absl::StatusOr<Identity> ParseIdentityUri(std::string_view uri);
// "company:acme".
std::string ToString(const Identity& identity);

class Caller {
 public:
  // A caller says no more than this many words; one who says more is refused whole.
  static constexpr size_t kIdentitiesMax = 32;

  // InvalidArgument for none, or for too many.
  static absl::StatusOr<Caller> Of(std::vector<Identity> identities);

  const std::vector<Identity>& identities() const { return identities_; }
  // All words in one, the same in whatever order they were said: "admin,company:acme".
  const std::string& name() const { return name_; }
  bool Has(Role role) const;
  // A named role. `name` must not be empty: nobody has no name.
  bool Is(Role role, std::string_view name) const;

 private:
  explicit Caller(std::vector<Identity> identities);

  std::vector<Identity> identities_;
  std::string name_;
};

}  // namespace consent::access

#endif  // CONSENT_ACCESS_IDENTITY_H_

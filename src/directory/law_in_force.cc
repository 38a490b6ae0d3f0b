// SPDX-License-Identifier: Apache-2.0

#include "src/directory/law_in_force.h"

#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/rules/embedded.h"

namespace consent::directory {
namespace {

using Carried = std::map<std::string, absl::StatusOr<rules::Pack>, std::less<>>;

// Read once: each costs a millisecond.
const Carried& AllCarried() {
  static const Carried* const kCarried = [] {
    auto* const carried = new Carried();
    for (const rules::EmbeddedPack& pack : rules::EmbeddedPacks()) {
      carried->emplace(pack.id, rules::FindPack(pack.id));
    }
    return carried;
  }();
  return *kCarried;
}

}  // namespace

absl::StatusOr<const rules::Pack*> CarriedPack(std::string_view id, const Digest& sha256,
                                               absl::Span<const rules::Pack> more) {
  const auto pack = AllCarried().find(id);
  if (pack != AllCarried().end() && !pack->second.ok()) {
    return WithReason(pack->second.status(), "RULE_PACK_MISSING");
  }
  if (pack != AllCarried().end() && pack->second->sha256 == sha256) return &*pack->second;
  for (const rules::Pack& given : more) {
    if (given.id == id && given.sha256 == sha256) return &given;
  }
  return Fault(absl::StatusCode::kFailedPrecondition, "RULE_PACK_MISSING",
               absl::StrCat("rule pack ", std::string(id),
                            ": this server does not carry the file with this hash; run the "
                            "release that does, or put the one of this release in force "
                            "(PutRulePack)"));
}

absl::StatusOr<core::Law> LawInForce(const RulePacks& packs, absl::Span<const rules::Pack> more) {
  std::vector<rules::Pack> in_force;
  for (const auto& [id, pack] : packs) {
    if (!pack.in_force) continue;
    ASSIGN_OR_RETURN(const rules::Pack* const carried, CarriedPack(id, pack.sha256, more));
    in_force.push_back(*carried);
  }
  return rules::Join(in_force);
}

}  // namespace consent::directory

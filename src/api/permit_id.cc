// SPDX-License-Identifier: Apache-2.0

#include "src/api/permit_id.h"

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "src/base/codec.h"

namespace consent::api {
namespace {

constexpr size_t kPermitIdBytesMax = 256;
// So that no id begins with a dash: programs would take it for an option.
constexpr char kPrefix[] = "p";

}  // namespace

std::string ToPermitId(const crypto::TokenKey& key, const PermitName& name) {
  return kPrefix + absl::WebSafeBase64Escape(key.SealToken(Encode(name)));
}

std::optional<PermitName> FromPermitId(const crypto::TokenKey& key, std::string_view id) {
  std::string token;
  if (id.size() > kPermitIdBytesMax || !id.starts_with(kPrefix)) return std::nullopt;
  id.remove_prefix(std::string_view(kPrefix).size());
  if (!absl::WebSafeBase64Unescape(absl::string_view(id.data(), id.size()), &token)) {
    return std::nullopt;
  }
  const absl::StatusOr<std::string> bytes = key.OpenToken(token);
  if (!bytes.ok()) return std::nullopt;
  absl::StatusOr<PermitName> name = Decode<PermitName>(*bytes);
  if (!name.ok()) return std::nullopt;
  // Base64 has bits to spare, and readers are lenient: other texts would be this id too.
  if (absl::WebSafeBase64Escape(token) != id) return std::nullopt;
  return *name;
}

}  // namespace consent::api

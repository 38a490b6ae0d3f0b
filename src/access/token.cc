// SPDX-License-Identifier: Apache-2.0

#include "src/access/token.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/json.h"
#include "src/base/status_macros.h"

namespace consent::access {
namespace {

// Year 10000: what counts seconds from then on counts something else, milliseconds perhaps.
constexpr int64_t kTimeMax = INT64_C(253'402'300'800);

absl::Status Bad(const std::string& message) {
  return Fault(absl::StatusCode::kUnauthenticated, "BAD_CREDENTIALS", "token: " + message);
}

absl::Status Untimely(const std::string& message) {
  return Fault(absl::StatusCode::kUnauthenticated, "CREDENTIALS_EXPIRED", "token: " + message);
}

bool IsFor(const Json* audience, const std::string& name) {
  if (audience == nullptr) return false;
  if (audience->text() != nullptr) return *audience->text() == name;
  if (audience->array() == nullptr) return false;
  return std::any_of(audience->array()->begin(), audience->array()->end(),
                     [&](const Json& one) { return one.text() != nullptr && *one.text() == name; });
}

absl::StatusOr<int64_t> TimeOf(const Json& claim, const char* name) {
  const std::optional<int64_t> time = claim.whole();
  if (time.has_value() && *time >= 0 && *time < kTimeMax) return *time;
  return Bad(absl::StrCat(name, ": expected Unix seconds"));
}

absl::StatusOr<Caller> CallerOf(const Json* words) {
  if (words == nullptr || words->array() == nullptr) {
    return Bad("expected the claim `consent`, an array such as [\"company:acme\"]");
  }
  std::vector<Identity> identities;
  for (const Json& word : *words->array()) {
    const absl::StatusOr<Identity> identity =
        ParseIdentity(word.text() == nullptr ? std::string() : *word.text());
    if (!identity.ok()) {
      return Bad(absl::StrCat("consent: ", std::string(identity.status().message())));
    }
    identities.push_back(*identity);
  }
  absl::StatusOr<Caller> caller = Caller::Of(std::move(identities));
  if (!caller.ok()) return Bad(absl::StrCat("consent: ", std::string(caller.status().message())));
  return caller;
}

}  // namespace

absl::StatusOr<TokenReader::Bearer> TokenReader::Read(std::string_view token, int64_t now) const {
  if (token.size() > kTokenBytesMax) {
    return Bad(absl::StrCat("expected at most ", kTokenBytesMax, " bytes, found ", token.size()));
  }
  const absl::StatusOr<std::string> payload = keys_.Verify(token);
  if (!payload.ok()) return Bad(std::string(payload.status().message()));
  const absl::StatusOr<Json> claims = Json::Parse(*payload);
  if (!claims.ok() || claims->object() == nullptr) return Bad("expected claims as a JSON object");
  const std::string* const issuer = claims->FindText("iss");
  if (issuer == nullptr || *issuer != options_.issuer) return Bad("iss: expected another issuer");
  if (!IsFor(claims->Find("aud"), options_.audience)) return Bad("aud: expected another audience");
  const Json* const expiry = claims->Find("exp");
  if (expiry == nullptr) return Bad("expected the claim `exp`");
  ASSIGN_OR_RETURN(const int64_t until, TimeOf(*expiry, "exp"));
  if (now >= until + kSkewSeconds) return Untimely("its time is over");
  if (until - now > kAheadSecondsMax + kSkewSeconds) {
    return Bad(absl::StrCat("exp: expected at most ", kAheadSecondsMax,
                            " seconds from now; have tokens issued for less time"));
  }
  if (const Json* const begin = claims->Find("nbf"); begin != nullptr) {
    ASSIGN_OR_RETURN(const int64_t from, TimeOf(*begin, "nbf"));
    if (now < from - kSkewSeconds) return Untimely("its time has not begun");
  }
  ASSIGN_OR_RETURN(Caller caller, CallerOf(claims->Find("consent")));
  return Bearer{.caller = std::move(caller), .until = until + kSkewSeconds};
}

}  // namespace consent::access

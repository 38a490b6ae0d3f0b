// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/permit_check.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/jws.h"

namespace consent::ctl {
namespace {

constexpr char kPermitType[] = "consent-permit+jwt";

bool LooksLikeAToken(std::string_view token) {
  const auto in_alphabet = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return token.size() <= crypto::kJwsBytesMax && std::count(token.begin(), token.end(), '.') == 2 &&
         std::all_of(token.begin(), token.end(), in_alphabet);
}

bool SpeaksFor(const tlog::VerifierKey& key, const std::string& origin) {
  return key.name == origin || absl::StartsWith(key.name, absl::StrCat(origin, "/"));
}

// The claims, if they are those of a permit.
absl::StatusOr<Json> ReadClaims(const std::string& payload) {
  Json claims = Json::parse(payload, nullptr, false);
  if (!claims.is_object()) return absl::InvalidArgumentError("the permit holds no JSON object");
  for (const char* text : {"iss", "jti", "contact_point", "company", "channel", "purpose"}) {
    if (!claims.contains(text) || !claims[text].is_string()) {
      return absl::InvalidArgumentError(absl::StrCat("the permit does not say ", text));
    }
  }
  for (const char* number : {"iat", "exp"}) {
    if (!claims.contains(number) || !claims[number].is_number()) {
      return absl::InvalidArgumentError(absl::StrCat("the permit does not say ", number));
    }
  }
  if (claims.contains("caller_number") && !claims["caller_number"].is_string()) {
    return absl::InvalidArgumentError("the permit's caller_number is no text");
  }
  return claims;
}

void Compare(const Json& claims, const PermitUse& use, std::vector<std::string>& why) {
  const auto at = static_cast<double>(use.at.unix_seconds);
  if (at >= claims["exp"].get<double>()) why.push_back("it has expired");
  if (use.at_is_exact && at < claims["iat"].get<double>()) {
    why.push_back("it was given later than that");
  }
  if (use.contact_point.has_value() && claims["contact_point"] != *use.contact_point) {
    why.push_back("it is for another contact point");
  }
  if (use.caller_number.has_value() && claims.contains("caller_number") &&
      claims["caller_number"] != *use.caller_number) {
    why.push_back("it is for another caller number");
  }
  if (use.channel.has_value() && claims["channel"] != *use.channel) {
    why.push_back("it is for another channel");
  }
}

}  // namespace

absl::StatusOr<PermitVerdict> CheckPermit(std::string_view token,
                                          absl::Span<const tlog::VerifierKey> keys,
                                          const PermitUse& use) {
  while (!token.empty() && absl::ascii_isspace(static_cast<unsigned char>(token.back()))) {
    token.remove_suffix(1);
  }
  if (!LooksLikeAToken(token)) {
    return absl::InvalidArgumentError("expected a signed permit: three parts with dots between");
  }
  std::string why = "none of the keys signed it";
  for (const tlog::VerifierKey& key : keys) {
    if (!key.key.has_value()) continue;
    const absl::StatusOr<std::string> payload = crypto::VerifyJws(kPermitType, token, *key.key);
    if (!payload.ok()) continue;
    PermitVerdict verdict;
    ASSIGN_OR_RETURN(verdict.claims, ReadClaims(*payload));
    if (!SpeaksFor(key, verdict.claims["iss"].get<std::string>())) {
      why = "the key that signed it is not that ledger's";
      continue;
    }
    Compare(verdict.claims, use, verdict.why);
    if (!verdict.why.empty()) verdict.kind = PermitVerdict::Kind::kNotForThis;
    return verdict;
  }
  return PermitVerdict{PermitVerdict::Kind::kBadSignature, {why}, {}};
}

}  // namespace consent::ctl

// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/token.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/aead.h"
#include "src/crypto/hkdf.h"
#include "src/crypto/require.h"

namespace consent::crypto {
namespace {

Secret ForPurpose(const Secret& secret, std::string_view label, std::string_view purpose) {
  std::string info(label);
  info.push_back('\0');
  info.append(purpose);
  return DeriveKey(secret, info);
}

Nonce NonceFor(const HmacKey& mac_key, std::string_view plaintext) {
  return *Nonce::FromBytes(mac_key.Mac(plaintext).view().substr(0, Nonce::kSize));
}

}  // namespace

TokenKey::TokenKey(const Secret& secret, std::string_view purpose)
    : mac_key_(ForPurpose(secret, "consent token mac v1", purpose)),
      seal_key_(ForPurpose(secret, "consent token seal v1", purpose)) {}

std::string TokenKey::SealToken(std::string_view plaintext) const {
  Require(plaintext.size() <= kMaxTokenPlaintextBytes, "plaintext too long for a token");
  const Nonce nonce = NonceFor(mac_key_, plaintext);
  std::string token = nonce.str();
  token += Seal(seal_key_, nonce, /*aad=*/"", plaintext);
  return token;
}

absl::StatusOr<std::string> TokenKey::OpenToken(std::string_view token) const {
  const absl::Status refused = absl::InvalidArgumentError("not a token of this ledger");
  if (token.size() < kTokenOverheadBytes ||
      token.size() > kTokenOverheadBytes + kMaxTokenPlaintextBytes) {
    return refused;
  }
  const Nonce nonce = *Nonce::FromBytes(token.substr(0, Nonce::kSize));
  absl::StatusOr<std::string> plaintext =
      Open(seal_key_, nonce, /*aad=*/"", token.substr(Nonce::kSize));
  if (!plaintext.ok()) return refused;
  if (!Equal(NonceFor(mac_key_, *plaintext).view(), nonce.view())) return refused;
  return plaintext;
}

}  // namespace consent::crypto

// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/token.h"

#include <utility>

#include "absl/status/status.h"
#include "src/base/status_macros.h"
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

TokenKey::TokenKey(const Secret& secret, std::string_view purpose) {
  keys_.push_back({HmacKey(ForPurpose(secret, "consent token mac v1", purpose)),
                   ForPurpose(secret, "consent token seal v1", purpose)});
}

TokenKey::TokenKey(const std::vector<Secret>& secrets, std::string_view purpose) {
  Require(!secrets.empty(), "tokens without a secret");
  for (const Secret& secret : secrets) {
    keys_.push_back(std::move(TokenKey(secret, purpose).keys_.front()));
  }
}

std::string TokenKey::SealToken(std::string_view plaintext) const {
  Require(plaintext.size() <= kMaxTokenPlaintextBytes, "plaintext too long for a token");
  const Pair& newest = keys_.front();
  const Nonce nonce = NonceFor(newest.mac, plaintext);
  std::string token = nonce.str();
  token += Seal(newest.seal, nonce, /*aad=*/"", plaintext);
  return token;
}

absl::StatusOr<std::string> TokenKey::OpenUnder(const Pair& keys, std::string_view token) {
  const Nonce nonce = *Nonce::FromBytes(token.substr(0, Nonce::kSize));
  ASSIGN_OR_RETURN(std::string plaintext,
                   Open(keys.seal, nonce, /*aad=*/"", token.substr(Nonce::kSize)));
  if (!Equal(NonceFor(keys.mac, plaintext).view(), nonce.view())) {
    return absl::InvalidArgumentError("the nonce is not the plaintext's");
  }
  return plaintext;
}

absl::StatusOr<std::string> TokenKey::OpenToken(std::string_view token) const {
  if (token.size() >= kTokenOverheadBytes &&
      token.size() <= kTokenOverheadBytes + kMaxTokenPlaintextBytes) {
    for (const Pair& keys : keys_) {
      absl::StatusOr<std::string> plaintext = OpenUnder(keys, token);
      if (plaintext.ok()) return plaintext;
    }
  }
  return absl::InvalidArgumentError("not a token of this ledger");
}

}  // namespace consent::crypto

// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/secret.h"

#include <openssl/crypto.h>

#include <cstring>
#include <ostream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/crypto/random.h"

namespace consent::crypto {

void Wipe(void* bytes, size_t size) { OPENSSL_cleanse(bytes, size); }

void Wipe(std::string& text) {
  // The whole capacity: a string that was shortened keeps its tail.
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

bool Equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

Secret::~Secret() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

Secret::Secret(Secret&& other) noexcept : bytes_(other.bytes_) {
  OPENSSL_cleanse(other.bytes_.data(), other.bytes_.size());
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    OPENSSL_cleanse(other.bytes_.data(), other.bytes_.size());
  }
  return *this;
}

absl::StatusOr<Secret> Secret::FromBytes(std::string_view bytes) {
  if (bytes.size() != kSize) {
    return absl::InvalidArgumentError(
        absl::StrCat("secret: expected ", kSize, " bytes, found ", bytes.size()));
  }
  Secret secret;
  secret.Assign(bytes);
  return secret;
}

Secret Secret::Random() {
  Secret secret;
  FillRandom(secret.bytes_.data(), kSize);
  return secret;
}

Secret Secret::Copy() const {
  Secret copy;
  copy.bytes_ = bytes_;
  return copy;
}

void PrintTo(const Secret&, std::ostream* out) { *out << "(secret)"; }

void Secret::Assign(std::string_view bytes) {
  bytes_.fill(0);
  if (bytes.size() == kSize) std::memcpy(bytes_.data(), bytes.data(), kSize);
}

}  // namespace consent::crypto

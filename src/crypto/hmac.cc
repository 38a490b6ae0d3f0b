// SPDX-License-Identifier: Apache-2.0

#include "src/crypto/hmac.h"

#include <array>
#include <cstring>

namespace consent::crypto {
namespace {

constexpr size_t kBlockBytes = 64;

}  // namespace

HmacKey::HmacKey(const Secret& secret) : HmacKey(secret.view()) {}

HmacKey::HmacKey(std::string_view key) {
  std::array<char, kBlockBytes> block{};
  if (key.size() > kBlockBytes) {
    Digest digest = Sha256({key});
    std::memcpy(block.data(), digest.bytes.data(), Digest::kSize);
    Wipe(digest.bytes.data(), Digest::kSize);
  } else if (!key.empty()) {
    std::memcpy(block.data(), key.data(), key.size());
  }
  for (char& byte : block) byte ^= 0x36;
  inner_.Update({block.data(), block.size()});
  for (char& byte : block) byte ^= 0x36 ^ 0x5c;
  outer_.Update({block.data(), block.size()});
  Wipe(block.data(), block.size());
}

HmacKey::~HmacKey() {
  inner_.Wipe();
  outer_.Wipe();
}

HmacKey::HmacKey(HmacKey&& other) noexcept : inner_(other.inner_), outer_(other.outer_) {
  other.inner_.Wipe();
  other.outer_.Wipe();
}

HmacKey& HmacKey::operator=(HmacKey&& other) noexcept {
  if (this != &other) {
    inner_ = other.inner_;
    outer_ = other.outer_;
    other.inner_.Wipe();
    other.outer_.Wipe();
  }
  return *this;
}

HmacKey HmacKey::FromBytes(std::string_view key) { return HmacKey(key); }

Digest HmacKey::Mac(std::initializer_list<std::string_view> parts) const {
  Hasher hasher = inner_;
  for (const std::string_view part : parts) hasher.Update(part);
  const Digest inner = hasher.Finish();
  hasher = outer_;
  hasher.Update(inner.view());
  return hasher.Finish();
}

}  // namespace consent::crypto

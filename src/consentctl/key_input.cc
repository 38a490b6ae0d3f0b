// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/key_input.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consentctl/failure.h"
#include "src/crypto/key_file.h"
#include "src/crypto/secret.h"

namespace consent::ctl {

absl::StatusOr<std::string> ReadWholeFile(const std::string& path, size_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return BadInput(absl::StrCat("cannot read ", path, ": no such file, or no access"));
  std::string bytes;
  std::string chunk(64 << 10, '\0');
  while (file && bytes.size() <= bytes_max) {
    file.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    bytes.append(chunk, 0, static_cast<size_t>(file.gcount()));
  }
  crypto::Wipe(chunk);  // It may have held a private key.
  if (file.bad()) return BadInput(absl::StrCat("cannot read ", path, " to its end"));
  if (bytes.size() > bytes_max) {
    return BadInput(absl::StrCat(path, " is too long: expected at most ", bytes_max, " bytes"));
  }
  return bytes;
}

absl::StatusOr<crypto::PrivateKey> ReadPrivateKey(const std::string& path) {
  absl::StatusOr<crypto::PrivateKey> key = crypto::ReadKeyFile(path);
  if (!key.ok()) return AsBadInput(key.status());
  return key;
}

absl::StatusOr<crypto::PublicKey> ReadEitherKey(const std::string& path) {
  ASSIGN_OR_RETURN(std::string text, ReadWholeFile(path, crypto::kMaxKeyFileBytes));
  const bool is_public = text.find("-----BEGIN PUBLIC KEY-----") != std::string::npos;
  if (!is_public) {
    crypto::Wipe(text);
    ASSIGN_OR_RETURN(const crypto::PrivateKey key, ReadPrivateKey(path));
    return key.public_key();
  }
  absl::StatusOr<crypto::PublicKey> key = crypto::PublicKey::FromPem(text);
  if (!key.ok()) {
    return BadInput(absl::StrCat(path, ": ", key.status().message()));
  }
  return key;
}

}  // namespace consent::ctl

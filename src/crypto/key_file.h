// SPDX-License-Identifier: Apache-2.0
//
// Keys on disk: a PEM private key, or a 32-byte secret as one line of base64.
//
// A key file is made once and never overwritten: the loss of a pepper or a signing key cannot be
// undone. It appears under its name only when it is whole and durable (written beside, fsynced,
// linked, directory fsynced), with mode 0600. A file that group or others can touch is not read:
// the key in it may be known to others.
//
// Errors name the file, what was expected and what was found, never a byte of what the file holds:
// AlreadyExists, NotFound, PermissionDenied (the mode, or no access), InvalidArgument (the
// content), else what absl::ErrnoToStatus makes of the operating system's refusal.
//
// Threads: safe from any thread; of two that create one file, one gets AlreadyExists.

#ifndef CONSENT_CRYPTO_KEY_FILE_H_
#define CONSENT_CRYPTO_KEY_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/crypto/private_key.h"
#include "src/crypto/secret.h"

namespace consent::crypto {

// The longest key file read; ours are below 300 bytes.
inline constexpr size_t kMaxKeyFileBytes = 4096;

// Durable on OK. AlreadyExists leaves the file there as it was.
absl::Status CreateKeyFile(const std::string& path, const PrivateKey& key);
absl::Status CreateSecretFile(const std::string& path, const Secret& secret);

absl::StatusOr<PrivateKey> ReadKeyFile(const std::string& path);
absl::StatusOr<Secret> ReadSecretFile(const std::string& path);

// What a key file says, or something else that is given where it could stand; wipes itself.
class KeyText {
 public:
  explicit KeyText(std::string text) : text_(std::move(text)) {}
  KeyText(KeyText&& other) noexcept : text_(std::move(other.text_)) { Wipe(other.text_); }
  ~KeyText() { Wipe(text_); }
  KeyText& operator=(KeyText&&) = delete;

  std::string_view view() const { return text_; }
  // Without the newline at its end, if there is one.
  std::string_view Line() const;

 private:
  std::string text_;
};

absl::StatusOr<KeyText> ReadKeyText(const std::string& path);
// The 32 bytes of one line of base64. InvalidArgument says nothing of what was found.
absl::StatusOr<Secret> ParseSecret(const KeyText& text);

}  // namespace consent::crypto

#endif  // CONSENT_CRYPTO_KEY_FILE_H_

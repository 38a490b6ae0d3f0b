// SPDX-License-Identifier: Apache-2.0
//
// Keys of signed notes (C2SP signed-note): who may have signed a note, and how.
//
// A verifier key is a name, a type and the public key; its id, four bytes, is computed from the
// three. Its text form is what operators exchange:
//
//   example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
//
// ML-DSA-44 keys are read, written and compared, but nothing is verified with them yet: Verify
// answers Unimplemented, and no note counts as signed by one.
//
// Threads: plain values.

#ifndef CONSENT_TLOG_VERIFIER_KEY_H_
#define CONSENT_TLOG_VERIFIER_KEY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/crypto/public_key.h"
#include "src/crypto/signing_key.h"

namespace consent::tlog {

// The type byte of C2SP signed-note.
enum class KeyType : uint8_t {
  // Ed25519 over the note's text: what a log signs its checkpoints with.
  kEd25519 = 0x01,
  // Ed25519 over the text and a time: what a witness signs with (cosignature.h).
  kCosignature = 0x04,
  // ML-DSA-44 cosignatures.
  kMlDsa44 = 0x06,
};

inline constexpr size_t kEd25519KeyBytes = 32;
inline constexpr size_t kMlDsa44KeyBytes = 1312;
inline constexpr size_t kVerifierKeyBytesMax = 2'048;

struct VerifierKey {
  std::string name;
  KeyType type = KeyType::kEd25519;
  // The public key's bytes as in the text form: 32 of Ed25519, 1312 of ML-DSA-44.
  std::string material;
  // The key that verifies; none for types that are only carried.
  std::optional<crypto::PublicKey> key;
  // First four bytes, big-endian, of SHA-256(name, newline, type, material).
  uint32_t id = 0;

  // OK when `signature` (what follows the id in a signature line) is this key's for a note with
  // this text. InvalidArgument for one of the wrong length or form, PermissionDenied for one that
  // does not verify, Unimplemented for types without a verifying key.
  absl::Status Verify(std::string_view text, std::string_view signature) const;

  // The text form: ParseVerifierKey(ToString()) is this key.
  std::string ToString() const;

  friend bool operator==(const VerifierKey& a, const VerifierKey& b) {
    return a.name == b.name && a.type == b.type && a.material == b.material;
  }
};

// The key of a text form, without surrounding space. InvalidArgument for names that IsKeyName
// (text.h) refuses, unknown types, bytes that are no sound key, an id that is not the computed one,
// and any other spelling than ToString's.
absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view vkey);

// An Ed25519 key under a name. InvalidArgument for an impossible name, another algorithm or type.
absl::StatusOr<VerifierKey> MakeVerifierKey(std::string_view name, KeyType type,
                                            const crypto::PublicKey& key);

// A signing key under a name: signs notes, or as a witness checkpoints.
class NoteSigner {
 public:
  // InvalidArgument as MakeVerifierKey.
  static absl::StatusOr<NoteSigner> Create(std::string_view name, crypto::SigningKey key,
                                           KeyType type = KeyType::kEd25519);

  // The same for a name and key known to be sound: ends the process where Create would refuse.
  NoteSigner(std::string_view name, crypto::SigningKey key, KeyType type = KeyType::kEd25519);

  const VerifierKey& verifier_key() const { return verifier_key_; }

  // The line, newline included, that signs a note with this text. Only for keys of type kEd25519;
  // with others the process ends (Cosign in cosignature.h is theirs). The text is not looked at:
  // whoever signs knows that it may (a checkpoint is stored before it is signed).
  // Unavailable as SigningKey::Sign.
  absl::StatusOr<std::string> SignatureLine(std::string_view text) const;

  // The bare signature of a message.
  absl::StatusOr<std::string> Sign(std::string_view message) const { return key_.Sign(message); }

 private:
  NoteSigner(VerifierKey verifier_key, crypto::SigningKey key);

  VerifierKey verifier_key_;
  crypto::SigningKey key_;
};

}  // namespace consent::tlog

#endif  // CONSENT_TLOG_VERIFIER_KEY_H_

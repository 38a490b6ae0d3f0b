// SPDX-License-Identifier: Apache-2.0

#include "src/tlog/verifier_key.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"
#include "src/crypto/require.h"
#include "src/tlog/cosignature.h"
#include "src/tlog/note.h"
#include "src/tlog/text.h"

namespace consent::tlog {
namespace {

// SHA-256(name || 0x0A || type || material), cut to four bytes.
uint32_t IdOf(std::string_view name, KeyType type, std::string_view material) {
  const char type_byte = static_cast<char>(type);
  const Digest digest = crypto::Sha256({name, "\n", {&type_byte, 1}, material});
  uint32_t id = 0;
  for (int i = 0; i < 4; ++i) id = id << 8 | digest.bytes[i];
  return id;
}

// The key without a look at the text form's id.
absl::StatusOr<VerifierKey> FromMaterial(std::string_view name, KeyType type,
                                         std::string_view material) {
  if (!IsKeyName(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat("a key name is 1 to ", kKeyNameBytesMax,
                     " bytes of UTF-8 without spaces, control characters and '+'"));
  }
  VerifierKey key;
  key.name = std::string(name);
  key.type = type;
  key.material = std::string(material);
  key.id = IdOf(name, type, material);
  switch (type) {
    case KeyType::kEd25519:
    case KeyType::kCosignature: {
      ASSIGN_OR_RETURN(key.key, crypto::PublicKey::FromRawEd25519(material));
      return key;
    }
    case KeyType::kMlDsa44:
      if (material.size() == kMlDsa44KeyBytes) return key;
      return absl::InvalidArgumentError(absl::StrCat("an ML-DSA-44 key has ", kMlDsa44KeyBytes,
                                                     " bytes, found ", material.size()));
  }
  return absl::InvalidArgumentError(
      absl::StrFormat("unknown type of verifier key 0x%02x", static_cast<int>(type)));
}

}  // namespace

absl::Status VerifierKey::Verify(std::string_view text, std::string_view signature) const {
  if (!key.has_value()) return absl::UnimplementedError("ML-DSA-44 signatures are not verified");
  if (type == KeyType::kCosignature) return VerifyCosignature(*this, text, signature).status();
  return key->Verify(text, signature);
}

std::string VerifierKey::ToString() const {
  const std::string bytes = static_cast<char>(type) + material;
  return absl::StrFormat("%s+%08x+%s", name, id, EncodeBase64(bytes));
}

absl::StatusOr<VerifierKey> ParseVerifierKey(std::string_view vkey) {
  if (vkey.size() > kVerifierKeyBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("a verifier key has at most ", kVerifierKeyBytesMax, " bytes"));
  }
  // A name has no '+'; base64 may.
  const size_t name_end = vkey.find('+');
  const size_t id_end = name_end == vkey.npos ? vkey.npos : vkey.find('+', name_end + 1);
  if (id_end == vkey.npos) {
    return absl::InvalidArgumentError("a verifier key is NAME+ID+KEY");
  }
  const std::optional<std::string> bytes = DecodeBase64(vkey.substr(id_end + 1));
  if (!bytes.has_value() || bytes->empty()) {
    return absl::InvalidArgumentError("the key of a verifier key is not standard base64");
  }
  const auto type = static_cast<KeyType>(static_cast<unsigned char>(bytes->front()));
  ASSIGN_OR_RETURN(VerifierKey key, FromMaterial(vkey.substr(0, name_end), type,
                                                 std::string_view(*bytes).substr(1)));
  if (key.ToString() != vkey) {
    return absl::InvalidArgumentError(
        absl::StrFormat("the id of this verifier key is %08x, and it says another", key.id));
  }
  return key;
}

absl::StatusOr<VerifierKey> MakeVerifierKey(std::string_view name, KeyType type,
                                            const crypto::PublicKey& key) {
  if (type == KeyType::kMlDsa44 || key.algorithm() != crypto::Algorithm::kEd25519) {
    return absl::InvalidArgumentError("notes are signed with Ed25519 keys");
  }
  ASSIGN_OR_RETURN(const std::string material, key.RawEd25519());
  return FromMaterial(name, type, material);
}

absl::StatusOr<NoteSigner> NoteSigner::Create(std::string_view name, crypto::SigningKey key,
                                              KeyType type) {
  ASSIGN_OR_RETURN(VerifierKey verifier_key, MakeVerifierKey(name, type, key.public_key()));
  return NoteSigner(std::move(verifier_key), std::move(key));
}

NoteSigner::NoteSigner(std::string_view name, crypto::SigningKey key, KeyType type)
    : key_(std::move(key)) {
  auto verifier_key = MakeVerifierKey(name, type, key_.public_key());
  crypto::Require(verifier_key.ok(), "a note cannot be signed with such a key or name");
  verifier_key_ = *std::move(verifier_key);
}

NoteSigner::NoteSigner(VerifierKey verifier_key, crypto::SigningKey key)
    : verifier_key_(std::move(verifier_key)), key_(std::move(key)) {}

absl::StatusOr<std::string> NoteSigner::SignatureLine(std::string_view text) const {
  crypto::Require(verifier_key_.type == KeyType::kEd25519, "only a log's key signs a note's text");
  ASSIGN_OR_RETURN(std::string signature, key_.Sign(text));
  return Signature{verifier_key_.name, verifier_key_.id, std::move(signature)}.ToLine();
}

}  // namespace consent::tlog

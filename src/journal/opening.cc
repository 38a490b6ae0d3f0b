// SPDX-License-Identifier: Apache-2.0

#include "src/journal/opening.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/crypto/aead.h"
#include "src/crypto/hash.h"

namespace consent::journal {
namespace {

using BigEndian64 = std::array<char, 8>;

BigEndian64 ToBigEndian(uint64_t value) {
  BigEndian64 bytes;
  for (int i = 7; i >= 0; --i, value >>= 8) bytes[i] = static_cast<char>(value);
  return bytes;
}

std::string_view View(const BigEndian64& bytes) { return {bytes.data(), bytes.size()}; }

template <typename T>
T Prefix(std::string_view bytes) {
  T value;
  std::copy_n(bytes.data(), T::kSize, reinterpret_cast<char*>(value.bytes.data()));
  return value;
}

crypto::Secret ToSecret(const Digest& digest) {
  return *crypto::Secret::FromBytes(digest.view());  // A digest has the 32 bytes of a secret.
}

crypto::Nonce NonceOf(const Digest& commitment) { return Prefix<crypto::Nonce>(commitment.view()); }

absl::Status Differs(const Entry& entry, std::string_view what) {
  return absl::DataLossError(absl::StrCat("opening of leaf ", entry.position.value, ": ",
                                          absl::string_view(what.data(), what.size())));
}

absl::StatusOr<Parts> Checked(const Entry& entry, const Salts& salts, std::string_view bytes) {
  absl::StatusOr<Parts> parts = Decode<Parts>(bytes);
  if (!parts.ok()) return Differs(entry, "malformed");
  if (Commit(salts, *parts) != entry.commitment) {
    return Differs(entry, "its parts are not those that the entry commits to");
  }
  return parts;
}

}  // namespace

Sealer::Sealer(const crypto::Secret& secret) : root_(secret) {}

Salts Sealer::SaltsAt(LeafIndex position) const {
  const BigEndian64 at = ToBigEndian(position.value);
  const Digest first = root_.Mac({"salt/1", View(at)});
  const Digest second = root_.Mac({"salt/2", View(at)});
  return {Prefix<Salt>(first.view()), Prefix<Salt>(first.view().substr(16)),
          Prefix<Salt>(second.view())};
}

crypto::Secret Sealer::YearKey(int32_t year) const {
  const BigEndian64 of = ToBigEndian(static_cast<uint64_t>(static_cast<int64_t>(year)));
  return ToSecret(root_.Mac({"tag/1", View(of)}));
}

crypto::Secret Sealer::SealKey() const { return ToSecret(root_.Mac({"seal/1"})); }

std::string Sealer::Seal(const Handle& handle, const Digest& commitment, const Parts& parts) const {
  std::string opening = handle.str();
  opening += crypto::Seal(SealKey(), NonceOf(commitment), {}, Encode(parts));
  return opening;
}

absl::StatusOr<Parts> Sealer::Open(const Entry& entry, std::string_view opening) const {
  if (opening.size() < Handle::kSize) return Differs(entry, "too short");
  absl::StatusOr<std::string> plain =
      crypto::Open(SealKey(), NonceOf(entry.commitment), {}, opening.substr(Handle::kSize));
  if (!plain.ok()) return Differs(entry, "does not unseal under its secret");
  return Checked(entry, SaltsAt(entry.position), *plain);
}

Tag TagOf(const crypto::Secret& year_key, uint64_t count) {
  const BigEndian64 number = ToBigEndian(count);
  return Prefix<Tag>(crypto::HmacKey(year_key).Mac({View(number)}).view());
}

Digest HashOf(PartNumber number, const Salt& salt, std::string_view part) {
  const char first = static_cast<char>(number);
  return crypto::Sha256({std::string_view(&first, 1), salt.view(), part});
}

Digest CommitHashes(const Digest& contact, const Digest& company, const Digest& ledger) {
  return crypto::Sha256({std::string_view("\0", 1), contact.view(), company.view(), ledger.view()});
}

Digest Commit(const Salts& salts, const Parts& parts) {
  return CommitHashes(HashOf(PartNumber::kContact, salts.contact, parts.contact),
                      HashOf(PartNumber::kCompany, salts.company, parts.company),
                      HashOf(PartNumber::kLedger, salts.ledger, parts.ledger));
}

absl::StatusOr<Handle> HandleOf(std::string_view opening) {
  if (opening.size() < Handle::kSize) return absl::DataLossError("opening without a handle");
  return Prefix<Handle>(opening);
}

std::string PlainOpening(const Parts& parts) { return Handle{}.str() + Encode(parts); }

absl::StatusOr<Parts> OpenPlain(const Entry& entry, std::string_view opening) {
  ASSIGN_OR_RETURN(const Handle handle, HandleOf(opening));
  if (handle != Handle{}) return Differs(entry, "sealed, where a plain one was expected");
  return Checked(entry, Salts{}, opening.substr(Handle::kSize));
}

}  // namespace consent::journal

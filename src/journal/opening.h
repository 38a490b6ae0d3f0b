// SPDX-License-Identifier: Apache-2.0
//
// Opening: what an entry's commitment hides, and how it is hidden.
//
// A commitment is the hash of three separately salted hashes, so that each part can be opened
// without the others:
//
//   contact part   the contact point in its canonical text; empty where the command named none
//   company part   what the company concerned may see opened
//   ledger part    the rest: true reasons, blocks, bindings
//
//   commitment = SHA-256(0x00 || h1 || h2 || h3),  hi = SHA-256(i || salt_i || part_i)
//
// Salts, tags and the sealing key derive from one secret: the consumer's, or the day's for contact
// points that the ledger has never heard of. Without the secret the parts are gone: destroying it
// is erasure. The directory hides nothing; its openings are plain and its salts are zero.
// Exact bytes: docs/formats/opening.md, golden vectors in tests/golden/journal/.

#ifndef CONSENT_JOURNAL_OPENING_H_
#define CONSENT_JOURNAL_OPENING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/crypto/hmac.h"
#include "src/crypto/secret.h"
#include "src/journal/entry.h"

namespace consent::journal {

struct Parts {
  std::string contact;
  std::string company;
  std::string ledger;

  friend bool operator==(const Parts&, const Parts&) = default;
  template <class A>
  void Fields(A& a) {
    uint8_t version = 1;
    a(version);
    if constexpr (A::kReading) {
      if (version != 1) a.Fail();
    }
    a(contact), a(company), a(ledger);
  }
};

using Salt = FixedBytes<struct SaltTag, 16>;
struct Salts {
  Salt contact;
  Salt company;
  Salt ledger;
};

// Derives all that one secret gives. Cheap to make (two hash blocks); not kept.
class Sealer {
 public:
  explicit Sealer(const crypto::Secret& secret);

  // The salts of the entry at `position`.
  Salts SaltsAt(LeafIndex position) const;
  // The key by which the entries of one UTC year are found: given to whoever may find them.
  crypto::Secret YearKey(int32_t year) const;
  // The bytes to file beside an entry: handle || AES-256-GCM(parts), nonce = commitment[0..12).
  std::string Seal(const Handle& handle, const Digest& commitment, const Parts& parts) const;
  // The parts, checked against the entry's commitment. DataLoss when anything differs.
  absl::StatusOr<Parts> Open(const Entry& entry, std::string_view opening) const;

 private:
  crypto::Secret SealKey() const;
  crypto::HmacKey root_;
};

// The tag of the entry number `count` (from 0) that `year_key` finds. Contact points never heard
// of are counted by the entry's position.
Tag TagOf(const crypto::Secret& year_key, uint64_t count);

// The three parts by the number they are hashed with.
enum class PartNumber : char { kContact = 1, kCompany = 2, kLedger = 3 };
Digest HashOf(PartNumber number, const Salt& salt, std::string_view part);

// What an entry commits to: the hashes of its parts, or the parts themselves.
Digest CommitHashes(const Digest& contact, const Digest& company, const Digest& ledger);
Digest Commit(const Salts& salts, const Parts& parts);

// The handle an opening is filed under; all zero: it is plain.
absl::StatusOr<Handle> HandleOf(std::string_view opening);

// Plain openings, of the directory.
std::string PlainOpening(const Parts& parts);
absl::StatusOr<Parts> OpenPlain(const Entry& entry, std::string_view opening);

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_OPENING_H_

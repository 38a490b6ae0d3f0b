// SPDX-License-Identifier: Apache-2.0
//
// Disclosure: what an auditor is given of one entry, to judge it without the ledger's help.
//
// The entry with all three parts opened; a random name of the consumer, so that entries about one
// person can be told together; and the key of the entry's year, by which the auditor sees that the
// tags of that person's entries are those of the numbers 0, 1, 2, … and that none was left out.
// Disclosures are personal data. Exact bytes: docs/formats/disclosure.md.
//
// Threads: safe from any thread; Discloser belongs to one.

#ifndef CONSENT_JOURNAL_DISCLOSURE_H_
#define CONSENT_JOURNAL_DISCLOSURE_H_

#include <optional>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/crypto/secret.h"
#include "src/journal/entry.h"
#include "src/journal/reader.h"
#include "src/journal/secret_value.h"
#include "src/journal/shown_entry.h"
#include "src/store/store.h"

namespace consent::journal {

struct Disclosure {
  static constexpr uint8_t kVersion = 1;

  ShownEntry shown;
  // None: a contact point never heard of, or an entry about nobody.
  std::optional<ConsumerId> consumer;
  // The key of the entry's UTC year; none for entries with plain openings, which have no tag.
  std::optional<crypto::Secret> tag_key;

  template <class A>
  void Fields(A& a) {
    uint8_t version = kVersion;
    a(version);
    if constexpr (A::kReading) {
      if (version != kVersion) a.Fail();
    }
    a(shown), a(consumer), a(tag_key);
  }
};

// The disclosure of these bytes, if its entry commits to all of its parts. InvalidArgument or
// DataLoss as CheckShown, or when a part is not opened.
absl::StatusOr<Disclosure> ParseDisclosure(std::string_view bytes);

// A leaf of a journal, opened with the store's secrets.
struct OpenedLeaf {
  Entry entry;
  Salts salts;
  Parts parts;
  std::optional<ConsumerId> consumer;
  std::optional<crypto::Secret> tag_key;
};

// Opens leaves of one journal, plain ones too. Keeps at most kSecretsKept secrets in memory.
class Discloser {
 public:
  static constexpr size_t kSecretsKept = 10'000;

  Discloser(store::Store& store, ShardId shard) : store_(store), shard_(shard) {}

  // None: its secret is gone, so nobody can open it; that is what erasure leaves. DataLoss when the
  // leaf is malformed or its opening does not prove it.
  absl::StatusOr<std::optional<OpenedLeaf>> Open(const Leaf& leaf);

  // The same, ready to be handed over.
  absl::StatusOr<std::optional<Disclosure>> Disclose(const Leaf& leaf);

 private:
  absl::StatusOr<const SecretValue*> FindSecret(const Handle& handle);

  store::Store& store_;
  const ShardId shard_;
  absl::flat_hash_map<Handle, SecretValue> secrets_;
};

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_DISCLOSURE_H_

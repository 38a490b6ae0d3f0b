// SPDX-License-Identifier: Apache-2.0
//
// Receipts and signed permits: what a caller takes away to prove, later and without the ledger,
// what it was told.

#ifndef CONSENT_API_RECEIPTS_H_
#define CONSENT_API_RECEIPTS_H_

#include <functional>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "src/api/context.h"
#include "src/api/readers.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/journal/disclosure.h"
#include "src/ledger/publisher.h"

namespace consent::api {

// How much of an entry a receipt opens.
enum class Opened {
  kNothing,
  kCompanysPart,  // The contact point and what the company was told.
  kAll,           // For auditors.
};

struct ReceiptOrder {
  ShardId shard;
  LeafIndex entry;
  Opened opened = Opened::kNothing;
  // If set: NotFound (NOT_THEIR_ENTRY) unless the entry is about this contact point (canonical
  // text) and this company.
  struct Theirs {
    std::string contact_point;
    std::string company;
  };
  std::optional<Theirs> theirs = std::nullopt;
};

// The receipt of an entry that `published` covers. Reads the store; what is erased stays closed.
absl::StatusOr<std::string> MakeReceipt(const Context& context, const ReceiptOrder& order,
                                        const ledger::Published& published);

// The same once a checkpoint covers the entry. `done` is called on a thread of `readers`, or at
// once with the error that kept it from being made.
void GiveReceipt(const Context& context, Readers& readers, ReceiptOrder order,
                 std::function<void(absl::StatusOr<std::string>)> done);

// An entry of a shard, opened; NotFound when its consumer was erased.
absl::StatusOr<journal::OpenedLeaf> OpenEntry(const Context& context, ShardId shard,
                                              LeafIndex entry);

// What a signed permit says besides the entry it rests on.
struct PermitTerms {
  std::string permit_id;
  ShardId shard;
  LeafIndex entry;  // The one that allowed it.
  std::string contact_point;
  core::Request request;
  Instant issued_at;
  Instant contact_before;
};

// The signed permit (docs/formats/signed-permit.md), by the newest journal key.
absl::StatusOr<std::string> SignPermit(const Context& context, const PermitTerms& terms);

}  // namespace consent::api

#endif  // CONSENT_API_RECEIPTS_H_

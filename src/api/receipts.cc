// SPDX-License-Identifier: Apache-2.0

#include "src/api/receipts.h"

#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "src/api/error.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/crypto/jws.h"
#include "src/journal/event_parts.h"
#include "src/journal/receipt.h"
#include "src/journal/tile_reader.h"

namespace consent::api {
namespace {

constexpr std::string_view kPermitType = "consent-permit+jwt";

absl::Status NotTheirs() {
  return Fault(absl::StatusCode::kNotFound, "NOT_THEIR_ENTRY",
               "entry: no entry of that position is about this contact point and company");
}

// The entry that allowed the permit that an entry acts on; none for other entries.
std::optional<LeafIndex> PermitOf(const core::EventBody& body) {
  return std::visit(
      [](const auto& concrete) -> std::optional<LeafIndex> {
        if constexpr (requires { concrete.permit; }) return concrete.permit;
        return std::nullopt;
      },
      body);
}

absl::Status CheckTheirs(const Context& context, ShardId shard, const journal::OpenedLeaf& opened,
                         const ReceiptOrder::Theirs& theirs) {
  ASSIGN_OR_RETURN(const core::Event event, journal::ToEvent(opened.entry, opened.parts));
  if (journal::CompanyOf(event.body) != theirs.company) return NotTheirs();
  if (opened.parts.contact == theirs.contact_point) return absl::OkStatus();
  // A confirmation or outcome names no contact point: its permit's entry does.
  const std::optional<LeafIndex> permit = PermitOf(event.body);
  if (!permit.has_value()) return NotTheirs();
  ASSIGN_OR_RETURN(const journal::OpenedLeaf first, OpenEntry(context, shard, *permit));
  return first.parts.contact == theirs.contact_point ? absl::OkStatus() : NotTheirs();
}

absl::StatusOr<std::optional<journal::OpenedLeaf>> Open(
    const Context& context, ShardId shard, LeafIndex entry,
    const journal::TileReader::StoredLeaf& leaf) {
  journal::Discloser discloser(context.ledger.store(), shard);
  return discloser.Open({.position = entry, .bytes = leaf.bytes, .opening = leaf.opening});
}

}  // namespace

absl::StatusOr<journal::OpenedLeaf> OpenEntry(const Context& context, ShardId shard,
                                              LeafIndex entry) {
  ASSIGN_OR_RETURN(const ledger::JournalStatus journal, context.ledger.JournalOf(shard));
  const journal::TileReader tiles(context.ledger.store(), shard);
  ASSIGN_OR_RETURN(const auto leaf, tiles.ReadLeaf(entry, journal.size));
  ASSIGN_OR_RETURN(std::optional<journal::OpenedLeaf> opened, Open(context, shard, entry, leaf));
  if (!opened.has_value()) return NotTheirs();
  return *std::move(opened);
}

absl::StatusOr<std::string> MakeReceipt(const Context& context, const ReceiptOrder& order,
                                        const ledger::Published& published) {
  const TreeSize size = published.checkpoint.size;
  const journal::TileReader tiles(context.ledger.store(), order.shard);
  ASSIGN_OR_RETURN(auto leaf, tiles.ReadLeaf(order.entry, size));
  journal::Receipt receipt{.shown = {.entry = leaf.bytes, .parts = std::nullopt},
                           .position = order.entry,
                           .proof = {},
                           .checkpoint = published.note};
  if (order.opened != Opened::kNothing || order.theirs.has_value()) {
    ASSIGN_OR_RETURN(const std::optional<journal::OpenedLeaf> opened,
                     Open(context, order.shard, order.entry, leaf));
    if (order.theirs.has_value()) {
      if (!opened.has_value()) return NotTheirs();
      RETURN_IF_ERROR(CheckTheirs(context, order.shard, *opened, *order.theirs));
    }
    if (opened.has_value() && order.opened != Opened::kNothing) {
      const journal::Shown shown =
          order.opened == Opened::kAll ? journal::Shown::kAll : journal::Shown::kCompanysPart;
      receipt.shown = journal::Show(std::move(leaf.bytes), opened->salts, opened->parts, shown);
    }
  }
  ASSIGN_OR_RETURN(receipt.proof, tiles.InclusionProof(order.entry, size));
  return journal::ToText(receipt);
}

void GiveReceipt(const Context& context, Readers& readers, ReceiptOrder order,
                 std::function<void(absl::StatusOr<std::string>)> done) {
  const ShardId shard = order.shard;
  const LeafIndex entry = order.entry;
  context.ledger.publisher().WhenCovered(
      shard, entry,
      [&context, &readers, order = std::move(order),
       done = std::move(done)](absl::StatusOr<std::shared_ptr<const ledger::Published>> covered) {
        if (!covered.ok()) return done(covered.status());
        const bool queued = readers.Run([&context, order, done, published = *covered] {
          done(MakeReceipt(context, order, *published));
        });
        if (!queued) done(TooManyReads());
      });
}

absl::StatusOr<std::string> SignPermit(const Context& context, const PermitTerms& terms) {
  google::protobuf::Struct claims;
  auto& fields = *claims.mutable_fields();
  const auto text = [&fields](const char* name, std::string value) {
    if (!value.empty()) fields[name].set_string_value(std::move(value));
  };
  const auto number = [&fields](const char* name, int64_t value) {
    fields[name].set_number_value(static_cast<double>(value));
  };
  text("iss", context.ledger.origin());
  text("jti", terms.permit_id);
  number("iat", terms.issued_at.unix_seconds);
  number("exp", terms.contact_before.unix_seconds);
  text("contact_point", terms.contact_point);
  text("company", terms.request.company);
  const std::shared_ptr<const directory::Directory> directory =
      context.ledger.directory().Snapshot();
  const directory::Party* const party =
      directory->Find(terms.request.company, directory::Role::kCompany);
  if (party != nullptr) text("legal_name", party->legal_name);
  text("caller_number", terms.request.caller_number);
  text("channel", std::string(core::Name(terms.request.channel)));
  text("purpose", std::string(core::Name(terms.request.purpose)));
  text("journal_origin", context.ledger.JournalOrigin(terms.shard));
  number("entry", static_cast<int64_t>(terms.entry.value));
  std::string payload;
  (void)google::protobuf::util::MessageToJsonString(claims, &payload);  // A Struct is always JSON.
  return crypto::SignJws(kPermitType, payload, context.ledger.journal_keys().newest());
}

}  // namespace consent::api

// SPDX-License-Identifier: Apache-2.0

#include "src/api/consumer_view.h"

#include <algorithm>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "src/api/encode.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/consent/decide.h"
#include "src/consent/evolve.h"
#include "src/journal/disclosure.h"
#include "src/journal/event_parts.h"
#include "src/journal/opening.h"
#include "src/journal/reader.h"
#include "src/journal/secret_value.h"
#include "src/journal/tile_reader.h"
#include "src/ledger/statement_fault.h"
#include "src/statement/body_message.h"

namespace consent::api {
namespace {

// What every limit of a grant has left, as far as requests on its channels are answered by it.
void EncodeRemaining(const ledger::ConsumerView& view, const core::Grant& grant,
                     v1::GrantView* out) {
  core::Request request;
  request.company = grant.company;
  for (int purpose = 1; purpose <= core::kPurposeMax; ++purpose) {
    request.purpose = static_cast<core::Purpose>(purpose);
    if (grant.purposes.Has(request.purpose)) break;
  }
  for (const core::Limit& limit : grant.limits) {
    for (int channel = 1; channel <= core::kChannelMax; ++channel) {
      request.channel = static_cast<core::Channel>(channel);
      if (!limit.channels.Has(request.channel)) continue;
      const core::Decision decision =
          core::Check(view.record, request, view.Now(), core::NextAllowed::kNever).decision;
      if (decision.grant != grant.id) break;
      for (const core::Remaining& remaining : decision.remaining) {
        if (remaining.limit != limit.id) continue;
        auto* const item = out->add_remaining();
        item->set_limit(remaining.limit);
        item->set_count(remaining.count);
      }
      break;
    }
  }
}

void EncodeGrants(const ledger::ConsumerView& view, v1::ConsumerView* out) {
  for (const core::CompanyRecord& company : view.record.companies) {
    for (const core::KeptGrant& kept : company.grants) {
      if (kept.grant.id.empty()) continue;  // A no of somebody who granted nothing.
      v1::GrantView* const grant = out->add_grants();
      statement::ToMessage(kept.grant, grant->mutable_grant());
      grant->set_signed_by(static_cast<v1::SignerRole>(kept.grant.signed_by));
      grant->set_revoked(kept.revoked);
      if (!kept.revoked) EncodeRemaining(view, kept.grant, grant);
    }
  }
}

void EncodeBlocks(const core::Record& record, v1::ConsumerView* out) {
  for (const core::Block& block : record.blocks) {
    v1::BlockView* const wire = out->add_blocks();
    wire->set_company(block.company);
    wire->set_whose(statement::ToMessage(block.whose));
    statement::ToMessage(block.channels, wire->mutable_channels());
    statement::ToMessage(block.purposes, wire->mutable_purposes());
  }
}

// What companies may rely on where they have no grant.
void EncodeRelations(const core::Record& record, v1::ConsumerView* out) {
  for (const core::CompanyRecord& company : record.companies) {
    for (const core::KeptContract& kept : company.contracts) {
      v1::ContractView* const wire = out->add_contracts();
      statement::ToMessage(kept.contract, wire->mutable_contract());
      wire->set_signed_by(static_cast<v1::SignerRole>(kept.contract.signed_by));
      wire->set_contested(kept.contested);
    }
    for (const core::KeptCallback& kept : company.callbacks) {
      v1::CallbackView* const wire = out->add_callbacks();
      statement::ToMessage(kept.callback, wire->mutable_callback());
      wire->set_signed_by(static_cast<v1::SignerRole>(kept.callback.signed_by));
      wire->set_revoked(kept.revoked);
    }
  }
}

// What concerns every company.
void EncodeWishes(const core::Record& record, v1::ConsumerView* out) {
  EncodeBlocks(record, out);
  for (const core::KeptPreferences& kept : record.preferences) {
    statement::ToMessage(kept.preferences, out->has_preferences() ? out->add_line_preferences()
                                                                  : out->mutable_preferences());
  }
  for (const core::Listing& listing : record.listings) {
    v1::ListingView* const wire = out->add_listings();
    wire->set_list(listing.list);
    wire->set_company(listing.company);
    Encode(listing.listed_at, wire->mutable_listed_at());
  }
  out->set_holder_class(static_cast<v1::HolderClass>(record.holder));
}

// Whom the event concerns, blocks included, which journal::CompanyOf keeps to itself.
void EncodeWhom(const core::EventBody& body, v1::HistoryEntry* out) {
  if (const auto* blocked = std::get_if<core::Blocked>(&body)) {
    out->set_company(blocked->company);
    out->set_whose(statement::ToMessage(blocked->whose));
  } else if (const auto* unblocked = std::get_if<core::Unblocked>(&body)) {
    out->set_company(unblocked->company);
    out->set_whose(statement::ToMessage(unblocked->whose));
  } else {
    out->set_company(std::string(journal::CompanyOf(body)));
  }
}

void EncodeEvent(const core::Event& event, v1::HistoryEntry* out) {
  out->set_entry(event.position.value);
  Encode(event.at, out->mutable_at());
  EncodeWhom(event.body, out);
  out->set_kind(std::string(core::Name(journal::KindOf(event.body))));
  if (const auto* decided = std::get_if<core::Decided>(&event.body)) {
    out->set_channel(static_cast<v1::Channel>(decided->request.channel));
    out->set_purpose(static_cast<v1::Purpose>(decided->request.purpose));
    const bool allowed = decided->answer.verdict == core::Verdict::kAllowed;
    out->set_verdict(allowed ? v1::VERDICT_ALLOWED : v1::VERDICT_DENIED);
    out->set_reason(static_cast<v1::Reason>(decided->true_reason));
    out->set_basis(static_cast<v1::Basis>(decided->answer.basis));
    out->set_rule(decided->true_rule);
  } else if (const auto* confirmed = std::get_if<core::Confirmed>(&event.body)) {
    out->set_reason(static_cast<v1::Reason>(confirmed->true_reason));
  } else if (const auto* reported = std::get_if<core::OutcomeReported>(&event.body)) {
    out->set_outcome(static_cast<v1::Outcome>(reported->outcome));
  }
}

// The first year whose key is the holder's to see: that in which the journal began, or, where
// somebody else held the contact point before, the one after the change.
absl::StatusOr<int32_t> FirstYear(const Context& context, ShardId shard,
                                  const ledger::ConsumerView& view) {
  const LeafIndex since = view.record.held_since;
  ASSIGN_OR_RETURN(
      const auto first,
      journal::TileReader(context.ledger.store(), shard).ReadLeaf(since, view.journal_size));
  ASSIGN_OR_RETURN(const journal::Entry entry, journal::ParseEntry(first.bytes));
  return core::TagYearOf(entry.at) + (since == LeafIndex{} ? 0 : 1);
}

// The keys of all years since the journal began, so that the consumer finds their own entries, and
// that there are no others.
absl::Status EncodeTagKeys(const Context& context, ShardId shard, const ledger::ConsumerView& view,
                           v1::ConsumerView* out) {
  store::Store& store = context.ledger.store();
  ASSIGN_OR_RETURN(const std::optional<journal::SecretValue> value,
                   journal::ReadSecretValue(store, shard, view.record.handle));
  if (!value.has_value()) return absl::OkStatus();  // Erased meanwhile.
  const journal::Sealer sealer(value->secret);
  ASSIGN_OR_RETURN(const int32_t first, FirstYear(context, shard, view));
  for (int32_t year = first; year <= core::TagYearOf(view.at); ++year) {
    v1::TagKey* const key = out->add_tag_keys();
    key->set_year(year);
    key->set_key(std::string(sealer.YearKey(year).view()));
  }
  return absl::OkStatus();
}

absl::Status EncodeHistory(const Context& context, ShardId shard, const ledger::ConsumerView& view,
                           const v1::ViewRequest& wanted, v1::ConsumerView* out) {
  journal::Opener opener(context.ledger.store(), shard);
  // What lies before is another holder's past.
  const LeafIndex from = std::max(LeafIndex{wanted.history_from()}, view.record.held_since);
  const absl::Status read =
      journal::ForEachLeaf(context.ledger.store(), shard, from, view.journal_size,
                           [&](const journal::Leaf& leaf) -> absl::Status {
                             ASSIGN_OR_RETURN(const Handle handle, journal::HandleOf(leaf.opening));
                             if (handle != view.record.handle) return absl::OkStatus();
                             if (out->history_size() >= wanted.history_max()) {
                               out->set_next_history_from(leaf.position.value);
                               return absl::CancelledError("the page is full");
                             }
                             ASSIGN_OR_RETURN(const std::optional<journal::OpenedEvent> opened,
                                              opener.OpenUnlessErased(leaf));
                             // Erased while this was being read.
                             if (!opened.has_value()) {
                               return ledger::StatementFault(core::Reason::kKeyNotBound);
                             }
                             EncodeEvent(opened->event, out->add_history());
                             return absl::OkStatus();
                           });
  return out->has_next_history_from() ? absl::OkStatus() : read;
}

}  // namespace

absl::Status EncodeView(const Context& context, ShardId shard, const ledger::ConsumerView& view,
                        const v1::ViewRequest& wanted, v1::ConsumerView* out) {
  out->set_time_zone(absl::StrJoin(view.record.place.zones, " "));
  const uint64_t fingerprints =
      view.record.erased.has_value() ? view.record.erased->fingerprints : 0;
  out->set_contact_points(static_cast<int>(view.record.contact_ids.size() - fingerprints));
  for (const KeyId& key : view.record.keys) out->add_key_ids(key.str());
  EncodeGrants(view, out);
  EncodeRelations(view.record, out);
  EncodeWishes(view.record, out);
  Encode(view.at, out->mutable_as_of());
  out->set_journal_origin(context.ledger.JournalOrigin(shard));
  RETURN_IF_ERROR(EncodeTagKeys(context, shard, view, out));
  if (wanted.history_max() == 0) return absl::OkStatus();
  return EncodeHistory(context, shard, view, wanted, out);
}

}  // namespace consent::api

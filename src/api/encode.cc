// SPDX-License-Identifier: Apache-2.0

#include "src/api/encode.h"

#include "src/api/permit_id.h"

namespace consent::api {
namespace {

// Numbers on the wire are those of the core (src/consent/vocabulary.h).
v1::Verdict ToWire(core::Verdict verdict) {
  return verdict == core::Verdict::kAllowed ? v1::VERDICT_ALLOWED : v1::VERDICT_DENIED;
}

}  // namespace

void Observe(const Context& context, Way way, core::Channel channel,
             const ledger::ContactAnswer& answer) {
  if (context.observer == nullptr) return;
  context.observer->Decided(way, channel, answer.decision.reason);
}

void Encode(Instant time, google::protobuf::Timestamp* out) { out->set_seconds(time.unix_seconds); }

void Encode(const Context& context, ShardId shard, const ledger::ContactAnswer& answer,
            const contact::SubjectId& subject, v1::Decision* out) {
  const core::Decision& decision = answer.decision;
  out->set_verdict(ToWire(decision.verdict));
  out->set_reason(static_cast<v1::Reason>(decision.reason));
  out->set_basis(static_cast<v1::Basis>(decision.basis));
  out->set_limit(decision.limit);
  out->set_rule(decision.rule);
  out->set_grant_id(decision.grant);
  for (const core::Remaining& remaining : decision.remaining) {
    auto* const item = out->add_remaining();
    item->set_limit(remaining.limit);
    item->set_count(remaining.count);
  }
  if (decision.next_allowed.has_value()) {
    Encode(*decision.next_allowed, out->mutable_next_allowed_time());
  }
  if (decision.contact_before.has_value()) {
    Encode(*decision.contact_before, out->mutable_contact_before());
  }
  if (answer.permit.has_value()) {
    out->set_permit_id(ToPermitId(context.permit_key, {shard, *answer.permit}));
  }
  if (answer.entry.has_value()) {
    out->set_journal_origin(context.ledger.JournalOrigin(shard));
    out->set_entry(answer.entry->value);
  }
  Encode(answer.at, out->mutable_decided_at());
  out->set_subject(subject.str());
  out->set_repeated(answer.repeated);
}

void Encode(const Context& context, ShardId shard, const ledger::PermitAnswer& answer,
            v1::PermitAnswer* out) {
  const core::Decision& decision = answer.decision;
  out->set_done(decision.verdict == core::Verdict::kDone);
  if (!out->done()) out->set_reason(static_cast<v1::Reason>(decision.reason));
  if (decision.contact_before.has_value()) {
    Encode(*decision.contact_before, out->mutable_contact_before());
  }
  if (answer.entry.has_value()) {
    out->set_journal_origin(context.ledger.JournalOrigin(shard));
    out->set_entry(answer.entry->value);
  }
  Encode(answer.at, out->mutable_answered_at());
}

}  // namespace consent::api

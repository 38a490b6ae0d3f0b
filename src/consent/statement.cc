// SPDX-License-Identifier: Apache-2.0
//
// Whether a statement is taken in: replays, times, keys, and whose word outranks whose.

#include <algorithm>
#include <string_view>
#include <variant>

#include "src/consent/decide.h"
#include "src/consent/narrowing.h"

namespace consent::core {
namespace {

constexpr int64_t kAgeMaxMs = INT64_C(24) * 60 * 60 * 1000;
constexpr int64_t kAheadMaxMs = INT64_C(5) * 60 * 1000;

template <typename T, typename List>
bool Contains(const List& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// What is known of the bytes behind the proposal; null in simulations.
const SignedBytes* BytesOf(const EventBody& proposal) {
  return std::visit(
      [](const auto& body) -> const SignedBytes* {
        if constexpr (requires { body.statement; }) {
          return body.statement.has_value() ? &*body.statement : nullptr;
        } else {
          return nullptr;
        }
      },
      proposal);
}

// Where the same bytes were accepted before.
const KnownStatement* FindKnown(const Record& record, const StatementId& id) {
  const auto& known = record.statements;
  const auto it =
      std::find_if(known.begin(), known.end(), [&](const KnownStatement& k) { return k.id == id; });
  return it != known.end() ? &*it : nullptr;
}

// The last narrowing that speaks against what the proposal gives; none for what gives nothing to a
// company.
std::optional<Narrowing> NarrowingOf(const Record& record, const EventBody& proposal) {
  if (const auto* granted = std::get_if<Granted>(&proposal)) {
    return LastNarrowing(record, granted->grant.company);
  }
  if (const auto* unblocked = std::get_if<Unblocked>(&proposal)) {
    return unblocked->whose == Whose::kCompany ? LastNarrowing(record, unblocked->company)
                                               : record.narrowed_all;
  }
  if (const auto* asked = std::get_if<CallbackAsked>(&proposal)) {
    return LastNarrowing(record, asked->callback.company);
  }
  return std::nullopt;
}

// A replay of something that was taken back meanwhile must not look as if it stood.
StatementVerdict JudgeKnown(const KnownStatement& known,
                            const std::optional<Narrowing>& narrowing) {
  if (narrowing.has_value() && narrowing->position > known.position) {
    return {Reason::kNarrowedSince, std::nullopt};
  }
  return {Reason::kOk, known.position};
}

// The same of a claim that was contested, or ended with its holder.
StatementVerdict JudgeKnownContract(const Record& record, const KnownStatement& known,
                                    const Given& given) {
  const CompanyRecord* const between = record.Find(given.company);
  const bool stands = between != nullptr &&
                      std::any_of(between->contracts.begin(), between->contracts.end(),
                                  [&](const KeptContract& kept) {
                                    return kept.contract.id == given.contract && !kept.contested;
                                  });
  if (!stands) return {Reason::kOutranked, std::nullopt};
  return {Reason::kOk, known.position};
}

// The rule of time for what grants, binds or lifts a block.
Reason JudgeTime(const Record& record, const EventBody& proposal, const SignedBytes& bytes,
                 const std::optional<Narrowing>& narrowing, Instant now) {
  const int64_t now_ms = now.unix_seconds * 1000;
  if (bytes.signed_at_ms < now_ms - kAgeMaxMs) return Reason::kStatementTooOld;
  if (bytes.signed_at_ms > now_ms + kAheadMaxMs) return Reason::kStatementFromFuture;
  if (narrowing.has_value() && bytes.signed_at_ms <= narrowing->signed_at_ms) {
    return Reason::kNarrowedSince;
  }
  // An older word on who holds the line, arriving late, would bring back who has been replaced.
  const bool of_holder =
      std::holds_alternative<Bound>(proposal) || std::holds_alternative<HolderChanged>(proposal);
  if (of_holder && bytes.signed_at_ms < record.bound_signed_at_ms) {
    return Reason::kNarrowedSince;
  }
  return Reason::kOk;
}

bool Narrows(const EventBody& proposal) {
  return std::holds_alternative<Revoked>(proposal) || std::holds_alternative<Blocked>(proposal) ||
         std::holds_alternative<Contested>(proposal);
}

// The newest word stands, whatever the order of arrival; a phone's wrong clock silences none.
Reason JudgePreferred(const Record& record, const SignedBytes& bytes, Instant now) {
  const int64_t own_ms = OwnTimeMs(bytes.signed_at_ms, now);
  const bool overtaken = std::any_of(
      record.preferences.begin(), record.preferences.end(), [&](const KeptPreferences& kept) {
        return kept.given_by == bytes.key && own_ms < kept.signed_at_ms;
      });
  return overtaken ? Reason::kNarrowedSince : Reason::kOk;
}

Reason JudgeBytes(const Record& record, const EventBody& proposal, const SignedBytes& bytes,
                  const std::optional<Narrowing>& narrowing, Instant now) {
  // Registrars sign bindings.
  if (bytes.signer == Signer::kConsumer && !std::holds_alternative<Bound>(proposal) &&
      !Contains(record.keys, bytes.key)) {
    return Reason::kKeyNotBound;
  }
  if (std::holds_alternative<Preferred>(proposal)) return JudgePreferred(record, bytes, now);
  return Narrows(proposal) ? Reason::kOk : JudgeTime(record, proposal, bytes, narrowing, now);
}

Reason JudgeGranted(const Record& record, const Grant& grant,
                    const std::optional<Narrowing>& narrowing) {
  const CompanyRecord* between = record.Find(grant.company);
  if (grant.signed_by != Signer::kConsumer) {
    if (narrowing.has_value() && grant.collected_at <= narrowing->at) return Reason::kOutranked;
    if (between != nullptr && between->spoken_for.Intersects(grant.purposes)) {
      return Reason::kOutranked;
    }
  }
  const bool id_taken =
      between != nullptr && std::any_of(between->grants.begin(), between->grants.end(),
                                        [&](const KeptGrant& k) { return k.grant.id == grant.id; });
  return id_taken ? Reason::kGrantIdReused : Reason::kOk;
}

// A contested claim, and any other of this company's, needs evidence from after the contest; any
// claim at all, evidence of who holds the contact point now.
Reason JudgeContract(const Record& record, const Contract& contract) {
  if (contract.signed_by == Signer::kConsumer) return Reason::kOk;
  const CompanyRecord* between = record.Find(contract.company);
  const bool contested = between != nullptr && between->contested_at.has_value() &&
                         contract.collected_at <= *between->contested_at;
  const bool of_another =
      record.claims_after.has_value() && contract.collected_at <= *record.claims_after;
  return contested || of_another ? Reason::kOutranked : Reason::kOk;
}

Reason JudgeCallback(const Callback& callback, const std::optional<Narrowing>& narrowing) {
  const bool claimed = callback.signed_by != Signer::kConsumer;
  return claimed && narrowing.has_value() && callback.collected_at <= narrowing->at
             ? Reason::kOutranked
             : Reason::kOk;
}

// Contact points by which the consumer can be found; those from before an erasure are not.
size_t ContactPointsOf(const Record& record) {
  return record.contact_ids.size() - (record.erased.has_value() ? record.erased->fingerprints : 0);
}

// A consumer's other contact points would come into the hands of who holds one of them.
Reason JudgeHolder(const Record& record, const HolderChanged& changed) {
  const bool hands_over = changed.new_holder || changed.holder == HolderClass::kSharedLine;
  return hands_over && ContactPointsOf(record) > 1 ? Reason::kAlreadyBound : Reason::kOk;
}

Reason JudgeBound(const Record& record, const Bound& bound) {
  // For the same reason nobody's own contact point is added to a line that others share.
  if (record.holder == HolderClass::kSharedLine && ContactPointsOf(record) > 0 &&
      !Contains(record.contact_ids, bound.subject.contact_id)) {
    return Reason::kAlreadyBound;
  }
  if (!bound.key.has_value() || record.keys.empty()) return Reason::kOk;
  const bool known = Contains(record.keys, *bound.key);
  // One person's key does not take another's place: it would take over what the other has said.
  if (known && bound.replaces.has_value() && bound.replaces != bound.key) {
    return Reason::kAlreadyBound;
  }
  const bool succeeds = bound.replaces.has_value() && Contains(record.keys, *bound.replaces);
  // Of those who share a line each may have a key of their own.
  const bool joins = !bound.replaces.has_value() && record.holder == HolderClass::kSharedLine &&
                     record.keys.size() < kLineKeysMax;
  return succeeds || joins || known ? Reason::kOk : Reason::kAlreadyBound;
}

}  // namespace

std::optional<StatementVerdict> DecideRepeat(const Record& record, const StatementId& id,
                                             const Given& given) {
  const KnownStatement* const known = FindKnown(record, id);
  if (known == nullptr) return std::nullopt;
  if (!given.contract.empty()) return JudgeKnownContract(record, *known, given);
  return JudgeKnown(*known,
                    given.company.empty() ? std::nullopt : LastNarrowing(record, given.company));
}

StatementVerdict DecideStatement(const Record& record, const EventBody& proposal, Instant now) {
  const std::optional<Narrowing> narrowing = NarrowingOf(record, proposal);
  if (const SignedBytes* bytes = BytesOf(proposal)) {
    if (const KnownStatement* known = FindKnown(record, bytes->id)) {
      if (const auto* claimed = std::get_if<ContractClaimed>(&proposal)) {
        return JudgeKnownContract(record, *known,
                                  {claimed->contract.company, claimed->contract.id});
      }
      return JudgeKnown(*known, narrowing);
    }
    const Reason reason = JudgeBytes(record, proposal, *bytes, narrowing, now);
    if (reason != Reason::kOk) return {reason, std::nullopt};
  }
  if (const auto* granted = std::get_if<Granted>(&proposal)) {
    return {JudgeGranted(record, granted->grant, narrowing), std::nullopt};
  }
  if (const auto* bound = std::get_if<Bound>(&proposal)) {
    return {JudgeBound(record, *bound), std::nullopt};
  }
  if (const auto* claimed = std::get_if<ContractClaimed>(&proposal)) {
    return {JudgeContract(record, claimed->contract), std::nullopt};
  }
  if (const auto* changed = std::get_if<HolderChanged>(&proposal)) {
    return {JudgeHolder(record, *changed), std::nullopt};
  }
  if (const auto* asked = std::get_if<CallbackAsked>(&proposal)) {
    return {JudgeCallback(asked->callback, narrowing), std::nullopt};
  }
  return {};
}

}  // namespace consent::core

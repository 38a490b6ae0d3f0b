// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/erase_task.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/consent/evolve.h"
#include "src/consent/tombstone.h"
#include "src/journal/reader.h"
#include "src/journal/secret_value.h"
#include "src/ledger/fingerprint.h"
#include "src/ledger/statement_fault.h"

namespace consent::ledger {
namespace {

// Where the record tells that this order was obeyed; it is the tombstone's then.
std::optional<LeafIndex> FindObeyed(const core::Record& record, const StatementId& id) {
  if (!record.erased.has_value()) return std::nullopt;
  for (const core::KnownStatement& known : record.statements) {
    if (known.id == id) return known.position;
  }
  return std::nullopt;
}

absl::Status CheckFresh(int64_t signed_at_ms, int64_t now_ms) {
  if (signed_at_ms >= now_ms - EraseTask::kAgeMaxMs &&
      signed_at_ms <= now_ms + EraseTask::kAgeMaxMs) {
    return absl::OkStatus();
  }
  return Fault(absl::StatusCode::kFailedPrecondition, "REQUEST_NOT_FRESH",
               "signed_at: expected within five minutes of now; sign it afresh");
}

// Puts the tombstone in the consumer's place; `consumer` is no more when this returns OK. What is
// left of the contact point of this name is left under its newest id.
absl::StatusOr<LeafIndex> Erase(const Desk& desk, const Erasing& erasing, Turn& turn,
                                const Consumer& consumer, const contact::ContactName& name,
                                const core::ErasureRequest& request) {
  if (erasing.before) {
    if (const absl::Status kept = erasing.before(consumer.record.handle); !kept.ok()) {
      return Fault(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE",
                   absl::StrCat("nothing was erased, for it could not be remembered outside the "
                                "store (",
                                kept.message(), "); repeat the call"));
    }
  }
  core::Record dying = consumer.record;
  core::Rename(dying, RenamesOf(dying, name));
  core::Erased erased = core::Tombstone(dying, request, FingerprintOf);
  const LeafIndex position = turn.journal.next();
  // Away with the old before the new is indexed: both may be found by the same fingerprint.
  turn.journal.StageErasure(desk.consumers.Remove(consumer, position));
  Consumer& tombstone = AddConsumer(desk.consumers, turn);
  // Without the contact point: its text is what is being erased.
  return desk.recorder.Record(turn, *desk.directory.Snapshot(), tombstone, {}, std::move(erased));
}

}  // namespace

absl::StatusOr<EraseAnswer> EraseTask::Decide(Turn& turn) {
  ASSIGN_OR_RETURN(const Consumer* const consumer, desk_.consumers.Find(command_.contact));
  // The same answer whether there is no such consumer or the key is not theirs.
  if (consumer == nullptr) return StatementFault(core::Reason::kKeyNotBound);
  const core::Record& record = consumer->record;
  if (const auto obeyed = FindObeyed(record, command_.id)) return Repeat(turn, *obeyed);
  if (std::find(record.keys.begin(), record.keys.end(), command_.key) == record.keys.end()) {
    return StatementFault(core::Reason::kKeyNotBound);
  }
  // What one of several people wants forgotten is also what the others have forbidden.
  if (record.holder == core::HolderClass::kSharedLine && record.keys.size() > 1) {
    return InvalidField("contact_point",
                        "expected a line of one person, found one that several share; a registrar "
                        "must first say who holds it (holder_change)");
  }
  RETURN_IF_ERROR(CheckFresh(command_.signed_at_ms, turn.now_ms));
  ASSIGN_OR_RETURN(
      const LeafIndex entry,
      Erase(desk_, erasing_, turn, *consumer, command_.contact,
            {.id = command_.id, .signed_at_ms = command_.signed_at_ms, .arrived = turn.now}));
  return EraseAnswer{.entry = entry, .at = turn.now, .repeated = false};
}

absl::StatusOr<EraseAnswer> EraseTask::Repeat(const Turn& turn, LeafIndex position) {
  EraseAnswer answer{.entry = position, .at = turn.now, .repeated = true};
  // Staged in this very group: not yet in the store, and of this moment.
  if (position.value >= turn.journal.durable_size().value) return answer;
  RETURN_IF_ERROR(journal::ForEachLeaf(
      erasing_.store, erasing_.shard, position, TreeSize{position.value + 1},
      [&](const journal::Leaf& leaf) -> absl::Status {
        ASSIGN_OR_RETURN(const journal::Entry entry, journal::ParseEntry(leaf.bytes));
        answer.at = entry.at;
        return absl::OkStatus();
      }));
  return answer;
}

void EraseTask::Answer(const absl::Status& durable) {
  if (!durable.ok()) return done_(durable);
  if (answer_.ok() && !answer_->repeated && erasing_.after) erasing_.after();
  done_(std::move(answer_));
}

absl::StatusOr<size_t> EraseAgainTask::Decide(Turn& turn) {
  size_t erased = 0;
  for (const Handle& handle : handles_) {
    ASSIGN_OR_RETURN(const std::optional<journal::SecretValue> secret,
                     journal::ReadSecretValue(erasing_.store, erasing_.shard, handle));
    if (!secret.has_value()) continue;
    if (!secret->consumer.has_value()) continue;  // A day's: of nobody who could be erased.
    ASSIGN_OR_RETURN(const Consumer* const consumer, desk_.consumers.Find(*secret->consumer));
    if (consumer == nullptr || consumer->record.handle != handle) continue;
    RETURN_IF_ERROR(Erase(desk_, erasing_, turn, *consumer, {},
                          {.id = {}, .signed_at_ms = turn.now_ms, .arrived = turn.now})
                        .status());
    ++erased;
  }
  return erased;
}

void EraseAgainTask::Answer(const absl::Status& durable) {
  if (!durable.ok()) return done_(durable);
  if (answer_.ok() && *answer_ > 0 && erasing_.after) erasing_.after();
  done_(std::move(answer_));
}

}  // namespace consent::ledger

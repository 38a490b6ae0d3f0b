// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/view_task.h"

#include <algorithm>

#include "src/base/status_macros.h"
#include "src/ledger/statement_fault.h"

namespace consent::ledger {

absl::StatusOr<ConsumerView> ViewTask::Look(Turn& turn) {
  ASSIGN_OR_RETURN(const Consumer* const consumer, desk_.consumers.Find(contact_));
  if (key_.has_value()) {
    // The same answer whether there is no such consumer or the key is not theirs.
    if (consumer == nullptr) return StatementFault(core::Reason::kKeyNotBound);
    const auto& keys = consumer->record.keys;
    if (std::find(keys.begin(), keys.end(), *key_) == keys.end()) {
      return StatementFault(core::Reason::kKeyNotBound);
    }
  } else if (consumer == nullptr) {
    return absl::NotFoundError("no consumer has this contact point");
  }
  return ConsumerView{.record = consumer->record,
                      .zones = consumer->zones,
                      .loss = desk_.consumers.loss(),
                      .at = turn.now,
                      .journal_size = TreeSize{turn.journal.next().value}};
}

void ViewTask::Answer(const absl::Status& durable) {
  if (!durable.ok()) return done_(durable);
  done_(std::move(view_));
}

}  // namespace consent::ledger

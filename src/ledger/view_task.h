// SPDX-License-Identifier: Apache-2.0
//
// ViewTask: a copy of a consumer's record, for the consumer or for an auditor.

#ifndef CONSENT_LEDGER_VIEW_TASK_H_
#define CONSENT_LEDGER_VIEW_TASK_H_

#include <optional>
#include <utility>

#include "src/ledger/command.h"
#include "src/ledger/committer.h"
#include "src/ledger/desk.h"

namespace consent::ledger {

class ViewTask : public Task {
 public:
  // With a key: for the consumer who holds it, and nobody else.
  ViewTask(const Desk& desk, const contact::ContactName& contact, std::optional<KeyId> key,
           Done<ConsumerView> done)
      : desk_(desk), contact_(contact), key_(key), done_(std::move(done)) {}

  bool writes() const override { return false; }
  void Judge(Turn& turn) override { view_ = Look(turn); }
  void Answer(const absl::Status& durable) override;

 private:
  absl::StatusOr<ConsumerView> Look(Turn& turn);

  const Desk& desk_;
  const contact::ContactName contact_;
  const std::optional<KeyId> key_;
  const Done<ConsumerView> done_;
  absl::StatusOr<ConsumerView> view_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_VIEW_TASK_H_

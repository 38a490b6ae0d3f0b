// SPDX-License-Identifier: Apache-2.0
//
// PermitTask: confirms, releases, or reports the outcome of a permit.

#ifndef CONSENT_LEDGER_PERMIT_TASK_H_
#define CONSENT_LEDGER_PERMIT_TASK_H_

#include <utility>

#include "src/ledger/command.h"
#include "src/ledger/committer.h"
#include "src/ledger/desk.h"

namespace consent::ledger {

class PermitTask : public Task {
 public:
  PermitTask(const Desk& desk, PermitCommand command, Done<PermitAnswer> done)
      : desk_(desk), command_(std::move(command)), done_(std::move(done)) {}

  void Judge(Turn& turn) override { answer_ = Decide(turn); }
  void Answer(const absl::Status& durable) override;

 private:
  absl::StatusOr<PermitAnswer> Decide(Turn& turn);

  const Desk& desk_;
  const PermitCommand command_;
  const Done<PermitAnswer> done_;
  absl::StatusOr<PermitAnswer> answer_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_PERMIT_TASK_H_

// SPDX-License-Identifier: Apache-2.0
//
// StatementTask: takes in statements whose signatures have been verified.
//
// Who a key is: a party of the directory, if it holds the key; else the consumer, if the record
// lists it. What the signer may say, and whether it still counts, is decided below: by
// statement::Propose (roles) and core::DecideStatement (time, replay, rank).

#ifndef CONSENT_LEDGER_STATEMENT_TASK_H_
#define CONSENT_LEDGER_STATEMENT_TASK_H_

#include <utility>
#include <vector>

#include "src/ledger/command.h"
#include "src/ledger/committer.h"
#include "src/ledger/desk.h"

namespace consent::ledger {

class StatementTask : public Task {
 public:
  StatementTask(const Desk& desk, std::vector<StatementCommand> commands,
                Done<StatementAnswers> done)
      : desk_(desk), commands_(std::move(commands)), done_(std::move(done)) {}

  size_t weight() const override { return commands_.size(); }
  void Judge(Turn& turn) override;
  void Answer(const absl::Status& durable) override;

 private:
  absl::StatusOr<StatementAnswer> Judge(Turn& turn, const directory::Directory& directory,
                                        const StatementCommand& command);
  absl::StatusOr<Consumer*> FindConsumer(const StatementCommand& command);

  const Desk& desk_;
  const std::vector<StatementCommand> commands_;
  const Done<StatementAnswers> done_;
  StatementAnswers answers_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_STATEMENT_TASK_H_

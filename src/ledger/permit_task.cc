// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/permit_task.h"

#include <algorithm>
#include <variant>

#include "src/base/status_macros.h"
#include "src/consent/decide.h"

namespace consent::ledger {
namespace {

bool Holds(const core::Record& record, const PermitCommand& command) {
  const core::CompanyRecord* const part = record.Find(command.company);
  return part != nullptr &&
         std::any_of(part->contacts.begin(), part->contacts.end(),
                     [&](const core::Contact& c) { return c.position == command.permit.position; });
}

core::Judgement JudgeAction(const core::Record& record, const PermitCommand& command,
                            const core::Moment& moment) {
  const LeafIndex permit = command.permit.position;
  if (std::holds_alternative<ConfirmPermit>(command.action)) {
    return core::DecideConfirm(record, permit, moment);
  }
  if (std::holds_alternative<ReleasePermit>(command.action)) {
    return core::DecideRelease(record, permit, moment);
  }
  return core::DecideOutcome(record, permit, std::get<ReportOutcome>(command.action).outcome,
                             moment);
}

}  // namespace

absl::StatusOr<PermitAnswer> PermitTask::Decide(Turn& turn) {
  ASSIGN_OR_RETURN(Consumer* const consumer, desk_.consumers.Find(command_.permit.consumer));
  if (consumer == nullptr || !Holds(consumer->record, command_)) {
    PermitAnswer none;
    none.at = turn.now;
    none.decision.verdict = core::Verdict::kDenied;
    none.decision.reason = core::Reason::kNoSuchPermit;
    return none;
  }
  core::Judgement judgement =
      JudgeAction(consumer->record, command_, desk_.consumers.MomentOf(*consumer, turn.now));
  PermitAnswer answer{
      .decision = std::move(judgement.answered), .at = turn.now, .entry = std::nullopt};
  if (judgement.event.has_value()) {
    answer.entry = desk_.recorder.Record(turn, *desk_.directory.Snapshot(), *consumer, {},
                                         *std::move(judgement.event));
  }
  return answer;
}

void PermitTask::Answer(const absl::Status& durable) {
  if (!durable.ok()) return done_(durable);
  done_(std::move(answer_));
}

}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/permit_task.h"

#include <memory>
#include <variant>

#include "src/base/status_macros.h"
#include "src/consent/decide.h"

namespace consent::ledger {
namespace {

// The company's contact that the permit is for; null when there is none.
const core::Contact* FindContact(const core::Record& record, const PermitCommand& command) {
  const core::CompanyRecord* const part = record.Find(command.company);
  return part != nullptr ? part->contacts.Find(command.permit.position) : nullptr;
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
  const core::Contact* const contact =
      consumer != nullptr ? FindContact(consumer->record, command_) : nullptr;
  if (contact == nullptr) {
    PermitAnswer none;
    none.at = turn.now;
    none.decision.verdict = core::Verdict::kDenied;
    none.decision.reason = core::Reason::kNoSuchPermit;
    return none;
  }
  const std::shared_ptr<const directory::Directory> directory = desk_.directory.Snapshot();
  // What happened, and what is given back, is taken in under any law.
  if (std::holds_alternative<ConfirmPermit>(command_.action)) {
    RETURN_IF_ERROR(directory->law().status());
  }
  const core::Asker asker =
      directory->AskerOf(command_.company, contact->request().processor, turn.now);
  core::Moment moment = MomentOf(desk_, *directory, turn.now);
  moment.zones = consumer->zones;
  moment.asker = &asker;
  core::Judgement judgement = JudgeAction(consumer->record, command_, moment);
  PermitAnswer answer{
      .decision = std::move(judgement.answered), .at = turn.now, .entry = std::nullopt};
  if (judgement.event.has_value()) {
    answer.entry =
        desk_.recorder.Record(turn, *directory, *consumer, {}, *std::move(judgement.event));
  }
  return answer;
}

void PermitTask::Answer(const absl::Status& durable) {
  if (!durable.ok()) return done_(durable);
  done_(std::move(answer_));
}

}  // namespace consent::ledger

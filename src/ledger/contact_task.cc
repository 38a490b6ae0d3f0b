// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/contact_task.h"

#include <memory>
#include <optional>

#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/consent/decide.h"

namespace consent::ledger {

void ContactTask::Judge(Turn& turn) {
  answers_.clear();
  answers_.reserve(commands_.size());
  const std::shared_ptr<const Directory> directory = desk_.directory.Snapshot();
  for (const ContactCommand& command : commands_) {
    answers_.push_back(Judge(turn, *directory, command));
  }
}

absl::StatusOr<ContactAnswer> ContactTask::Judge(Turn& turn, const Directory& directory,
                                                 const ContactCommand& command) {
  if (directory.Find(command.request.company, Role::kCompany) == nullptr) {
    return Fault(absl::StatusCode::kNotFound, "UNKNOWN_COMPANY",
                 "company: the directory has no such company; add it first (PutParty)");
  }
  static const core::Record* const kUnknown = new core::Record();
  ASSIGN_OR_RETURN(Consumer* const consumer, desk_.consumers.Find(command.contact));
  const core::Record& record = consumer != nullptr ? consumer->record : *kUnknown;
  const core::Moment moment = consumer != nullptr ? desk_.consumers.MomentOf(*consumer, turn.now)
                                                  : core::Moment{.now = turn.now};

  core::Judgement judgement =
      mode_ == Mode::kConsume ? core::Decide(record, command.request, moment, command.next_allowed)
                              : core::Check(record, command.request, moment, command.next_allowed);
  if (judgement.decision.verdict == core::Verdict::kError) {
    return Fault(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                 "request_id: used before for a request with another channel, purpose, "
                 "permit_ttl, hold or caller_number; every new request needs an id of its own");
  }
  ContactAnswer answer{.decision = std::move(judgement.answered),
                       .at = turn.now,
                       .entry = std::nullopt,
                       .permit = std::nullopt};
  if (judgement.event.has_value()) {
    answer.entry = consumer != nullptr
                       ? desk_.recorder.Record(turn, directory, *consumer, command.contact_point,
                                               *std::move(judgement.event))
                       : desk_.recorder.RecordStranger(turn, directory, command.contact_point,
                                                       *judgement.event);
  }
  if (mode_ == Mode::kConsume && answer.decision.verdict == core::Verdict::kAllowed) {
    answer.repeated = answer.decision.permit.has_value();
    if (answer.repeated) answer.entry = answer.decision.permit;
    answer.permit = PermitRef{consumer->record.consumer, *answer.entry};
  }
  return answer;
}

void ContactTask::Answer(const absl::Status& durable) {
  if (!durable.ok()) return done_(durable);
  done_(std::move(answers_));
}

}  // namespace consent::ledger

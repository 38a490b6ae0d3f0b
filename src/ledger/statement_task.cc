// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/statement_task.h"

#include <memory>
#include <string>
#include <variant>

#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/consent/decide.h"
#include "src/ledger/statement_fault.h"
#include "src/statement/proposal.h"
#include "src/statement/role.h"

namespace consent::ledger {
namespace {

struct Speaker {
  core::Signer role = core::Signer::kConsumer;
  std::string_view party;  // Its id in the directory; empty for the consumer.
};

Speaker WhoSpeaks(const directory::Directory& directory, const KeyId& key) {
  const directory::Party* const party = directory.HolderOf(key);
  if (party == nullptr) return {};
  return {party->role == directory::Role::kRegistrar ? core::Signer::kRegistrar
                                                     : core::Signer::kCompany,
          party->id};
}

// What gives must name a company that can be held to it; what narrows may name any.
bool Gives(const core::EventBody& proposal) {
  return std::holds_alternative<core::Granted>(proposal) ||
         std::holds_alternative<core::ContractClaimed>(proposal) ||
         std::holds_alternative<core::CallbackAsked>(proposal);
}

absl::Status CheckCompany(const directory::Directory& directory, const Speaker& speaker,
                          const v1::Statement& message, const core::EventBody& proposal) {
  const std::string_view company = statement::CompanyOf(message);
  if (speaker.role == core::Signer::kCompany && company != speaker.party) {
    return Fault(absl::StatusCode::kPermissionDenied, "UNKNOWN_KEY",
                 "company: a company signs for itself only, and this key is another company's");
  }
  if (Gives(proposal) && directory.Find(company, directory::Role::kCompany) == nullptr) {
    return Fault(absl::StatusCode::kNotFound, "UNKNOWN_COMPANY",
                 "company: the directory has no such company; add it first (PutParty)");
  }
  return absl::OkStatus();
}

// What a statement gives that a narrowing or a contest takes back.
core::Given GivenBy(const v1::Statement& message) {
  if (message.has_grant()) return {message.grant().company(), {}};
  if (message.has_claim()) return {message.claim().grant().company(), {}};
  if (message.has_callback_request()) return {message.callback_request().company(), {}};
  if (message.has_contract_claim()) {
    const v1::Contract& contract = message.contract_claim().contract();
    return {contract.company(), contract.contract_id()};
  }
  if (message.has_unblock()) {
    // Which companies a group or a processor stands for may change: what concerns all concerns it.
    const std::string_view company = statement::CompanyOf(message);
    return {company.empty() ? "*" : company, {}};
  }
  return {};
}

}  // namespace

void StatementTask::Judge(Turn& turn) {
  answers_.clear();
  const std::shared_ptr<const directory::Directory> directory = desk_.directory.Snapshot();
  for (const StatementCommand& command : commands_) {
    answers_.push_back(Judge(turn, *directory, command));
  }
}

absl::StatusOr<Consumer*> StatementTask::FindConsumer(const StatementCommand& command) {
  ASSIGN_OR_RETURN(Consumer* const consumer, desk_.consumers.Find(command.contact));
  if (!command.same_consumer_as.has_value()) return consumer;
  ASSIGN_OR_RETURN(Consumer* const other, desk_.consumers.Find(*command.same_consumer_as));
  if (other == nullptr) {
    return Fault(absl::StatusCode::kFailedPrecondition, "ALREADY_BOUND",
                 "key_binding.same_consumer_as: no consumer holds that contact point; bind it "
                 "first, without same_consumer_as");
  }
  if (consumer != nullptr && consumer != other) {
    return Fault(absl::StatusCode::kFailedPrecondition, "ALREADY_BOUND",
                 "contact_point: it belongs to another consumer already");
  }
  return other;
}

absl::StatusOr<StatementAnswer> StatementTask::Judge(Turn& turn,
                                                     const directory::Directory& directory,
                                                     const StatementCommand& command) {
  ASSIGN_OR_RETURN(Consumer * consumer, FindConsumer(command));
  static const core::Record* const kUnknown = new core::Record();
  const core::Record& record = consumer != nullptr ? consumer->record : *kUnknown;
  if (const auto known =
          core::DecideRepeat(record, command.opened.id, GivenBy(command.opened.message))) {
    if (known->repeats.has_value()) return StatementAnswer{*known->repeats, true};
    return StatementFault(known->reason);
  }
  const Speaker speaker = WhoSpeaks(directory, command.opened.key.id());
  // Who takes the place of an erased consumer, or of another holder, is new too.
  const bool is_new = consumer == nullptr || command.opened.message.holder_change().new_holder() ||
                      (record.erased.has_value() && record.place.zones.empty());
  const core::Subject subject{.contact_id = command.contact.newest,
                              .place = is_new ? command.place : core::Place{}};
  ASSIGN_OR_RETURN(core::EventBody proposal,
                   statement::Propose(command.opened, speaker.role, subject, turn.now));
  RETURN_IF_ERROR(CheckCompany(directory, speaker, command.opened.message, proposal));

  const core::StatementVerdict verdict = core::DecideStatement(record, proposal, turn.now);
  if (verdict.reason != core::Reason::kOk) return StatementFault(verdict.reason);

  if (consumer == nullptr) consumer = &AddConsumer(desk_.consumers, turn);
  const LeafIndex entry = desk_.recorder.Record(
      turn, directory, *consumer, {command.opened.contact_point.uri(), &command.contact},
      std::move(proposal));
  return StatementAnswer{entry, false};
}

void StatementTask::Answer(const absl::Status& durable) {
  if (!durable.ok()) return done_(durable);
  done_(std::move(answers_));
}

}  // namespace consent::ledger

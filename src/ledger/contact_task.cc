// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/contact_task.h"

#include <memory>
#include <optional>
#include <variant>

#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/consent/decide.h"

namespace consent::ledger {

// The directory that a task judges by. The requests of a batch are of one company and processor, so
// what it says of the last is kept.
class ContactTask::Ground {
 public:
  Ground(std::shared_ptr<const directory::Directory> directory, Instant now)
      : directory_(std::move(directory)), now_(now) {}

  const directory::Directory& directory() const { return *directory_; }

  // Whether the request can be judged at all.
  absl::Status Admits(const core::Request& request) const {
    if (directory_->Find(request.company, directory::Role::kCompany) == nullptr) {
      return Fault(absl::StatusCode::kNotFound, "UNKNOWN_COMPANY",
                   "company: the directory has no such company; add it first (PutParty)");
    }
    return directory_->law().status();
  }

  // Of a request that is admitted.
  const core::Asker& AskerOf(const core::Request& request) {
    if (request.processor.empty()) {
      return directory_->Find(request.company, directory::Role::kCompany)->asker;
    }
    if (!asker_.has_value() || company_ != request.company || processor_ != request.processor) {
      asker_ = directory_->AskerOf(request.company, request.processor, now_);
      company_ = request.company;
      processor_ = request.processor;
    }
    return *asker_;
  }

 private:
  const std::shared_ptr<const directory::Directory> directory_;
  const Instant now_;
  std::optional<core::Asker> asker_;
  std::string company_, processor_;  // Whose `asker_` is.
};

namespace {

// Somebody of whom nothing is known but where their contact point lies.
struct Newcomer {
  core::Record record;
  std::vector<absl::TimeZone> zones;
};

// Who has no place yet. Where no law is in force nobody can be contacted without a word of theirs,
// and no place is asked for.
std::optional<Newcomer> FindNewcomer(const Consumer* consumer, const core::Law& law,
                                     const core::Place& place) {
  if (law.rules.empty()) return std::nullopt;
  if (consumer != nullptr &&
      !(consumer->record.erased.has_value() && consumer->record.place == core::Place())) {
    return std::nullopt;
  }
  Newcomer newcomer;
  if (consumer != nullptr) newcomer.record = consumer->record;
  newcomer.record.place = place;
  newcomer.zones = core::LoadZones(place);
  return newcomer;
}

}  // namespace

void ContactTask::Prefetch(int step) const {
  static_assert(Consumers::kPrefetchSteps == kPrefetchSteps);
  for (const Prepared& one : commands_) {
    desk_.consumers.Prefetch(one.command.contact.newest, step);
  }
}

void ContactTask::Judge(Turn& turn) {
  for (Prepared& one : commands_) desk_.consumers.Keep(std::move(one.fetched));
  answers_.clear();
  answers_.reserve(commands_.size());
  Ground ground(desk_.directory.Snapshot(), turn.now);
  for (const Prepared& one : commands_) answers_.push_back(Judge(turn, ground, one.command));
}

absl::StatusOr<ContactAnswer> ContactTask::Judge(Turn& turn, Ground& ground,
                                                 const ContactCommand& command) {
  RETURN_IF_ERROR(ground.Admits(command.request));
  const directory::Directory& directory = ground.directory();
  static const core::Record* const kUnknown = new core::Record();
  ASSIGN_OR_RETURN(Consumer * consumer, desk_.consumers.Find(command.contact));
  const std::optional<Newcomer> newcomer = FindNewcomer(consumer, *directory.law(), command.place);
  const core::Record& record = newcomer.has_value()  ? newcomer->record
                               : consumer != nullptr ? consumer->record
                                                     : *kUnknown;
  core::Moment moment = MomentOf(desk_, directory, turn.now);
  if (newcomer.has_value()) {
    moment.zones = newcomer->zones;
  } else if (consumer != nullptr) {
    moment.zones = consumer->zones;
  }
  moment.asker = &ground.AskerOf(command.request);

  core::Judgement judgement =
      mode_ == Mode::kConsume ? core::Decide(record, command.request, moment, command.next_allowed)
                              : core::Check(record, command.request, moment, command.next_allowed);
  if (judgement.decision.verdict == core::Verdict::kError) {
    return Fault(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED",
                 "request_id: used before for a request of other content; every new request needs "
                 "an id of its own");
  }
  ContactAnswer answer{.decision = std::move(judgement.answered),
                       .at = turn.now,
                       .entry = std::nullopt,
                       .permit = std::nullopt};
  const bool allowed = answer.decision.verdict == core::Verdict::kAllowed;
  if (judgement.event.has_value()) {
    if (newcomer.has_value()) {
      std::get<core::Decided>(*judgement.event).subject =
          core::Subject{.contact_id = command.contact.newest, .place = command.place};
    }
    // Whoever is contacted has a record from then on.
    if (allowed && consumer == nullptr) consumer = &AddConsumer(desk_.consumers, turn);
    answer.entry = consumer != nullptr
                       ? desk_.recorder.Record(turn, directory, *consumer,
                                               {command.contact_point, &command.contact},
                                               *std::move(judgement.event))
                       : desk_.recorder.RecordStranger(turn, directory, command.contact_point,
                                                       *judgement.event);
  }
  if (mode_ == Mode::kConsume && allowed) {
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

// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/history.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/consent/record_row.h"

namespace consent::ledger {
namespace {

using Loss = store::MemoryStore::Loss;
using Outcome = store::MemoryStore::Outcome;

constexpr core::Outcome kOutcomes[] = {core::Outcome::kConnected, core::Outcome::kNoAnswer,
                                       core::Outcome::kNotSent, core::Outcome::kOpposed,
                                       core::Outcome::kStop};

}  // namespace

History::History()
    : store_(std::make_unique<store::MemoryStore>()),
      clock_(std::make_unique<ManualClock>(kTestStartMs)),
      ledger_(std::make_unique<TestLedger>(*store_, *clock_)) {
  ledger_->AddCompany("beta", /*named_in_entries=*/true);
  for (int i = 0; i < kPeople - 1; ++i) {  // The last one is a stranger at first.
    ledger_->Settle(PersonOf(i), 2, 3);
  }
}

void History::Say(const v1::Statement& statement, const crypto::PrivateKey& key) {
  if (const auto answer = ledger_->Say(statement, key); answer.ok()) Acknowledge(answer->entry);
}

void History::Consume(int whom, core::Channel channel, Seconds hold, const std::string& company) {
  ContactCommand command =
      ledger_->Wish(PersonOf(whom), absl::StrCat("r", requests_++), channel, company);
  command.request.hold = hold;
  const auto answer = ledger_->Consume(command);
  if (!answer.ok()) return;
  if (answer->entry.has_value()) Acknowledge(*answer->entry);
  if (answer->permit.has_value()) allowed_.push_back({whom, command, *answer->permit});
}

void History::Act(int whom, decltype(PermitCommand::action) action) {
  for (auto it = allowed_.rbegin(); it != allowed_.rend(); ++it) {
    if (it->whom != whom) continue;
    const auto answer = ledger_->Act({it->permit, it->command.request.company, std::move(action)});
    if (answer.ok() && answer->entry.has_value()) Acknowledge(*answer->entry);
    return;
  }
}

void History::Erase(int whom) {
  const Person person = PersonOf(whom);
  const auto answer = ledger_->Erase(ledger_->ToErase(person));
  const bool unknown_outcome = ReasonOf(answer.status()) == "STORE_UNAVAILABLE";
  if (!answer.ok() && !unknown_outcome) return;
  // Of one who may have been erased nothing need be remembered.
  std::erase_if(allowed_, [&](const Allowed& allowed) { return allowed.whom == whom; });
  if (!answer.ok()) return;
  Acknowledge(answer->entry);
  EXPECT_EQ(ReasonOf(ledger_->View(person, person.key).status()), "UNKNOWN_KEY");
}

void History::Happen(const Step& step) {
  const int whom = static_cast<int>(step.whom % kPeople);
  const Person person = PersonOf(whom);
  const std::string company = step.whom / 8 % 4 == 0 ? "beta" : "acme";
  switch (step.what % kKinds) {
    case 0:
      return Say(ledger_->Binding(person), ledger_->registrar_key);
    case 1:
      return Say(ledger_->Grant(person, absl::StrCat("n", grants_++), 1, 2, company), person.key);
    case 2:
      return Say(ledger_->Revocation(person, company), person.key);
    case 3:
      return Say(ledger_->Block(person, step.whom / 32 % 2 == 0 ? "*" : company), person.key);
    case 4: {
      v1::Statement unblock = ledger_->Statement(person);
      unblock.mutable_unblock()->set_company("*");
      return Say(unblock, person.key);
    }
    case 5:
      return Say(ledger_->Claim(person, absl::StrCat("n", grants_++),
                                clock_->WallMillis() / 1000 - 1, company),
                 ledger_->registrar_key);
    case 6:
    case 7:
      return Consume(whom, core::Channel::kCall, {0}, company);
    case 8:
    case 9:
      return Consume(whom, core::Channel::kSms, {0}, company);
    case 10:
      return Consume(whom, core::Channel::kSms, {60}, company);
    case 11:
      return Act(whom, ReportOutcome{kOutcomes[step.whom / 4 % std::size(kOutcomes)]});
    case 12:
      return Act(whom, ConfirmPermit{});
    case 13:
      return Act(whom, ReleasePermit{});
    case 14:
      return clock_->Advance(step.whom % 5 == 0 ? INT64_C(200) * 86'400'000 : 20'000);
    case 15:
      return store_->FailNextCommit(absl::InternalError("disk"),
                                    step.whom % 2 == 0 ? Outcome::kApplied : Outcome::kNotApplied);
    case 17:
      if (step.whom / 4 % 4 != 0) return;  // Seldom, or nobody would live to see much.
      return Erase(whom);
    case 18:
      if (step.whom / 4 % 4 != 0) return;
      return TakeNewPepper();
    case 16:
      return Crash(step.whom % 3 == 0   ? Loss::kDerivedRows
                   : step.whom % 3 == 1 ? Loss::kSinceCommit
                                        : Loss::kNothing);
    default:
      return Consume(100 + whom, core::Channel::kCall, {0}, company);  // Nobody knows them.
  }
}

void History::Crash(Loss loss) {
  // The copy is made while the old process still runs: it never gets to write behind.
  std::unique_ptr<store::MemoryStore> survived = store_->DurableCopy(loss);
  ledger_.reset();
  store_ = std::move(survived);
  Open();
}

void History::TakeNewPepper() {
  if (pepper_ == kPeppersMax) return;
  ++pepper_;
  ledger_.reset();
  Open();
}

void History::Open() {
  ledger_ = std::make_unique<TestLedger>(*store_, *clock_, Shard::kRecordsInMemory, pepper_);
  CheckAcknowledged();
}

void History::CheckAcknowledged() {
  if (!acknowledged_.empty()) {
    EXPECT_LT(*acknowledged_.rbegin(), ledger_->JournalSize().value)
        << "an acknowledged entry is gone";
  }
  for (const Allowed& allowed : allowed_) {
    ContactCommand again = allowed.command;
    again.contact = ledger_->NameOf(PersonOf(allowed.whom).contact_point);
    const auto repeat = ledger_->Consume(again);
    if (!repeat.ok()) {
      EXPECT_EQ(ReasonOf(repeat.status()), "STORE_UNAVAILABLE") << repeat.status();
      continue;
    }
    if (!repeat->permit.has_value()) continue;  // It cannot be used any more.
    EXPECT_TRUE(repeat->repeated) << "an acknowledged request took a second unit";
    EXPECT_EQ(repeat->permit->position, allowed.permit.position);
  }
}

void History::CheckIndex() {
  std::map<ContactId, ConsumerId> expected, found;
  EXPECT_OK(store_->ForEachRecord(kConsumerShard, ConsumerId(),
                                  [&](const ConsumerId& id, std::string_view row) {
                                    const auto record = core::DecodeRow(row);
                                    EXPECT_OK(record);
                                    for (const ContactId& contact : record->contact_ids)
                                      expected[contact] = id;
                                    return true;
                                  }));
  EXPECT_OK(
      store_->ForEachContact(kConsumerShard, [&](const ContactId& contact, const ConsumerId& id) {
        found[contact] = id;
        return true;
      }));
  EXPECT_EQ(found, expected);
}

}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0
//
// What clients do. What they make of the answers: answers.cc.

#include "tests/simulation/clients.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "src/base/fault.h"
#include "tests/simulation/expect.h"

namespace consent::simulation {
namespace {

// People 0 to 3 never ask to be erased, so that there are some of whom everything must be kept.
constexpr size_t kFirstErasable = 4;

}  // namespace

Clients::Clients(model::Dice& dice, const SimTime& time, Trace& trace, Ground& ground,
                 Options options)
    : dice_(dice),
      time_(time),
      trace_(trace),
      ground_(ground),
      options_(options),
      pen_(dice, time) {}

void Clients::Lost(const std::shared_ptr<const bool>& alive) {
  std::vector<std::function<void()>> lost;
  for (const Call& call : calls_) {
    if (call.alive == alive) lost.push_back(call.lost);
  }
  std::erase_if(calls_, [&](const Call& call) { return call.alive == alive; });
  for (const auto& tell : lost) tell();
}

void Clients::Act(const Line& line) {
  if (waiting() >= kWaitingMax) return;
  if (!is_founded()) return Found(line);
  const int64_t what = dice_.Below(40);
  if (what < 9) return SaySomething(line);
  if (what < 19) return Consume(line, {NewWish()});
  if (what < 22) {
    std::vector<size_t> wishes;
    for (int64_t count = 2 + dice_.Below(11); count > 0; --count) {
      wishes.push_back(dice_.One(4) && !wishes.empty() ? dice_.Pick(wishes) : NewWish());
    }
    return Consume(line, wishes);
  }
  if (what < 27) {
    if (wishes_.empty()) return;
    return Consume(line, {static_cast<size_t>(dice_.Below(static_cast<int64_t>(wishes_.size())))});
  }
  if (what < 33) return ActOnPermit(line);
  if (what < 34) return View(line);
  if (what < 35) return Check(line);
  if (what < 36) return GetReceipt(line);
  if (what < 38) {
    if (said_.empty()) return;
    return Say(line, static_cast<size_t>(dice_.Below(static_cast<int64_t>(said_.size()))));
  }
  if (what < 39) return ChangeDirectory(line);
  const size_t erasable = Everybody().size() - 1 - kFirstErasable;
  OrderErasure(line, kFirstErasable + dice_.Below(static_cast<int64_t>(erasable)));
}

void Clients::AskAgain(const Line& line) {
  for (size_t i = 0; i < wishes_.size(); ++i) {
    if (wishes_[i].first.has_value()) Consume(line, {i});
  }
  for (size_t i = 0; i < said_.size(); ++i) {
    if (said_[i].entry.has_value()) Say(line, i);
  }
  for (size_t i = 0; i < orders_.size(); ++i) {
    if (orders_[i].entry.has_value()) Erase(line, i);
  }
}

void Clients::Found(const Line& line) {
  if (founding_) return;
  founding_ = true;
  line.ledger->directory().Change(
      parties_[parties_known_],
      Expect<ledger::DirectoryChange>(
          line, [this](const absl::StatusOr<ledger::DirectoryChange>& change) {
            founding_ = false;
            if (!change.ok()) return;
            ++parties_known_;
            if (change->entry.value >= ground_.size(kDirectoryShard)) {
              trace_.Fault("a change of the directory was acknowledged before it was durable");
            }
          }));
}

void Clients::ChangeDirectory(const Line& line) {
  const std::string company = PickCompany();
  line.ledger->directory().Change(
      PartyOf(company, dice_.One(2)),
      Expect<ledger::DirectoryChange>(
          line, [this](const absl::StatusOr<ledger::DirectoryChange>& change) {
            if (change.ok() && change->entry.value >= ground_.size(kDirectoryShard)) {
              trace_.Fault("a change of the directory was acknowledged before it was durable");
            }
          }));
}

void Clients::SaySomething(const Line& line) {
  const size_t whom = std::min(PickSomebody(), Everybody().size() - 2);
  const Person& person = Everybody()[whom];
  const std::string company = PickCompany();
  const int64_t what = bound_[whom] ? dice_.Below(22) : 15;
  if (options_.law && what < 4) {
    SayMore(whom, company);
  } else if (what < 8) {
    said_.push_back({whom, "grant", pen_.Grant(person, company), {company}, true, false, {}});
  } else if (what < 10) {
    said_.push_back({whom, "claim", pen_.Claim(person, company), {company}, true, false, {}});
  } else if (what < 12) {
    said_.push_back({whom,
                     "revocation",
                     pen_.Revocation(person, company),
                     {company},
                     false,
                     !options_.law,
                     {}});
  } else if (what < 13) {
    const bool all = dice_.One(2);
    said_.push_back({whom,
                     "block",
                     pen_.Block(person, all ? "*" : company),
                     all ? AllCompanies() : std::vector{company},
                     false,
                     true,
                     {}});
  } else if (what < 15) {
    said_.push_back({whom,
                     "unblock",
                     pen_.Unblock(person, dice_.Pick<std::string>({"*", "*", company, kGroup})),
                     AllCompanies(),
                     true,
                     false,
                     {}});
  } else if (what < 16) {
    said_.push_back({whom, "binding", pen_.Binding(person), {}, false, false, {}});
  } else {
    SayMore(whom, company);
  }
  Say(line, said_.size() - 1);
}

// What is neither a grant nor takes one back.
void Clients::SayMore(size_t whom, const std::string& company) {
  const Person& person = Everybody()[whom];
  const int64_t what = dice_.Below(10);
  if (what < (options_.law ? 1 : 4)) {
    said_.push_back({whom, "preferences", pen_.Preferences(person), {}, false, false, {}});
  } else if (what < 6) {
    said_.push_back({whom, "contract", pen_.Contract(person, company), {company}, true, false, {}});
  } else if (what < 7) {
    said_.push_back({whom, "contest", pen_.Contest(person, company), {}, false, false, {}});
  } else if (what < 8) {
    said_.push_back({whom, "callback", pen_.Callback(person, company), {company}, true, false, {}});
  } else if (what < 9 || whom < kFirstErasable) {
    said_.push_back(
        {whom, "narrow block", pen_.NarrowBlock(person, company), {}, false, false, {}});
  } else {
    erased_[whom] = true;
    bound_[whom] = false;
    said_.push_back({whom, "new holder", pen_.NewHolder(person), {}, false, false, {}});
  }
}

void Clients::Say(const Line& line, size_t index) {
  const Said& said = said_[index];
  const std::vector<int64_t> openings = Openings(said.person, said.companies);
  const bool may_open = said.opens && !said.entry.has_value();
  for (const std::string& company : said.companies) {
    if (!may_open) break;
    ++At(said.person, company).openings;
    ++At(said.person, company).undecided;
  }
  trace_.Say(absl::StrCat("  s", index, ": person ", said.person, " says: ", said.what, " for ",
                          said.companies.size() == 1 ? said.companies[0] : "all"));
  ledger::StatementCommand command = said.command;
  command.contact = NameOf(said.person);
  line.ledger->FindShard(ledger::kConsumerShard)
      ->Take(PickLane(), {std::move(command)},
             Expect<ledger::StatementAnswers>(
                 line, [this, index, openings,
                        may_open](const absl::StatusOr<ledger::StatementAnswers>& answers) {
                   for (const std::string& company : said_[index].companies) {
                     if (may_open) --At(said_[index].person, company).undecided;
                   }
                   OnSaid(index, openings, answers);
                 }));
}

void Clients::OrderErasure(const Line& line, size_t person) {
  erased_[person] = true;
  orders_.push_back({person, pen_.Erasure(Everybody()[person]), std::nullopt});
  Erase(line, orders_.size() - 1);
}

void Clients::Erase(const Line& line, size_t index) {
  const Order& order = orders_[index];
  const std::vector<int64_t> openings = Openings(order.person, AllCompanies());
  trace_.Say(absl::StrCat("  person ", order.person, " orders their erasure"));
  ledger::EraseCommand command = order.command;
  command.contact = NameOf(order.person);
  line.ledger->FindShard(ledger::kConsumerShard)
      ->Erase(PickLane(), command,
              Expect<ledger::EraseAnswer>(
                  line, [this, index, openings](const absl::StatusOr<ledger::EraseAnswer>& answer) {
                    OnErased(index, openings, answer);
                  }));
}

std::string Clients::PickCompany() { return kCompanies[dice_.One(4) ? 1 : 0]; }

size_t Clients::PickSomebody() {
  // The first ones often, so that limits fill up.
  const auto count = static_cast<int64_t>(Everybody().size());
  return static_cast<size_t>(std::min(dice_.Below(count), dice_.Below(count)));
}

size_t Clients::NewWish() {
  Wish wish;
  wish.person = PickSomebody();
  wish.request.company = PickCompany();
  wish.request.request_id = absl::StrCat("r", wishes_.size());
  wish.request.channel = dice_.One(2) ? core::Channel::kCall : core::Channel::kSms;
  wish.request.purpose = core::Purpose::kDirectMarketing;
  if (options_.law && dice_.One(4)) wish.request.purpose = core::Purpose::kPress;
  if (!dice_.One(8)) wish.request.caller_number = "+33199000001";
  if (options_.law && !dice_.One(3)) wish.request.contract = "c1";
  if (dice_.One(4)) wish.request.permit_ttl = Seconds{1 + dice_.Below(86'400)};
  if (dice_.One(3)) wish.request.hold = Seconds{dice_.Pick({1, 30, 600, 86'400})};
  wishes_.push_back(std::move(wish));
  return wishes_.size() - 1;
}

void Clients::Consume(const Line& line, const std::vector<size_t>& wishes) {
  std::vector<ledger::ContactCommand> commands;
  std::vector<Asked> asked;
  for (const size_t index : wishes) {
    const Wish& wish = wishes_[index];
    asked.push_back({index, ground_.size(ledger::kConsumerShard),
                     At(wish.person, wish.request.company).closed(), wish.ended});
    commands.push_back({.contact = NameOf(wish.person),
                        .contact_point = Everybody()[wish.person].contact_point,
                        .place = {.zones = {Everybody()[wish.person].zone}, .regions = {}},
                        .request = wish.request});
    trace_.Say(absl::StrCat("  ", Name(wish), " is asked for"));
  }
  line.ledger->FindShard(ledger::kConsumerShard)
      ->Consume(PickLane(), std::move(commands),
                Expect<ledger::ContactAnswers>(
                    line, [this, asked](const absl::StatusOr<ledger::ContactAnswers>& answers) {
                      for (size_t i = 0; i < asked.size(); ++i) {
                        OnAnswer(asked[i], answers.ok() ? (*answers)[i]
                                                        : absl::StatusOr<ledger::ContactAnswer>(
                                                              answers.status()));
                      }
                    }));
}

void Clients::Check(const Line& line) {
  if (wishes_.empty() || options_.several_nodes) return;
  const Wish& wish = dice_.Pick(wishes_);
  const bool closed = At(wish.person, wish.request.company).closed();
  ledger::ContactCommand command{.contact = NameOf(wish.person),
                                 .contact_point = Everybody()[wish.person].contact_point,
                                 .place = {.zones = {Everybody()[wish.person].zone}, .regions = {}},
                                 .request = wish.request};
  command.request.request_id.clear();
  command.request.hold = {};
  line.ledger->FindShard(ledger::kConsumerShard)
      ->Check(PickLane(), std::move(command),
              Expect<ledger::ContactAnswers>(
                  line, [this, closed, person = wish.person, company = wish.request.company](
                            const absl::StatusOr<ledger::ContactAnswers>& answers) {
                    if (!answers.ok() || !answers->at(0).ok()) return;
                    if (closed && At(person, company).closed() &&
                        answers->at(0)->decision.verdict == core::Verdict::kAllowed) {
                      trace_.Fault("a check allows what was forbidden before it");
                    }
                  }));
}

void Clients::ActOnPermit(const Line& line) {
  std::vector<size_t> permits;
  for (size_t i = 0; i < wishes_.size(); ++i) {
    if (wishes_[i].first.has_value()) permits.push_back(i);
  }
  if (permits.empty()) return;
  const size_t index = dice_.One(3) ? dice_.Pick(permits) : permits.back();
  const Wish& wish = wishes_[index];
  ledger::PermitCommand command{*wish.first->permit, wish.request.company, {}};
  const char* what = "confirm";
  switch (dice_.Below(4)) {
    case 0:
      command.action = ledger::ReleasePermit{};
      what = "release";
      break;
    case 1:
      command.action = ledger::ConfirmPermit{};
      break;
    default:
      command.action = ledger::ReportOutcome{
          options_.law && dice_.One(2)
              ? core::Outcome::kDeclined
              : dice_.Pick({core::Outcome::kConnected, core::Outcome::kNoAnswer,
                            core::Outcome::kBusy, core::Outcome::kNotSent,
                            core::Outcome::kDelivered, core::Outcome::kStop})};
      what = "outcome";
  }
  trace_.Say(absl::StrCat("  ", Name(wish), ": ", what));
  const bool confirms = std::holds_alternative<ledger::ConfirmPermit>(command.action);
  const bool closed = At(wish.person, wish.request.company).closed();
  line.ledger->FindShard(ledger::kConsumerShard)
      ->Act(PickLane(), std::move(command),
            Expect<ledger::PermitAnswer>(
                line, [this, index, confirms,
                       closed](const absl::StatusOr<ledger::PermitAnswer>& answer) {
                  if (answer.ok()) OnActed(wishes_[index], *answer, {confirms, closed});
                }));
}

void Clients::View(const Line& line) {
  if (options_.several_nodes) return;
  const auto whom = static_cast<size_t>(dice_.Below(static_cast<int64_t>(Everybody().size() - 1)));
  // What had been acknowledged by now must be in the view, which may be taken later.
  std::vector<size_t> acknowledged;
  for (size_t i = 0; i < wishes_.size(); ++i) {
    if (wishes_[i].person == whom && wishes_[i].first.has_value()) acknowledged.push_back(i);
  }
  line.ledger->FindShard(ledger::kConsumerShard)
      ->View(
          PickLane(), NameOf(whom), Everybody()[whom].key.public_key().id(),
          Expect<ledger::ConsumerView>(
              line, [this, whom, acknowledged](const absl::StatusOr<ledger::ConsumerView>& view) {
                if (!view.ok() || erased_[whom]) return;
                for (const size_t index : acknowledged) {
                  const auto* const part = view->record.Find(wishes_[index].request.company);
                  const auto* const contact =
                      part == nullptr
                          ? nullptr
                          : part->contacts.FindRequest(wishes_[index].request.request_id);
                  if (contact == nullptr ||
                      contact->position != wishes_[index].first->permit->position) {
                    trace_.Fault(absl::StrCat("a view lacks ", Name(wishes_[index])));
                  }
                }
              }));
}

void Clients::GetReceipt(const Line& line) {
  if (entries_.empty()) return;
  const LeafIndex entry = dice_.Pick(entries_);
  using Covered = std::shared_ptr<const ledger::Published>;
  line.ledger->publisher().WhenCovered(
      ledger::kConsumerShard, entry,
      Expect<Covered>(line, [this, entry](const absl::StatusOr<Covered>& covered) {
        if (!covered.ok()) return;
        ground_.CheckCheckpoint(ledger::kConsumerShard, (*covered)->checkpoint);
        if ((*covered)->checkpoint.size.value <= entry.value) {
          trace_.Fault("a receipt's checkpoint does not cover its entry");
        }
      }));
}

}  // namespace consent::simulation

// SPDX-License-Identifier: Apache-2.0
//
// Looking back over the list: what of it bears on one company, and in what state it is now.

#include <algorithm>
#include <utility>

#include "tests/model/model.h"

namespace consent::model {
namespace {

using core::Channel;
using core::Outcome;
using core::Reason;
using core::Verdict;
using core::Whose;

template <typename List, typename Like>
void Drop(List& list, Like like) {
  list.erase(std::remove_if(list.begin(), list.end(), like), list.end());
}

// Reads the facts one by one.
class Reader {
 public:
  Reader(const World& world, const std::string& company) {
    view_.company = company;
    const auto known = world.companies.find(company);
    if (known != world.companies.end()) view_.known = known->second;
  }

  View Done() { return std::move(view_); }

  void Read(const Fact& read) {
    fact_ = &read;
    std::visit([this](const auto& act) { See(act); }, read.step.act);
  }

 private:
  Instant at() const { return fact_->step.at; }
  bool refused() const { return fact_->answer.reason != Reason::kOk; }
  bool is_done() const { return fact_->answer.verdict == Verdict::kDone; }
  // The contact that the fact is about; null when it is about none.
  Contact* contact() {
    for (Contact& contact : view_.contacts) {
      if (fact_->answer.permit == contact.name) return &contact;
    }
    return nullptr;
  }

  void See(const core::Grant& grant) {
    if (grant.company == view_.company && !refused()) view_.grants.push_back({grant, false, at()});
  }
  void See(const Revoke& revoke) {
    if (revoke.company != view_.company) return;
    for (View::Given& given : view_.grants) {
      if (revoke.grant.empty() || revoke.grant == given.grant.id) given.revoked = true;
    }
    for (View::Asked& asked : view_.callbacks) {
      if (revoke.grant.empty() || revoke.grant == asked.callback.id) asked.revoked = true;
    }
  }
  void See(const Block& block) { view_.blocks.push_back(block); }
  // Lifts those before it that name exactly the same.
  void See(const Unblock& unblock) {
    Drop(view_.blocks, [&](const Block& block) {
      return block.whose == unblock.whose && block.company == unblock.company;
    });
  }
  void See(const core::Preferences& preferences) { view_.preferences = preferences; }
  void See(const core::Contract& contract) {
    if (contract.company != view_.company || refused()) return;
    Drop(view_.contracts, [&](const auto& old) { return old.contract.id == contract.id; });
    view_.contracts.push_back({contract, false});
  }
  void See(const Contest& contest) {
    if (contest.company != view_.company) return;
    for (View::Claimed& claimed : view_.contracts) {
      if (contest.contract.empty() || contest.contract == claimed.contract.id) {
        claimed.contested = true;
      }
    }
  }
  void See(const core::Callback& callback) {
    if (callback.company != view_.company || refused()) return;
    Drop(view_.callbacks, [&](const auto& old) { return old.callback.id == callback.id; });
    view_.callbacks.push_back({callback, false, at()});
  }
  void See(const Holder& holder) {
    view_.holder = holder.holder;
    if (!holder.is_new) return;
    view_.grants.clear();
    view_.contracts.clear();
    view_.callbacks.clear();
    view_.contacts.clear();
    view_.refusals.clear();
    view_.preferences.reset();
  }
  void See(const List& list) {
    Drop(view_.listings,
         [&](const List& old) { return old.list == list.list && old.company == list.company; });
    if (!list.removed) view_.listings.push_back(list);
  }
  void See(const Copy& copy) { view_.copies[copy.list] = at(); }
  void See(const Delegate& delegate) {
    if (delegate.company == view_.company) view_.delegations.push_back(delegate);
  }
  void See(const Undelegate& undelegate) {
    if (undelegate.company != view_.company) return;
    Drop(view_.delegations,
         [&](const Delegate& old) { return old.processor == undelegate.processor; });
  }
  void See(const Number& number) {
    if (number.company != view_.company) return;
    Drop(view_.numbers, [&](const auto& old) { return old.number == number.number; });
    if (!number.removed) view_.numbers.push_back({number.number, at()});
  }
  void See(const Consume& consume) {
    if (fact_->answer.verdict != Verdict::kAllowed || fact_->answer.permit != fact_->step.name) {
      return;
    }
    Contact contact;
    contact.name = fact_->step.name;
    contact.at = at();
    contact.request = consume.request;
    contact.first = fact_->answer;
    contact.contact_before = fact_->answer.contact_before;
    view_.contacts.push_back(std::move(contact));
  }
  void See(const Check&) {}
  void See(const Confirm&) {
    Contact* const of = contact();
    if (of == nullptr) return;
    if (fact_->answer.gave_back) of->given_back = true;
    if (!is_done()) return;
    of->confirmed = true;
    of->contact_before = fact_->answer.contact_before;
  }
  void See(const Release&) {
    if (Contact* const of = contact(); of != nullptr && is_done()) of->given_back = true;
  }
  void See(const Report& report) {
    Contact* const of = contact();
    if (of == nullptr || !is_done()) return;
    of->outcome = report.outcome;
    if (report.outcome == Outcome::kNotSent) of->given_back = true;
    const core::Request& request = of->request;
    if (report.outcome == Outcome::kDeclined && request.company == view_.company) {
      view_.refusals.push_back({request.channel, request.purpose, at()});
    }
    Block block;
    block.company = request.company;
    if (report.outcome == Outcome::kOpposed) {
      block.channels.Add(Channel::kCall);
      block.channels.Add(Channel::kVoicePrerecorded);
    } else if (report.outcome == Outcome::kStop) {
      block.channels.Add(Channel::kSms);
      block.channels.Add(Channel::kMms);
      block.channels.Add(Channel::kMessaging);
    }
    if (!block.channels.empty()) view_.blocks.push_back(block);
  }
  void See(const Recovered&) {
    view_.loss = at();
    for (Contact& contact : view_.contacts) contact.lost = true;
  }

  View view_;
  const Fact* fact_ = nullptr;
};

}  // namespace

View Model::Look(const std::string& company) const {
  Reader reader(world_, company);
  for (const Fact& fact : facts_) reader.Read(fact);
  return reader.Done();
}

// The contact that the named step, first or repeated, was allowed.
std::optional<Contact> Model::Permit(int of) const {
  for (const Fact& fact : facts_) {
    const auto* consume = std::get_if<Consume>(&fact.step.act);
    if (consume == nullptr || fact.step.name != of ||
        fact.answer.verdict != core::Verdict::kAllowed)
      continue;
    for (const Contact& contact : Look(consume->request.company).contacts) {
      if (contact.name == *fact.answer.permit) return contact;
    }
  }
  return std::nullopt;
}

}  // namespace consent::model

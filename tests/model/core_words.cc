// SPDX-License-Identifier: Apache-2.0
//
// What is said to the core, and what the directory learns.

#include <algorithm>
#include <utility>

#include "src/consent/preferences.h"
#include "tests/model/core.h"

namespace consent::model {

using core::Reason;

Reason Core::State(Instant at, core::EventBody body) {
  const core::StatementVerdict verdict = core::DecideStatement(record_, body, at);
  Watch(!verdict.repeats.has_value(), "a statement without bytes is said to repeat another");
  if (verdict.reason == Reason::kOk) Append(at, std::move(body));
  return verdict.reason;
}

Reason Core::Take(const Step& step, const core::Grant& grant) {
  Watch(core::ValidateGrant(grant).ok(), "a good grant is called invalid");
  return State(step.at, core::Granted{grant, SubjectHere(), {}});
}

Reason Core::Take(const Step& step, const Revoke& revoke) {
  return State(step.at, core::Revoked{revoke.company, revoke.grant, SubjectHere(), {}});
}

Reason Core::Take(const Step& step, const Block& block) {
  return State(step.at, core::Blocked{.company = block.company,
                                      .channels = block.channels,
                                      .whose = block.whose,
                                      .purposes = block.purposes,
                                      .subject = SubjectHere(),
                                      .statement = {}});
}

Reason Core::Take(const Step& step, const Unblock& unblock) {
  return State(step.at, core::Unblocked{.company = unblock.company,
                                        .whose = unblock.whose,
                                        .subject = SubjectHere(),
                                        .statement = {}});
}

Reason Core::Take(const Step& step, const core::Preferences& preferences) {
  Watch(core::ValidatePreferences(preferences).ok(), "good preferences are called invalid");
  return State(step.at, core::Preferred{preferences, SubjectHere(), {}});
}

Reason Core::Take(const Step& step, const core::Contract& contract) {
  Watch(core::ValidateContract(contract).ok(), "a good contract is called invalid");
  return State(step.at, core::ContractClaimed{contract, SubjectHere(), {}});
}

Reason Core::Take(const Step& step, const Contest& contest) {
  return State(step.at, core::Contested{contest.company, contest.contract, SubjectHere(), {}});
}

Reason Core::Take(const Step& step, const core::Callback& callback) {
  Watch(core::ValidateCallback(callback).ok(), "a good callback is called invalid");
  return State(step.at, core::CallbackAsked{callback, SubjectHere(), {}});
}

Reason Core::Take(const Step& step, const Holder& holder) {
  return State(step.at, core::HolderChanged{holder.is_new, holder.holder, SubjectHere(), {}});
}

Reason Core::Take(const Step& step, const List& list) {
  Append(step.at,
         core::Listed{{list.list, list.company, list.listed_at}, list.removed, SubjectHere()});
  return Reason::kOk;
}

Reason Core::Take(const Step& step, const Copy& copy) {
  std::erase_if(lists_, [&](const core::ListImport& old) { return old.list == copy.list; });
  lists_.push_back({copy.list, step.at});
  return Reason::kOk;
}

Reason Core::Take(const Step&, const Delegate& delegate) {
  delegations_.push_back(
      {delegate.company, delegate.processor, /*by=*/"", delegate.from, delegate.until});
  return Reason::kOk;
}

Reason Core::Take(const Step&, const Undelegate& undelegate) {
  std::erase_if(delegations_, [&](const core::Delegation& old) {
    return old.company == undelegate.company && old.processor == undelegate.processor;
  });
  return Reason::kOk;
}

Reason Core::Take(const Step& step, const Number& number) {
  std::vector<core::RegisteredNumber>& numbers = numbers_[number.company];
  std::erase_if(numbers, [&](const auto& old) { return old.number == number.number; });
  if (!number.removed) numbers.push_back({number.number, step.at});
  std::sort(numbers.begin(), numbers.end(),
            [](const auto& a, const auto& b) { return a.number < b.number; });
  return Reason::kOk;
}

// An entry of no consumer: it makes no event of this record.
Reason Core::Take(const Step& step, const Recovered& recovered) {
  loss_ = core::Loss{recovered.lost_from, step.at, {next_position_++}};
  return Reason::kOk;
}

}  // namespace consent::model

// SPDX-License-Identifier: Apache-2.0
//
// The core, driven step by step as a shard drives it: decide, append, evolve. Along the way it
// watches what must always hold, and keeps the first breach.

#ifndef CONSENT_MODEL_CORE_H_
#define CONSENT_MODEL_CORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "src/consent/asker.h"
#include "src/consent/decide.h"
#include "src/consent/delegation.h"
#include "src/consent/event.h"
#include "src/consent/evolve.h"
#include "src/consent/record.h"
#include "tests/model/scenario.h"

namespace consent::model {

class Core {
 public:
  // `world` must outlive it.
  explicit Core(const World& world, core::Retention retention = core::Retention::kForever);

  // What the core answers to a step, and takes it in. Statements answer like the model's.
  core::Decision Play(const Step& step);

  const core::Record& record() const { return record_; }
  const std::vector<core::Event>& events() const { return events_; }
  // The entry in which the named step was allowed; a position without a permit for any other.
  LeafIndex Permit(int name) const;
  const std::optional<std::string>& breach() const { return breach_; }

 private:
  core::Decision Play(const Step& step, const Consume& act) { return Ask(step, act.request); }
  core::Decision Play(const Step& step, const Check& act) { return Ask(step, act.request); }
  core::Decision Play(const Step& step, const Confirm& act);
  core::Decision Play(const Step& step, const Release& act);
  core::Decision Play(const Step& step, const Report& act);
  // What is said, or what the directory learns.
  template <class Word>
  core::Decision Play(const Step& step, const Word& word) {
    core::Decision decision;
    decision.reason = Take(step, word);
    return decision;
  }
  core::Reason Take(const Step& step, const core::Grant& grant);
  core::Reason Take(const Step& step, const Revoke& revoke);
  core::Reason Take(const Step& step, const Block& block);
  core::Reason Take(const Step& step, const Unblock& unblock);
  core::Reason Take(const Step& step, const core::Preferences& preferences);
  core::Reason Take(const Step& step, const core::Contract& contract);
  core::Reason Take(const Step& step, const Contest& contest);
  core::Reason Take(const Step& step, const core::Callback& callback);
  core::Reason Take(const Step& step, const Holder& holder);
  core::Reason Take(const Step& step, const List& list);
  core::Reason Take(const Step& step, const Copy& copy);
  core::Reason Take(const Step& step, const Delegate& delegate);
  core::Reason Take(const Step& step, const Undelegate& undelegate);
  core::Reason Take(const Step& step, const Number& number);
  core::Reason Take(const Step& step, const Recovered& recovered);

  void Append(Instant at, core::EventBody body);
  core::Decision Said(const core::Judgement& judgement, const Step& step);
  core::Decision Ask(const Step& step, const core::Request& request);
  core::Reason State(Instant at, core::EventBody body);
  core::Subject SubjectHere() const;
  core::Asker AskerOf(const std::string& company, const std::string& processor, Instant now) const;
  core::Moment MomentOf(Instant now, const core::Asker& asker) const;
  core::Asker AskerOf(LeafIndex permit, Instant now) const;
  void Watch(bool holds, const std::string& what);
  void WatchAnswered(const core::Judgement& judgement, const std::string& company);
  void WatchAgreement(const core::Decision& decision, const core::Request& request,
                      const core::Moment& moment);

  const World& world_;
  std::vector<absl::TimeZone> zones_;
  core::Retention retention_;
  core::Record record_;
  std::string row_;  // That of the record, as a store would keep it.
  std::vector<core::Event> events_;
  std::map<int, LeafIndex> permits_;
  std::vector<core::Delegation> delegations_;
  std::map<std::string, std::vector<core::RegisteredNumber>> numbers_;  // By company.
  std::vector<core::ListImport> lists_;
  uint64_t next_position_ = 7;
  std::optional<core::Loss> loss_;
  std::optional<std::string> breach_;
};

}  // namespace consent::model

#endif  // CONSENT_MODEL_CORE_H_

// SPDX-License-Identifier: Apache-2.0
//
// ContactTask: judges requests to contact consumers, one after the other.

#ifndef CONSENT_LEDGER_CONTACT_TASK_H_
#define CONSENT_LEDGER_CONTACT_TASK_H_

#include <memory>
#include <utility>
#include <vector>

#include "src/ledger/command.h"
#include "src/ledger/committer.h"
#include "src/ledger/desk.h"
#include "src/ledger/read_ahead.h"

namespace consent::ledger {

class ContactTask : public Task {
 public:
  enum class Mode { kConsume, kCheck };

  ContactTask(const Desk& desk, Mode mode, std::vector<Prepared> commands,
              Done<ContactAnswers> done)
      : desk_(desk), mode_(mode), commands_(std::move(commands)), done_(std::move(done)) {}

  size_t weight() const override { return commands_.size(); }
  bool writes() const override { return mode_ == Mode::kConsume; }
  void Prefetch(int step) const override;
  void Judge(Turn& turn) override;
  void Answer(const absl::Status& durable) override;

 private:
  class Ground;

  absl::StatusOr<ContactAnswer> Judge(Turn& turn, Ground& ground, const ContactCommand& command);

  const Desk& desk_;
  const Mode mode_;
  std::vector<Prepared> commands_;  // What was fetched: until the first Judge.
  const Done<ContactAnswers> done_;
  ContactAnswers answers_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_CONTACT_TASK_H_

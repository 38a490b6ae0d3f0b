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

namespace consent::ledger {

class ContactTask : public Task {
 public:
  enum class Mode { kConsume, kCheck };

  // Fetches consumers who are not in memory, on this thread.
  ContactTask(const Desk& desk, Mode mode, std::vector<ContactCommand> commands,
              Done<ContactAnswers> done);

  size_t weight() const override { return commands_.size(); }
  bool writes() const override { return mode_ == Mode::kConsume; }
  void Judge(Turn& turn) override;
  void Answer(const absl::Status& durable) override;

 private:
  class Ground;

  absl::StatusOr<ContactAnswer> Judge(Turn& turn, Ground& ground, const ContactCommand& command);

  const Desk& desk_;
  const Mode mode_;
  const std::vector<ContactCommand> commands_;
  const Done<ContactAnswers> done_;
  std::vector<std::unique_ptr<Fetched>> fetched_;  // Until the first Judge; one for each command.
  ContactAnswers answers_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_CONTACT_TASK_H_

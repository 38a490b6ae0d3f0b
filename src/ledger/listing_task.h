// SPDX-License-Identifier: Apache-2.0
//
// ListingTask: takes in a part of a list of people not to contact.
//
// One entry for each contact point whose listing changes; what is known already changes nothing, so
// a list may be sent whole again, or only what is new in it. A contact point never heard of gets a
// record: an objection is a fact of the person's, not of a file.

#ifndef CONSENT_LEDGER_LISTING_TASK_H_
#define CONSENT_LEDGER_LISTING_TASK_H_

#include <utility>
#include <vector>

#include "src/ledger/command.h"
#include "src/ledger/committer.h"
#include "src/ledger/desk.h"

namespace consent::ledger {

class ListingTask : public Task {
 public:
  ListingTask(const Desk& desk, std::vector<ListingCommand> commands, Done<ListingAnswers> done)
      : desk_(desk), commands_(std::move(commands)), done_(std::move(done)) {}

  size_t weight() const override { return commands_.size(); }
  void Judge(Turn& turn) override;
  void Answer(const absl::Status& durable) override;

 private:
  absl::StatusOr<ListingAnswer> Judge(Turn& turn, const directory::Directory& directory,
                                      const ListingCommand& command);

  const Desk& desk_;
  const std::vector<ListingCommand> commands_;
  const Done<ListingAnswers> done_;
  ListingAnswers answers_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_LISTING_TASK_H_

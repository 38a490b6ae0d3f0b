// SPDX-License-Identifier: Apache-2.0
//
// Parts: a batch as several tasks, answered as one, so that others have their turn between them.
//
// Threads: each part may be answered on another; whoever answers the last answers the whole.

#ifndef CONSENT_LEDGER_PARTS_H_
#define CONSENT_LEDGER_PARTS_H_

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/ledger/command.h"
#include "src/ledger/task.h"

namespace consent::ledger {

inline constexpr size_t kPartMax = 32;  // Commands.

// `Answers` is a vector with one answer for each command.
template <class Answers>
class Whole {
 public:
  Whole(size_t parts, Done<Answers> done)
      : parts_(parts, Answers()), waiting_(parts), done_(std::move(done)) {}

  // Where part number `part` is answered. An error of one part is the whole's: what became of the
  // others is found by asking again.
  void Answer(size_t part, absl::StatusOr<Answers> answers) {
    parts_[part] = std::move(answers);
    if (waiting_.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
    Answers all;
    for (absl::StatusOr<Answers>& one : parts_) {
      if (!one.ok()) return done_(one.status());
      std::move(one->begin(), one->end(), std::back_inserter(all));
    }
    done_(std::move(all));
  }

 private:
  std::vector<absl::StatusOr<Answers>> parts_;
  std::atomic<size_t> waiting_;
  const Done<Answers> done_;
};

// `make` turns some of the commands and where to answer them into a task. The tasks must be queued
// in their order, in one lane.
template <class Command, class Answers, class Make>
std::vector<std::unique_ptr<Task>> InParts(std::vector<Command> commands, Done<Answers> done,
                                           const Make& make) {
  std::vector<std::unique_ptr<Task>> tasks;
  if (commands.size() <= kPartMax) {
    tasks.push_back(make(std::move(commands), std::move(done)));
    return tasks;
  }
  const size_t parts = (commands.size() + kPartMax - 1) / kPartMax;
  const auto whole = std::make_shared<Whole<Answers>>(parts, std::move(done));
  for (size_t part = 0; part < parts; ++part) {
    const auto begin = commands.begin() + static_cast<ptrdiff_t>(part * kPartMax);
    const auto end = part + 1 < parts ? begin + kPartMax : commands.end();
    tasks.push_back(
        make(std::vector<Command>(std::make_move_iterator(begin), std::make_move_iterator(end)),
             [whole, part](absl::StatusOr<Answers> answers) {
               whole->Answer(part, std::move(answers));
             }));
  }
  return tasks;
}

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_PARTS_H_

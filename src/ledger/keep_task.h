// SPDX-License-Identifier: Apache-2.0
//
// KeepTask: takes consumers into memory whom nobody has asked about yet.

#ifndef CONSENT_LEDGER_KEEP_TASK_H_
#define CONSENT_LEDGER_KEEP_TASK_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "src/ledger/command.h"
#include "src/ledger/desk.h"
#include "src/ledger/fetcher.h"
#include "src/ledger/task.h"

namespace consent::ledger {

// Who was taken in.
using KeepAnswers = std::vector<bool>;

class KeepTask : public Task {
 public:
  KeepTask(const Desk& desk, std::vector<FetchedPacked> fetched, Done<KeepAnswers> done)
      : desk_(desk),
        fetched_(std::move(fetched)),
        done_(std::move(done)),
        kept_(fetched_.size(), false) {}

  size_t weight() const override { return kept_.size(); }
  bool writes() const override { return false; }
  void Judge(Turn&) override {
    // Judged again, since memory has been cleared: they would be out of date.
    for (size_t i = 0; i < fetched_.size(); ++i) {
      kept_[i] = desk_.consumers.Keep(std::move(fetched_[i]));
    }
    fetched_.clear();
  }
  void Answer(const absl::Status& durable) override {
    if (!durable.ok()) return done_(durable);
    done_(std::move(kept_));
  }

 private:
  const Desk& desk_;
  std::vector<FetchedPacked> fetched_;  // Until the first Judge.
  const Done<KeepAnswers> done_;
  KeepAnswers kept_;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_KEEP_TASK_H_

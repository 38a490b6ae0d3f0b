// SPDX-License-Identifier: Apache-2.0
//
// Checker: whether a history could have come from one thing happening after the other.
//
// Linearizable: to each answered operation a moment between its invocation and its answer can be
// given, and to each lost one a moment after its invocation or none, so that the Model, taking them
// in the order of these moments, answers as it was answered. The search is Wing and Gong's with
// Lowe's memory of what was tried: a set of operations done and the state they led to. Consumers do
// not touch each other, so that each has a history of its own.
//
// Lost operations cost little: one that would change nothing is not tried, everything that can be
// asked changes nothing the second time, and the answers to repeats say much of the lost ones.
//
// Threads: safe from any. Deterministic.

#ifndef CONSENT_LINEAR_CHECKER_H_
#define CONSENT_LINEAR_CHECKER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "tests/linear/history.h"
#include "tests/linear/model.h"

namespace consent::linear {

struct Verdict {
  // kUnknown: more than `steps_max` steps were needed.
  enum class Kind { kLinearizable, kNot, kUnknown };
  Kind kind = Kind::kLinearizable;
  uint64_t steps = 0;
  // kNot: the operation whose answer fits nowhere, after the longest beginning that does fit.
  std::string why;

  bool ok() const { return kind == Kind::kLinearizable; }
};

inline constexpr uint64_t kStepsMax = 20'000'000;

// `before`: the consumer as the history found them.
Verdict Check(const History& history, const Model& before = {}, uint64_t steps_max = kStepsMax);

// How much a history says: for reports.
struct Extent {
  size_t operations = 0;
  size_t lost = 0;
  size_t concurrent_max = 0;  // Most answered operations under way at one moment.
};
Extent Measure(const History& history);

}  // namespace consent::linear

#endif  // CONSENT_LINEAR_CHECKER_H_

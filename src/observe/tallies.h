// SPDX-License-Identifier: Apache-2.0
//
// Tallies: what is counted of calls and decisions, and how long calls took.
//
// Threads: all methods from any thread, without a lock and without memory of its own.

#ifndef CONSENT_OBSERVE_TALLIES_H_
#define CONSENT_OBSERVE_TALLIES_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "src/api/observer.h"
#include "src/base/counters.h"
#include "src/base/histogram.h"
#include "src/consent/vocabulary.h"
#include "src/observe/page.h"

namespace consent::observe {

// Methods that take about as long as each other.
enum class MethodClass : uint8_t {
  kDecision,
  kBatch,
  kStream,
  kPermit,
  kStatement,
  kDirectory,
  kRead,
  kDownload,
};
inline constexpr int kMethodClasses = 8;
MethodClass ClassOf(std::string_view method);
// "decision".
std::string_view NameOf(MethodClass of);

class Tallies {
 public:
  Tallies();

  void Decided(api::Way way, core::Channel channel, core::Reason reason);
  void Stated(bool accepted) { statements_.Add(accepted ? 0 : 1); }
  void Ended(int method, const absl::Status& status, int64_t nanos);
  void Answered(int method, int64_t nanos);
  void Refused(std::string_view reason);

  void Show(Page& page) const;

 private:
  Counters decisions_;
  Counters statements_{2};
  Counters erasures_{1};
  Counters calls_;
  Counters refusals_;
  std::vector<MethodClass> classes_;  // Of each method.
  int erase_ = -1;                    // The method that erases.
  std::deque<Histogram> durations_;   // Of each class.
};

}  // namespace consent::observe

#endif  // CONSENT_OBSERVE_TALLIES_H_

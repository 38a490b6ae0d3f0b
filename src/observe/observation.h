// SPDX-License-Identifier: Apache-2.0
//
// Observation: what an operator sees of the calls: their tallies, the access log and the audit log.
//
// The audit log loses nothing. While it cannot be written its lines wait; when too many do, acts
// that would add one are refused (AUDIT_UNAVAILABLE). Who is turned away at the gate costs nothing
// but a line, so of these at most kTurnedAwayASecond have one of their own in a second, and the
// others one that says how many they were.
//
// Threads: all methods from any thread.

#ifndef CONSENT_OBSERVE_OBSERVATION_H_
#define CONSENT_OBSERVE_OBSERVATION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/api/observer.h"
#include "src/base/clock.h"
#include "src/base/mutex.h"
#include "src/observe/call_lines.h"
#include "src/observe/line_writer.h"
#include "src/observe/page.h"
#include "src/observe/tallies.h"

namespace consent::observe {

// Which calls the access log has.
enum class AccessLog { kNone, kRefused, kAll };

class Observation : public api::Observer {
 public:
  static constexpr int kTurnedAwayASecond = 100;

  struct Options {
    AccessLog access = AccessLog::kRefused;  // To stderr, among the lines of the service's log.
    std::string audit = {};                  // The audit log's file; empty: there is none.
    // Told when writing the audit log begins to fail, and, with OK, when it works again.
    std::function<void(const absl::Status&)> report = {};
  };

  // InvalidArgument names the setting and the file. The clock outlives this.
  static absl::StatusOr<std::unique_ptr<Observation>> Open(const Clock& clock, Options options);
  // Writes what waits.
  ~Observation() override;

  absl::Status MayBegin(int method) override;
  void Ended(const api::CallEnd& end) override;
  void Refused(const api::CallEnd& end) override;
  void Answered(int method, int64_t nanos) override { tallies_.Answered(method, nanos); }
  void Decided(api::Way way, core::Channel channel, core::Reason reason) override {
    tallies_.Decided(way, channel, reason);
  }
  void Stated(bool accepted) override { tallies_.Stated(accepted); }

  // Something happened that is no call.
  void Audit(std::string_view act, const std::vector<std::pair<std::string, std::string>>& facts);

  void Show(Page& page) const;

 private:
  Observation(const Clock& clock, AccessLog access);
  // Whether one more who is turned away has a line of their own; writes the one for many when a
  // second is over.
  bool HasLine(int64_t now_ms);
  void TellOfMore(int64_t second) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock& clock_;
  const AccessLog access_log_;
  std::vector<std::optional<Act>> acts_;  // Of each method.
  Tallies tallies_;
  std::unique_ptr<LineWriter> access_;  // Null: none.
  std::unique_ptr<LineWriter> audit_;   // Null: none.
  Mutex mutex_;
  int64_t second_ ABSL_GUARDED_BY(mutex_) = 0;   // Unix seconds, in which
  int turned_away_ ABSL_GUARDED_BY(mutex_) = 0;  // so many were turned away.
};

}  // namespace consent::observe

#endif  // CONSENT_OBSERVE_OBSERVATION_H_

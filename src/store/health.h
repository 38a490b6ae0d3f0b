// SPDX-License-Identifier: Apache-2.0
//
// Health: what the disk below a store has last said, and so whether the store may go on writing.
//
// A full disk is a state that passes: nothing new is written until there is room. Every other
// failure is for good. What a failed sync has left on the disk nobody can know, and to sync again
// proves nothing (the system may have dropped the bytes that it could not write); only opening the
// files anew tells. So a failed store never writes again, and says so once to whoever can end the
// process.
//
// Threads: all methods from any thread.

#ifndef CONSENT_STORE_HEALTH_H_
#define CONSENT_STORE_HEALTH_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace consent::store {

// The fault of a write that a full disk has no room for: ResourceExhausted, STORE_FULL.
absl::Status StoreFull(std::string_view dir, std::string_view why);

class Health {
 public:
  // Called once, on the thread that met the failure, which may hold RocksDB's locks: it must not
  // call the store. The status is Unavailable and says what failed.
  using OnFailure = std::function<void(const absl::Status&)>;

  explicit Health(std::string dir, OnFailure on_failure = {});

  // Something other than room is amiss, for good. The first reason counts.
  void Fail(std::string_view reason);
  // There was no room.
  void Fill(std::string_view reason);
  // There is room again, unless there was none once more since fills() was `seen`.
  void Recover(uint64_t seen);

  // Whether the log may end in the middle of a record; until a new one begins.
  void SetLogTorn(bool torn) { log_torn_ = torn; }
  bool log_torn() const { return log_torn_.load(); }

  bool failed() const { return failed_.load(); }
  bool full() const { return full_.load(); }
  // How often there has been no room.
  uint64_t fills() const { return fills_.load(); }
  // OK; or Unavailable, failed; or StoreFull.
  absl::Status Check() const;

 private:
  const std::string dir_;
  const OnFailure on_failure_;
  std::atomic<bool> failed_ = false;
  std::atomic<bool> full_ = false;
  std::atomic<bool> log_torn_ = false;
  std::atomic<uint64_t> fills_ = 0;
  mutable std::mutex mutex_;
  std::string reason_;  // Guarded by mutex_: of the failure, or else of the last fill.
};

}  // namespace consent::store

#endif  // CONSENT_STORE_HEALTH_H_

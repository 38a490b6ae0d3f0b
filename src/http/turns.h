// SPDX-License-Identifier: Apache-2.0
//
// Turns: of one address so many connections are served at once, and the others wait aside, in their
// order, so that whoever opens many has only a part of the threads.
//
// Threads: safe from any thread.

#ifndef CONSENT_HTTP_TURNS_H_
#define CONSENT_HTTP_TURNS_H_

#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <string>

namespace consent::http {

class Turns {
 public:
  enum class Turn { kNow, kLater, kNever };

  // At most `at_once` of one address are served, 0: as many as come; `aside_max` wait, of all.
  Turns(int at_once, size_t aside_max) : at_once_(at_once), aside_max_(aside_max) {}

  // Now: serve it, then call Next. Later: whoever calls Next for this address is given it. Never:
  // too many wait.
  Turn Enter(const std::string& address, int socket);
  // One of this address has been served: the one to serve in its place, or -1.
  int Next(const std::string& address);
  // Whether somebody waits aside.
  bool has_waiting() const { return waiting_ > 0; }

 private:
  struct OfAddress {
    int served = 0;
    std::deque<int> aside = {};
  };

  const int at_once_;
  const size_t aside_max_;
  std::atomic<size_t> waiting_{0};
  std::mutex mutex_;
  std::map<std::string, OfAddress> addresses_;  // Guarded by mutex_; those served, and no others.
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_TURNS_H_

// SPDX-License-Identifier: Apache-2.0
//
// Faults: what a verification has found, up to a limit.
//
// Threads: belongs to one thread at a time.

#ifndef CONSENT_VERIFY_FAULTS_H_
#define CONSENT_VERIFY_FAULTS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "consent/verifier.h"

namespace consent::verify {

class Faults {
 public:
  explicit Faults(size_t kept_max) : kept_max_(kept_max) {}

  void Add(std::string where, std::string what) {
    if (kept_.size() < kept_max_) {
      kept_.push_back({std::move(where), std::move(what)});
    } else {
      ++more_;
    }
  }
  // A file could not be read: what is in it is not known to be wrong.
  void AddUnreadable(const std::string& which_and_why) {
    if (unreadable_.empty()) unreadable_ = which_and_why;
  }

  bool none() const { return kept_.empty() && more_ == 0; }
  uint64_t count() const { return kept_.size() + more_; }
  const std::vector<LogFault>& kept() const { return kept_; }
  uint64_t more() const { return more_; }
  // The first file that could not be read, and why; empty when there is none.
  const std::string& unreadable() const { return unreadable_; }

 private:
  const size_t kept_max_;
  std::vector<LogFault> kept_;
  uint64_t more_ = 0;
  std::string unreadable_;
};

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_FAULTS_H_

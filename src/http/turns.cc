// SPDX-License-Identifier: Apache-2.0

#include "src/http/turns.h"

namespace consent::http {

Turns::Turn Turns::Enter(const std::string& address, int socket) {
  const std::lock_guard lock(mutex_);
  OfAddress& own = addresses_[address];
  if (at_once_ == 0 || own.served < at_once_) {
    ++own.served;
    return Turn::kNow;
  }
  if (waiting_ >= aside_max_) return Turn::kNever;
  own.aside.push_back(socket);
  ++waiting_;
  return Turn::kLater;
}

int Turns::Next(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const auto own = addresses_.find(address);
  if (!own->second.aside.empty()) {
    const int socket = own->second.aside.front();
    own->second.aside.pop_front();
    --waiting_;
    return socket;
  }
  if (--own->second.served == 0) addresses_.erase(own);
  return -1;
}

}  // namespace consent::http

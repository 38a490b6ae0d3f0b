// SPDX-License-Identifier: Apache-2.0

#include "src/http/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace consent::http {
namespace {

using std::chrono::milliseconds;

// How often a wait looks whether it should end.
constexpr milliseconds kSlice(50);
// How long an ending connection is read and thrown away, and how much of it, so that the answer is
// not lost by a reset.
constexpr milliseconds kLinger(500);
constexpr size_t kLingerBytesMax = 16 << 20;

bool Poll(int socket, short events, milliseconds time) {
  pollfd waiting{socket, events, 0};
  return poll(&waiting, 1, static_cast<int>(time.count())) > 0;
}

}  // namespace

Connection::Connection(int socket, const std::atomic<bool>& stopping)
    : socket_(socket), stopping_(stopping) {}

Connection::~Connection() {
  shutdown(socket_, SHUT_WR);
  if (ended_) {
    const Clock::time_point until = Clock::now() + kLinger;
    size_t left = kLingerBytesMax;
    while (left > 0 && !stopping_ && Wait(POLLIN, until)) {
      const ssize_t n = recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
      if (n <= 0) break;
      left -= std::min(left, static_cast<size_t>(n));
    }
  }
  close(socket_);
}

bool Connection::WaitForRequest(std::chrono::seconds patience,
                                const std::function<bool()>& give_up) {
  const Clock::time_point until = Clock::now() + patience;
  while (begin_ == end_) {
    if (stopping_) return false;
    if (Poll(socket_, POLLIN, kSlice)) break;
    if (Clock::now() >= until || give_up()) return false;
  }
  return true;
}

void Connection::LimitReads(std::chrono::seconds time, size_t bytes) {
  read_deadline_ = Clock::now() + time;
  budget_ = bytes;
}

bool Connection::Wait(short events, Clock::time_point deadline) const {
  while (!Poll(socket_, events, kSlice)) {
    if (stopping_ && events == POLLIN) return false;
    if (Clock::now() >= deadline) return false;
  }
  // A socket that is always ready must not outlive its deadline either.
  return Clock::now() < deadline;
}

ssize_t Connection::Read(char* to, size_t size) {
  size = std::min(size, budget_);
  if (size == 0) {
    ended_ = true;
    return -1;
  }
  if (begin_ == end_) {
    ssize_t n = -1;
    do {
      if (!Wait(POLLIN, read_deadline_)) break;
      n = recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    } while (n < 0 && (errno == EAGAIN || errno == EINTR));
    if (n <= 0) {
      ended_ = true;
      return n;
    }
    begin_ = 0;
    end_ = static_cast<size_t>(n);
  }
  size = std::min(size, end_ - begin_);
  std::memcpy(to, buffer_.data() + begin_, size);
  begin_ += size;
  budget_ -= size;
  return static_cast<ssize_t>(size);
}

ssize_t Connection::Write(const char* from, size_t size) {
  if (!answer_began_) {
    answer_began_ = true;
    write_deadline_ = Clock::now() + answer_time_;
  }
  size_t written = 0;
  while (written < size) {
    const ssize_t n = send(socket_, from + written, size - written, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) {
      written += static_cast<size_t>(n);
      continue;
    }
    const bool later = n < 0 && (errno == EAGAIN || errno == EINTR);
    if (!later || !Wait(POLLOUT, write_deadline_)) {
      ended_ = true;
      return -1;
    }
  }
  return static_cast<ssize_t>(written);
}

}  // namespace consent::http

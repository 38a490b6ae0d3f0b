// SPDX-License-Identifier: Apache-2.0

#include "src/http/connection.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace consent::http {
namespace {

using std::chrono::milliseconds;

// How often a wait looks whether it should end.
constexpr milliseconds kSlice(50);
// How long an ending connection is read and thrown away, and how much of it, so that the answer is
// not lost by a reset.
constexpr milliseconds kLinger(500);
constexpr size_t kLingerBytesMax = 16 << 20;
// How long the few bytes of a handshake may wait for room: they fit into any socket's buffer.
constexpr milliseconds kHandshakeSendMax(1000);
constexpr milliseconds kHandshakeMax(2000);

bool Poll(int socket, short events, milliseconds time) {
  pollfd waiting{socket, events, 0};
  return poll(&waiting, 1, static_cast<int>(time.count())) > 0;
}

}  // namespace

Connection::Connection(int socket, const std::atomic<bool>& stopping,
                       std::unique_ptr<crypto::TlsSession> tls)
    : socket_(socket), stopping_(stopping), tls_(std::move(tls)) {}

Connection::~Connection() {
  if (tls_ != nullptr) {
    tls_->Close();
    SendAll(tls_->Send(), Clock::now() + kSlice);
  }
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
  const Clock::time_point shaken = Clock::now() + kHandshakeMax;
  while (begin_ == end_) {
    if (stopping_) return false;
    // Of TLS the first bytes are no request yet, and a request may be here already, undeciphered.
    if (tls_ != nullptr && Pull() < 0) return false;
    if (begin_ != end_) break;
    const bool came = Poll(socket_, POLLIN, kSlice);
    if (came && tls_ == nullptr) break;
    const Clock::time_point now = Clock::now();
    if (now >= until) return false;
    // Who is shaking hands is not idle, for as long as hands may take.
    if ((!came || now >= shaken) && give_up()) return false;
  }
  return true;
}

ssize_t Connection::Pull() {
  ssize_t n = 0;
  if (tls_ == nullptr) {
    n = recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
    if (n == 0) n = -1;
  } else {
    n = tls_->Read(buffer_.data(), buffer_.size());
    if (n == 0) {
      const ssize_t got = recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
      if (got <= 0) return -1;
      tls_->Receive({buffer_.data(), static_cast<size_t>(got)});
      n = tls_->Read(buffer_.data(), buffer_.size());
    }
    // Hands being shaken, or why they are not.
    if (!SendAll(tls_->Send(), Clock::now() + kHandshakeSendMax)) n = -1;
  }
  if (n > 0) {
    begin_ = 0;
    end_ = static_cast<size_t>(n);
  }
  return n;
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
  while (begin_ == end_) {
    ssize_t n = Pull();
    if (n == 0 && Wait(POLLIN, read_deadline_)) continue;
    if (n > 0) break;
    ended_ = true;
    return n == 0 ? -1 : 0;
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
  bool sent = false;
  if (tls_ == nullptr) {
    sent = SendAll({from, size}, write_deadline_);
  } else if (tls_->Write({from, size})) {
    sent = SendAll(tls_->Send(), write_deadline_);
  }
  if (!sent) ended_ = true;
  return sent ? static_cast<ssize_t>(size) : -1;
}

bool Connection::SendAll(std::string_view bytes, Clock::time_point deadline) {
  while (!bytes.empty()) {
    const ssize_t n = send(socket_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n > 0) {
      bytes.remove_prefix(static_cast<size_t>(n));
      continue;
    }
    const bool later = n < 0 && (errno == EAGAIN || errno == EINTR);
    if (!later || !Wait(POLLOUT, deadline)) return false;
  }
  return true;
}

}  // namespace consent::http

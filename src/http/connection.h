// SPDX-License-Identifier: Apache-2.0
//
// Connection: the bytes of one accepted socket, against a clock.
//
// A limit on every single read, which is what sockets and HTTP libraries offer, does not stop a
// client that sends one byte at a time. Here a whole request has one deadline and one budget of
// bytes, and so has a whole answer.
//
// Threads: belongs to the one that serves it.

#ifndef CONSENT_HTTP_CONNECTION_H_
#define CONSENT_HTTP_CONNECTION_H_

#include <sys/types.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "src/crypto/tls_server.h"

namespace consent::http {

class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  // Takes the socket over. `stopping` ends every wait for bytes. `tls`: what is spoken on the
  // socket; null: plain bytes.
  Connection(int socket, const std::atomic<bool>& stopping,
             std::unique_ptr<crypto::TlsSession> tls = nullptr);
  // Closes it in such a way that the client can read the last answer.
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Waits for the first byte of a request. False when none came within `patience`, the client has
  // gone, or `give_up` says so; asked every 50 ms.
  bool WaitForRequest(std::chrono::seconds patience, const std::function<bool()>& give_up);

  // From now on reads fail after `time` and after `bytes`.
  void LimitReads(std::chrono::seconds time, size_t bytes);
  // As many bytes more, within the same time.
  void AllowMore(size_t bytes) { budget_ += bytes; }
  // From the next write on, writes fail after `time`.
  void LimitWrites(std::chrono::seconds time) { answer_time_ = time, answer_began_ = false; }

  // At least one byte; 0 when the client has ended, -1 on errors and limits.
  ssize_t Read(char* to, size_t size);
  // All bytes, or -1.
  ssize_t Write(const char* from, size_t size);

  // No further request is read from here: what follows may be a rest of the last one.
  void EndAfterThis() { ended_ = true; }
  bool ended() const { return ended_; }

  // The client's verified certificate as PEM; empty without TLS, or if it gave none.
  std::string PeerCertificate() const { return tls_ == nullptr ? "" : tls_->PeerCertificate(); }

 private:
  // Takes what has come into the buffer, which is empty; does not wait. How many bytes; 0 where
  // none are there yet, -1 when the client has ended.
  ssize_t Pull();
  // Sends bytes as they are, before `deadline`.
  bool SendAll(std::string_view bytes, Clock::time_point deadline);
  // Waits until the socket is ready for `events`; false at the deadline or when all stops.
  bool Wait(short events, Clock::time_point deadline) const;

  const int socket_;
  const std::atomic<bool>& stopping_;
  const std::unique_ptr<crypto::TlsSession> tls_;
  std::array<char, 4096> buffer_;
  size_t begin_ = 0;  // Of what is in the buffer and not yet read.
  size_t end_ = 0;
  size_t budget_ = 0;
  Clock::time_point read_deadline_;
  std::chrono::seconds answer_time_{0};
  bool answer_began_ = false;
  Clock::time_point write_deadline_;
  bool ended_ = false;
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_CONNECTION_H_

// SPDX-License-Identifier: Apache-2.0
//
// Connections: accepts the connections of a server, so many in all and so many from one address,
// and hands them over. One too many is closed at once, before a byte of it is read.
//
// Whoever takes a socket closes it and says nothing of that, so a socket is known by the cookie
// that the system gave it: it has ended when its number holds no socket of that cookie any more.
// That is looked at when a limit seems to be reached, at most every kLookEvery.
//
// Threads: one of its own accepts; all methods from any thread.

#ifndef CONSENT_API_CONNECTIONS_H_
#define CONSENT_API_CONNECTIONS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"

namespace consent::api {

// 0: no limit.
struct ConnectionLimits {
  uint32_t all = 0;
  uint32_t per_address = 0;
};

class Connections {
 public:
  // Takes a connected, non-blocking socket over.
  using Take = std::function<void(int socket)>;

  // Listens on "host:port" (port 0 takes a free one), on every address that the host has; 0.0.0.0
  // and [::] are both all of this machine's. InvalidArgument for what is no address, Unavailable
  // when the port is taken or not permitted.
  static absl::StatusOr<std::unique_ptr<Connections>> Listen(const std::string& address,
                                                             const ConnectionLimits& limits);
  // Stops.
  ~Connections();
  Connections(const Connections&) = delete;
  Connections& operator=(const Connections&) = delete;

  int port() const { return port_; }
  // Begins to accept. Call once; `take` runs on the thread that accepts.
  void Start(Take take);
  // Accepts no more, and lets go of the port; what was handed over stays. May be called again.
  void Stop();

  // How many were closed at once since the start.
  uint64_t refused() const { return refused_; }

 private:
  // A socket that was handed over.
  struct Known {
    int socket;
    uint64_t cookie;
  };
  using OfAddress = std::vector<Known>;

  explicit Connections(const ConnectionLimits& limits) : limits_(limits) {}
  absl::Status Bind(const std::string& host, const std::string& port);
  void Run();
  void Accept(int listener);
  // Whether one more from there is within the limits.
  bool HasRoom(const std::string& address);
  void Look();

  const ConnectionLimits limits_;
  int port_ = 0;
  std::vector<int> listeners_;
  int stop_event_ = -1;
  Take take_;
  std::atomic<uint64_t> refused_{0};
  // The accepting thread's.
  absl::flat_hash_map<std::string, OfAddress> known_;
  size_t count_ = 0;
  size_t look_at_ = 0;
  int64_t looked_at_ms_ = 0;
  std::thread thread_;
};

}  // namespace consent::api

#endif  // CONSENT_API_CONNECTIONS_H_

// SPDX-License-Identifier: Apache-2.0
//
// Listener: an HTTP/1.1 port with a limit on everything.
//
//   connections   `threads` are served at once, `threads_per_address` of one address, and `queue`
//                 wait; one more is told 503
//   a request     head 16 KiB and body `body_bytes_max`, both whole within `request_seconds` of the
//                 first byte, however slowly they trickle in; paths of 1 KiB
//   an answer     taken by the client within `answer_seconds`
//   keep-alive    100 requests a connection; one that is idle ends after `idle_seconds`, and at
//   once
//                 when others wait
//
// So nobody can hold a thread for longer than request_seconds + answer_seconds + what the handler
// takes. Bodies may be chunked or compressed (gzip, br); the limit is on what comes out. Answers
// are never compressed, ranges are ignored. What is malformed is answered 400 and the connection
// ends.
//
// With TLS, shaking hands counts as a part of the first request. Without, `address` must be one
// that only this machine can reach, unless the port is open to all.

#ifndef CONSENT_HTTP_LISTENER_H_
#define CONSENT_HTTP_LISTENER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/crypto/tls_server.h"
#include "src/http/message.h"

namespace consent::http {

struct ListenerOptions {
  std::string address = {};  // "127.0.0.1:8080", "[::1]:8080"; port 0 takes a free one.
  int threads = 8;
  int queue = 128;
  int threads_per_address = 0;  // 0: any.
  size_t body_bytes_max = 4 * 1024 * 1024;
  int request_seconds = 10;
  int answer_seconds = 30;
  int idle_seconds = 15;
  // Whose TLS is spoken; outlives the listener. Null: none is.
  const crypto::CurrentTls* tls = nullptr;
  // Everybody may see what is served, and nothing comes in: any address, also without TLS.
  bool open_to_all = false;
};

inline constexpr size_t kHeadBytesMax = 16 * 1024;
inline constexpr size_t kPathBytesMax = 1024;
inline constexpr int kRequestsPerConnectionMax = 100;

class Listener {
 public:
  // Serves from now on. InvalidArgument for an address that is not a loopback one where no TLS is
  // spoken, Unavailable when the port is taken.
  static absl::StatusOr<std::unique_ptr<Listener>> Start(const ListenerOptions& options,
                                                         Handler handler);
  // Stops.
  ~Listener();

  int port() const;

  // Takes no more connections, ends those that wait for a request, and returns when the handlers
  // under way have answered. May be called again.
  void Stop();

 private:
  class Port;
  explicit Listener(std::unique_ptr<Port> port);

  std::unique_ptr<Port> port_;
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_LISTENER_H_

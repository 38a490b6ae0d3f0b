// SPDX-License-Identifier: Apache-2.0

#include "src/http/listener.h"

#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "src/base/loopback.h"
#include "src/base/peer_address.h"
#include "src/http/connection.h"
#include "src/http/head.h"
#include "src/http/turns.h"
#include "src/http/worker_queue.h"

namespace consent::http {
namespace {

using std::chrono::seconds;

// How many connections may wait to be accepted; the library asks for five.
constexpr int kBacklog = 128;

// The connection that this thread serves, for the callbacks that the library gives no context.
thread_local Connection* current = nullptr;
thread_local std::string current_address;
// And the request's head.
thread_local Head current_head;
// Whether this thread is told to turn the next connection away.
thread_local bool refusing = false;

constexpr std::string_view kBusy =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\n"
    "Retry-After: 1\r\nConnection: close\r\nContent-Length: 33\r\n\r\n"
    "too many connections; come again\n";

// The library's view of a connection.
class Bytes : public httplib::Stream {
 public:
  explicit Bytes(Connection& connection) : connection_(connection) {}
  bool is_readable() const override { return !connection_.ended(); }
  bool is_writable() const override { return !connection_.ended(); }
  ssize_t read(char* to, size_t size) override {
    const ssize_t n = connection_.Read(to, size);
    if (n > 0) current_head.See({to, static_cast<size_t>(n)});
    return n;
  }
  ssize_t write(const char* from, size_t size) override { return connection_.Write(from, size); }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  // Only asked whether select() can take it, which is never called.
  socket_t socket() const override { return 0; }

 private:
  Connection& connection_;
};

// The library's queue: tasks that do not fit are run at once, to turn the connection away.
class Tasks : public httplib::TaskQueue {
 public:
  explicit Tasks(WorkerQueue& workers) : workers_(workers) {}
  void enqueue(std::function<void()> task) override {
    if (workers_.Add(task)) return;
    refusing = true;
    task();
    refusing = false;
  }
  void shutdown() override { workers_.Finish(); }

 private:
  WorkerQueue& workers_;
};

Request ToRequest(const httplib::Request& from) {
  Request request{.method = from.method,
                  .path = from.path,
                  .headers = Headers(from.headers.begin(), from.headers.end()),
                  .body = {},
                  .peer_certificate = current->PeerCertificate(),
                  .peer_address = current_address};
  if (current_head.authorization_is_empty()) request.headers.emplace_back("Authorization", "");
  return request;
}

// Answers, and says whether the connection goes on.
void Give(const Response& from, httplib::Response& to) {
  to.status = from.status;
  for (const auto& [name, value] : from.headers) to.set_header(name, value);
  if (!from.content_type.empty()) to.set_content(from.body, from.content_type);
  if (current->ended()) to.set_header("Connection", "close");
}

void GiveLast(const Response& from, httplib::Response& to) {
  current->EndAfterThis();
  Give(from, to);
}

// The length of the body, if that is said in the one way that has one meaning.
bool ReadLength(const httplib::Request& request, bool& has_body, uint64_t& length) {
  const bool chunked = request.has_header("Transfer-Encoding");
  const size_t lengths = request.get_header_value_count("Content-Length");
  length = 0;
  has_body = chunked || lengths > 0;
  if (chunked) {
    return lengths == 0 && request.get_header_value_count("Transfer-Encoding") == 1 &&
           absl::EqualsIgnoreCase(request.get_header_value("Transfer-Encoding"), "chunked");
  }
  if (lengths == 0) return true;
  const std::string text = request.get_header_value("Content-Length");
  if (lengths > 1 || text.empty() || text.find_first_not_of("0123456789") != std::string::npos) {
    return false;
  }
  if (!absl::SimpleAtoi(text, &length)) length = UINT64_MAX;
  has_body = length > 0;
  return true;
}

bool CanDecode(const std::string& encoding) {
  return encoding.empty() || encoding == "identity" || encoding == "gzip" || encoding == "br";
}

}  // namespace

class Listener::Port : private httplib::Server {
 public:
  Port(const ListenerOptions& options, http::Handler handler)
      : options_(options),
        handler_(std::move(handler)),
        turns_(options.threads_per_address, static_cast<size_t>(options.queue)),
        workers_(options.threads, static_cast<size_t>(options.queue)) {
    // The library would let two processes share the port.
    set_socket_options([](socket_t socket) {
      const int yes = 1;
      setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    set_tcp_nodelay(true);
    set_keep_alive_timeout(options_.idle_seconds);
    set_keep_alive_max_count(kRequestsPerConnectionMax);
    set_payload_max_length(options_.body_bytes_max);
    new_task_queue = [this] { return new Tasks(workers_); };
    set_expect_100_continue_handler(
        [](const httplib::Request&, httplib::Response&) { return 100; });
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      return BeforeBody(request, response);
    });
    httplib::Server::Post(".*", [this](const httplib::Request& request, httplib::Response& response,
                                       const httplib::ContentReader& reader) {
      WithBody(request, response, reader);
    });
    set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
          GiveLast(Text(500, "internal error"), response);
        });
    set_error_handler([](const httplib::Request&, httplib::Response& response) {
      // What the library refuses by itself: a head it cannot read.
      if (response.body.empty()) GiveLast(Text(response.status, "malformed request"), response);
    });
  }

  absl::Status Open() {
    const size_t colon = options_.address.rfind(':');
    std::string host = options_.address.substr(0, colon);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    int asked = 0;
    if (!absl::SimpleAtoi(options_.address.substr(colon + 1), &asked) || asked < 0 ||
        asked > UINT16_MAX) {
      return absl::InvalidArgumentError(
          absl::StrCat("address: expected a port from 0 to 65535, found ", options_.address));
    }
    port_ = asked != 0 ? (bind_to_port(host, asked) ? asked : -1) : bind_to_any_port(host);
    if (port_ <= 0) {
      return absl::UnavailableError(absl::StrCat("cannot listen on ", options_.address,
                                                 ": the port is taken or not permitted"));
    }
    ::listen(svr_sock_, kBacklog);
    acceptor_ = std::thread([this] { listen_after_bind(); });
    // Stop does nothing to a server that does not run yet.
    while (!is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    return absl::OkStatus();
  }

  void Close() {
    stopping_ = true;
    if (!acceptor_.joinable()) return;
    stop();
    acceptor_.join();
  }

  int port() const { return port_; }

 private:
  bool process_and_close_socket(socket_t socket) override {
    const std::string address = AddressOfSocket(socket);
    const Turns::Turn turn = refusing ? Turns::Turn::kNever : turns_.Enter(address, socket);
    if (turn == Turns::Turn::kNever) return Refuse(socket);
    if (turn == Turns::Turn::kLater) return true;
    for (int next = socket; next >= 0; next = turns_.Next(address)) Serve(next, address);
    return true;
  }

  bool Refuse(socket_t socket) {
    Connection connection(socket, stopping_);
    connection.LimitWrites(seconds(options_.answer_seconds));
    // No hands are shaken only to turn somebody away.
    if (options_.tls == nullptr) connection.Write(kBusy.data(), kBusy.size());
    return false;
  }

  // Whether somebody has no thread, for whom an idle connection should end.
  bool IsCrowded() const { return workers_.has_waiting() || turns_.has_waiting(); }

  void Serve(socket_t socket, const std::string& address) {
    Connection connection(socket, stopping_,
                          options_.tls == nullptr ? nullptr : options_.tls->Get()->NewSession());
    current = &connection;
    current_address = address;
    Bytes bytes(connection);
    for (int left = kRequestsPerConnectionMax; left > 0 && !connection.ended(); --left) {
      if (!connection.WaitForRequest(seconds(options_.idle_seconds),
                                     [this] { return IsCrowded(); })) {
        break;
      }
      connection.LimitReads(seconds(options_.request_seconds), kHeadBytesMax);
      connection.LimitWrites(seconds(options_.answer_seconds));
      current_head = Head();
      bool closed = false;
      const bool close = left == 1 || stopping_ || IsCrowded();
      const bool fine = process_request(bytes, close, closed, [](httplib::Request& request) {
        request.ranges.clear();                    // The whole, always.
        request.headers.erase("Accept-Encoding");  // And as it is.
      });
      if (!fine || closed || close) break;
    }
    current = nullptr;
  }

  // Everything but a POST is answered here; a POST that cannot be taken is turned away.
  HandlerResponse BeforeBody(const httplib::Request& request, httplib::Response& response) {
    bool has_body = false;
    uint64_t length = 0;
    if (current_head.malformed()) {
      GiveLast(Text(400, "malformed request: expected header lines as NAME: VALUE"), response);
    } else if (!ReadLength(request, has_body, length)) {
      GiveLast(Text(400, "malformed request: the length of the body is not clear"), response);
    } else if (request.path.size() > kPathBytesMax || !request.path.starts_with('/')) {
      GiveLast(Text(414, "the path is too long, or is none"), response);
    } else if (request.method != "POST") {
      if (has_body) {
        GiveLast(Text(400, "a body is expected only with POST"), response);
      } else {
        Give(handler_(ToRequest(request)), response);
      }
    } else if (length > options_.body_bytes_max) {
      Request whole = ToRequest(request);
      whole.too_large = true;
      GiveLast(handler_(whole), response);
    } else if (request.is_multipart_form_data() ||
               !CanDecode(request.get_header_value("Content-Encoding"))) {
      GiveLast(Text(415, "expected a body of one part, plain or compressed with gzip or br"),
               response);
    } else {
      if (has_body) current->AllowMore(2 * options_.body_bytes_max);
      return HandlerResponse::Unhandled;
    }
    return HandlerResponse::Handled;
  }

  void WithBody(const httplib::Request& request, httplib::Response& response,
                const httplib::ContentReader& reader) {
    Request whole = ToRequest(request);
    bool has_body = false;
    uint64_t length = 0;
    ReadLength(request, has_body, length);
    if (has_body && !reader([&](const char* bytes, size_t size) {
          if (size > options_.body_bytes_max - whole.body.size()) {
            whole.too_large = true;
            return false;
          }
          whole.body.append(bytes, size);
          return true;
        })) {
      if (whole.too_large) {
        whole.body.clear();
        GiveLast(handler_(whole), response);
      } else {
        GiveLast(Text(400, "the body did not come whole, in time, or in its encoding"), response);
      }
      return;
    }
    Give(handler_(whole), response);
  }

  const ListenerOptions options_;
  const http::Handler handler_;  // Not the library's type of that name.
  std::atomic<bool> stopping_{false};
  int port_ = 0;
  std::thread acceptor_;
  Turns turns_;
  WorkerQueue workers_;
};

absl::StatusOr<std::unique_ptr<Listener>> Listener::Start(const ListenerOptions& options,
                                                          Handler handler) {
  if (options.tls == nullptr && !options.open_to_all && !IsLoopback(options.address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("address: expected a loopback one such as 127.0.0.1:8080, found ",
                     options.address, "; without TLS nobody else may reach this port"));
  }
  auto port = std::make_unique<Port>(options, std::move(handler));
  if (absl::Status status = port->Open(); !status.ok()) return status;
  return std::unique_ptr<Listener>(new Listener(std::move(port)));
}

Listener::Listener(std::unique_ptr<Port> port) : port_(std::move(port)) {}

Listener::~Listener() { Stop(); }

int Listener::port() const { return port_->port(); }

void Listener::Stop() { port_->Close(); }

}  // namespace consent::http

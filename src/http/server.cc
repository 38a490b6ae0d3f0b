// SPDX-License-Identifier: Apache-2.0

#include "src/http/server.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "src/http/health.h"
#include "src/http/static_tree.h"

namespace consent::http {
namespace {

// What stands where, for people who came by.
std::string FrontPage(const ServerOptions& options) {
  std::string page =
      "A consent ledger: permissions to contact people, and a log of every decision that anyone\n"
      "can verify.\n";
  if (options.logs != nullptr) {
    absl::StrAppend(&page, "\nLogs (C2SP tlog-tiles), the first also without its prefix:\n");
    for (const std::string& log : options.logs->Logs()) {
      absl::StrAppend(&page, "  /", log, "/checkpoint  /", log, "/tile/...  /", log, "/vkey\n");
    }
  }
  if (!options.jwks.empty()) {
    absl::StrAppend(&page, "\nPublic keys of signed permits:\n  /.well-known/jwks.json\n");
  }
  absl::StrAppend(&page, "\nMethods (the Connect protocol: POST, application/json or /proto):\n");
  for (const std::string& service : options.connect.services) {
    absl::StrAppend(&page, "  /", service, "/...\n");
  }
  return page;
}

bool IsReading(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(ServerOptions options) {
  auto server = std::unique_ptr<Server>(new Server(std::move(options)));
  auto listener = Listener::Start(
      server->options_.listener, [raw = server.get()](const Request& r) { return raw->Answer(r); });
  if (!listener.ok()) return listener.status();
  server->listener_ = *std::move(listener);
  return server;
}

Server::Server(ServerOptions options) : options_(std::move(options)), connect_(options_.connect) {}

Server::~Server() = default;

Response Server::Answer(const Request& request) const {
  Response response;
  if (Connect::IsMethodPath(request.path)) {
    response = connect_.Answer(request);
  } else if (IsHealthPath(request.path)) {
    response = AnswerHealth(options_.connect.channel, request);
  } else if (request.path == "/" && IsReading(request)) {
    response = {.content_type = kPlainText, .body = FrontPage(options_)};
  } else if (request.path == "/.well-known/jwks.json" && !options_.jwks.empty() &&
             IsReading(request)) {
    response = {.content_type = "application/jwk-set+json",
                .body = options_.jwks,
                .headers = {{"Cache-Control", "public, max-age=300"}}};
  } else if (options_.logs != nullptr) {
    response = ServeTree(*options_.logs, request);
  } else {
    response = Text(404, "there is nothing here");
  }
  // Nothing here is a page; no browser should take it for one.
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

}  // namespace consent::http

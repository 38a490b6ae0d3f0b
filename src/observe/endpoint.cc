// SPDX-License-Identifier: Apache-2.0

#include "src/observe/endpoint.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace consent::observe {
namespace {

// Readers are few and come every ten seconds or so.
constexpr int kThreads = 2;
constexpr int kQueue = 16;

http::Response Answer(const std::function<void(Page&)>& show, const http::Request& request) {
  if (request.method != "GET") {
    http::Response response = http::Text(405, "metrics are read with GET");
    response.headers.emplace_back("Allow", "GET");
    return response;
  }
  if (request.path != "/metrics") return http::Text(404, "there is only /metrics here");
  Page page;
  show(page);
  return {.status = 200, .content_type = kPageType, .body = page.Text()};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Endpoint>> Endpoint::Start(const std::string& address,
                                                          std::function<void(Page&)> show) {
  if (address.rfind(':') == std::string::npos) {
    return absl::InvalidArgumentError(
        absl::StrCat("metrics: expected HOST:PORT such as 0.0.0.0:9464, found ", address));
  }
  absl::StatusOr<std::unique_ptr<http::Listener>> listener = http::Listener::Start(
      {.address = address,
       .threads = kThreads,
       .queue = kQueue,
       .body_bytes_max = 0,
       .open_to_all = true},
      [show = std::move(show)](const http::Request& request) { return Answer(show, request); });
  if (!listener.ok()) {
    return absl::Status(listener.status().code(),
                        absl::StrCat("metrics: ", std::string(listener.status().message())));
  }
  return std::unique_ptr<Endpoint>(new Endpoint(*std::move(listener)));
}

}  // namespace consent::observe

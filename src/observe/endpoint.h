// SPDX-License-Identifier: Apache-2.0
//
// Endpoint: /metrics on a port of its own. Plain HTTP, to be read only, on any address: the page
// holds totals and nothing secret. It is made anew for every reader, who waits for it alone.

#ifndef CONSENT_OBSERVE_ENDPOINT_H_
#define CONSENT_OBSERVE_ENDPOINT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "src/http/listener.h"
#include "src/observe/page.h"

namespace consent::observe {

class Endpoint {
 public:
  // Serves from now on what `show` puts on a page; it is called from several threads and must not
  // outlive what it shows. InvalidArgument for an address that is none; Unavailable when the port
  // is taken.
  static absl::StatusOr<std::unique_ptr<Endpoint>> Start(const std::string& address,
                                                         std::function<void(Page&)> show);

  int port() const { return listener_->port(); }

 private:
  explicit Endpoint(std::unique_ptr<http::Listener> listener) : listener_(std::move(listener)) {}

  std::unique_ptr<http::Listener> listener_;
};

}  // namespace consent::observe

#endif  // CONSENT_OBSERVE_ENDPOINT_H_

// SPDX-License-Identifier: Apache-2.0
//
// Request and Response: what a handler sees of HTTP, whatever library carries it.

#ifndef CONSENT_HTTP_MESSAGE_H_
#define CONSENT_HTTP_MESSAGE_H_

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace consent::http {

using Headers = std::vector<std::pair<std::string, std::string>>;

// The value of the first header of this name, in any case of letters; "" when there is none.
std::string_view HeaderOf(const Headers& headers, std::string_view name);

struct Request {
  std::string method;  // "GET", in capitals.
  std::string path;    // Percent-decoded, without the query; begins with '/'.
  Headers headers;
  std::string body;  // Whole and decompressed; only POST has one.
  // The body is longer than the port takes. `body` is empty; the connection ends with the answer.
  bool too_large = false;
  std::string peer_certificate =
      {};                         // PEM, verified; empty without TLS, or if the client gave none.
  std::string peer_address = {};  // As in peer_address.h.

  std::string_view Header(std::string_view name) const { return HeaderOf(headers, name); }
};

struct Response {
  int status = 200;
  std::string content_type = {};
  std::string body = {};
  Headers headers = {};

  std::string_view Header(std::string_view name) const { return HeaderOf(headers, name); }
};

inline constexpr char kPlainText[] = "text/plain; charset=utf-8";

// A line of text for people.
Response Text(int status, std::string_view line);

// Answers one request. Called from many threads at once; must not throw.
using Handler = std::function<Response(const Request&)>;

}  // namespace consent::http

#endif  // CONSENT_HTTP_MESSAGE_H_

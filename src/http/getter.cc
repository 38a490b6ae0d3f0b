// SPDX-License-Identifier: Apache-2.0

#include "src/http/getter.h"

#include <httplib.h>

#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace consent::http {

struct Getter::Pool {
  std::string host;    // "http://127.0.0.1:8080".
  std::string prefix;  // "/1", or empty.
  absl::Duration timeout;

  std::mutex mutex;
  std::vector<std::unique_ptr<httplib::Client>> idle;  // Guarded by mutex.

  std::unique_ptr<httplib::Client> Take() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        auto client = std::move(idle.back());
        idle.pop_back();
        return client;
      }
    }
    auto client = std::make_unique<httplib::Client>(host);
    const auto limit = absl::ToChronoMilliseconds(timeout);
    client->set_connection_timeout(limit);
    client->set_read_timeout(limit);
    client->set_write_timeout(limit);
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    return client;
  }

  void Return(std::unique_ptr<httplib::Client> client) {
    const std::lock_guard lock(mutex);
    idle.push_back(std::move(client));
  }
};

absl::StatusOr<Getter> Getter::Create(const std::string& prefix, absl::Duration timeout) {
  const bool known = prefix.starts_with("http://") || prefix.starts_with("https://");
  const size_t host_begin = known ? prefix.find("://") + 3 : 0;
  const size_t slash = prefix.find('/', host_begin);
  auto pool = std::make_shared<Pool>();
  pool->host = prefix.substr(0, slash);
  pool->prefix = slash == std::string::npos ? "" : prefix.substr(slash);
  while (pool->prefix.ends_with('/')) pool->prefix.pop_back();
  pool->timeout = timeout;
  if (!known || pool->host.size() == host_begin ||
      prefix.find_first_of("?#@ \t\r\n") != std::string::npos) {
    return absl::InvalidArgumentError(
        "expected an URL: http:// or https://, a host, and perhaps a path");
  }
  if (!pool->Take()->is_valid()) return absl::InvalidArgumentError("the URL cannot be used");
  return Getter(std::move(pool));
}

absl::StatusOr<std::string> Getter::Get(const std::string& path) const {
  std::unique_ptr<httplib::Client> client = pool_->Take();
  std::string body;
  bool too_large = false;
  const httplib::Result result =
      client->Get(pool_->prefix + "/" + path, [&](const char* bytes, size_t size) {
        too_large = size > kBodyBytesMax - body.size();
        if (!too_large) body.append(bytes, size);
        return !too_large;
      });
  if (too_large) return absl::UnavailableError("the answer is too large");
  if (!result) return absl::UnavailableError(httplib::to_string(result.error()));
  pool_->Return(std::move(client));
  if (result->status == 404) return absl::NotFoundError("the server has no such file");
  if (result->status != 200) {
    return absl::UnavailableError(absl::StrCat("the server answered with status ", result->status));
  }
  return body;
}

}  // namespace consent::http

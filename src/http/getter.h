// SPDX-License-Identifier: Apache-2.0
//
// Getter: GETs files that lie below one URL, over connections that are kept open.
//
// For readers of logs: many small files, from several threads. What comes is not believed in any
// way; whoever asked verifies it. No redirects are followed.
//
// Threads: safe from any thread; each call takes a connection of its own out of a pool.

#ifndef CONSENT_HTTP_GETTER_H_
#define CONSENT_HTTP_GETTER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace consent::http {

class Getter {
 public:
  static constexpr size_t kBodyBytesMax = size_t{17} << 20;

  // `prefix`: "http://127.0.0.1:8080/1" or "https://...". InvalidArgument for other forms.
  static absl::StatusOr<Getter> Create(const std::string& prefix,
                                       absl::Duration timeout = absl::Seconds(30));

  // The body of prefix + "/" + path. NotFound for 404; Unavailable for no answer within the timeout
  // (of each read), another status, or a body of more than kBodyBytesMax bytes.
  absl::StatusOr<std::string> Get(const std::string& path) const;

 private:
  struct Pool;
  explicit Getter(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}

  std::shared_ptr<Pool> pool_;
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_GETTER_H_

// SPDX-License-Identifier: Apache-2.0

#include "src/api/observer.h"

#include "src/base/traceparent.h"

namespace consent::api {

std::string TraceIdOf(const grpc::CallbackServerContext& context) {
  const auto& metadata = context.client_metadata();
  const auto [first, last] = metadata.equal_range(kTraceparent);
  // Two would name two traces.
  if (first == last || std::next(first) != last) return "";
  return std::string(TraceIdIn({first->second.data(), first->second.size()}));
}

}  // namespace consent::api

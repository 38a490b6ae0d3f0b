// SPDX-License-Identifier: Apache-2.0

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "consent/client.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server_builder.h"
#include "gtest/gtest.h"

namespace consent {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kTrace[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

// Refuses everything at once, and keeps what came as `traceparent`.
class Listener : public v1::ContactService::Service {
 public:
  Listener() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  grpc::Status Check(grpc::ServerContext* context, const v1::CheckRequest*,
                     v1::CheckResponse*) override {
    const auto [begin, end] = context->client_metadata().equal_range("traceparent");
    for (auto it = begin; it != end; ++it)
      heard_.emplace_back(it->second.data(), it->second.size());
    return {grpc::StatusCode::INVALID_ARGUMENT, "heard"};
  }
  // What it hears of one call.
  std::vector<std::string> Hear(std::function<std::string()> traceparent) {
    heard_.clear();
    const Client client = Client::Connect({.address = "127.0.0.1:" + std::to_string(port_),
                                           .deadline_ms = 10'000,
                                           .traceparent = std::move(traceparent)});
    EXPECT_EQ(client.Check({.contact_point = "tel:+33639980001"}).error().code,
              ErrorCode::kInvalidArgument);
    return heard_;
  }

 private:
  int port_ = 0;
  std::vector<std::string> heard_;
  std::unique_ptr<grpc::Server> server_;
};

TEST(ClientTraceTest, PassesOnTheTraceOfEachCall) {
  Listener listener;
  EXPECT_THAT(listener.Hear([] { return kTrace; }), ElementsAre(kTrace));
}

TEST(ClientTraceTest, SendsNothingThatIsNoTrace) {
  Listener listener;
  EXPECT_THAT(listener.Hear(nullptr), IsEmpty());
  for (const std::string& no_trace :
       {std::string(), std::string("+33639980001"), std::string("00-\r\nx: y"),
        std::string(kTrace) + "\n", std::string(55, '\0')}) {
    EXPECT_THAT(listener.Hear([&] { return no_trace; }), IsEmpty());
  }
}

}  // namespace
}  // namespace consent

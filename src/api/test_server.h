// SPDX-License-Identifier: Apache-2.0
//
// TestServer: a server on a free loopback port, its ledger in memory, and clients of its services.
// Test code only.

#ifndef CONSENT_API_TEST_SERVER_H_
#define CONSENT_API_TEST_SERVER_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "consent/v1/contact_service.grpc.pb.h"
#include "consent/v1/directory_service.grpc.pb.h"
#include "consent/v1/grant_service.grpc.pb.h"
#include "consent/v1/journal_service.grpc.pb.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/byte_buffer.h"
#include "gtest/gtest.h"
#include "src/api/server.h"
#include "src/ledger/test_ledger.h"
#include "src/store/memory_store.h"

namespace consent::api {

inline constexpr int kCallSecondsMax = 20;

// Calls a method with the bytes of one message and takes those of one answer; it ends within
// kCallSecondsMax. `response` is left alone where the call fails.
grpc::Status CallBytes(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                       const std::string& request,
                       const std::vector<std::pair<std::string, std::string>>& metadata,
                       std::string* response);

class TestServer {
 public:
  // `authenticator`: null lets everybody do everything. `observer`: null, nobody is told of calls.
  explicit TestServer(Authenticator* authenticator = nullptr, Observer* observer = nullptr,
                      const ServerOptions& options = {});

  // A call with raw bytes.
  grpc::Status Call(const std::string& method, const std::string& request, std::string* response);

  store::MemoryStore store;
  ManualClock clock{ledger::kTestStartMs};
  ledger::TestLedger ledger{store, clock};
  crypto::TokenKey permit_key;
  std::unique_ptr<Server> server;
  std::shared_ptr<grpc::Channel> channel;
  std::unique_ptr<v1::ContactService::Stub> contacts;
  std::unique_ptr<v1::GrantService::Stub> grants;
  std::unique_ptr<v1::DirectoryService::Stub> directory;
  std::unique_ptr<v1::JournalService::Stub> journals;
};

// Requests that are complete, about a number reserved for fiction.
v1::CheckAndConsumeRequest ConsumeRequest(const std::string& request_id,
                                          const std::string& contact_point = "tel:+33639980001");
v1::CheckRequest CheckRequestFor(const std::string& contact_point = "tel:+33639980001");
v1::BatchHeader HeaderForCalls();

// The reason of ErrorInfo, and the field of BadRequest; "" where there is none.
std::string ReasonIn(const google::rpc::Status& status);
std::string FieldIn(const google::rpc::Status& status);
bool HasRetryInfo(const google::rpc::Status& status);

// Whether a call or an item failed as expected; `field` "": none is named. Also looks for contact
// points in what is said.
testing::AssertionResult FailsWith(const grpc::Status& status, grpc::StatusCode code,
                                   std::string_view reason, std::string_view field = "");
testing::AssertionResult FailsWith(const google::rpc::Status& status, grpc::StatusCode code,
                                   std::string_view reason, std::string_view field = "");

}  // namespace consent::api

#endif  // CONSENT_API_TEST_SERVER_H_

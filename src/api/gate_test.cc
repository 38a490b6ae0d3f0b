// SPDX-License-Identifier: Apache-2.0
//
// The gate before the real services, with an authenticator that believes whatever a header says.
// The same matrix with certificates: tests/access/.

#include "src/api/gate.h"

#include <atomic>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "src/api/test_matrix.h"
#include "src/api/test_server.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

constexpr char kHeader[] = "test-identities";

class Credulous : public Authenticator {
 public:
  absl::StatusOr<Visitor> Identify(const grpc::CallbackServerContext& call) override {
    const auto header = call.client_metadata().find(kHeader);
    if (header == call.client_metadata().end()) {
      return Fault(absl::StatusCode::kUnauthenticated, "NO_CREDENTIALS", "say who you are");
    }
    std::vector<access::Identity> identities;
    const std::string words(header->second.data(), header->second.size());
    for (const std::string& word : std::vector<std::string>(absl::StrSplit(words, ','))) {
      identities.push_back(*access::ParseIdentity(word));
    }
    return Visitor{.caller = std::make_shared<const access::Caller>(
                       *access::Caller::Of(std::move(identities))),
                   .until_ms = until_ms};
  }

  std::atomic<int64_t> until_ms{INT64_MAX};
};

class GateTest : public testing::Test {
 protected:
  google::rpc::Status Call(const std::string& caller, const std::string& method,
                           const std::string& request) {
    return CallRaw(server_.channel, method, request, {{kHeader, caller}});
  }
  std::string Sizes() {
    grpc::ClientContext context;
    context.AddMetadata(kHeader, "admin");
    v1::GetLedgerResponse response;
    EXPECT_TRUE(server_.directory->GetLedger(&context, {}, &response).ok());
    std::string sizes;
    for (const auto& journal : response.journals()) absl::StrAppend(&sizes, journal.size(), " ");
    return sizes;
  }

  // Reads a stream of answers to its end, which comes by itself or, after the first message,
  // because the credentials expire: how many messages there were, and how it ended.
  template <class Response, class Open>
  std::pair<int, grpc::Status> ReadAll(const std::string& caller, bool expires, const Open& open) {
    grpc::ClientContext context;
    context.AddMetadata(kHeader, caller);
    authenticator_.until_ms = server_.clock.WallMillis() + 1000;
    const auto stream = open(&context);
    Response response;
    int messages = stream->Read(&response) ? 1 : 0;
    if (expires) server_.clock.Advance(1000);
    while (stream->Read(&response)) ++messages;
    return {messages, stream->Finish()};
  }

  Credulous authenticator_;
  TestServer server_{&authenticator_};
};

TEST(AccessTableTest, EveryMethodHasExactlyOneRowAndEveryRowAMethod) {
  std::multiset<std::string> rows;
  for (const access::Row& row : access::Table::Embedded().rows()) {
    rows.insert("/consent.v1." + row.method);
  }
  const std::vector<std::string> methods = AllMethods();
  EXPECT_EQ(rows, std::multiset<std::string>(methods.begin(), methods.end()));
}

TEST(AccessTableTest, EveryFieldThatARightNamesIsInItsRequest) {
  for (const access::Row& row : access::Table::Embedded().rows()) {
    std::string name = "consent.v1." + row.method;
    name[name.find('/')] = '.';
    const auto* const method =
        google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
    ASSERT_NE(method, nullptr) << row.method;
    for (const access::Right& right : row.rights) {
      for (const std::string& path : right.fields) {
        const google::protobuf::Descriptor* message = method->input_type();
        const google::protobuf::FieldDescriptor* field = nullptr;
        for (const std::string& part : std::vector<std::string>(absl::StrSplit(path, '.'))) {
          ASSERT_NE(message, nullptr) << row.method << " " << path;
          field = message->FindFieldByName(part);
          ASSERT_NE(field, nullptr) << row.method << " " << path;
          message = field->message_type();
        }
        if (right.scope == access::Scope::kOwn) {
          EXPECT_EQ(field->type(), google::protobuf::FieldDescriptor::TYPE_STRING) << path;
          EXPECT_FALSE(field->is_repeated()) << path;
        }
      }
    }
  }
}

TEST_F(GateTest, NobodyCallsAnythingWithoutSayingWhoTheyAre) {
  for (const Attempt& attempt : AllAttempts()) {
    const google::rpc::Status status =
        CallRaw(server_.channel, attempt.method, attempt.request, {});
    EXPECT_TRUE(FailsWith(status, grpc::StatusCode::UNAUTHENTICATED, "NO_CREDENTIALS"))
        << attempt.ToString();
  }
}

TEST_F(GateTest, EveryRoleMayDoWhatItsRowSaysAndNothingElse) {
  const std::string sizes = Sizes();
  for (const Attempt& attempt : AllAttempts()) {
    if (attempt.allowed) continue;
    const google::rpc::Status status = Call(attempt.caller, attempt.method, attempt.request);
    EXPECT_TRUE(FailsWith(status, grpc::StatusCode::PERMISSION_DENIED, "NOT_ALLOWED"))
        << attempt.ToString();
    EXPECT_EQ(status.message().find("beta"), std::string::npos) << status.message();
  }
  EXPECT_EQ(Sizes(), sizes) << "a refused call left something behind";
  for (const Attempt& attempt : AllAttempts()) {
    if (!attempt.allowed) continue;
    const google::rpc::Status status = Call(attempt.caller, attempt.method, attempt.request);
    EXPECT_TRUE(WasLetIn(status)) << attempt.ToString() << ": " << status.message();
  }
}

TEST_F(GateTest, ACompanyAsksInItsOwnNameAndAProcessorInThatOfItsPrincipal) {
  v1::CheckRequest request = CheckRequestFor();
  const auto may = [&](const std::string& caller) {
    return WasLetIn(Call(caller, "/consent.v1.ContactService/Check", request.SerializeAsString()));
  };
  EXPECT_TRUE(may("company:acme"));
  EXPECT_FALSE(may("company:beta"));
  EXPECT_FALSE(may("processor:callco")) << "it does not say that it is the processor";
  request.set_processor("callco");
  EXPECT_TRUE(may("processor:callco"));
  EXPECT_FALSE(may("processor:other"));
  EXPECT_FALSE(may("company:callco")) << "being a company is not being a processor";
  EXPECT_TRUE(may("company:acme")) << "it may name who calls for it";
}

TEST_F(GateTest, AProcessorWithoutADelegationLearnsNothingOfTheConsumer) {
  server_.ledger.AddCompany("acme");
  server_.ledger.AddCompany("callco");
  v1::CheckRequest request = CheckRequestFor();
  request.set_processor("callco");
  grpc::ClientContext context;
  context.AddMetadata(kHeader, "processor:callco");
  v1::CheckResponse response;
  const grpc::Status status = server_.contacts->Check(&context, request, &response);
  if (status.ok()) {
    EXPECT_EQ(response.decision().reason(), v1::REASON_NOT_DELEGATED);
  } else {
    EXPECT_NE(status.error_code(), grpc::StatusCode::OK);
  }
}

TEST_F(GateTest, AStreamIsJudgedMessageByMessage) {
  grpc::ClientContext context;
  context.AddMetadata(kHeader, "company:acme");
  auto stream = server_.contacts->StreamCheckAndConsume(&context);
  v1::StreamCheckAndConsumeRequest request;
  *request.mutable_header() = HeaderForCalls();
  auto* const item = request.add_items();
  item->set_contact_point("tel:+33639980001");
  item->set_request_id("r1");
  v1::StreamCheckAndConsumeResponse response;

  request.mutable_header()->set_company("beta");
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_TRUE(FailsWith(response.error(), grpc::StatusCode::PERMISSION_DENIED, "NOT_ALLOWED"));
  EXPECT_EQ(response.results_size(), 0);

  request.mutable_header()->set_company("acme");
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_FALSE(response.has_error()) << "the stream goes on";

  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(GateTest, AStreamOutlivesItsCredentialsByNoMessage) {
  authenticator_.until_ms = server_.clock.WallMillis() + 1000;
  grpc::ClientContext context;
  context.AddMetadata(kHeader, "company:acme");
  auto stream = server_.contacts->StreamCheckAndConsume(&context);
  v1::StreamCheckAndConsumeRequest request;
  *request.mutable_header() = HeaderForCalls();
  request.add_items()->set_contact_point("tel:+33639980001");
  v1::StreamCheckAndConsumeResponse response;
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_FALSE(response.has_error());
  server_.clock.Advance(1000);
  ASSERT_TRUE(stream->Write(request) && stream->Read(&response));
  EXPECT_TRUE(
      FailsWith(response.error(), grpc::StatusCode::UNAUTHENTICATED, "CREDENTIALS_EXPIRED"));
  stream->WritesDone();
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(GateTest, AStreamOfAnswersOutlivesItsCredentialsByNoFurtherOne) {
  // So many messages of 300 KiB; gRPC sends a few of them before they are read.
  constexpr int kMessages = 16;
  for (int part = 0; part < kMessages; ++part) {
    std::vector<ledger::ContactCommand> commands;
    for (int i = 0; i < 1000; ++i) {
      commands.push_back(server_.ledger.Wish(ledger::PersonOf(i), absl::StrCat(part, "-", i)));
    }
    ASSERT_OK(server_.ledger.ConsumeAll(std::move(commands)));
  }
  v1::StreamEntriesRequest request;
  request.set_journal_origin(absl::StrCat(std::string(ledger::kTestOrigin), "/1"));
  request.set_with_openings(true);
  for (const bool expires : {false, true}) {
    const auto [messages, status] =
        ReadAll<v1::StreamEntriesResponse>("auditor", expires, [&](grpc::ClientContext* context) {
          return server_.journals->StreamEntries(context, request);
        });
    if (expires) {
      EXPECT_LT(messages, kMessages / 2) << "some may be on their way";
      EXPECT_TRUE(FailsWith(status, grpc::StatusCode::UNAUTHENTICATED, "CREDENTIALS_EXPIRED"));
    } else {
      EXPECT_EQ(messages, kMessages);
      EXPECT_TRUE(status.ok()) << status.error_message();
    }
  }
}

TEST_F(GateTest, ADossierOutlivesItsCredentialsByNoFurtherEntry) {
  constexpr int kEntries = 6000;  // Far more than gRPC sends before they are read.
  for (int part = 0; part < kEntries / 1000; ++part) {
    std::vector<ledger::ContactCommand> commands;
    for (int i = 0; i < 1000; ++i) {
      commands.push_back(server_.ledger.Wish(ledger::PersonOf(1), absl::StrCat(part, "-", i)));
    }
    ASSERT_OK(server_.ledger.ConsumeAll(std::move(commands)));
  }
  v1::GetDossierRequest request;
  request.set_contact_point(ledger::ContactPointOf(1));
  for (const bool expires : {false, true}) {
    const auto [messages, status] =
        ReadAll<v1::GetDossierResponse>("regulator", expires, [&](grpc::ClientContext* context) {
          return server_.journals->GetDossier(context, request);
        });
    if (expires) {
      EXPECT_LT(messages, kEntries) << "some may be on their way";
      EXPECT_TRUE(FailsWith(status, grpc::StatusCode::UNAUTHENTICATED, "CREDENTIALS_EXPIRED"));
    } else {
      EXPECT_GT(messages, kEntries);
      EXPECT_TRUE(status.ok()) << status.error_message();
    }
  }
}

TEST(OpenGateTest, WithoutAnAuthenticatorEverybodyMayDoEverything) {
  TestServer server;
  for (const Attempt& attempt : AllAttempts()) {
    EXPECT_TRUE(WasLetIn(CallRaw(server.channel, attempt.method, attempt.request, {})))
        << attempt.ToString();
  }
}

}  // namespace
}  // namespace consent::api

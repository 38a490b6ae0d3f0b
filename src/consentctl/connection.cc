// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/connection.h"

#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"

namespace consent::ctl {
namespace {

// 1,000 entries with their openings, and room to spare.
constexpr int kMessageBytesMax = 64 << 20;

}  // namespace

absl::StatusOr<Connection> Connection::To(const Session& session) {
  const size_t colon = session.server.rfind(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == session.server.size()) {
    return BadInput("--server: expected HOST:PORT, such as 127.0.0.1:7420");
  }
  Connection connection;
  connection.server_ = session.server;
  ASSIGN_OR_RETURN(const Seconds timeout, ParseDuration(session.timeout, "--timeout"));
  connection.timeout_ = absl::Seconds(timeout.count);
  grpc::ChannelArguments arguments;
  // A ledger is addressed directly; a proxy for web pages has no business with who may be called.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  const auto channel =
      grpc::CreateCustomChannel(session.server, grpc::InsecureChannelCredentials(), arguments);
  connection.contacts_ = v1::ContactService::NewStub(channel);
  connection.grants_ = v1::GrantService::NewStub(channel);
  connection.directory_ = v1::DirectoryService::NewStub(channel);
  connection.journals_ = v1::JournalService::NewStub(channel);
  return connection;
}

absl::StatusOr<std::string> Connection::Origin() const {
  ASSIGN_OR_RETURN(
      const v1::GetLedgerResponse ledger,
      Call(directory(), &v1::DirectoryService::Stub::GetLedger, v1::GetLedgerRequest()));
  return ledger.origin();
}

}  // namespace consent::ctl

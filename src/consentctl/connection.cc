// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/connection.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/base/traceparent.h"
#include "src/consentctl/arguments.h"
#include "src/http/health.h"

namespace consent::ctl {
namespace {

// 1,000 entries with their openings, and room to spare.
constexpr int kMessageBytesMax = 64 << 20;
constexpr size_t kFileBytesMax = 256 << 10;

absl::StatusOr<std::string> Read(const std::string& path, const std::string& option) {
  if (path.empty()) return std::string();
  absl::StatusOr<std::string> text = ReadFile(path, kFileBytesMax);
  if (text.ok() && !text->empty()) return text;
  return BadInput(absl::StrCat(
      option, ": ", text.ok() ? "the file is empty" : std::string(text.status().message())));
}

// By what this side says who it is, and knows the other.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const Session& session) {
  if (session.tls_cert.empty() != session.tls_key.empty()) {
    return BadInput("--tls-cert, --tls-key: expected both or none");
  }
  if (session.tls_ca.empty()) {
    if (session.tls_cert.empty() && session.token_file.empty()) {
      return grpc::InsecureChannelCredentials();
    }
    return BadInput(
        "--tls-cert, --token-file: expected together with --tls-ca: nobody says who they "
        "are to whom they do not know");
  }
  grpc::SslCredentialsOptions options;
  ASSIGN_OR_RETURN(options.pem_root_certs, Read(session.tls_ca, "--tls-ca"));
  ASSIGN_OR_RETURN(options.pem_cert_chain, Read(session.tls_cert, "--tls-cert"));
  ASSIGN_OR_RETURN(options.pem_private_key, Read(session.tls_key, "--tls-key"));
  const auto tls = grpc::SslCredentials(options);
  if (session.token_file.empty()) return tls;
  ASSIGN_OR_RETURN(std::string token, Read(session.token_file, "--token-file"));
  absl::StripAsciiWhitespace(&token);
  return grpc::CompositeChannelCredentials(tls, grpc::AccessTokenCredentials(token));
}

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
  if (!TraceIdIn(session.traceparent).empty()) connection.traceparent_ = session.traceparent;
  grpc::ChannelArguments arguments;
  // A ledger is addressed directly; a proxy for web pages has no business with who may be called.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  ASSIGN_OR_RETURN(const auto credentials, CredentialsOf(session));
  connection.channel_ = grpc::CreateCustomChannel(session.server, credentials, arguments);
  const auto& channel = connection.channel_;
  connection.contacts_ = v1::ContactService::NewStub(channel);
  connection.grants_ = v1::GrantService::NewStub(channel);
  connection.directory_ = v1::DirectoryService::NewStub(channel);
  connection.journals_ = v1::JournalService::NewStub(channel);
  connection.admin_ = v1::AdminService::NewStub(channel);
  return connection;
}

void Connection::Trace(grpc::ClientContext& context) const {
  if (!traceparent_.empty()) context.AddMetadata(kTraceparent, traceparent_);
}

absl::Status Connection::CheckServing() const {
  const grpc::Status status = http::CheckServing(channel_, timeout_);
  return status.ok() ? absl::OkStatus() : FromRpc(status, server_);
}

absl::StatusOr<std::string> Connection::Origin() const {
  ASSIGN_OR_RETURN(
      const v1::GetLedgerResponse ledger,
      Call(directory(), &v1::DirectoryService::Stub::GetLedger, v1::GetLedgerRequest()));
  return ledger.origin();
}

}  // namespace consent::ctl

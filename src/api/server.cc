// SPDX-License-Identifier: Apache-2.0

#include "src/api/server.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/channel_arguments.h"
#include "src/api/tls_credentials.h"
#include "src/base/loopback.h"
#include "src/base/status_macros.h"

namespace consent::api {

namespace {

Context With(Context context, Strangers& strangers, Bulk& bulk) {
  context.strangers = &strangers;
  context.bulk = &bulk;
  return context;
}

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  builder.SetMaxSendMessageSize(kMessageBytesMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kStreamsPerConnectionMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeSeconds * 1000);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleSeconds * 1000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                             kPingSecondsMin * 1000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
  // By itself gRPC would take in megabytes of a stream that nobody reads on.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, kStreamBytesMax);
  // What nobody here uses, and each call pays for.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_CHANNELZ, 0);
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_COMPRESSION, 0);
  grpc::ResourceQuota quota("consentd");
  quota.Resize(kMessageMemoryMax);
  builder.SetResourceQuota(quota);
}

}  // namespace

Server::Server(const Context& context, const ServerOptions& options)
    : strangers_(options.strangers_per_day, context.ledger, context.clock),
      context_(With(context, strangers_, bulk_)),
      contacts_(context_, provers_),
      grants_(context_, readers_),
      directory_(context_),
      journals_(context_, readers_, provers_),
      admin_(context_, backups_),
      gate_(context_.authenticator, access::Table::Embedded(), context_.clock, context_.observer,
            options.callers),
      gated_contacts_(gate_, context_, contacts_),
      gated_grants_(gate_, bulk_, grants_),
      gated_directory_(gate_, bulk_, directory_),
      gated_journals_(gate_, journals_),
      gated_admin_(gate_, admin_) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Context& context,
                                                      const std::string& address,
                                                      const ServerOptions& options) {
  const crypto::CurrentTls* const tls = options.tls;
  if (!IsLoopback(address) && (tls == nullptr || context.authenticator == nullptr)) {
    return absl::InvalidArgumentError(
        absl::StrCat("address: expected a loopback one such as 127.0.0.1:7420, found ", address,
                     "; without encryption and authentication nobody else may reach this service"));
  }
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  auto server = std::unique_ptr<Server>(new Server(context, options));
  grpc::ServerBuilder builder;
  if (tls == nullptr) {
    server->credentials_ = grpc::InsecureServerCredentials();
  } else {
    SpeakOnlyTls13();
    server->credentials_ = TlsCredentials(*tls);
  }
  ASSIGN_OR_RETURN(server->connections_, Connections::Listen(address, options.connections));
  server->acceptor_ = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      server->credentials_);
  SetLimits(builder);
  builder.RegisterService(&server->gated_contacts_);
  builder.RegisterService(&server->gated_grants_);
  builder.RegisterService(&server->gated_directory_);
  builder.RegisterService(&server->gated_journals_);
  builder.RegisterService(&server->gated_admin_);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) {
    return absl::UnavailableError(absl::StrCat("cannot serve on ", address));
  }
  server->connections_->Start([acceptor = server->acceptor_.get()](int socket) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = socket;
    acceptor->HandleNewConnection(&connection);
  });
  return server;
}

std::shared_ptr<grpc::Channel> Server::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  arguments.SetMaxSendMessageSize(kMessageBytesMax);
  return server_->InProcessChannel(arguments);
}

Server::~Server() {
  if (server_ != nullptr) Drain(absl::Seconds(1));
}

void Server::Drain(absl::Duration patience) {
  if (auto* const health = server_->GetHealthCheckService(); health != nullptr) {
    health->SetServingStatus(false);
  }
  connections_->Stop();
  server_->Shutdown(absl::ToChronoTime(absl::Now() + patience));
}

}  // namespace consent::api

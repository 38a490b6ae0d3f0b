// SPDX-License-Identifier: Apache-2.0

#include "src/api/server.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/server_builder.h"
#include "grpcpp/support/channel_arguments.h"
#include "src/api/tls_credentials.h"
#include "src/base/loopback.h"

namespace consent::api {

Server::Server(const Context& context, const ServerOptions& options)
    : context_(context),
      contacts_(context_, provers_),
      grants_(context_, readers_),
      directory_(context_),
      journals_(context_, readers_, provers_),
      gate_(context_.authenticator, access::Table::Embedded(), context_.clock, context_.observer,
            options.callers),
      gated_contacts_(gate_, context_, contacts_),
      gated_grants_(gate_, grants_),
      gated_directory_(gate_, directory_),
      gated_journals_(gate_, journals_) {}

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
  builder.AddListeningPort(address, server->credentials_, &server->port_);
  // Two processes on one port would each answer half of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  builder.SetMaxSendMessageSize(kMessageBytesMax);
  builder.RegisterService(&server->gated_contacts_);
  builder.RegisterService(&server->gated_grants_);
  builder.RegisterService(&server->gated_directory_);
  builder.RegisterService(&server->gated_journals_);
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr || server->port_ == 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": the port is taken or not permitted"));
  }
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
  server_->Shutdown(absl::ToChronoTime(absl::Now() + patience));
}

}  // namespace consent::api

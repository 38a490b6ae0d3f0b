// SPDX-License-Identifier: Apache-2.0

#include "tests/access/exposed_service.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "src/api/tls_credentials.h"
#include "src/store/memory_store.h"

namespace consent::tests {

ExposedService::ExposedService() : authority(folder(), "authority") {
  Install(authority.Issue("DNS:localhost,IP:127.0.0.1"));
  WriteText(File("ca.pem"), authority.certificate());
  BelieveTokensOf(issuer.Jwk());
  consentd::Config config;
  config.data = File("data");
  config.grpc = "127.0.0.1:0";
  config.http = "127.0.0.1:0";
  config.tls_cert = File("server.pem");
  config.tls_key = File("server.key");
  config.tls_client_ca = File("ca.pem");
  config.jwks = File("jwks.json");
  config.jwt_issuer = "https://issuer.example";
  config.jwt_audience = "ledger.example";
  auto started = consentd::Service::Start(config, [](const consentd::Config&) {
    return absl::StatusOr<std::unique_ptr<store::Store>>(std::make_unique<store::MemoryStore>());
  });
  if (!started.ok()) {
    std::fprintf(stderr, "%s\n", started.status().ToString().c_str());
    std::abort();
  }
  service_ = *std::move(started);
}

ExposedService::~ExposedService() { service_->Stop(1); }

std::string ExposedService::grpc_address() const {
  return absl::StrCat("localhost:", service_->port());
}

std::string ExposedService::http_address() const {
  return absl::StrCat("localhost:", service_->http_port());
}

void ExposedService::BelieveTokensOf(const std::string& jwks) {
  WriteText(File("jwks.json"), crypto::TestIssuer::Set(jwks));
}

std::string ExposedService::Claims(const std::string& words) {
  return absl::StrCat(R"({"iss":"https://issuer.example","aud":"ledger.example","exp":)",
                      absl::ToUnixSeconds(absl::Now()) + 3600, R"(,"consent":)", words, "}");
}

void ExposedService::Install(const Pair& pair) {
  WriteText(File("server.pem"), pair.certificate);
  WriteText(File("server.key"), pair.key);
}

std::shared_ptr<grpc::Channel> ExposedService::Connect(const Pair* caller) const {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = authority.certificate();
  if (caller != nullptr) {
    options.pem_cert_chain = caller->certificate;
    options.pem_private_key = caller->key;
  }
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(grpc_address(), grpc::SslCredentials(options), arguments);
}

}  // namespace consent::tests

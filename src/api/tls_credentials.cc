// SPDX-License-Identifier: Apache-2.0

#include "src/api/tls_credentials.h"

#include <cstdlib>
#include <string>

#include "absl/base/thread_annotations.h"
#include "grpc/grpc.h"
#include "grpc/grpc_security.h"
#include "src/base/mutex.h"

namespace consent::api {
namespace {

class Rotating : public grpc::ServerCredentials {
 public:
  explicit Rotating(const crypto::CurrentTls& tls) : tls_(tls) {}

  void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    const bool asks = !tls_.Get()->texts().client_ca.empty();
    grpc_ssl_server_credentials_options* const options =
        grpc_ssl_server_credentials_create_options_using_config_fetcher(
            asks ? GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY
                 : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE,
            &Rotating::Fetch, this);
    grpc_server_credentials* const credentials =
        grpc_ssl_server_credentials_create_with_options(options);
    const int port = grpc_server_add_http2_port(server, address.c_str(), credentials);
    grpc_server_credentials_release(credentials);
    return port;
  }

  // Called by gRPC for each connection.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    return static_cast<Rotating*>(self)->Fetch(config);
  }
  grpc_ssl_certificate_config_reload_status Fetch(grpc_ssl_server_certificate_config** config) {
    std::shared_ptr<const crypto::TlsServer> now = tls_.Get();
    MutexLock lock(&mutex_);
    if (now == given_) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const crypto::TlsTexts& texts = now->texts();
    const grpc_ssl_pem_key_cert_pair pair{texts.key.c_str(), texts.certificates.c_str()};
    *config = grpc_ssl_server_certificate_config_create(
        texts.client_ca.empty() ? nullptr : texts.client_ca.c_str(), &pair, 1);
    given_ = std::move(now);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const crypto::CurrentTls& tls_;
  Mutex mutex_;
  std::shared_ptr<const crypto::TlsServer> given_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

void SpeakOnlyTls13() { setenv("GRPC_SSL_CIPHER_SUITES", "PSK-AES256-GCM-SHA384", 1); }

std::shared_ptr<grpc::ServerCredentials> TlsCredentials(const crypto::CurrentTls& tls) {
  return std::make_shared<Rotating>(tls);
}

}  // namespace consent::api

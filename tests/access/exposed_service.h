// SPDX-License-Identifier: Apache-2.0
//
// ExposedService: a whole service in this process, protected by certificates, its store in memory.
// Test code only.

#ifndef CONSENT_ACCESS_EXPOSED_SERVICE_H_
#define CONSENT_ACCESS_EXPOSED_SERVICE_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "src/consentd/service.h"
#include "src/crypto/test_issuer.h"
#include "src/store/temporary_folder.h"
#include "tests/access/authority.h"

namespace consent::tests {

class ExposedService {
 public:
  ExposedService();
  ~ExposedService();

  const std::string& folder() const { return folder_.path(); }
  std::string File(const std::string& name) const { return folder() + "/" + name; }
  std::string grpc_address() const;
  std::string http_address() const;
  int http_port() const { return service_->http_port(); }
  // Replaces the service's certificate and key, one after the other.
  void Install(const Pair& pair);

  // A new connection; by a caller with this certificate, or by one without.
  std::shared_ptr<grpc::Channel> Connect(const Pair* caller = nullptr) const;

 private:
  const store::TemporaryFolder folder_;

 public:
  const Authority authority;  // Of the service and of its callers.
  // Of tokens; others may be put beside it, or in its place, with BelieveTokensOf.
  const crypto::TestIssuer issuer{"first"};
  void BelieveTokensOf(const std::string& jwks);
  // Claims of an hour, for this service. `words` such as R"(["admin"])".
  static std::string Claims(const std::string& words);

 private:
  std::unique_ptr<consentd::Service> service_;
};

}  // namespace consent::tests

#endif  // CONSENT_ACCESS_EXPOSED_SERVICE_H_

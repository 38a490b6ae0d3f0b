// SPDX-License-Identifier: Apache-2.0
//
// TLS 1.3 for gRPC's port, with a certificate that may be replaced while it serves.
//
// gRPC watches files too, but takes whatever it finds there; here it is given only what has been
// proven good (crypto::TlsServer), when the next connection is made.

#ifndef CONSENT_API_TLS_CREDENTIALS_H_
#define CONSENT_API_TLS_CREDENTIALS_H_

#include <memory>

#include "grpcpp/security/server_credentials.h"
#include "src/crypto/tls_server.h"

namespace consent::api {

// Has this process speak TLS 1.3 only where gRPC speaks TLS, as client too. gRPC offers no setting
// for that, so of all that older versions could agree on it is left a single suite that needs a
// secret shared beforehand, which nobody here has. To be called before gRPC's first connection with
// TLS; later calls do nothing.
void SpeakOnlyTls13();

// `tls` must outlive whatever serves with these, and so must these themselves. Whether client
// certificates are asked for is decided here and now: where there are authorities.
std::shared_ptr<grpc::ServerCredentials> TlsCredentials(const crypto::CurrentTls& tls);

}  // namespace consent::api

#endif  // CONSENT_API_TLS_CREDENTIALS_H_

// SPDX-License-Identifier: Apache-2.0
//
// How a client says who it is, and knows the ledger: by the files that its options name.

#ifndef CONSENT_CLIENT_CREDENTIALS_H_
#define CONSENT_CLIENT_CREDENTIALS_H_

#include <memory>

#include "consent/answer.h"
#include "consent/client.h"
#include "grpcpp/security/credentials.h"

namespace consent::client {

// Null, with INVALID_ARGUMENT in `fault` that names the option, where the options do not go
// together or a file cannot be read.
std::shared_ptr<grpc::ChannelCredentials> CredentialsOf(const ClientOptions& options, Error* fault);

}  // namespace consent::client

#endif  // CONSENT_CLIENT_CREDENTIALS_H_

// SPDX-License-Identifier: Apache-2.0
//
// The authorisation matrix as calls: every method × every role × about itself and about others,
// with what ought to become of each. Test code only.

#ifndef CONSENT_API_TEST_MATRIX_H_
#define CONSENT_API_TEST_MATRIX_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "google/rpc/status.pb.h"
#include "grpcpp/channel.h"

namespace consent::api {

struct Attempt {
  std::string method;   // "/consent.v1.ContactService/Check".
  std::string caller;   // "company:acme"; those who have no name: "admin".
  std::string request;  // Bytes.
  bool about_self = true;
  bool allowed = false;
  std::string ToString() const;
};

// Of the embedded table: callers are called acme, requests are about acme or about beta.
std::vector<Attempt> AllAttempts();
// "/consent.v1.ContactService/Check", of every method that the linked protos declare, except those
// of other packages.
std::vector<std::string> AllMethods();

using Metadata = std::vector<std::pair<std::string, std::string>>;

// Calls a method of any kind with one message and returns how it ended; the status of a stream's
// message counts where the stream itself went well.
google::rpc::Status CallRaw(const std::shared_ptr<grpc::Channel>& channel,
                            const std::string& method, const std::string& request,
                            const Metadata& metadata);

// Whether a call got past the gate.
bool WasLetIn(const google::rpc::Status& status);

}  // namespace consent::api

#endif  // CONSENT_API_TEST_MATRIX_H_

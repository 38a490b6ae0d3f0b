// SPDX-License-Identifier: Apache-2.0
//
// Sender: signed statements on their way to the ledger.
//
// Order is the order of arrival, so batches go one after the other. Where the ledger is overloaded
// or away for a moment, the batch is sent again from the first statement that was not judged; a
// statement that had arrived is answered as the first time.

#ifndef CONSENT_CONSENTCTL_SENDER_H_
#define CONSENT_CONSENTCTL_SENDER_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "consent/v1/grant_service.pb.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/session.h"

namespace consent::ctl {

// What one call takes.
inline constexpr size_t kStatementsPerCall = 1'000;

class Sender {
 public:
  Sender(const Session& session, const Connection& connection)
      : session_(session), connection_(connection) {}

  // Sends at most kStatementsPerCall statements; OK when each was accepted or refused.
  absl::Status Send(const std::vector<v1::SignedStatement>& statements);

  uint64_t sent() const { return accepted_ + refused_; }
  // Writes what came of all of them, with `extra` (names and values of the command's own), and
  // returns the exit code: kExitDenied when any was refused.
  int Report(const Json& extra = Json::object()) const;

 private:
  void Take(const v1::StatementResult& result);

  const Session& session_;
  const Connection& connection_;
  uint64_t accepted_ = 0;
  uint64_t repeated_ = 0;  // Of the accepted ones.
  uint64_t refused_ = 0;
  std::map<std::string, uint64_t> refused_by_reason_;
  std::vector<std::string> first_refusals_;  // As people read them.
  Json results_ = Json::array();             // The first kStatementsPerCall ones.
};

}  // namespace consent::ctl

#endif  // CONSENT_CONSENTCTL_SENDER_H_

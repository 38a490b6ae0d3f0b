// SPDX-License-Identifier: Apache-2.0
//
// send: statements that were signed elsewhere.

#include <memory>
#include <string>
#include <vector>

#include "src/base/status_macros.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/envelope_file.h"
#include "src/consentctl/sender.h"
#include "src/consentctl/session.h"

namespace consent::ctl {
namespace {

absl::StatusOr<int> Send(const Session& session, const std::vector<std::string>& files) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  Sender sender(session, connection);
  Progress progress(session.err, "statements sent", 0);
  for (const std::string& file : files) {
    ASSIGN_OR_RETURN(EnvelopeReader reader, EnvelopeReader::Open(file));
    for (;;) {
      ASSIGN_OR_RETURN(const std::vector<v1::SignedStatement> batch,
                       reader.Next(kStatementsPerCall));
      if (batch.empty()) break;
      RETURN_IF_ERROR(sender.Send(batch));
      progress.Show(sender.sent());
    }
  }
  return sender.Report();
}

}  // namespace

void AddSendCommand(CLI::App& app, Session& session) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App* const send =
      AddCommand(app, session, "send", "Send statements that --dry-run --out signed",
                 [&session, files] { return Send(session, *files); });
  send->add_option("FILE", *files,
                   "Files of signed statements, sent in this order; - is standard "
                   "input")
      ->required();
}

}  // namespace consent::ctl

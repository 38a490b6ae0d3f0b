// SPDX-License-Identifier: Apache-2.0
//
// confirm, release, report.

#include <memory>
#include <string>

#include "src/base/status_macros.h"
#include "src/consentctl/answer.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/session.h"

namespace consent::ctl {
namespace {

using Stub = v1::ContactService::Stub;

struct PermitOptions {
  std::string permit;
  std::string company;
  std::string outcome;
};

absl::StatusOr<int> Confirm(const Session& session, const PermitOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  v1::ConfirmPermitRequest request;
  request.set_company(options.company);
  request.set_permit_id(options.permit);
  ASSIGN_OR_RETURN(const v1::ConfirmPermitResponse response,
                   connection.Call(connection.contacts(), &Stub::ConfirmPermit, request));
  return WritePermitAnswer(session, response.answer());
}

absl::StatusOr<int> Release(const Session& session, const PermitOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  v1::ReleasePermitRequest request;
  request.set_company(options.company);
  request.set_permit_id(options.permit);
  ASSIGN_OR_RETURN(const v1::ReleasePermitResponse response,
                   connection.Call(connection.contacts(), &Stub::ReleasePermit, request));
  return WritePermitAnswer(session, response.answer());
}

absl::StatusOr<int> Report(const Session& session, const PermitOptions& options) {
  v1::ReportOutcomeRequest request;
  request.set_company(options.company);
  request.set_permit_id(options.permit);
  ASSIGN_OR_RETURN(const v1::Outcome outcome, ParseOutcomeName(options.outcome, "--outcome"));
  request.set_outcome(outcome);
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  ASSIGN_OR_RETURN(const v1::ReportOutcomeResponse response,
                   connection.Call(connection.contacts(), &Stub::ReportOutcome, request));
  return WritePermitAnswer(session, response.answer());
}

using PermitRun = absl::StatusOr<int> (*)(const Session&, const PermitOptions&);

CLI::App* AddPermitCommand(CLI::App& app, Session& session, const std::string& name,
                           const std::string& description, PermitRun run,
                           const std::shared_ptr<PermitOptions>& options) {
  CLI::App* const command = AddCommand(app, session, name, description,
                                       [&session, options, run] { return run(session, *options); });
  command->add_option("PERMIT", options->permit, "The permit that consume answered")->required();
  command->add_option("--company", options->company, "The company that it was given to")
      ->type_name("COMPANY")
      ->required();
  return command;
}

}  // namespace

void AddPermitCommands(CLI::App& app, Session& session) {
  AddPermitCommand(app, session, "confirm", "Start the time of a permit that was held", &Confirm,
                   std::make_shared<PermitOptions>());
  AddPermitCommand(app, session, "release", "Give a held unit back", &Release,
                   std::make_shared<PermitOptions>());
  auto outcome = std::make_shared<PermitOptions>();
  AddPermitCommand(app, session, "report", "Say what became of a contact; the first report stands",
                   &Report, outcome)
      ->add_option("--outcome", outcome->outcome,
                   "CONNECTED, DELIVERED, VOICEMAIL, ABANDONED, INVALID_NUMBER, NO_ANSWER, BUSY, "
                   "FAILED, NOT_SENT, DECLINED, OPPOSED or STOP")
      ->type_name("OUTCOME")
      ->required();
}

}  // namespace consent::ctl

// SPDX-License-Identifier: Apache-2.0
//
// consume, check.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/consentctl/answer.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/session.h"
#include "src/crypto/random.h"

namespace consent::ctl {
namespace {

using Stub = v1::ContactService::Stub;

struct ContactOptions {
  std::string contact;
  std::string company;
  std::string channel;
  std::string purpose = "DIRECT_MARKETING";
  std::string request_id;
  std::string ttl;
  std::string hold;
  std::string caller_number;
  std::string processor;
  std::string agent;
  std::string agent_country;
  std::string contract;
  bool home_renovation = false;
  bool next = false;
  std::string receipt;  // Files to write.
  std::string signed_permit;
};

// The fields that both requests have.
template <typename Request>
absl::Status Fill(const ContactOptions& options, Request& request) {
  request.set_contact_point(options.contact);
  request.set_company(options.company);
  ASSIGN_OR_RETURN(const v1::Channel channel, ParseChannelName(options.channel, "--channel"));
  request.set_channel(channel);
  ASSIGN_OR_RETURN(const v1::Purpose purpose, ParsePurposeName(options.purpose, "--purpose"));
  request.set_purpose(purpose);
  request.set_caller_number(options.caller_number);
  request.set_processor(options.processor);
  request.set_agent(options.agent);
  request.set_agent_country(options.agent_country);
  request.set_contract(options.contract);
  if (options.home_renovation) {
    request.set_subject_matter(v1::SUBJECT_MATTER_HOME_RENOVATION);
  }
  request.set_want_next_allowed_time(options.next);
  if (options.ttl.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Seconds ttl, ParseDuration(options.ttl, "--ttl"));
  request.mutable_permit_ttl()->set_seconds(ttl.count);
  return absl::OkStatus();
}

// Writes what the answer brought into the file that was named for it; nothing where it brought
// none.
absl::Status Keep(const std::string& path, const std::string& content) {
  if (path.empty() || content.empty()) return absl::OkStatus();
  return AsBadInput(WriteDurably(path, content));
}

absl::StatusOr<int> Consume(const Session& session, const ContactOptions& options) {
  v1::CheckAndConsumeRequest request;
  RETURN_IF_ERROR(Fill(options, request));
  request.set_request_id(options.request_id.empty()
                             ? absl::StrCat("ctl-", Hex(crypto::RandomBytes(12)))
                             : options.request_id);
  if (!options.hold.empty()) {
    ASSIGN_OR_RETURN(const Seconds hold, ParseDuration(options.hold, "--hold"));
    request.mutable_hold()->set_seconds(hold.count);
  }
  request.set_want_receipt(!options.receipt.empty());
  request.set_want_signed_permit(!options.signed_permit.empty());
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  const auto response = connection.Call(connection.contacts(), &Stub::CheckAndConsume, request);
  if (!response.ok()) {
    // Whether a unit was taken is not known: only the same id asks about the same contact.
    if (MayRetry(response.status()) && options.request_id.empty()) {
      session.err << "consentctl: to ask again about the same contact use --request-id "
                  << request.request_id() << "\n";
    }
    return response.status();
  }
  const int exit_code = WriteDecision(session, response->decision());
  RETURN_IF_ERROR(Keep(options.receipt, response->receipt()));
  RETURN_IF_ERROR(Keep(options.signed_permit, response->signed_permit()));
  return exit_code;
}

absl::StatusOr<int> Check(const Session& session, const ContactOptions& options) {
  v1::CheckRequest request;
  RETURN_IF_ERROR(Fill(options, request));
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  ASSIGN_OR_RETURN(const v1::CheckResponse response,
                   connection.Call(connection.contacts(), &Stub::Check, request));
  return WriteDecision(session, response.decision());
}

void AddContactOptions(CLI::App& command, ContactOptions& options) {
  command
      .add_option("CONTACT", options.contact,
                  "The contact point, such as +33639980001 or mailto:someone@example.org")
      ->required();
  command.add_option("--company", options.company, "The company that benefits from the contact")
      ->type_name("COMPANY")
      ->required();
  command
      .add_option("--channel", options.channel,
                  "CALL, VOICE_PRERECORDED, SMS, MMS, EMAIL, MESSAGING or POST")
      ->type_name("CHANNEL")
      ->required();
  command
      .add_option("--purpose", options.purpose,
                  "DIRECT_MARKETING (default), PRESS, SURVEY, POLITICAL, CHARITY or SERVICE")
      ->type_name("PURPOSE");
  command.add_option("--ttl", options.ttl, "How long the permit lasts, default 300s")
      ->type_name("DURATION");
  command
      .add_option("--caller-number", options.caller_number,
                  "What the called party will see, such as +33199001234; for texts also a short "
                  "code or a name")
      ->type_name("NUMBER");
  command.add_option("--processor", options.processor, "Who makes the contact for the company")
      ->type_name("COMPANY");
  command.add_option("--agent", options.agent, "Who speaks or writes; only recorded")
      ->type_name("NAME");
  command
      .add_option("--agent-country", options.agent_country,
                  "Where the agent sits, two letters of ISO 3166-1; only recorded")
      ->type_name("COUNTRY");
  command.add_option("--contract", options.contract, "The contract that the contact is about")
      ->type_name("ID");
  command.add_flag("--home-renovation", options.home_renovation,
                   "It is about energy renovation or the adaptation of homes");
  command.add_flag("--next", options.next,
                   "Also when allowed: say when the next such contact would be");
}

}  // namespace

void AddContactCommands(CLI::App& app, Session& session) {
  auto consuming = std::make_shared<ContactOptions>();
  CLI::App* const consume =
      AddCommand(app, session, "consume", "Ask for one contact and take one unit if allowed",
                 [&session, consuming] { return Consume(session, *consuming); });
  AddContactOptions(*consume, *consuming);
  consume
      ->add_option("--request-id", consuming->request_id,
                   "Your own id of this contact; the same id never takes twice. Default random")
      ->type_name("ID");
  consume
      ->add_option("--hold", consuming->hold,
                   "Take the unit, but give no right to contact until `consentctl confirm`")
      ->type_name("DURATION");
  consume
      ->add_option("--receipt", consuming->receipt,
                   "Write the proof that the journal holds the answer (.tlog-proof)")
      ->type_name("FILE");
  consume
      ->add_option("--signed-permit", consuming->signed_permit,
                   "Write a permit that a gateway or the called party verifies offline (JWS)")
      ->type_name("FILE");

  auto checking = std::make_shared<ContactOptions>();
  CLI::App* const check =
      AddCommand(app, session, "check", "Say what consume would answer; takes nothing",
                 [&session, checking] { return Check(session, *checking); });
  AddContactOptions(*check, *checking);
}

}  // namespace consent::ctl

// SPDX-License-Identifier: Apache-2.0
//
// party, number register, number retire, number find, delegation add, delegation revoke: who
// contacts for whom and what they show.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/directory_entry.h"
#include "src/consentctl/session.h"

namespace consent::ctl {
namespace {

using Stub = v1::DirectoryService::Stub;

struct AgencyOptions {
  std::string company;
  std::string processor;
  std::string by;
  std::string number;
  std::string from;
  std::string until;
};

// Makes a change and says where it stands.
template <class Request, class Response>
absl::StatusOr<int> Change(const Session& session,
                           grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                        Response*),
                           const Request& request,
                           const std::vector<std::pair<std::string, std::string>>& what) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  ASSIGN_OR_RETURN(const Response response,
                   connection.Call(connection.directory(), method, request));
  return ShowDirectoryEntry(session, what, response.entry());
}

absl::StatusOr<int> Register(const Session& session, const AgencyOptions& options) {
  v1::RegisterNumberRequest request;
  request.set_company(options.company);
  request.set_number(options.number);
  return Change(session, &Stub::RegisterNumber, request,
                {{"company", options.company}, {"number", options.number}});
}

absl::StatusOr<int> Retire(const Session& session, const AgencyOptions& options) {
  v1::RetireNumberRequest request;
  request.set_company(options.company);
  request.set_number(options.number);
  return Change(session, &Stub::RetireNumber, request,
                {{"company", options.company}, {"number", options.number}});
}

absl::StatusOr<int> Find(const Session& session, const AgencyOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  v1::FindNumberRequest request;
  request.set_number(options.number);
  ASSIGN_OR_RETURN(const v1::FindNumberResponse response,
                   connection.Call(connection.directory(), &Stub::FindNumber, request));
  Json holders = Json::array();
  Table table({"COMPANY", "NAME", "REGISTERED", "RETIRED"});
  for (const v1::NumberHolder& holder : response.holders()) {
    holders.push_back({{"company", holder.company()},
                       {"name", holder.legal_name()},
                       {"registered_at", UtcTime(holder.registered_at())},
                       {"retired_at", UtcTime(holder.retired_at())}});
    table.Add({holder.company(), holder.legal_name(), LocalTime(holder.registered_at()),
               holder.has_retired_at() ? LocalTime(holder.retired_at()) : ""});
  }
  if (session.json) {
    session.Print({{"directory_size", response.directory_size()}, {"holders", holders}});
  } else if (table.empty()) {
    session.out << "No company ever registered this number.\n";
  } else {
    table.Write(session.out);
  }
  return kExitOk;
}

absl::StatusOr<int> Delegate(const Session& session, const AgencyOptions& options) {
  v1::DelegateRequest request;
  v1::Delegation& delegation = *request.mutable_delegation();
  delegation.set_company(options.company);
  delegation.set_processor(options.processor);
  delegation.set_by(options.by);
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(*delegation.mutable_valid_from(), ParseTime(options.from, "--from"));
  }
  if (!options.until.empty()) {
    ASSIGN_OR_RETURN(*delegation.mutable_valid_until(), ParseTime(options.until, "--until"));
  }
  return Change(
      session, &Stub::Delegate, request,
      {{"company", options.company}, {"processor", options.processor}, {"by", options.by}});
}

absl::StatusOr<int> Revoke(const Session& session, const AgencyOptions& options) {
  v1::RevokeDelegationRequest request;
  request.set_company(options.company);
  request.set_processor(options.processor);
  return Change(session, &Stub::RevokeDelegation, request,
                {{"company", options.company}, {"processor", options.processor}});
}

absl::StatusOr<int> ShowParty(const Session& session, const AgencyOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  v1::GetPartyRequest request;
  request.set_party_id(options.company);
  ASSIGN_OR_RETURN(const v1::GetPartyResponse response,
                   connection.Call(connection.directory(), &Stub::GetParty, request));
  const v1::Party& party = response.party().party();
  Json numbers = Json::array(), delegations = Json::array();
  Table table;
  table.Add({"Party", party.party_id()});
  table.Add({"Name", party.legal_name()});
  if (!party.group().empty()) table.Add({"Group", party.group()});
  Json strangers;  // Null: never.
  if (response.party().has_strangers_asked()) {
    const v1::StrangersAsked& asked = response.party().strangers_asked();
    strangers = {{"since", UtcTime(asked.since())},
                 {"noticed_at", UtcTime(asked.noticed_at())},
                 {"answers", asked.answers()},
                 {"entry", asked.entry()}};
    table.Add(
        {"Strangers", absl::StrCat("asked about ", asked.answers(), " from ",
                                   LocalTime(asked.since()), " to ", LocalTime(asked.noticed_at()),
                                   ", entry ", asked.entry(), " of the directory")});
  }
  for (const v1::RegisteredNumber& number : response.numbers()) {
    numbers.push_back(
        {{"number", number.number()}, {"registered_at", UtcTime(number.registered_at())}});
    table.Add({"Shows", number.number() + " since " + LocalTime(number.registered_at())});
  }
  for (const v1::Delegation& delegation : response.delegations()) {
    delegations.push_back({{"processor", delegation.processor()},
                           {"by", delegation.by()},
                           {"valid_from", UtcTime(delegation.valid_from())},
                           {"valid_until", UtcTime(delegation.valid_until())}});
    std::string row = delegation.processor();
    if (!delegation.by().empty()) row += " by " + delegation.by();
    if (delegation.has_valid_from()) row += " from " + LocalTime(delegation.valid_from());
    if (delegation.has_valid_until()) row += " until " + LocalTime(delegation.valid_until());
    table.Add({"Delegates to", row});
  }
  if (session.json) {
    session.Print({{"party", party.party_id()},
                   {"name", party.legal_name()},
                   {"group", party.group()},
                   {"strangers_asked", strangers},
                   {"numbers", numbers},
                   {"delegations", delegations}});
  } else {
    table.Write(session.out);
  }
  return kExitOk;
}

void AddNumberCommands(CLI::App& app, Session& session,
                       const std::shared_ptr<AgencyOptions>& options) {
  CLI::App* const number = app.add_subcommand("number", "Numbers that companies show");
  number->require_subcommand(1);
  CLI::App* const add = AddCommand(*number, session, "register",
                                   "From now on the company may show this number, and only such",
                                   [&session, options] { return Register(session, *options); });
  CLI::App* const retire = AddCommand(*number, session, "retire", "Show this number no more",
                                      [&session, options] { return Retire(session, *options); });
  CLI::App* const find = AddCommand(*number, session, "find", "Tell whose number it is, or was",
                                    [&session, options] { return Find(session, *options); });
  for (CLI::App* const command : {add, retire}) {
    command->add_option("COMPANY", options->company, "The company")->required();
  }
  for (CLI::App* const command : {add, retire, find}) {
    command
        ->add_option("NUMBER", options->number,
                     "E.164, a short code or a name of up to 11 letters and digits")
        ->required();
  }
}

void AddDelegationCommands(CLI::App& app, Session& session,
                           const std::shared_ptr<AgencyOptions>& options) {
  CLI::App* const delegation = app.add_subcommand("delegation", "Who contacts for whom");
  delegation->require_subcommand(1);
  CLI::App* const add =
      AddCommand(*delegation, session, "add", "Let a processor contact for a company",
                 [&session, options] { return Delegate(session, *options); });
  CLI::App* const revoke =
      AddCommand(*delegation, session, "revoke",
                 "End all that the company delegated to the processor, at once",
                 [&session, options] { return Revoke(session, *options); });
  for (CLI::App* const command : {add, revoke}) {
    command->add_option("COMPANY", options->company, "For whom")->required();
    command->add_option("PROCESSOR", options->processor, "Who contacts")->required();
  }
  add->add_option("--by", options->by, "The processor who delegates on; default: the company")
      ->type_name("PROCESSOR");
  add->add_option("--from", options->from, "RFC 3339; default: at once")->type_name("TIME");
  add->add_option("--until", options->until, "RFC 3339; default: until it is revoked")
      ->type_name("TIME");
}

}  // namespace

void AddAgencyCommands(CLI::App& app, Session& session) {
  auto options = std::make_shared<AgencyOptions>();
  CLI::App* const party =
      AddCommand(app, session, "party", "Show what a company shows and who contacts for it",
                 [&session, options] { return ShowParty(session, *options); });
  party->add_option("ID", options->company, "The company or registrar")->required();
  AddNumberCommands(app, session, options);
  AddDelegationCommands(app, session, options);
}

}  // namespace consent::ctl

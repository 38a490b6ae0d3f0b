// SPDX-License-Identifier: Apache-2.0
//
// company add, registrar add, key add, key retire, directory, ledger.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/directory_entry.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/session.h"

namespace consent::ctl {
namespace {

using Stub = v1::DirectoryService::Stub;

struct PartyOptions {
  v1::PartyRole role = v1::PARTY_ROLE_UNSPECIFIED;
  std::string id;
  std::string name;
  bool named_in_entries = false;
  std::string group;
  std::vector<std::string> sectors;
  std::string key;  // A file to add, an id to retire.
};

std::string RoleName(v1::PartyRole role) {
  return role == v1::PARTY_ROLE_COMPANY     ? "company"
         : role == v1::PARTY_ROLE_REGISTRAR ? "registrar"
                                            : "?";
}

absl::StatusOr<int> PutParty(const Session& session, const PartyOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  v1::PutPartyRequest request;
  request.mutable_party()->set_party_id(options.id);
  request.mutable_party()->set_role(options.role);
  request.mutable_party()->set_legal_name(options.name);
  request.mutable_party()->set_named_in_entries(options.named_in_entries);
  request.mutable_party()->set_group(options.group);
  for (const std::string& sector : options.sectors) {
    ASSIGN_OR_RETURN(const v1::Purpose purpose, ParsePurposeName(sector, "--sectors"));
    request.mutable_party()->add_sectors(purpose);
  }
  ASSIGN_OR_RETURN(const v1::PutPartyResponse response,
                   connection.Call(connection.directory(), &Stub::PutParty, request));
  return ShowDirectoryEntry(session, {{"party", options.id}}, response.entry());
}

absl::StatusOr<int> AddKey(const Session& session, const PartyOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  ASSIGN_OR_RETURN(const crypto::PublicKey key, ReadEitherKey(options.key));
  v1::AddKeyRequest request;
  request.set_party_id(options.id);
  request.set_public_key(key.spki());
  ASSIGN_OR_RETURN(const v1::AddKeyResponse response,
                   connection.Call(connection.directory(), &Stub::AddKey, request));
  return ShowDirectoryEntry(session, {{"party", options.id}, {"key_id", Hex(response.key_id())}},
                            response.entry());
}

absl::StatusOr<int> RetireKey(const Session& session, const PartyOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  v1::RetireKeyRequest request;
  request.set_party_id(options.id);
  ASSIGN_OR_RETURN(*request.mutable_key_id(), ParseKeyId(options.key, "KEYID"));
  ASSIGN_OR_RETURN(const v1::RetireKeyResponse response,
                   connection.Call(connection.directory(), &Stub::RetireKey, request));
  return ShowDirectoryEntry(session, {{"party", options.id}, {"key_id", Hex(request.key_id())}},
                            response.entry());
}

std::vector<std::string> SectorNames(const v1::Party& party) {
  std::vector<std::string> names;
  for (const int sector : party.sectors())
    names.push_back(NameOf(static_cast<v1::Purpose>(sector)));
  return names;
}

Json PartyJson(const v1::PartyView& view) {
  Json keys = Json::array();
  for (const v1::PartyKey& key : view.keys()) {
    keys.push_back({{"key_id", Hex(key.key_id())},
                    {"public_key", Base64(key.public_key())},
                    {"added_at", UtcTime(key.added_at())},
                    {"retired_at", UtcTime(key.retired_at())}});
  }
  return {{"party", view.party().party_id()},
          {"role", RoleName(view.party().role())},
          {"name", view.party().legal_name()},
          {"named_in_entries", view.party().named_in_entries()},
          {"group", view.party().group()},
          {"sectors", SectorNames(view.party())},
          {"keys", keys}};
}

void AddRows(const v1::PartyView& view, Table& table) {
  const v1::Party& party = view.party();
  std::vector<std::string> row = {party.party_id(), RoleName(party.role()), party.legal_name(),
                                  party.named_in_entries() ? "yes" : "no"};
  if (view.keys().empty()) table.Add(row);
  for (const v1::PartyKey& key : view.keys()) {
    std::vector<std::string> full = row;
    full.push_back(Hex(key.key_id()));
    full.push_back(key.has_retired_at() ? "retired " + LocalTime(key.retired_at())
                                        : "since " + LocalTime(key.added_at()));
    table.Add(std::move(full));
    row = {"", "", "", ""};
  }
}

absl::StatusOr<int> List(const Session& session) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  Json parties = Json::array();
  Table table({"PARTY", "ROLE", "NAME", "NAMED IN ENTRIES", "KEY", ""});
  v1::ListPartiesRequest request;
  v1::ListPartiesResponse page;
  do {
    ASSIGN_OR_RETURN(page, connection.Call(connection.directory(), &Stub::ListParties, request));
    for (const v1::PartyView& view : page.parties()) {
      if (session.json) parties.push_back(PartyJson(view));
      AddRows(view, table);
    }
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  if (session.json) {
    session.Print({{"journal_origin", page.journal_origin()},
                   {"directory_size", page.directory_size()},
                   {"parties", parties}});
  } else if (table.empty()) {
    session.out << "The directory is empty: add companies and registrars with `consentctl company "
                   "add` and `consentctl registrar add`.\n";
  } else {
    table.Write(session.out);
  }
  return kExitOk;
}

absl::StatusOr<int> ShowHealth(const Session& session) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  RETURN_IF_ERROR(connection.CheckServing());
  if (session.json) {
    session.Print({{"serving", true}});
  } else {
    session.out << "serving\n";
  }
  return kExitOk;
}

absl::StatusOr<int> ShowLedger(const Session& session) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  ASSIGN_OR_RETURN(
      const v1::GetLedgerResponse ledger,
      connection.Call(connection.directory(), &Stub::GetLedger, v1::GetLedgerRequest()));
  if (session.json) {
    Json journals = Json::array();
    for (const v1::JournalInfo& journal : ledger.journals()) {
      journals.push_back(
          {{"journal_origin", journal.journal_origin()},
           {"size", journal.size()},
           {"root_hash", Base64(journal.root_hash())},
           {"verifier_keys", std::vector<std::string>(journal.verifier_keys().begin(),
                                                      journal.verifier_keys().end())}});
    }
    session.Print({{"origin", ledger.origin()},
                   {"journals", journals},
                   {"permit_jwks", Json::parse(ledger.permit_jwks(), nullptr, false)}});
    return kExitOk;
  }
  session.out << "Ledger " << Printable(ledger.origin()) << "\n";
  Table table({"JOURNAL", "ENTRIES", "ROOT HASH"});
  for (const v1::JournalInfo& journal : ledger.journals()) {
    table.Add({journal.journal_origin(), Grouped(journal.size()), Base64(journal.root_hash())});
  }
  table.Write(session.out);
  Table keys({"VERIFIER KEY"});
  for (const v1::JournalInfo& journal : ledger.journals()) {
    for (const std::string& key : journal.verifier_keys()) keys.Add({key});
  }
  session.out << "\n";
  keys.Write(session.out);
  return kExitOk;
}

void AddPartyCommand(CLI::App& app, Session& session, v1::PartyRole role,
                     const std::string& description) {
  CLI::App* const group = app.add_subcommand(RoleName(role), description);
  group->require_subcommand(1);
  auto options = std::make_shared<PartyOptions>();
  options->role = role;
  CLI::App* const add =
      AddCommand(*group, session, "add", "Add one, or change its name; a repeat changes nothing",
                 [&session, options] { return PutParty(session, *options); });
  add->add_option("ID", options->id, "1 to 64 characters of a-z, 0-9, '.', '_', '-'")->required();
  add->add_option("--name", options->name, "The legal name")->type_name("NAME")->required();
  if (role == v1::PARTY_ROLE_COMPANY) {
    add->add_flag("--named-in-entries", options->named_in_entries,
                  "Let the journal's entries name this company in clear");
    add->add_option("--group", options->group, "The group of companies that it belongs to")
        ->type_name("GROUP");
    add->add_option("--sectors", options->sectors,
                    "Purposes for which law asks no consent of its sector, such as PRESS")
        ->type_name("PURPOSE,...")
        ->delimiter(',');
  }
}

}  // namespace

void AddDirectoryCommands(CLI::App& app, Session& session) {
  AddPartyCommand(app, session, v1::PARTY_ROLE_COMPANY, "Companies: who contacts consumers");
  AddPartyCommand(app, session, v1::PARTY_ROLE_REGISTRAR,
                  "Registrars: who verifies that a key belongs to a contact point");

  CLI::App* const key = app.add_subcommand("key", "Keys of companies and registrars");
  key->require_subcommand(1);
  auto options = std::make_shared<PartyOptions>();
  CLI::App* const add = AddCommand(*key, session, "add", "Believe a key of a party's from now on",
                                   [&session, options] { return AddKey(session, *options); });
  add->add_option("PARTY", options->id, "The company or registrar")->required();
  add->add_option("--key", options->key, "PEM file with the private or the public key")
      ->type_name("FILE")
      ->required();
  CLI::App* const retire =
      AddCommand(*key, session, "retire", "Believe nothing new that a key signs",
                 [&session, options] { return RetireKey(session, *options); });
  retire->add_option("PARTY", options->id, "The company or registrar")->required();
  retire->add_option("KEYID", options->key, "The key's id, 32 hexadecimal digits")->required();

  AddCommand(app, session, "directory", "List companies, registrars and their keys",
             [&session] { return List(session); });
  AddCommand(app, session, "ledger", "Show the ledger's origin, and its journals' sizes and roots",
             [&session] { return ShowLedger(session); });
  AddCommand(app, session, "health", "Say whether the ledger serves; needs no identity",
             [&session] { return ShowHealth(session); });
}

}  // namespace consent::ctl

// SPDX-License-Identifier: Apache-2.0
//
// export: a consumer's grants in the forms that others read.

#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/consentctl/export_grant.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"
#include "src/consentctl/view_question.h"
#include "src/contact/contact_point.h"

namespace consent::ctl {
namespace {

struct ExportOptions {
  std::string contact;
  std::string key;
  std::string audience;
  std::string format;
  std::string company;  // Empty: all.
  std::string out;
  std::string jurisdiction = kUnspecified;
  std::string language = kUnspecified;
  std::string policy_url = kUnspecified;
};

using Conversion = Json (*)(const Export&);

absl::StatusOr<Conversion> ConversionTo(const std::string& format) {
  if (format == "iso27560") return &ToIso27560;
  if (format == "kantara") return &ToKantara;
  if (format == "camara") return &ToCamara;
  return BadInput("--format: expected iso27560, kantara or camara");
}

absl::StatusOr<std::map<std::string, std::string>> CompanyNames(const Connection& connection) {
  std::map<std::string, std::string> names;
  v1::ListPartiesRequest request;
  do {
    ASSIGN_OR_RETURN(
        const v1::ListPartiesResponse page,
        connection.Call(connection.directory(), &v1::DirectoryService::Stub::ListParties, request));
    for (const v1::PartyView& view : page.parties()) {
      names[view.party().party_id()] = view.party().legal_name();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return names;
}

// Leaves one company's grants.
void Keep(const std::string& company, v1::ConsumerView& view) {
  auto& grants = *view.mutable_grants();
  for (int i = grants.size() - 1; i >= 0; --i) {
    if (grants[i].grant().company() != company) grants.DeleteSubrange(i, 1);
  }
}

absl::StatusOr<int> ExportGrants(const Session& session, const ExportOptions& options) {
  ASSIGN_OR_RETURN(const Conversion convert, ConversionTo(options.format));
  const auto contact = contact::ContactPoint::Parse(options.contact);
  if (!contact.ok()) return AsBadInput(contact.status());
  ASSIGN_OR_RETURN(const ViewQuestion question,
                   ViewQuestion::Make(session, options.contact, options.key, options.audience));
  Export from;
  ASSIGN_OR_RETURN(from.view, question.AskForLast(std::numeric_limits<size_t>::max()));
  ASSIGN_OR_RETURN(from.company_names, CompanyNames(question.connection()));
  from.contact_point = contact->uri();
  from.jurisdiction = options.jurisdiction;
  from.language = options.language;
  from.policy_url = options.policy_url;
  if (!options.company.empty()) Keep(options.company, from.view);
  const std::string text =
      convert(from).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (options.out.empty()) {
    session.out << text;
  } else {
    RETURN_IF_ERROR(AsBadInput(WriteDurably(options.out, text)));
  }
  return kExitOk;
}

}  // namespace

void AddExportCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* const command =
      AddCommand(app, session, "export",
                 "Write a consumer's grants in a standard form, with their own key. PERSONAL DATA",
                 [&session, options] { return ExportGrants(session, *options); });
  command->add_option("CONTACT", options->contact, "One of the consumer's contact points")
      ->required();
  command->add_option("--key", options->key, "PEM file with the consumer's private key")
      ->type_name("FILE")
      ->required();
  command
      ->add_option("--format", options->format,
                   "iso27560 (ISO/IEC TS 27560 record and receipt), kantara (Consent Receipt 1.1) "
                   "or camara (Consent Info)")
      ->type_name("FORMAT")
      ->required();
  command->add_option("--company", options->company, "Only grants to this company")
      ->type_name("COMPANY");
  command->add_option("--out", options->out, "The file to write; without, standard output")
      ->type_name("FILE");
  command
      ->add_option("--audience", options->audience,
                   "Origin of the ledger it is for; without it the server is asked")
      ->type_name("ORIGIN");
  command->add_option("--jurisdiction", options->jurisdiction, "As it is to be written: FR")
      ->type_name("CODE");
  command->add_option("--language", options->language, "Of what the consumer read: fr")
      ->type_name("CODE");
  command->add_option("--policy-url", options->policy_url, "The companies' privacy notice")
      ->type_name("URL");
}

}  // namespace consent::ctl

// SPDX-License-Identifier: Apache-2.0
//
// contract, contest, callback: what a company may rely on where it has no grant. holder: who holds
// a contact point.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/evidence_option.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"
#include "src/consentctl/signing.h"
#include "src/crypto/random.h"

namespace consent::ctl {
namespace {

struct ContractOptions {
  SigningOptions signing;
  EvidenceOptions evidence;
  std::string company;
  std::string id;
  std::string relation = "CONTRACT";
  std::string object;
  std::string from;
  std::string until;
  bool similar_products = false;
};

absl::StatusOr<int> ClaimContract(const Session& session, const ContractOptions& options) {
  v1::Statement body;
  v1::Contract& contract = *body.mutable_contract_claim()->mutable_contract();
  contract.set_company(options.company);
  contract.set_contract_id(options.id);
  ASSIGN_OR_RETURN(const v1::Relation relation, ParseRelationName(options.relation, "--relation"));
  contract.set_relation(relation);
  contract.set_object(options.object);
  ASSIGN_OR_RETURN(*contract.mutable_valid_from(), ParseTime(options.from, "--from"));
  if (!options.until.empty()) {
    ASSIGN_OR_RETURN(*contract.mutable_valid_until(), ParseTime(options.until, "--until"));
  }
  contract.set_similar_products(options.similar_products);
  if (options.evidence.given()) {
    ASSIGN_OR_RETURN(*body.mutable_contract_claim()->mutable_evidence(),
                     MakeEvidence(options.evidence));
  }
  return SignAndSend(session, options.signing, body);
}

void AddContract(CLI::App& app, Session& session) {
  auto options = std::make_shared<ContractOptions>();
  CLI::App* const command = AddCommand(
      app, session, "contract",
      "Say that a consumer has a contract with a company; the consumer sees it and may contest it",
      [&session, options] { return ClaimContract(session, *options); });
  AddSigningOptions(*command, options->signing, "--key",
                    "PEM file with the private key of the company, a registrar or the consumer");
  command->add_option("--company", options->company, "The company")
      ->type_name("COMPANY")
      ->required();
  command
      ->add_option("--id", options->id,
                   "The company's reference; a contract of the same id takes its place")
      ->type_name("ID")
      ->required();
  command->add_option("--object", options->object, "What it is about, in words for the consumer")
      ->type_name("TEXT")
      ->required();
  command->add_option("--from", options->from, "When it was made, or the purchase or inquiry was")
      ->type_name("TIME")
      ->required();
  command->add_option("--until", options->until, "It runs until before this time; default: no end")
      ->type_name("TIME");
  command->add_option("--relation", options->relation, "CONTRACT (default), PURCHASE or INQUIRY")
      ->type_name("RELATION");
  command->add_flag("--similar-products", options->similar_products,
                    "The consumer could object to advertising for similar products, and did not");
  AddEvidenceOptions(*command, options->evidence, EvidenceNeed::kUnlessConsumer);
}

struct ContestOptions {
  SigningOptions signing;
  std::string company;
  std::string contract;
};

absl::StatusOr<int> Contest(const Session& session, const ContestOptions& options) {
  v1::Statement body;
  body.mutable_contest()->set_company(options.company);
  body.mutable_contest()->set_contract_id(options.contract);
  return SignAndSend(session, options.signing, body);
}

void AddContest(CLI::App& app, Session& session) {
  auto options = std::make_shared<ContestOptions>();
  CLI::App* const command =
      AddCommand(app, session, "contest", "Deny a contract that a company claims",
                 [&session, options] { return Contest(session, *options); });
  AddSigningOptions(*command, options->signing, "--key",
                    "PEM file with the private key of the consumer or a registrar");
  command->add_option("--company", options->company, "The company")
      ->type_name("COMPANY")
      ->required();
  command
      ->add_option("--contract", options->contract,
                   "Only the contract of this id; without it every contract of the company's")
      ->type_name("ID");
}

struct CallbackOptions {
  SigningOptions signing;
  EvidenceOptions evidence;
  std::string company;
  std::string id;
  std::string channels = "CALL";
  std::vector<std::string> purposes = {"DIRECT_MARKETING"};
  std::string from;
  std::string until;
};

absl::StatusOr<int> AskForCallback(const Session& session, const CallbackOptions& options) {
  v1::Statement body;
  v1::CallbackRequest& request = *body.mutable_callback_request();
  request.set_company(options.company);
  request.set_callback_id(options.id.empty() ? absl::StrCat("c-", Hex(crypto::RandomBytes(8)))
                                             : options.id);
  ASSIGN_OR_RETURN(const std::vector<v1::Channel> channels,
                   ParseChannelNames(options.channels, "--channels"));
  for (const v1::Channel channel : channels) request.add_channels(channel);
  for (const std::string& purpose : options.purposes) {
    ASSIGN_OR_RETURN(const v1::Purpose parsed, ParsePurposeName(purpose, "--purpose"));
    request.add_purposes(parsed);
  }
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(*request.mutable_valid_from(), ParseTime(options.from, "--from"));
  }
  ASSIGN_OR_RETURN(*request.mutable_valid_until(), ParseTime(options.until, "--until"));
  if (options.evidence.given()) {
    ASSIGN_OR_RETURN(*request.mutable_evidence(), MakeEvidence(options.evidence));
  }
  return SignAndSend(session, options.signing, body,
                     {{"callback", request.callback_id()}, {"company", request.company()}});
}

void AddCallback(CLI::App& app, Session& session) {
  auto options = std::make_shared<CallbackOptions>();
  CLI::App* const command =
      AddCommand(app, session, "callback", "Ask a company for a contact, within a time",
                 [&session, options] { return AskForCallback(session, *options); });
  AddSigningOptions(*command, options->signing, "--key",
                    "PEM file with the private key of the consumer, a registrar or the company");
  command->add_option("--company", options->company, "The company")
      ->type_name("COMPANY")
      ->required();
  command->add_option("--until", options->until, "Until before this time, at most 366 days")
      ->type_name("TIME")
      ->required();
  command->add_option("--from", options->from, "From this time on, default at once")
      ->type_name("TIME");
  command
      ->add_option("--id", options->id, "Its id, by which `revoke --grant` ends it; default random")
      ->type_name("ID");
  command->add_option("--channels", options->channels, "On these channels, default CALL")
      ->type_name("CHANNEL,...");
  command->add_option("--purpose", options->purposes, "Purposes, default DIRECT_MARKETING")
      ->type_name("PURPOSE,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  AddEvidenceOptions(*command, options->evidence, EvidenceNeed::kUnlessConsumer);
}

struct HolderOptions {
  SigningOptions signing;
  bool is_new = false;
  std::string holder_class;
};

absl::StatusOr<int> ChangeHolder(const Session& session, const HolderOptions& options) {
  if (!options.is_new && options.holder_class.empty()) {
    return BadInput("expected --new, --class, or both");
  }
  v1::Statement body;
  body.mutable_holder_change()->set_new_holder(options.is_new);
  if (!options.holder_class.empty()) {
    ASSIGN_OR_RETURN(const v1::HolderClass parsed,
                     ParseHolderClassName(options.holder_class, "--class"));
    body.mutable_holder_change()->set_holder_class(parsed);
  }
  return SignAndSend(session, options.signing, body);
}

void AddHolder(CLI::App& app, Session& session) {
  auto options = std::make_shared<HolderOptions>();
  CLI::App* const command =
      AddCommand(app, session, "holder",
                 "Say, as a registrar, that somebody else holds a contact point, or who",
                 [&session, options] { return ChangeHolder(session, *options); });
  AddSigningOptions(*command, options->signing, "--registrar-key",
                    "PEM file with the registrar's private key");
  command->add_flag("--new", options->is_new,
                    "Somebody else holds it now: what the old holder said and allowed ends, "
                    "blocks stay");
  command
      ->add_option("--class", options->holder_class,
                   "ADULT, MINOR, PROTECTED, SHARED_LINE or PROFESSIONAL")
      ->type_name("CLASS");
}

}  // namespace

void AddContractCommands(CLI::App& app, Session& session) {
  AddContract(app, session);
  AddContest(app, session);
  AddCallback(app, session);
  AddHolder(app, session);
}

}  // namespace consent::ctl

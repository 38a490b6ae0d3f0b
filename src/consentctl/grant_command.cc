// SPDX-License-Identifier: Apache-2.0
//
// grant, claim: this company may contact me (them), within these limits.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/evidence_option.h"
#include "src/consentctl/limit_spec.h"
#include "src/consentctl/session.h"
#include "src/consentctl/signing.h"
#include "src/crypto/random.h"

namespace consent::ctl {
namespace {

struct GrantOptions {
  SigningOptions signing;
  std::string company;
  std::string id;
  std::vector<std::string> limits;
  std::vector<std::string> purposes = {"DIRECT_MARKETING"};
  std::string from;
  std::string until;
  std::vector<std::string> hours;
  std::vector<std::string> outside_legal_hours;
  bool guardian = false;
  EvidenceOptions evidence;  // Of a claim.
};

absl::Status FillGrant(const GrantOptions& options, v1::Grant& grant) {
  grant.set_grant_id(options.id.empty() ? absl::StrCat("g-", Hex(crypto::RandomBytes(8)))
                                        : options.id);
  grant.set_company(options.company);
  for (const std::string& purpose : options.purposes) {
    ASSIGN_OR_RETURN(const v1::Purpose parsed, ParsePurposeName(purpose, "--purpose"));
    grant.add_purposes(parsed);
  }
  if (!options.from.empty()) {
    ASSIGN_OR_RETURN(*grant.mutable_valid_from(), ParseTime(options.from, "--from"));
  }
  if (!options.until.empty()) {
    ASSIGN_OR_RETURN(*grant.mutable_valid_until(), ParseTime(options.until, "--until"));
  }
  ASSIGN_OR_RETURN(const std::vector<v1::Limit> limits, ParseLimitSpecs(options.limits));
  for (const v1::Limit& limit : limits) *grant.add_limits() = limit;
  for (const std::string& span : options.hours) {
    ASSIGN_OR_RETURN(*grant.add_hours(), ParseHours(span, "--hours"));
  }
  for (const std::string& span : options.outside_legal_hours) {
    ASSIGN_OR_RETURN(*grant.add_outside_legal_hours(), ParseHours(span, "--outside-legal-hours"));
  }
  grant.set_guardian(options.guardian);
  return absl::OkStatus();
}

Json Told(const v1::Grant& grant) {
  std::string limits;
  for (const v1::Limit& limit : grant.limits()) {
    absl::StrAppend(&limits, limits.empty() ? "" : " ", ToLimitSpec(limit));
  }
  return {{"grant", grant.grant_id()}, {"company", grant.company()}, {"limits", limits}};
}

absl::StatusOr<int> Grant(const Session& session, const GrantOptions& options) {
  v1::Statement body;
  RETURN_IF_ERROR(FillGrant(options, *body.mutable_grant()));
  return SignAndSend(session, options.signing, body, Told(body.grant()));
}

absl::StatusOr<int> Claim(const Session& session, const GrantOptions& options) {
  v1::Statement body;
  v1::Claim& claim = *body.mutable_claim();
  RETURN_IF_ERROR(FillGrant(options, *claim.mutable_grant()));
  ASSIGN_OR_RETURN(*claim.mutable_evidence(), MakeEvidence(options.evidence));
  return SignAndSend(session, options.signing, body, Told(claim.grant()));
}

void AddGrantOptions(CLI::App& command, GrantOptions& options) {
  command.add_option("--company", options.company, "The company that may make contact")
      ->type_name("COMPANY")
      ->required();
  command
      .add_option(
          "--limit", options.limits,
          "[ID:]CHANNELS:MAX/[N]PERIOD[:ALIGNMENT][:attempts=N], such as calls:CALL:1/YEAR "
          "or all:CALL+SMS+EMAIL:5/3MONTH:ROLLING; may be given several times, and all that "
          "name a channel must have room")
      ->type_name("SPEC")
      ->required()
      ->allow_extra_args(false);
  command
      .add_option("--id", options.id,
                  "The grant's id, unique for consumer and company; default random")
      ->type_name("ID");
  command.add_option("--purpose", options.purposes, "Purposes, default DIRECT_MARKETING")
      ->type_name("PURPOSE,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--from", options.from, "In force from this time on, default at once")
      ->type_name("TIME");
  command.add_option("--until", options.until, "In force until before this time, default for ever")
      ->type_name("TIME");
  command
      .add_option("--hours", options.hours,
                  "Only within these hours on the consumer's clock, such as \"MON-FRI "
                  "10:00-13:00\"; may be given several times")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  command
      .add_option("--outside-legal-hours", options.outside_legal_hours,
                  "Also within these hours where the law's days and hours would forbid it; as "
                  "--hours")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  command.add_flag("--guardian", options.guardian,
                   "The holder's guardian agrees as well; whoever signs vouches for it");
}

}  // namespace

void AddGrantCommands(CLI::App& app, Session& session) {
  auto grant_options = std::make_shared<GrantOptions>();
  CLI::App* const grant =
      AddCommand(app, session, "grant", "Allow a company to contact me, within limits",
                 [&session, grant_options] { return Grant(session, *grant_options); });
  AddSigningOptions(*grant, grant_options->signing, "--key",
                    "PEM file with the consumer's private key");
  AddGrantOptions(*grant, *grant_options);

  auto claim_options = std::make_shared<GrantOptions>();
  CLI::App* const claim = AddCommand(
      app, session, "claim",
      "Say for a consumer that they allowed it, with evidence, as a registrar or the company",
      [&session, claim_options] { return Claim(session, *claim_options); });
  AddSigningOptions(*claim, claim_options->signing, "--key",
                    "PEM file with the registrar's or company's private key");
  AddGrantOptions(*claim, *claim_options);
  AddEvidenceOptions(*claim, claim_options->evidence, EvidenceNeed::kAlways);
}

}  // namespace consent::ctl

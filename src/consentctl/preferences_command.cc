// SPDX-License-Identifier: Apache-2.0
//
// preferences: what a consumer wants of all companies together.

#include <memory>
#include <string>
#include <vector>

#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/limit_spec.h"
#include "src/consentctl/session.h"
#include "src/consentctl/signing.h"

namespace consent::ctl {
namespace {

struct PreferencesOptions {
  SigningOptions signing;
  std::vector<std::string> limits;
  std::vector<std::string> quiet;
  std::string pause_until;
  std::vector<std::string> purposes;
};

absl::StatusOr<int> Prefer(const Session& session, const PreferencesOptions& options) {
  v1::Statement body;
  v1::Preferences& preferences = *body.mutable_preferences();
  ASSIGN_OR_RETURN(const std::vector<v1::Limit> limits, ParseLimitSpecs(options.limits));
  for (const v1::Limit& limit : limits) *preferences.add_limits() = limit;
  for (const std::string& span : options.quiet) {
    ASSIGN_OR_RETURN(*preferences.add_quiet(), ParseHours(span, "--quiet"));
  }
  if (!options.pause_until.empty()) {
    ASSIGN_OR_RETURN(*preferences.mutable_pause_until(),
                     ParseTime(options.pause_until, "--pause-until"));
  }
  for (const std::string& purpose : options.purposes) {
    ASSIGN_OR_RETURN(const v1::Purpose parsed, ParsePurposeName(purpose, "--purpose"));
    preferences.add_purposes(parsed);
  }
  return SignAndSend(session, options.signing, body);
}

}  // namespace

void AddPreferencesCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<PreferencesOptions>();
  CLI::App* const command =
      AddCommand(app, session, "preferences",
                 "Say what I want of all companies together; replaces what I said before",
                 [&session, options] { return Prefer(session, *options); });
  AddSigningOptions(*command, options->signing, "--key",
                    "PEM file with the consumer's private key");
  command
      ->add_option("--limit", options->limits,
                   "As a grant's, aligned CALENDAR or ROLLING; it counts the contacts of every "
                   "company; may be given several times")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  command
      ->add_option("--quiet", options->quiet,
                   "No contact within these hours on the consumer's clock, such as \"SAT,SUN "
                   "00:00-24:00\"; may be given several times")
      ->type_name("SPEC")
      ->allow_extra_args(false);
  command->add_option("--pause-until", options->pause_until, "No contact before this time")
      ->type_name("TIME");
  command
      ->add_option("--purpose", options->purposes,
                   "What all of this is about; default every purpose but SERVICE")
      ->type_name("PURPOSE,...")
      ->delimiter(',')
      ->allow_extra_args(false);
}

}  // namespace consent::ctl

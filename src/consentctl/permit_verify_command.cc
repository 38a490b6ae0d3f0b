// SPDX-License-Identifier: Apache-2.0
//
// permit verify: whether a signed permit is good for the contact at hand, without a ledger.

#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/key_input.h"
#include "src/consentctl/log_input.h"
#include "src/consentctl/permit_check.h"
#include "src/consentctl/session.h"
#include "src/contact/caller_number.h"
#include "src/contact/contact_point.h"
#include "src/verify/keys.h"

namespace consent::ctl {
namespace {

struct PermitSettings {
  std::string file;
  std::vector<std::string> keys;
  std::string contact_point;
  std::string caller_number;
  std::string channel;
  std::string at;
};

absl::StatusOr<std::vector<tlog::VerifierKey>> ParseKeys(const std::vector<std::string>& typed) {
  ASSIGN_OR_RETURN(const std::vector<std::string> texts, ReadKeys(typed));
  auto keys = verify::ParseKeys(texts);
  if (!keys.ok()) return AsBadInput(keys.status());
  return keys;
}

absl::StatusOr<PermitUse> ParseUse(const PermitSettings& settings) {
  PermitUse use;
  use.at = Instant{absl::ToUnixSeconds(absl::Now())};
  if (!settings.at.empty()) {
    ASSIGN_OR_RETURN(const auto at, ParseTime(settings.at, "--at"));
    use.at = Instant{at.seconds()};
    use.at_is_exact = true;
  }
  if (!settings.contact_point.empty()) {
    const auto contact = contact::ContactPoint::Parse(settings.contact_point);
    if (!contact.ok()) return AsBadInput(contact.status());
    use.contact_point = contact->uri();
  }
  if (!settings.caller_number.empty()) {
    auto number = contact::ParseSender(settings.caller_number);
    if (!number.ok()) return AsBadInput(number.status());
    use.caller_number = *std::move(number);
  }
  if (!settings.channel.empty()) {
    ASSIGN_OR_RETURN(const v1::Channel channel, ParseChannelName(settings.channel, "--channel"));
    use.channel = NameOf(channel);
  }
  return use;
}

std::string NameOf(PermitVerdict::Kind kind) {
  switch (kind) {
    case PermitVerdict::Kind::kGood:
      return "GOOD";
    case PermitVerdict::Kind::kNotForThis:
      return "NOT_FOR_THIS";
    case PermitVerdict::Kind::kBadSignature:
      return "BAD_SIGNATURE";
  }
  return "";
}

int ExitCode(PermitVerdict::Kind kind) {
  switch (kind) {
    case PermitVerdict::Kind::kGood:
      return kExitOk;
    case PermitVerdict::Kind::kNotForThis:
      return kExitDenied;
    case PermitVerdict::Kind::kBadSignature:
      return kExitFailed;
  }
  return kExitFailed;
}

void WritePage(const Session& session, const PermitVerdict& verdict) {
  Table table;
  for (const auto& [name, value] : verdict.claims.items()) {
    std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    if (value.is_number() && (name == "iat" || name == "exp")) {
      text = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ",
                              absl::FromUnixSeconds(static_cast<int64_t>(value.get<double>())),
                              absl::UTCTimeZone());
    }
    table.Add({Printable(name), Printable(text)});
  }
  table.Write(session.out);
  if (verdict.kind == PermitVerdict::Kind::kGood) {
    session.out << "The permit is good.\n";
    return;
  }
  for (const std::string& why : verdict.why) {
    session.out << "THE PERMIT IS NOT GOOD: " << why << "\n";
  }
}

absl::StatusOr<int> VerifyPermit(const Session& session, const PermitSettings& settings) {
  ASSIGN_OR_RETURN(const std::vector<tlog::VerifierKey> keys, ParseKeys(settings.keys));
  ASSIGN_OR_RETURN(const PermitUse use, ParseUse(settings));
  ASSIGN_OR_RETURN(const std::string token, ReadWholeFile(settings.file, kTextBytesMax));
  const absl::StatusOr<PermitVerdict> verdict = CheckPermit(token, keys, use);
  if (!verdict.ok()) return AsBadInput(verdict.status());
  if (session.json) {
    session.Print(
        {{"verdict", NameOf(verdict->kind)}, {"why", verdict->why}, {"permit", verdict->claims}});
  } else {
    WritePage(session, *verdict);
  }
  return ExitCode(verdict->kind);
}

}  // namespace

void AddPermitVerifyCommand(CLI::App& app, Session& session) {
  auto settings = std::make_shared<PermitSettings>();
  CLI::App* const permit =
      app.add_subcommand("permit", "Signed permits: who may contact whom, verified offline");
  permit->require_subcommand(1);
  CLI::App* const command = AddLocalCommand(
      *permit, session, "verify", "Verify a signed permit, and whether it is for this contact",
      [&session, settings] { return VerifyPermit(session, *settings); });
  command->add_option("FILE", settings->file, "The signed permit")->required();
  command
      ->add_option(
          "--key", settings->keys,
          "A verifier key of the ledger's journal, or a file with some; may be given again")
      ->type_name("VKEY")
      ->required();
  command->add_option("--contact-point", settings->contact_point, "Whom it must allow to contact")
      ->type_name("CONTACT");
  command->add_option("--caller-number", settings->caller_number, "The number that is shown")
      ->type_name("NUMBER");
  command->add_option("--channel", settings->channel, "How the contact is made")
      ->type_name("CHANNEL");
  command->add_option("--at", settings->at, "When the contact begins; default now")
      ->type_name("TIME");
}

}  // namespace consent::ctl

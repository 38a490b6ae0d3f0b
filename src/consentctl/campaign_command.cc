// SPDX-License-Identifier: Apache-2.0
//
// campaign: asks about a whole file, as a dialer does.

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/ask_stream.h"
#include "src/consentctl/campaign.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/session.h"
#include "src/crypto/random.h"

namespace consent::ctl {
namespace {

constexpr int kReporters = 8;
constexpr size_t kPrefixBytesMax = 53;  // So that a request id stays within 64.

struct CommandOptions {
  CampaignOptions campaign;
  std::string file;
  std::string channel;
  std::string purpose = "DIRECT_MARKETING";
  std::string ttl;
  std::string report;
};

struct Reported {
  std::atomic<uint64_t> done{0};
  std::atomic<uint64_t> not_done{0};  // An outcome stood already, or came too late.
  std::atomic<uint64_t> errors{0};
};

// Reports one outcome for every permit.
void ReportAll(const Connection& connection, const std::string& company, v1::Outcome outcome,
               const std::vector<std::string>& permits, Reported& reported) {
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t i = next++; i < permits.size(); i = next++) {
      v1::ReportOutcomeRequest request;
      request.set_company(company);
      request.set_permit_id(permits[i]);
      request.set_outcome(outcome);
      const auto response =
          connection.Call(connection.contacts(), &v1::ContactService::Stub::ReportOutcome, request);
      ++(!response.ok()              ? reported.errors
         : response->answer().done() ? reported.done
                                     : reported.not_done);
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kReporters; ++i) threads.emplace_back(work);
  for (std::thread& thread : threads) thread.join();
}

int Write(const Session& session, const CommandOptions& options, const CampaignTotals& totals,
          const Reported& reported, absl::Duration took) {
  const double seconds = absl::ToDoubleSeconds(took);
  const int exit_code = totals.errors + reported.errors == 0 ? kExitOk : kExitFailed;
  if (session.json) {
    Json json = {{"id_prefix", options.campaign.id_prefix},
                 {"asked", totals.asked},
                 {"allowed", totals.allowed},
                 {"repeated", totals.repeated},
                 {"denied", totals.denied},
                 {"denied_by_reason", totals.denied_by_reason},
                 {"errors", totals.errors},
                 {"errors_by_reason", totals.errors_by_reason},
                 {"retries", totals.retries}};
    if (!options.report.empty()) {
      json["reported"] = {{"done", reported.done.load()},
                          {"not_done", reported.not_done.load()},
                          {"errors", reported.errors.load()}};
    }
    json["seconds"] = seconds;
    session.Print(json);
    return exit_code;
  }
  Table table;
  table.Add({"asked", Grouped(totals.asked)});
  table.Add({"allowed", Grouped(totals.allowed)});
  if (totals.repeated > 0) table.Add({"  had been allowed before", Grouped(totals.repeated)});
  table.Add({"denied", Grouped(totals.denied)});
  for (const auto& [reason, count] : totals.denied_by_reason) {
    table.Add({"  " + reason, Grouped(count)});
  }
  table.Add({"errors (no contact made)", Grouped(totals.errors)});
  for (const auto& [reason, count] : totals.errors_by_reason) {
    table.Add({"  " + reason, Grouped(count)});
  }
  if (totals.retries > 0) table.Add({"asked again", Grouped(totals.retries)});
  if (!options.report.empty()) {
    table.Add({"outcomes reported", Grouped(reported.done)});
    if (reported.not_done > 0) table.Add({"  refused", Grouped(reported.not_done)});
    if (reported.errors > 0) table.Add({"  errors", Grouped(reported.errors)});
  }
  table.Add(
      {"time", absl::StrCat(absl::FormatDuration(absl::Trunc(took, absl::Milliseconds(1))), ", ",
                            Grouped(static_cast<uint64_t>(static_cast<double>(totals.asked) /
                                                          std::max(seconds, 0.001))),
                            " a second")});
  table.Write(session.out);
  return exit_code;
}

absl::Status Read(CommandOptions& options, std::optional<v1::Outcome>& outcome) {
  v1::BatchHeader& header = options.campaign.header;
  ASSIGN_OR_RETURN(const v1::Channel channel, ParseChannelName(options.channel, "--channel"));
  header.set_channel(channel);
  ASSIGN_OR_RETURN(const v1::Purpose purpose, ParsePurposeName(options.purpose, "--purpose"));
  header.set_purpose(purpose);
  if (!options.ttl.empty()) {
    ASSIGN_OR_RETURN(const Seconds ttl, ParseDuration(options.ttl, "--ttl"));
    header.mutable_permit_ttl()->set_seconds(ttl.count);
  }
  if (!options.report.empty()) {
    ASSIGN_OR_RETURN(outcome, ParseOutcomeName(options.report, "--report"));
  }
  std::string& prefix = options.campaign.id_prefix;
  if (prefix.empty()) prefix = absl::StrCat("c-", Hex(crypto::RandomBytes(8)));
  const bool printable = std::all_of(prefix.begin(), prefix.end(), absl::ascii_isgraph);
  if (prefix.size() > kPrefixBytesMax || !printable) {
    return BadInput("--id-prefix: expected 1 to 53 visible ASCII characters");
  }
  return absl::OkStatus();
}

absl::StatusOr<int> RunCampaign(const Session& session, CommandOptions& options) {
  std::optional<v1::Outcome> outcome;
  RETURN_IF_ERROR(Read(options, outcome));
  ASSIGN_OR_RETURN(const std::vector<std::string> contacts, ReadContactFile(options.file));
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  if (!session.json) {
    session.err << "request ids begin with " << options.campaign.id_prefix << ": --id-prefix "
                << options.campaign.id_prefix << " makes another run a retry of this one\n";
  }
  const absl::Time began = absl::Now();
  Campaign campaign(connection, options.campaign, contacts);
  {
    Progress progress(session.err, "asked", contacts.size());
    RETURN_IF_ERROR(campaign.Run([&](uint64_t asked) { progress.Show(asked); }));
  }
  Reported reported;
  if (outcome.has_value()) {
    ReportAll(connection, options.campaign.header.company(), *outcome, campaign.totals().permits,
              reported);
  }
  return Write(session, options, campaign.totals(), reported, absl::Now() - began);
}

}  // namespace

void AddCampaignCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<CommandOptions>();
  CLI::App* const command =
      AddCommand(app, session, "campaign",
                 "Ask before each contact of a whole file, in batches; no answer means no contact",
                 [&session, options] { return RunCampaign(session, *options); });
  command
      ->add_option("FILE", options->file,
                   "One contact point a line, or a CSV file with them in its first column; - is "
                   "standard input")
      ->required();
  command
      ->add_option_function<std::string>(
          "--company",
          [options](const std::string& id) { options->campaign.header.set_company(id); },
          "The company that benefits from the contacts")
      ->type_name("COMPANY")
      ->required();
  command->add_option("--channel", options->channel, "The channel of all contacts")
      ->type_name("CHANNEL")
      ->required();
  command->add_option("--purpose", options->purpose, "Default DIRECT_MARKETING")
      ->type_name("PURPOSE");
  command->add_option("--ttl", options->ttl, "How long each permit lasts, default 300s")
      ->type_name("DURATION");
  command
      ->add_option("--id-prefix", options->campaign.id_prefix,
                   "Request ids are PREFIX-1, PREFIX-2, ... by line: the same prefix repeats, "
                   "another competes. Default random")
      ->type_name("PREFIX");
  command
      ->add_option("--concurrency", options->campaign.in_flight,
                   "Batches that wait for their answer at once, 1 to 16, default 4")
      ->type_name("N")
      ->check(CLI::Range(1, kMessagesInFlightMax));
  command->add_option("--batch", options->campaign.batch, "Contact points a batch, default 1000")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  command
      ->add_option("--report", options->report,
                   "Report this outcome for every contact that was allowed, such as CONNECTED")
      ->type_name("OUTCOME");
}

}  // namespace consent::ctl

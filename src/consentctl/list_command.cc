// SPDX-License-Identifier: Apache-2.0
//
// list import: puts the contact points of a file on a list of objections, and says that the list is
// as of now.
//
// The date of the import is written last, when every contact point is in: a run that breaks off
// leaves a list that is no fresher than before, and may be started again.

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/directory_entry.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"

namespace consent::ctl {
namespace {

using Stub = v1::DirectoryService::Stub;

constexpr size_t kListingsPerCall = 1'000;
constexpr size_t kErrorsShown = 20;
constexpr int kTries = 8;

struct ListOptions {
  std::string list;
  std::string source;
  std::string file;
  std::string company;
  std::string listed_at;
  bool remove = false;
};

struct Totals {
  uint64_t changed = 0;
  uint64_t unchanged = 0;
  uint64_t errors = 0;
  std::vector<std::string> first_errors;  // "line 7: what was expected".
};

// Sends one part of the file; where the ledger is away for a moment, again.
absl::StatusOr<v1::RecordListingsResponse> Send(const Connection& connection,
                                                const v1::RecordListingsRequest& request) {
  absl::Duration wait = absl::Milliseconds(100);
  for (int tries = 1;; ++tries) {
    absl::StatusOr<v1::RecordListingsResponse> response =
        connection.Call(connection.directory(), &Stub::RecordListings, request);
    if (response.ok() || tries == kTries || !MayRetry(response.status())) {
      return response;
    }
    absl::SleepFor(PauseAfter(response.status(), wait));
    wait *= 2;
  }
}

absl::StatusOr<Totals> Record(const Session& session, const Connection& connection,
                              const ListOptions& options) {
  ASSIGN_OR_RETURN(const std::vector<ContactLine> contacts, ReadContactLines(options.file));
  Totals totals;
  Progress progress(session.err, "listed", contacts.size());
  for (size_t from = 0; from < contacts.size(); from += kListingsPerCall) {
    v1::RecordListingsRequest request;
    request.set_list(options.list);
    request.set_company(options.company);
    const size_t to = std::min(from + kListingsPerCall, contacts.size());
    for (size_t i = from; i < to; ++i) {
      v1::Listing& listing = *request.add_listings();
      listing.set_contact_point(contacts[i].contact);
      listing.set_removed(options.remove);
      if (!options.listed_at.empty()) {
        ASSIGN_OR_RETURN(*listing.mutable_listed_at(), ParseTime(options.listed_at, "--listed-at"));
      }
    }
    ASSIGN_OR_RETURN(const v1::RecordListingsResponse response, Send(connection, request));
    totals.changed += response.changed();
    totals.unchanged += response.unchanged();
    totals.errors += response.errors_size();
    for (const v1::ListingError& error : response.errors()) {
      if (totals.first_errors.size() == kErrorsShown) break;
      totals.first_errors.push_back(absl::StrCat("line ", contacts[from + error.index()].line, ": ",
                                                 error.error().message()));
    }
    progress.Show(to);
  }
  return totals;
}

absl::StatusOr<int> Import(const Session& session, const ListOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  std::vector<std::pair<std::string, std::string>> facts = {{"list", options.list},
                                                            {"source", options.source}};
  if (!options.file.empty()) {
    ASSIGN_OR_RETURN(const Totals totals, Record(session, connection, options));
    for (const std::string& error : totals.first_errors) session.err << error << "\n";
    facts.emplace_back("changed", absl::StrCat(totals.changed));
    facts.emplace_back("unchanged", absl::StrCat(totals.unchanged));
    if (totals.errors > 0) {
      return BadInput(absl::StrCat("FILE: ", totals.errors, " of its contact points are none; ",
                                   totals.changed + totals.unchanged,
                                   " are on the list, but it is not called fresh: mend the file "
                                   "and import it again"));
    }
  }
  v1::ImportListRequest request;
  request.set_list(options.list);
  request.set_source(options.source);
  ASSIGN_OR_RETURN(const v1::ImportListResponse response,
                   connection.Call(connection.directory(), &Stub::ImportList, request));
  return ShowDirectoryEntry(session, facts, response.entry());
}

}  // namespace

void AddListCommands(CLI::App& app, Session& session) {
  auto options = std::make_shared<ListOptions>();
  CLI::App* const list = app.add_subcommand("list", "Lists of objections");
  list->require_subcommand(1);
  CLI::App* const import =
      AddCommand(*list, session, "import",
                 "Put the contact points of a file on a list, and say that the list is as of now",
                 [&session, options] { return Import(session, *options); });
  import->add_option("LIST", options->list, "As the law's rules name it: us-dnc")->required();
  import->add_option("--source", options->source, "Where the copy came from, in words")
      ->type_name("TEXT")
      ->required();
  import
      ->add_option("--file", options->file,
                   "One contact point a line, or a CSV file with them in its first column; - is "
                   "standard input. Without it only the date is written")
      ->type_name("FILE");
  import->add_option("--company", options->company, "Whom the list binds; default everybody")
      ->type_name("COMPANY");
  import
      ->add_option("--listed-at", options->listed_at,
                   "When they were put on the list; default the date that is known, or now")
      ->type_name("TIME");
  import->add_flag("--remove", options->remove, "Take them off the list instead");
}

}  // namespace consent::ctl

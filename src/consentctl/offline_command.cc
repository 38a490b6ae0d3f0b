// SPDX-License-Identifier: Apache-2.0
//
// replay, recount: a data directory, judged without its server and without its records.

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"
#include "src/consentctl/stopped.h"
#include "src/journal/journal.h"
#include "src/journal/reader.h"
#include "src/ledger/ledger.h"
#include "src/ledger/replay.h"
#include "src/verify/recount.h"

namespace consent::ctl {
namespace {

constexpr uint64_t kEntriesBetweenReports = 4'096;

absl::StatusOr<int> Replay(const Session& session, const Folders& folders) {
  ASSIGN_OR_RETURN(const Stopped stopped, OpenStopped(folders));
  store::Store* const store = stopped.store.get();
  ASSIGN_OR_RETURN(const store::Head head, store->ReadHead(ledger::kConsumerShard));
  absl::StatusOr<ledger::ReplayReport> report;
  {
    Progress progress(session.err, "entries replayed", head.size.value);
    report = ledger::ReplayAndCompare(*store, ledger::kConsumerShard,
                                      [&](uint64_t entries) { progress.Show(entries); });
  }
  RETURN_IF_ERROR(report.status());
  if (session.json) {
    session.Print({{"shard", ledger::kConsumerShard.value},
                   {"entries", report->entries},
                   {"records", report->records},
                   {"erased", report->erased},
                   {"root_hash", Base64(report->root.view())},
                   {"equal", true}});
    return kExitOk;
  }
  Table table;
  table.Add({"Entries", Grouped(report->entries)});
  table.Add({"Records", absl::StrCat(Grouped(report->records),
                                     ", rebuilt from the journal: each equal, byte for byte, to "
                                     "the stored one")});
  if (report->erased > 0) {
    table.Add({"Erased", absl::StrCat(Grouped(report->erased),
                                      " entries, of consumers who were erased: nobody can open "
                                      "them any more")});
  }
  table.Add({"Root hash", Base64(report->root.view())});
  table.Write(session.out);
  return kExitOk;
}

absl::StatusOr<verify::RecountTotals> CountAll(const Session& session, store::Store& store) {
  ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(ledger::kConsumerShard));
  Progress progress(session.err, "entries counted", head.size.value);
  verify::Recount recount;
  journal::Opener opener(store, ledger::kConsumerShard);
  RETURN_IF_ERROR(journal::ForEachLeaf(store, ledger::kConsumerShard, LeafIndex{0}, head.size,
                                       [&](const journal::Leaf& leaf) -> absl::Status {
                                         ASSIGN_OR_RETURN(
                                             const std::optional<journal::OpenedEvent> opened,
                                             opener.OpenUnlessErased(leaf));
                                         if (opened.has_value())
                                           recount.Add(opened->consumer, opened->event);
                                         if (leaf.position.value % kEntriesBetweenReports == 0)
                                           progress.Show(leaf.position.value);
                                         return absl::OkStatus();
                                       }));
  RETURN_IF_ERROR(opener.CheckErasures());
  verify::RecountTotals totals = recount.Totals();
  totals.erased = opener.erased();
  return totals;
}

Json ToJson(const verify::RecountTotals& totals) {
  Json excesses = Json::array();
  for (const verify::Excess& excess : totals.first_excesses) {
    excesses.push_back({{"entry", excess.entry.value}, {"what", excess.what}});
  }
  return {{"decided", totals.decided},
          {"allowed", totals.allowed},
          {"denied", totals.denied},
          {"denied_by_reason", totals.denied_by_reason},
          {"contacts", totals.contacts},
          {"contacts_by_channel", totals.contacts_by_channel},
          {"consumers", totals.consumers},
          {"consumers_contacted", totals.consumers_contacted},
          {"limits_checked", totals.limits_checked},
          {"over_limit", totals.over_limit},
          {"without_grant", totals.without_grant},
          {"erased", totals.erased},
          {"first_excesses", excesses}};
}

void WriteTable(const Session& session, const verify::RecountTotals& totals) {
  Table table;
  table.Add({"decisions", Grouped(totals.decided)});
  table.Add({"allowed", Grouped(totals.allowed)});
  table.Add({"denied", Grouped(totals.denied)});
  for (const auto& [reason, count] : totals.denied_by_reason) {
    table.Add({"  " + reason, Grouped(count)});
  }
  table.Add({"contacts (not given back)", Grouped(totals.contacts)});
  for (const auto& [channel, count] : totals.contacts_by_channel) {
    table.Add({"  " + channel, Grouped(count)});
  }
  table.Add({"consumers known", Grouped(totals.consumers)});
  table.Add({"consumers contacted", Grouped(totals.consumers_contacted)});
  table.Add({"limits checked", Grouped(totals.limits_checked)});
  table.Add({"over a limit", Grouped(totals.over_limit)});
  table.Add({"without a grant", Grouped(totals.without_grant)});
  if (totals.erased > 0) table.Add({"erased entries, not counted", Grouped(totals.erased)});
  table.Write(session.out);
  for (const verify::Excess& excess : totals.first_excesses) {
    session.err << "consentctl: entry " << excess.entry.value << ": " << Printable(excess.what)
                << "\n";
  }
}

absl::StatusOr<int> CountAgain(const Session& session, const Folders& folders) {
  ASSIGN_OR_RETURN(const Stopped stopped, OpenStopped(folders));
  ASSIGN_OR_RETURN(const verify::RecountTotals totals, CountAll(session, *stopped.store));
  if (session.json) {
    session.Print(ToJson(totals));
  } else {
    WriteTable(session, totals);
  }
  return totals.over_limit + totals.without_grant == 0 ? kExitOk : kExitFailed;
}

}  // namespace

void AddOfflineCommands(CLI::App& app, Session& session) {
  auto folders = std::make_shared<Folders>();
  AddFolders(
      AddLocalCommand(
          app, session, "replay",
          "Rebuild every record of a stopped ledger from its journal, and compare byte for byte",
          [&session, folders] { return Replay(session, *folders); }),
      *folders);
  AddFolders(
      AddLocalCommand(
          app, session, "recount",
          "Count every allowed contact of a stopped ledger against the grants in its journal",
          [&session, folders] { return CountAgain(session, *folders); }),
      *folders);
}

}  // namespace consent::ctl

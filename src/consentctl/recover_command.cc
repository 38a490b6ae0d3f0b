// SPDX-License-Identifier: Apache-2.0
//
// recover: goes on with a ledger that has lost entries, if somebody accepts that.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"
#include "src/consentctl/stopped.h"
#include "src/ledger/recover.h"
#include "src/store/rocksdb_store.h"

namespace consent::ctl {
namespace {

struct RecoverFlags {
  std::string data;
  std::string guard;
  bool accept_loss = false;
};

// For writing only what is to be written.
absl::StatusOr<std::unique_ptr<store::RocksDbStore>> OpenStore(const RecoverFlags& flags) {
  // Never a new store: a misspelt folder must not become a ledger.
  ASSIGN_OR_RETURN(auto store, OpenFiles(flags.data));
  if (!flags.accept_loss) return store;
  store.reset();
  return store::RocksDbStore::Open(flags.data + "/store");
}

absl::StatusOr<std::unique_ptr<ledger::Guard>> OpenGuard(const std::string& path) {
  if (path.empty()) return nullptr;
  auto guard = ledger::Guard::Open(path);
  if (absl::IsNotFound(guard.status())) return AsBadInput(guard.status());
  return guard;
}

google::protobuf::Timestamp TimeOf(Instant t) {
  google::protobuf::Timestamp time;
  time.set_seconds(t.unix_seconds);
  return time;
}

Json ToJson(const ledger::RecoverReport& report, bool accepted) {
  Json journals = Json::array();
  for (const ledger::RecoveredJournal& journal : report.journals) {
    Json json = {{"old_origin", journal.old_origin},
                 {"new_origin", journal.new_origin},
                 {"kept_size", journal.kept_size.value},
                 {"kept_root_hash", Base64(journal.kept_root.view())},
                 {"promised_size", journal.promised_size.value},
                 {"lost_from", UtcTime(TimeOf(journal.lost_from))}};
    if (journal.promised_size.value > 0) {
      json["promised_root_hash"] = Base64(journal.promised_root.view());
    }
    if (journal.entry.has_value()) json["entry"] = journal.entry->value;
    if (journal.recovered_at.has_value()) {
      json["recovered_at"] = UtcTime(TimeOf(*journal.recovered_at));
    }
    journals.push_back(std::move(json));
  }
  return {{"accepted", accepted}, {"generation", report.generation}, {"journals", journals}};
}

std::string Promised(const ledger::RecoveredJournal& journal) {
  return journal.promised_size.value == 0 ? "unknown" : Grouped(journal.promised_size.value);
}

void WriteTable(const Session& session, const ledger::RecoverReport& report) {
  Table table({"JOURNAL", "KEPT", "PROMISED", "LOST SINCE", "GOES ON AS", "ENTRY"});
  for (const ledger::RecoveredJournal& journal : report.journals) {
    table.Add({journal.old_origin, Grouped(journal.kept_size.value), Promised(journal),
               LocalTime(TimeOf(journal.lost_from)), journal.new_origin,
               journal.entry.has_value() ? absl::StrCat(journal.entry->value) : "-"});
  }
  table.Write(session.out);
}

constexpr char kRefusal[] =
    "nothing was done. With --accept-loss each journal goes on as the table says; every permit "
    "given so far is void, and every limit whose window reaches back into what was lost is full "
    "until that window ends. It cannot be undone: look for a newer copy of the store first";

absl::StatusOr<int> Recover(const Session& session, const RecoverFlags& flags) {
  ASSIGN_OR_RETURN(const std::unique_ptr<ledger::Guard> guard, OpenGuard(flags.guard));
  ASSIGN_OR_RETURN(const std::unique_ptr<store::RocksDbStore> store, OpenStore(flags));
  const ledger::RecoverOptions options{.guard = guard.get()};
  const SystemClock clock;
  ASSIGN_OR_RETURN(const ledger::RecoverReport report, flags.accept_loss
                                                           ? ledger::Recover(*store, clock, options)
                                                           : ledger::SurveyLoss(*store, options));
  if (session.json) {
    session.Print(ToJson(report, flags.accept_loss));
  } else {
    WriteTable(session, report);
  }
  if (flags.accept_loss) return kExitOk;
  session.err << "consentctl: " << kRefusal << "\n";
  return kExitDenied;
}

}  // namespace

void AddRecoverCommand(CLI::App& app, Session& session) {
  auto flags = std::make_shared<RecoverFlags>();
  CLI::App* const command = AddLocalCommand(
      app, session, "recover",
      "Go on with a stopped ledger that has lost entries; without --accept-loss: say what for",
      [&session, flags] { return Recover(session, *flags); });
  command->add_option("--data", flags->data, "The data directory of a consentd that is not running")
      ->type_name("DIR")
      ->required();
  command->add_option("--guard", flags->guard, "The guard's file, which knows what was promised")
      ->type_name("FILE");
  command->add_flag("--accept-loss", flags->accept_loss,
                    "Do it: permits become void, limits full. It cannot be undone");
}

}  // namespace consent::ctl

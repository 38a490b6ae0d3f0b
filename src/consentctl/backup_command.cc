// SPDX-License-Identifier: Apache-2.0
//
// backup, backup list, backup verify, restore: copies of a ledger, made while it serves, and what
// becomes of them.

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "src/backup/backups.h"
#include "src/backup/restore.h"
#include "src/base/status_macros.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"
#include "src/keys/keys.h"

namespace consent::ctl {
namespace {

struct BackupFlags {
  std::string folder;
  uint32_t id = 0;
  std::string data;
  std::string keys;  // Empty: `keys` in `data`.
  std::string until;
  uint64_t size = 0;
};

google::protobuf::Timestamp TimeOf(Instant t) {
  google::protobuf::Timestamp time;
  time.set_seconds(t.unix_seconds);
  return time;
}

Json ToJson(const std::vector<backup::BackedUpJournal>& journals) {
  Json json = Json::array();
  for (const backup::BackedUpJournal& journal : journals) {
    json.push_back({{"journal_origin", journal.origin},
                    {"size", journal.size.value},
                    {"root_hash", Base64(journal.root.view())}});
  }
  return json;
}

Json ToJson(const backup::Manifest& manifest) {
  return {{"backup_id", manifest.id},
          {"made_at", UtcTime(TimeOf(manifest.made_at))},
          {"origin", manifest.origin},
          {"store_format", manifest.store_format},
          {"release", manifest.release},
          {"bytes", manifest.bytes},
          {"journals", ToJson(manifest.journals)}};
}

std::string Sizes(const std::vector<backup::BackedUpJournal>& journals) {
  std::string text;
  for (const backup::BackedUpJournal& journal : journals) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", journal.origin, " ",
                    Grouped(journal.size.value));
  }
  return Printable(text);
}

absl::StatusOr<int> Make(const Session& session) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  ASSIGN_OR_RETURN(const auto made,
                   connection.Call(connection.admin(), &v1::AdminService::Stub::MakeBackup,
                                   v1::MakeBackupRequest()));
  if (session.json) {
    Json journals = Json::array();
    for (const v1::BackedUpJournal& journal : made.journals()) {
      journals.push_back({{"journal_origin", journal.journal_origin()},
                          {"size", journal.size()},
                          {"root_hash", Base64(journal.root_hash())}});
    }
    session.Print({{"backup_id", made.backup_id()},
                   {"bytes", made.bytes()},
                   {"bytes_copied", made.bytes_copied()},
                   {"duration_ms", made.duration_ms()},
                   {"journals", journals}});
    return kExitOk;
  }
  Table table;
  table.Add({"Backup", absl::StrCat(made.backup_id())});
  for (const v1::BackedUpJournal& journal : made.journals()) {
    table.Add({journal.journal_origin(), Grouped(journal.size()) + " entries"});
  }
  table.Add({"Bytes", absl::StrCat(Grouped(made.bytes()), ", of which ",
                                   Grouped(made.bytes_copied()), " had to be copied")});
  table.Add({"Seconds", absl::StrCat(static_cast<double>(made.duration_ms()) / 1000)});
  table.Write(session.out);
  return kExitOk;
}

absl::StatusOr<std::unique_ptr<backup::Backups>> OpenFolder(const BackupFlags& flags) {
  auto backups = backup::Backups::OpenReadOnly(flags.folder);
  if (absl::IsNotFound(backups.status())) return AsBadInput(backups.status());
  return backups;
}

// 1 where one of them is not whole.
absl::StatusOr<int> List(const Session& session, const BackupFlags& flags) {
  ASSIGN_OR_RETURN(const auto backups, OpenFolder(flags));
  Json json = Json::array();
  Table table({"BACKUP", "MADE", "BYTES", "RELEASE", "JOURNALS"});
  bool whole = true;
  for (const auto& [id, manifest] : backups->List()) {
    if (manifest.ok()) {
      json.push_back(ToJson(*manifest));
      table.Add({absl::StrCat(id), LocalTime(TimeOf(manifest->made_at)), Grouped(manifest->bytes),
                 manifest->release, Sizes(manifest->journals)});
      continue;
    }
    whole = false;
    const std::string fault(manifest.status().message());
    json.push_back({{"backup_id", id}, {"fault", fault}});
    table.Add({absl::StrCat(id), "-", "-", "-", fault});
  }
  if (session.json) {
    session.Print({{"backups", json}});
  } else {
    table.Write(session.out);
  }
  return whole ? kExitOk : kExitFailed;
}

absl::StatusOr<int> Verify(const Session& session, const BackupFlags& flags) {
  ASSIGN_OR_RETURN(const auto backups, OpenFolder(flags));
  std::vector<uint32_t> ids = backups->folder().Ids();
  if (flags.id != 0) ids = {flags.id};
  if (ids.empty()) return absl::NotFoundError("there is no backup in the folder");
  Json json = Json::array();
  for (const uint32_t id : ids) {
    absl::StatusOr<backup::Manifest> manifest;
    {
      Progress progress(session.err, "entries verified", 0);
      manifest = backups->Verify(id, [&](uint64_t entries) { progress.Show(entries); });
    }
    RETURN_IF_ERROR(manifest.status());
    json.push_back(ToJson(*manifest));
    if (!session.json) {
      session.out << "backup " << id << ": whole, every file and every entry ("
                  << Sizes(manifest->journals) << ")\n";
    }
  }
  if (session.json) session.Print({{"whole", json}});
  return kExitOk;
}

absl::StatusOr<backup::RestoreRequest> RequestOf(const BackupFlags& flags) {
  backup::RestoreRequest request{.id = flags.id, .data = flags.data};
  if (!flags.until.empty() && flags.size != 0) {
    return BadInput("expected --until or --size, found both");
  }
  if (!flags.until.empty()) {
    ASSIGN_OR_RETURN(const auto until, ParseTime(flags.until, "--until"));
    request.cut = backup::Cut{.until = Instant{until.seconds()}};
  } else if (flags.size != 0) {
    request.cut = backup::Cut{.size = TreeSize{flags.size}};
  }
  return request;
}

constexpr char kWhatNow[] =
    "the keys are not in a backup: put them into DIR/keys. Then start consentd with the guard of "
    "the lost store; where entries are missing it says so, and what to do";
constexpr char kWhatNowCut[] =
    "this store is to be looked at (consentctl replay, recount): it was cut short, and consentd "
    "does not start on it";

absl::StatusOr<int> Restore(const Session& session, const BackupFlags& flags) {
  ASSIGN_OR_RETURN(backup::RestoreRequest request, RequestOf(flags));
  const bool cut = request.cut.has_value();
  if (cut) {
    keys::KeySource source(flags.keys.empty() ? flags.data + "/keys" : flags.keys);
    RETURN_IF_ERROR(source.TakeEnvironment());
    ASSIGN_OR_RETURN(request.master, keys::OpenMasterKeys(source));
  }
  ASSIGN_OR_RETURN(const auto backups, OpenFolder(flags));
  absl::StatusOr<backup::RestoreReport> report;
  {
    Progress progress(session.err, "entries checked", 0);
    report = backup::Restore(*backups, std::move(request),
                             [&](uint64_t entries) { progress.Show(entries); });
  }
  if (absl::IsFailedPrecondition(report.status())) return AsBadInput(report.status());
  RETURN_IF_ERROR(report.status());
  if (session.json) {
    session.Print({{"backup", ToJson(report->manifest)},
                   {"journals", ToJson(report->journals)},
                   {"cut", cut},
                   {"erased_later", report->erased_later}});
    return kExitOk;
  }
  Table table;
  table.Add({"Restored", Printable(flags.data)});
  table.Add({"From backup", absl::StrCat(report->manifest.id, " of ",
                                         LocalTime(TimeOf(report->manifest.made_at)))});
  table.Add({"Journals", Sizes(report->journals)});
  if (report->erased_later > 0) {
    table.Add({"Erased since", absl::StrCat(Grouped(report->erased_later),
                                            " consumers: nobody can open what is about them")});
  }
  table.Write(session.out);
  session.err << "consentctl: " << (cut ? kWhatNowCut : kWhatNow) << "\n";
  return kExitOk;
}

void AddFolder(CLI::App* command, BackupFlags& flags) {
  command->add_option("--backup", flags.folder, "The folder of the backups")
      ->type_name("DIR")
      ->required();
}

}  // namespace

void AddBackupCommands(CLI::App& app, Session& session) {
  auto flags = std::make_shared<BackupFlags>();
  CLI::App* const make =
      AddCommand(app, session, "backup",
                 "Make a backup of a ledger that serves, into the folder it was given", {});
  make->callback([&session, make] {
    if (!make->get_subcommands().empty()) return;
    // A backup of a large store takes longer than a call.
    if (make->count("--timeout") == 0) session.timeout = "24h";
    session.run = [&session] { return Make(session); };
  });
  CLI::App* const list =
      AddLocalCommand(*make, session, "list", "List the backups in a folder, the oldest first",
                      [&session, flags] { return List(session, *flags); });
  AddFolder(list, *flags);
  CLI::App* const verify = AddLocalCommand(
      *make, session, "verify", "Read every file and every entry of the backups in a folder",
      [&session, flags] { return Verify(session, *flags); });
  AddFolder(verify, *flags);
  verify->add_option("--id", flags->id, "Only this one")
      ->type_name("N")
      ->check(CLI::PositiveNumber);

  CLI::App* const restore = AddLocalCommand(app, session, "restore",
                                            "Make a data folder of a backup, whole or not at all",
                                            [&session, flags] { return Restore(session, *flags); });
  AddFolder(restore, *flags);
  restore->add_option("--id", flags->id, "Which; the newest, if none is named")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  restore
      ->add_option("--data", flags->data,
                   "The new data folder: must not exist, be empty, or hold `keys` alone")
      ->type_name("DIR")
      ->required();
  restore
      ->add_option("--until", flags->until,
                   "To look at: the journals as they stood then, such as 2026-03-01T09:00:00Z")
      ->type_name("TIME");
  restore
      ->add_option("--size", flags->size,
                   "To look at: so many entries of the consumers' journal, and the directory then")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  restore
      ->add_option("--keys", flags->keys,
                   "With --until or --size: where the ledger's keys are [default: keys in DIR]")
      ->type_name("DIR");
}

}  // namespace consent::ctl

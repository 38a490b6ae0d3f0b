// SPDX-License-Identifier: Apache-2.0
//
// entries: a journal as the whole world may see it.

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consent/vocabulary.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/session.h"
#include "src/journal/entry.h"
#include "src/verify/describe.h"

namespace consent::ctl {
namespace {

struct EntriesOptions {
  std::string origin;
  uint64_t from = 0;
  uint64_t max = 0;
  bool openings = false;
};

google::protobuf::Timestamp TimeOf(const journal::Entry& entry) {
  google::protobuf::Timestamp time;
  time.set_seconds(entry.at.unix_seconds);
  return time;
}

Json ToJson(const journal::Entry& entry, const v1::JournalEntry& bytes) {
  Json json = {{"position", entry.position.value},
               {"at", UtcTime(TimeOf(entry))},
               {"kind", verify::KindName(entry.kind)},
               {"channel", std::string(core::Name(entry.channel))},
               {"reason", std::string(core::Name(entry.reason))},
               {"company", entry.company},
               {"directory_size", entry.directory_size.value},
               {"tag", Hex(entry.tag.view())},
               {"commitment", Hex(entry.commitment.view())},
               {"entry", Base64(bytes.entry())}};
  if (!bytes.opening().empty()) json["opening"] = Base64(bytes.opening());
  return json;
}

void AddRow(const journal::Entry& entry, Table& table) {
  table.Add({std::to_string(entry.position.value), LocalTime(TimeOf(entry)),
             verify::KindName(entry.kind), std::string(core::Name(entry.channel)),
             std::string(core::Name(entry.reason)), entry.company, Hex(entry.tag.view()),
             Hex(entry.commitment.view())});
}

absl::StatusOr<int> Entries(const Session& session, const EntriesOptions& options) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  v1::StreamEntriesRequest request;
  request.set_journal_origin(options.origin);
  request.set_from(options.from);
  request.set_entries_max(options.max);
  request.set_with_openings(options.openings);
  grpc::ClientContext context;  // No deadline: a journal may be long, and ^C is at hand.
  connection.Trace(context);
  const auto stream = connection.journals().StreamEntries(&context, request);
  v1::StreamEntriesResponse page;
  uint64_t position = options.from;
  while (stream->Read(&page)) {
    // One table a message: a journal need not fit into memory.
    Table table({"POSITION", "TIME", "KIND", "CHANNEL", "REASON", "COMPANY", "TAG", "COMMITMENT"});
    for (const v1::JournalEntry& bytes : page.entries()) {
      const absl::StatusOr<journal::Entry> entry = journal::ParseEntry(bytes.entry());
      if (!entry.ok() || entry->position.value != position) {
        context.TryCancel();
        return absl::DataLossError(
            absl::StrCat("entry ", position, " of the journal is ",
                         entry.ok() ? "at another position than it says" : "malformed"));
      }
      ++position;
      if (session.json) {
        session.Print(ToJson(*entry, bytes));
      } else {
        AddRow(*entry, table);
      }
    }
    if (!table.empty()) table.Write(session.out);
    if (!session.out) context.TryCancel();
  }
  RETURN_IF_ERROR(FromRpc(stream->Finish(), connection.server()));
  return kExitOk;
}

}  // namespace

void AddEntriesCommand(CLI::App& app, Session& session) {
  auto options = std::make_shared<EntriesOptions>();
  CLI::App* const command =
      AddCommand(app, session, "entries", "List a journal's entries, as an auditor sees them",
                 [&session, options] { return Entries(session, *options); });
  command
      ->add_option("JOURNAL", options->origin,
                   "The journal's origin, as `consentctl ledger` names it")
      ->required();
  command->add_option("--from", options->from, "The first position, default 0")->type_name("N");
  command->add_option("--max", options->max, "At most so many entries, default all")
      ->type_name("N");
  command->add_flag("--openings", options->openings,
                    "With --json: each entry with its sealed opening");
}

}  // namespace consent::ctl

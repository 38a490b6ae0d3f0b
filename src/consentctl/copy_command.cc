// SPDX-License-Identifier: Apache-2.0
//
// export-log, disclose: what auditors are handed: a journal as plain files, and its entries opened.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/durable_file.h"
#include "src/base/status_macros.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/disclosure_file.h"
#include "src/consentctl/failure.h"
#include "src/consentctl/session.h"
#include "src/consentctl/stopped.h"
#include "src/journal/disclosure.h"
#include "src/journal/journal.h"
#include "src/journal/reader.h"
#include "src/journal/tile_reader.h"
#include "src/ledger/ledger.h"
#include "src/ledger/loss.h"
#include "src/ledger/publisher.h"
#include "src/merkle/tile.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/entry_bundle.h"
#include "src/tlog/note.h"
#include "src/tlog/tile_path.h"

namespace consent::ctl {
namespace {

constexpr uint64_t kBetweenReports = 4'096;

struct CopySettings {
  std::string data;
  std::string keys;  // For disclosures; empty: `keys` in `data`.
  std::string out;
  std::string journal = "1";
};

absl::StatusOr<ShardId> ShardOf(const std::string& journal) {
  if (journal == "directory") return kDirectoryShard;
  if (journal == absl::StrCat(ledger::kConsumerShard.value)) return ledger::kConsumerShard;
  return BadInput("--journal: expected 1 or directory");
}

// The origin of a stopped ledger's journal.
absl::StatusOr<std::string> OriginOf(store::Store& store, ShardId shard) {
  ASSIGN_OR_RETURN(const auto origin, store.ReadFact(ledger::kOriginFact));
  if (!origin.has_value()) return BadInput("--data: it holds no ledger yet");
  ASSIGN_OR_RETURN(const uint32_t generation, ledger::ReadGeneration(store));
  return ledger::JournalOriginOf(*origin, shard, generation);
}

absl::Status WriteFile(const std::filesystem::path& path, std::string_view bytes) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (file) return absl::OkStatus();
  return BadInput("--out: a file in it cannot be written");
}

absl::StatusOr<int> ExportLog(const Session& session, const CopySettings& settings) {
  ASSIGN_OR_RETURN(const ShardId shard, ShardOf(settings.journal));
  ASSIGN_OR_RETURN(const auto store, OpenFiles(settings.data));
  ASSIGN_OR_RETURN(const std::string origin, OriginOf(*store, shard));
  ASSIGN_OR_RETURN(const auto note, store->ReadFact(ledger::CheckpointFact(origin)));
  if (!note.has_value()) return BadInput("--data: this journal has no checkpoint yet");
  ASSIGN_OR_RETURN(const tlog::Note parsed, tlog::ParseNote(*note));
  ASSIGN_OR_RETURN(const tlog::Checkpoint checkpoint, tlog::ParseCheckpoint(parsed.text));

  const std::filesystem::path out = settings.out;
  const journal::TileReader reader(*store, shard);
  const std::vector<merkle::Tile> tiles = merkle::NewTiles({0}, checkpoint.size);
  Progress progress(session.err, "tiles copied", tiles.size());
  uint64_t files = 1;
  for (const merkle::Tile& tile : tiles) {
    ASSIGN_OR_RETURN(const std::string hashes, reader.ReadTile(tile, checkpoint.size));
    RETURN_IF_ERROR(WriteFile(out / tlog::Path(tile), hashes));
    if (tile.level == 0) {
      ASSIGN_OR_RETURN(const std::vector<std::string> entries,
                       reader.ReadEntries(tile.index, tile.width, checkpoint.size));
      ASSIGN_OR_RETURN(const std::string bundle, tlog::EncodeBundle(entries));
      RETURN_IF_ERROR(WriteFile(out / tlog::EntriesPath(tile.index, tile.width), bundle));
      ++files;
    }
    progress.Show(++files);
  }
  // Last: whoever sees it finds all that it promises.
  RETURN_IF_ERROR(WriteDurably((out / "checkpoint").string(), *note));
  if (session.json) {
    session.Print({{"origin", origin}, {"size", checkpoint.size.value}, {"files", files}});
  } else {
    Table table;
    table.Add({"Log", Printable(origin)});
    table.Add({"Entries", Grouped(checkpoint.size.value)});
    table.Add({"Files", Grouped(files)});
    table.Write(session.out);
  }
  return kExitOk;
}

// Writes disclosures to a file that nobody else can read.
class DisclosureWriter {
 public:
  static absl::StatusOr<std::unique_ptr<DisclosureWriter>> Open(const std::string& path) {
    std::error_code error;
    if (std::filesystem::exists(path, error)) {
      return BadInput("--out: the file exists; it is never overwritten");
    }
    auto writer = std::unique_ptr<DisclosureWriter>(new DisclosureWriter());
    writer->file_.open(path, std::ios::binary);
    std::filesystem::permissions(
        path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
    if (!writer->file_ || error) return BadInput("--out: the file cannot be made");
    return writer;
  }
  void Write(std::string_view disclosure) {
    bytes_.clear();
    AppendDisclosure(disclosure, bytes_);
    file_.write(bytes_.data(), static_cast<std::streamsize>(bytes_.size()));
  }
  absl::Status Close() {
    file_.close();
    if (file_) return absl::OkStatus();
    return absl::DataLossError("the disclosures could not be written to their end");
  }

 private:
  DisclosureWriter() = default;
  std::ofstream file_;
  std::string bytes_;
};

struct Disclosed {
  std::string origin;
  uint64_t disclosed = 0;
  uint64_t erased = 0;  // Nobody can open them.
};

absl::StatusOr<Disclosed> DiscloseStopped(const Session& session, const CopySettings& settings,
                                          DisclosureWriter& writer) {
  ASSIGN_OR_RETURN(const ShardId shard, ShardOf(settings.journal));
  ASSIGN_OR_RETURN(const Stopped stopped,
                   OpenStopped({.data = settings.data, .keys = settings.keys}));
  store::Store* const store = stopped.store.get();
  Disclosed disclosed;
  ASSIGN_OR_RETURN(disclosed.origin, OriginOf(*store, shard));
  ASSIGN_OR_RETURN(const store::Head head, store->ReadHead(shard));
  journal::Discloser discloser(*store, shard);
  Progress progress(session.err, "entries opened", head.size.value);
  RETURN_IF_ERROR(journal::ForEachLeaf(
      *store, shard, LeafIndex{0}, head.size, [&](const journal::Leaf& leaf) -> absl::Status {
        ASSIGN_OR_RETURN(const auto opened, discloser.Disclose(leaf));
        if (opened.has_value()) writer.Write(Encode(*opened));
        ++(opened.has_value() ? disclosed.disclosed : disclosed.erased);
        if (leaf.position.value % kBetweenReports == 0) progress.Show(leaf.position.value);
        return absl::OkStatus();
      }));
  return disclosed;
}

absl::StatusOr<Disclosed> DiscloseRunning(const Session& session, const CopySettings& settings,
                                          DisclosureWriter& writer) {
  ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
  Disclosed disclosed;
  disclosed.origin = settings.journal;
  v1::StreamEntriesRequest request;
  request.set_journal_origin(settings.journal);
  request.set_with_disclosures(true);
  grpc::ClientContext context;  // No deadline: a journal may be long, and ^C is at hand.
  connection.Trace(context);
  const auto stream = connection.journals().StreamEntries(&context, request);
  std::optional<Progress> progress;
  v1::StreamEntriesResponse page;
  while (stream->Read(&page)) {
    if (!progress.has_value()) progress.emplace(session.err, "entries opened", page.journal_size());
    for (const v1::JournalEntry& entry : page.entries()) {
      if (!entry.disclosure().empty()) writer.Write(entry.disclosure());
      ++(entry.disclosure().empty() ? disclosed.erased : disclosed.disclosed);
    }
    progress->Show(page.first() + page.entries_size());
  }
  RETURN_IF_ERROR(FromRpc(stream->Finish(), connection.server()));
  return disclosed;
}

absl::StatusOr<int> Disclose(const Session& session, const CopySettings& settings) {
  ASSIGN_OR_RETURN(const auto writer, DisclosureWriter::Open(settings.out));
  ASSIGN_OR_RETURN(const Disclosed disclosed, settings.data.empty()
                                                  ? DiscloseRunning(session, settings, *writer)
                                                  : DiscloseStopped(session, settings, *writer));
  RETURN_IF_ERROR(writer->Close());
  if (session.json) {
    session.Print({{"origin", disclosed.origin},
                   {"disclosed", disclosed.disclosed},
                   {"erased", disclosed.erased}});
  } else {
    Table table;
    table.Add({"Log", Printable(disclosed.origin)});
    table.Add({"Disclosed", Grouped(disclosed.disclosed)});
    table.Add({"Erased", Grouped(disclosed.erased)});
    table.Write(session.out);
  }
  return kExitOk;
}

}  // namespace

void AddCopyCommands(CLI::App& app, Session& session) {
  auto settings = std::make_shared<CopySettings>();
  CLI::App* const log = AddLocalCommand(
      app, session, "export-log",
      "Copy a journal of a stopped ledger as plain files: checkpoint, tiles and entries",
      [&session, settings] { return ExportLog(session, *settings); });
  log->add_option("--data", settings->data, "The data directory of a consentd that is not running")
      ->type_name("DIR")
      ->required();
  log->add_option("--out", settings->out, "The directory to write; made if it is missing")
      ->type_name("DIR")
      ->required();
  log->add_option("--journal", settings->journal, "1 (default) or directory")->type_name("NAME");

  CLI::App* const disclose =
      AddCommand(app, session, "disclose",
                 "Write what auditors need to judge a journal's decisions. PERSONAL DATA",
                 [&session, settings] { return Disclose(session, *settings); });
  disclose
      ->add_option("--data", settings->data,
                   "The data directory of a consentd that is not running; without: ask --server")
      ->type_name("DIR");
  disclose
      ->add_option("--keys", settings->keys,
                   "With --data: where its keys are [default: keys in that]")
      ->type_name("DIR");
  disclose
      ->add_option("--journal", settings->journal,
                   "With --data: 1 (default) or directory; without: the journal's origin")
      ->type_name("NAME");
  disclose->add_option("--out", settings->out, "The file to make, of mode 0600")
      ->type_name("FILE")
      ->required();
}

}  // namespace consent::ctl

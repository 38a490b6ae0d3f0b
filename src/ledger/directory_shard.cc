// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/directory_shard.h"

#include <optional>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/journal/reader.h"

namespace consent::ledger {

class DirectoryShard::ChangeTask : public Task {
 public:
  ChangeTask(DirectoryShard& shard, directory::DirectoryEvent event, Done done)
      : shard_(shard), event_(std::move(event)), done_(std::move(done)) {}

  void Judge(Turn& turn) override { change_ = Decide(turn); }

  void Answer(const absl::Status& durable) override {
    if (!durable.ok()) return done_(durable);
    done_(change_);
  }

 private:
  absl::StatusOr<DirectoryChange> Decide(Turn& turn) {
    ASSIGN_OR_RETURN(const std::optional<LeafIndex> unchanged_since,
                     shard_.working_->Judge(event_));
    if (unchanged_since.has_value()) return DirectoryChange{*unchanged_since, true};
    const journal::Parts parts = ToParts(event_);
    journal::Entry entry;
    entry.kind = std::visit(
        [](const auto& concrete) { return static_cast<uint8_t>(concrete.kKind); }, event_);
    entry.position = turn.journal.next();
    entry.at = turn.now;
    entry.directory_size = TreeSize{entry.position.value};
    entry.commitment = journal::Commit(journal::Salts{}, parts);
    turn.journal.Stage(entry, journal::PlainOpening(parts));
    shard_.working_->Apply(event_, entry.position, entry.at);
    return DirectoryChange{entry.position, false};
  }

  DirectoryShard& shard_;
  const directory::DirectoryEvent event_;
  const Done done_;
  absl::StatusOr<DirectoryChange> change_;
};

DirectoryShard::DirectoryShard(store::Store& store, LedgerClock& clock, Workers& workers)
    : store_(store),
      working_(std::make_shared<directory::Directory>()),
      published_(std::make_shared<const directory::Directory>()),
      committer_(store, kDirectoryShard, *this, clock, workers) {}

DirectoryShard::~DirectoryShard() { Stop(); }

absl::Status DirectoryShard::Start() {
  RETURN_IF_ERROR(committer_.Load());
  committer_.Start();
  return absl::OkStatus();
}

std::shared_ptr<const directory::Directory> DirectoryShard::Snapshot() const {
  MutexLock lock(&mutex_);
  return published_;
}

void DirectoryShard::Publish() {
  MutexLock lock(&mutex_);
  if (published_->size() != working_->size()) {
    published_ = std::make_shared<const directory::Directory>(*working_);
  }
}

void DirectoryShard::Change(directory::DirectoryEvent event, Done done) {
  committer_.Submit(Lane(), std::make_unique<ChangeTask>(*this, std::move(event), std::move(done)));
}

absl::Status DirectoryShard::Load(TreeSize size) {
  auto directory = std::make_shared<directory::Directory>();
  RETURN_IF_ERROR(journal::ForEachLeaf(
      store_, kDirectoryShard, LeafIndex{0}, size,
      [&directory](const journal::Leaf& leaf) -> absl::Status {
        ASSIGN_OR_RETURN(const journal::Entry entry, journal::ParseEntry(leaf.bytes));
        if (entry.position != leaf.position) {
          return absl::DataLossError("a directory entry stands at another position than it says");
        }
        ASSIGN_OR_RETURN(const journal::Parts parts, journal::OpenPlain(entry, leaf.opening));
        return directory->Take(entry, parts);
      }));
  working_ = std::move(directory);
  Publish();
  return absl::OkStatus();
}

}  // namespace consent::ledger

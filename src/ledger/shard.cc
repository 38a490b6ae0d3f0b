// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/shard.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "src/base/status_macros.h"
#include "src/ledger/listing_task.h"
#include "src/ledger/loss.h"
#include "src/ledger/parts.h"
#include "src/ledger/permit_task.h"
#include "src/ledger/replay.h"
#include "src/ledger/statement_task.h"
#include "src/ledger/view_task.h"

namespace consent::ledger {
namespace {

// Changed records wait for more changes, so that a record in use is written once for many of them,
// until so many have gathered (or fill a quarter of the memory meant for records), or the store's
// mark is so many entries late: that bounds what a start replays.
constexpr size_t kRecordsGathered = 65'536;
constexpr size_t kShareGathered = 4;
constexpr uint64_t kEntriesLate = 250'000;
// How many are written after one group: more than a small group changes, and few enough that the
// next group does not wait for long (or a sixteenth of the memory meant for records); but what is
// too many always, and a share of all, so that the store keeps up with large groups too.
constexpr size_t kRecordsWritten = 256;
constexpr size_t kShareWritten = 16;
// How many are written at once when there is nothing else to do.
constexpr size_t kRecordsWrittenIdle = 4096;

}  // namespace

Shard::Shard(store::Store& store, ShardId id, const DirectoryShard& directory, LedgerClock& clock,
             Workers& workers, Options options)
    : store_(store),
      id_(id),
      gathered_(std::min(kRecordsGathered, options.records_in_memory / kShareGathered)),
      written_(std::clamp(options.records_in_memory / kShareWritten, size_t{1}, kRecordsWritten)),
      consumers_(store, id, options.records_in_memory),
      recorder_(consumers_),
      desk_{consumers_, recorder_, directory},
      purger_(store, id, workers, options.purge_interval),
      erasing_{store, id, std::move(options.before_erase), [this] { purger_.Wake(); }},
      committer_(store, id, *this, clock, workers, std::move(options.report)),
      read_one_(consumers_, workers, Priority::kUsual),
      read_many_(consumers_, workers, Priority::kLow),
      warmer_(store, id, consumers_, read_many_, workers,
              [this](std::vector<FetchedPacked> fetched, Done<KeepAnswers> done) {
                SubmitInParts<KeepTask>(kOwnLane, std::move(fetched), std::move(done));
              }) {}

Shard::~Shard() { Stop(); }

absl::Status Shard::WriteAllBehind() {
  ASSIGN_OR_RETURN(const store::Head head, store_.ReadHead(id_));
  return WriteBehind(head.size, Pace::kLast);
}

absl::Status Shard::Start(std::vector<Handle> erased) {
  if (!erased.empty()) RETURN_IF_ERROR(EraseAgain(std::move(erased)));
  committer_.Start();
  warmer_.Start();
  return purger_.Start();
}

absl::Status Shard::EraseAgain(std::vector<Handle> handles) {
  absl::Status erased;
  committer_.Do(std::make_unique<EraseAgainTask>(
      desk_, erasing_, std::move(handles),
      [&erased](const absl::StatusOr<size_t>& count) { erased = count.status(); }));
  return erased;
}

void Shard::Stop() {
  warmer_.Stop();
  read_one_.Stop();
  read_many_.Stop();
  committer_.Stop();
  purger_.Stop();
}

template <class T, class Command, class Answers, class... More>
void Shard::SubmitInParts(Lane lane, std::vector<Command> commands, Done<Answers> done,
                          More... more) {
  std::vector<std::unique_ptr<Task>> tasks = InParts(
      std::move(commands), std::move(done), [&](std::vector<Command> some, Done<Answers> part) {
        return std::make_unique<T>(desk_, more..., std::move(some), std::move(part));
      });
  committer_.Submit(lane, absl::MakeSpan(tasks));
}

void Shard::Consume(Lane lane, std::vector<ContactCommand> commands, Done<ContactAnswers> done) {
  SubmitInParts<ContactTask>(lane, read_many_.Prepare(std::move(commands)), std::move(done),
                             ContactTask::Mode::kConsume);
}

void Shard::Judge(ContactTask::Mode mode, Lane lane, ContactCommand command,
                  Done<ContactAnswers> done) {
  read_one_.Prepare(
      std::move(command), [this, mode, lane, done = std::move(done)](Prepared one) mutable {
        std::vector<Prepared> commands;
        commands.push_back(std::move(one));
        committer_.Submit(
            lane, std::make_unique<ContactTask>(desk_, mode, std::move(commands), std::move(done)));
      });
}

void Shard::Act(Lane lane, PermitCommand command, Done<PermitAnswer> done) {
  committer_.Submit(lane, std::make_unique<PermitTask>(desk_, std::move(command), std::move(done)));
}

void Shard::Take(Lane lane, std::vector<StatementCommand> commands, Done<StatementAnswers> done) {
  SubmitInParts<StatementTask>(lane, std::move(commands), std::move(done));
}

void Shard::List(Lane lane, std::vector<ListingCommand> commands, Done<ListingAnswers> done) {
  SubmitInParts<ListingTask>(lane, std::move(commands), std::move(done));
}

void Shard::View(Lane lane, const contact::ContactName& contact, const KeyId& key,
                 Done<ConsumerView> done) {
  committer_.Submit(lane, std::make_unique<ViewTask>(desk_, contact, key, std::move(done)));
}

void Shard::Erase(Lane lane, const EraseCommand& command, Done<EraseAnswer> done) {
  committer_.Submit(lane, std::make_unique<EraseTask>(desk_, erasing_, command, std::move(done)));
}

void Shard::Audit(Lane lane, const contact::ContactName& contact, Done<ConsumerView> done) {
  committer_.Submit(lane,
                    std::make_unique<ViewTask>(desk_, contact, std::nullopt, std::move(done)));
}

absl::Status Shard::Load(TreeSize size) {
  consumers_.Clear();
  recorder_.Clear();
  ASSIGN_OR_RETURN(const std::optional<core::Loss> loss, ReadLoss(store_, id_));
  if (loss.has_value()) consumers_.Lose(*loss);
  const auto at_once = [this](size_t count, const std::function<void(size_t)>& read) {
    read_one_.Do(count, read);
  };
  return CatchUp(store_, id_, size, consumers_, {.at_once = at_once, .gathered = gathered_});
}

absl::Status Shard::WriteBehind(TreeSize durable, Pace pace) {
  const size_t dirty = consumers_.dirty();
  if (pace == Pace::kLast) return consumers_.WriteBehind(dirty, durable);
  if (pace == Pace::kIdle) return consumers_.WriteBehind(kRecordsWrittenIdle, durable);
  if (dirty < gathered_ && consumers_.Lag(durable) < kEntriesLate) return absl::OkStatus();
  const size_t too_many = dirty > gathered_ ? dirty - gathered_ : 0;
  return consumers_.WriteBehind(std::max({written_, dirty / kShareWritten, too_many}), durable);
}

}  // namespace consent::ledger

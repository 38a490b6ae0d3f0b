// SPDX-License-Identifier: Apache-2.0
//
// Shard: a slice of consumers, with one journal and one committer.
//
// Every method queues, in the lane of whoever asks; `done` is called once, on the answerer's
// thread, when what the answer rests on is durable, or with the error that kept it from being so
// (OVERLOADED, SHUTTING_DOWN, STORE_UNAVAILABLE, CLOCK_UNCERTAIN). It must not block.
//
// Threads: all methods from any thread.

#ifndef CONSENT_LEDGER_SHARD_H_
#define CONSENT_LEDGER_SHARD_H_

#include <cstddef>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/base/worker.h"
#include "src/ledger/command.h"
#include "src/ledger/committer.h"
#include "src/ledger/consumers.h"
#include "src/ledger/contact_task.h"
#include "src/ledger/desk.h"
#include "src/ledger/directory_shard.h"
#include "src/ledger/erase_task.h"
#include "src/ledger/ledger_clock.h"
#include "src/ledger/purger.h"
#include "src/ledger/read_ahead.h"
#include "src/ledger/recorder.h"
#include "src/ledger/warmer.h"
#include "src/store/store.h"

namespace consent::ledger {

class Shard : private State {
 public:
  static constexpr size_t kRecordsInMemory = 3'000'000;

  struct Options {
    size_t records_in_memory = kRecordsInMemory;
    // Remembers outside the store whose openings will be gone (erase_task.h).
    std::function<absl::Status(const Handle&)> before_erase = {};
    absl::Duration purge_interval = Purger::kInterval;
    Committer::Report report = {};
  };

  Shard(store::Store& store, ShardId id, const DirectoryShard& directory, LedgerClock& clock,
        Workers& workers, Options options);
  ~Shard() override;

  ShardId id() const { return id_; }
  CommitterStatistics committer_statistics() const { return committer_.statistics(); }
  ConsumersStatistics consumers_statistics() const { return consumers_.statistics(); }
  // Replays what the records lack. Call once, before Start.
  absl::Status Load() { return committer_.Load(); }
  // Between Load and Start: makes the store's index tell of the whole journal.
  absl::Status WriteAllBehind();
  // Erases those of these handles that are still there, then starts to work.
  absl::Status Start(std::vector<Handle> erased);
  // Waits for a purge that is running.
  void Stop();

  // Whether so many decisions could be queued now; OVERLOADED or SHUTTING_DOWN as Consume would
  // say.
  absl::Status CheckRoom(Lane lane, size_t decisions) {
    return committer_.CheckRoom(lane, decisions);
  }

  // Judges the commands in order, each seeing those before it; others' may come between them. At
  // most kBatchMax. After an error some may have been decided on: the same again finds out.
  void Consume(Lane lane, std::vector<ContactCommand> commands, Done<ContactAnswers> done);
  // One command by itself, in no order with others of this caller. Where somebody must be read from
  // disk first, this thread does not wait for that, as it does in Consume.
  void ConsumeOne(Lane lane, ContactCommand command, Done<ContactAnswers> done) {
    Judge(ContactTask::Mode::kConsume, lane, std::move(command), std::move(done));
  }
  // What ConsumeOne would answer; takes and records nothing.
  void Check(Lane lane, ContactCommand command, Done<ContactAnswers> done) {
    Judge(ContactTask::Mode::kCheck, lane, std::move(command), std::move(done));
  }
  void Act(Lane lane, PermitCommand command, Done<PermitAnswer> done);
  // Takes in statements whose signatures have been verified, in order.
  void Take(Lane lane, std::vector<StatementCommand> commands, Done<StatementAnswers> done);
  // Takes in a part of a list of people not to contact. At most kBatchMax.
  void List(Lane lane, std::vector<ListingCommand> commands, Done<ListingAnswers> done);
  // For the consumer who holds `key`; PermissionDenied (UNKNOWN_KEY) for all others, also when
  // there is no such consumer.
  void View(Lane lane, const contact::ContactName& contact, const KeyId& key,
            Done<ConsumerView> done);
  // For auditors: without a key. NotFound when nobody has the contact point.
  void Audit(Lane lane, const contact::ContactName& contact, Done<ConsumerView> done);

  // Erases a consumer, at the order of one of their keys, signed within five minutes of now
  // (REQUEST_NOT_FRESH). The same order again is answered as the first time. PermissionDenied
  // (UNKNOWN_KEY) for all others, also when there is no such consumer, or no more.
  void Erase(Lane lane, const EraseCommand& command, Done<EraseAnswer> done);

  static constexpr size_t kBatchMax = 1000;

 private:
  // Judges one command.
  void Judge(ContactTask::Mode mode, Lane lane, ContactCommand command, Done<ContactAnswers> done);
  template <class T, class Command, class Answers, class... More>
  void SubmitInParts(Lane lane, std::vector<Command> commands, Done<Answers> done, More... more);
  absl::Status EraseAgain(std::vector<Handle> handles);
  absl::Status Load(TreeSize size) override;
  absl::Status WriteBehind(TreeSize durable, Pace pace) override;

  store::Store& store_;
  const ShardId id_;
  const size_t gathered_;  // Changed records that wait until they are written behind.
  const size_t written_;   // How many of them are written after a group.
  Consumers consumers_;
  Recorder recorder_;
  const Desk desk_;
  Purger purger_;
  const Erasing erasing_;
  Committer committer_;
  ReadAhead read_one_, read_many_;
  Warmer warmer_;  // Last: it and those before it use all of the above.
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_SHARD_H_

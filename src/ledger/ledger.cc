// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/ledger.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/crypto/random.h"
#include "src/journal/journal.h"
#include "src/ledger/clock_anchor.h"
#include "src/ledger/loss.h"
#include "src/ledger/restored.h"

namespace consent::ledger {
namespace {

// Origins are lines of signed notes and parts of URLs: nothing in them needs escaping there.
bool IsOrigin(std::string_view origin) {
  return !origin.empty() && origin.size() <= kOriginBytesMax &&
         std::all_of(origin.begin(), origin.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '-' || c == '_' || c == '/';
         });
}

// The fact as it stands, or as it now begins to stand.
absl::StatusOr<std::string> Settle(store::Store& store, std::string_view name,
                                   const std::string& value) {
  ASSIGN_OR_RETURN(std::optional<std::string> known, store.ReadFact(name));
  if (known.has_value()) return *std::move(known);
  RETURN_IF_ERROR(store.WriteFact(name, value));
  return value;
}

Shard::Options ShardOptions(const Ledger::Options& options) {
  Shard::Options shard;
  shard.records_in_memory = options.records_in_memory;
  shard.purge_interval = options.purge_interval;
  shard.report = options.report_behind;
  if (Guard* const guard = options.publishing.guard; guard != nullptr) {
    shard.before_erase = [guard](const Handle& handle) { return guard->Erase(handle); };
  }
  return shard;
}

// The time of the last entry of any journal.
absl::StatusOr<Instant> LastEntryAt(store::Store& store) {
  Instant last{};
  for (const ShardId shard : {kDirectoryShard, kConsumerShard}) {
    ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(shard));
    ASSIGN_OR_RETURN(const journal::HeadState state, journal::ParseHead(head));
    last = std::max(last, state.last_at);
  }
  return last;
}

Workers& WorkersOf(const Ledger::Options& options, Threads& threads) {
  return options.workers != nullptr ? *options.workers : threads;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(store::Store& store, const Clock& clock,
                                                     const Options& options) {
  std::string wanted = options.origin;
  if (wanted.empty()) {
    wanted = absl::StrCat("localhost/", absl::BytesToHexString(crypto::RandomBytes(4)));
  }
  if (!IsOrigin(wanted)) {
    return absl::InvalidArgumentError(
        "origin: expected 1 to 128 letters, digits, '.', '-', '_' or '/', such as "
        "ledger.example");
  }
  ASSIGN_OR_RETURN(const journal::KeyChecks known, ReadKnownPeppers(store));
  RETURN_IF_ERROR(CheckPeppers(known, options.peppers));
  ASSIGN_OR_RETURN(const std::string origin, Settle(store, kOriginFact, wanted));
  if (!options.origin.empty() && origin != options.origin) {
    return absl::FailedPreconditionError(absl::StrCat("origin: this store's ledger is ", origin,
                                                      ", not ", options.origin,
                                                      "; a ledger keeps its origin for ever"));
  }
  if (!options.clock_is_right) {
    ASSIGN_OR_RETURN(const Instant last_at, LastEntryAt(store));
    RETURN_IF_ERROR(CheckClock(store, clock, last_at));
  }
  ASSIGN_OR_RETURN(journal::LogKeys keys, journal::LogKeys::Make(options.journal_keys));
  ASSIGN_OR_RETURN(const uint32_t generation, ReadGeneration(store));
  auto ledger = std::unique_ptr<Ledger>(
      new Ledger(store, clock, origin, generation, std::move(keys), options));
  // Before the first signature.
  RETURN_IF_ERROR(CheckRestored(store, options.publishing.guard));
  RETURN_IF_ERROR(DropAnchor(store, clock));
  for (const ShardId shard : {kDirectoryShard, kConsumerShard}) {
    RETURN_IF_ERROR(ledger->publisher_.Open(shard, ledger->JournalOrigin(shard)));
  }
  RETURN_IF_ERROR(ClearRestored(store));
  RETURN_IF_ERROR(ledger->directory_.Start());
  RETURN_IF_ERROR(ledger->shard_.Load());
  if (!known.empty() && known.begin()->first < options.peppers.front().version) {
    RETURN_IF_ERROR(ledger->shard_.WriteAllBehind());
    ASSIGN_OR_RETURN(ledger->older_peppers_in_use_,
                     FindOlderInUse(store, kConsumerShard, known, options.peppers));
  }
  RETURN_IF_ERROR(SettlePeppers(store, known, options.peppers));
  // Those whom the guard remembers as erased and this store does not: it was restored from a
  // backup, or the last process ended between the two.
  const Guard* const guard = options.publishing.guard;
  RETURN_IF_ERROR(ledger->shard_.Start(guard != nullptr ? guard->Erased() : std::vector<Handle>()));
  ledger->publisher_.Start();
  return ledger;
}

Ledger::Ledger(store::Store& store, const Clock& clock, std::string origin, uint32_t generation,
               journal::LogKeys journal_keys, const Options& options)
    : store_(store),
      origin_(std::move(origin)),
      generation_(generation),
      wall_(clock),
      clock_(clock),
      journal_keys_(std::move(journal_keys)),
      publisher_(store, journal_keys_, clock, WorkersOf(options, threads_), options.publishing),
      directory_(store, clock_, WorkersOf(options, threads_)),
      shard_(store, kConsumerShard, directory_, clock_, WorkersOf(options, threads_),
             ShardOptions(options)) {}

Ledger::~Ledger() { Stop(); }

void Ledger::Stop() {
  shard_.Stop();
  directory_.Stop();
  publisher_.Stop();
  // A clock in doubt must not look believed to the next start. Without the fact, that start has the
  // one of this start to compare with.
  if (clock_.NowMillis(Instant{}).ok()) DropAnchor(store_, wall_).IgnoreError();
}

std::string Ledger::JournalOrigin(ShardId shard) const {
  return JournalOriginOf(origin_, shard, generation_);
}

std::optional<ShardId> Ledger::FindJournal(std::string_view origin) const {
  for (const ShardId shard : {kDirectoryShard, kConsumerShard}) {
    if (origin == JournalOrigin(shard)) return shard;
  }
  return std::nullopt;
}

absl::StatusOr<JournalStatus> Ledger::JournalOf(ShardId shard) const {
  ASSIGN_OR_RETURN(const store::Head head, store_.ReadHead(shard));
  ASSIGN_OR_RETURN(const journal::HeadState state, journal::ParseHead(head));
  return JournalStatus{
      .origin = JournalOrigin(shard), .shard = shard, .size = head.size, .root = state.tree.Root()};
}

absl::StatusOr<std::vector<JournalStatus>> Ledger::Journals() const {
  std::vector<JournalStatus> journals;
  for (const ShardId shard : {kDirectoryShard, kConsumerShard}) {
    ASSIGN_OR_RETURN(JournalStatus status, JournalOf(shard));
    journals.push_back(std::move(status));
  }
  return journals;
}

}  // namespace consent::ledger

// SPDX-License-Identifier: Apache-2.0

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/consentctl/connection.h"
#include "src/consentctl/doctor.h"
#include "src/consentctl/output.h"
#include "src/journal/journal.h"
#include "src/journal/sealed_store.h"
#include "src/keys/keys.h"
#include "src/ledger/clock_anchor.h"
#include "src/ledger/guard.h"
#include "src/ledger/ledger.h"
#include "src/ledger/loss.h"
#include "src/ledger/peppers.h"
#include "src/ledger/publisher.h"
#include "src/ledger/restored.h"
#include "src/store/rocksdb_store.h"
#include "src/tlog/checkpoint.h"
#include "src/tlog/note.h"

namespace consent::ctl {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kBehindMax = 1'000'000;  // Entries that a start replays in some seconds.

// The size of a signed checkpoint, which is believed to be genuine: a start verifies it.
std::optional<TreeSize> SizeIn(const std::optional<std::string>& note) {
  if (!note.has_value()) return std::nullopt;
  const auto parsed = tlog::ParseNote(*note);
  if (!parsed.ok()) return std::nullopt;
  const auto checkpoint = tlog::ParseCheckpoint(parsed->text);
  return checkpoint.ok() ? std::optional<TreeSize>(checkpoint->size) : std::nullopt;
}

void AskServer(const Session& session, Diagnoses& findings) {
  const auto ask = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const Connection connection, Connection::To(session));
    RETURN_IF_ERROR(connection.CheckServing());
    findings.Ok("service", absl::StrCat("serves on ", connection.server()));
    const auto ledger = connection.Call(
        connection.directory(), &v1::DirectoryService::Stub::GetLedger, v1::GetLedgerRequest());
    if (!ledger.ok()) {
      findings.Warn("journals", std::string(ledger.status().message()),
                    "say who asks: --tls-ca, --tls-cert and --tls-key, or --token-file");
      return absl::OkStatus();
    }
    for (const v1::JournalInfo& journal : ledger->journals()) {
      findings.Ok("journal", absl::StrCat(journal.journal_origin(), ": ", Grouped(journal.size()),
                                          " entries"));
    }
    return absl::OkStatus();
  };
  if (const absl::Status asked = ask(); !asked.ok()) {
    findings.Wrong(
        "service", std::string(asked.message()),
        "the store is in use, and nobody serves there: name the service with --server, or "
        "look at its log");
  }
}

// As a start would see it; what the journal has and the index lacks is not looked at.
absl::StatusOr<std::vector<uint8_t>> FindOlderPeppers(store::Store& store,
                                                      const ledger::PeppersAtHand& at_hand) {
  ASSIGN_OR_RETURN(const journal::KeyChecks known, ledger::ReadKnownPeppers(store));
  RETURN_IF_ERROR(ledger::CheckPeppers(known, at_hand));
  return ledger::FindOlderInUse(store, ledger::kConsumerShard, known, at_hand);
}

void CheckKeys(store::Store& store, const consentd::Config& config, Diagnoses& findings) {
  const std::string folder = config.keys.empty() ? config.data + "/keys" : config.keys;
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (!fs::is_directory(status)) {
    return findings.Wrong(
        "keys", folder + " is missing",
        "put the keys back from where they are kept safe; a new pepper finds nobody");
  }
  if ((status.permissions() & (fs::perms::group_all | fs::perms::others_all)) != fs::perms::none) {
    return findings.Wrong("keys", folder + " is open to others", "chmod 0700 " + folder);
  }
  keys::KeySource source(folder);
  if (const absl::Status taken = source.TakeEnvironment(); !taken.ok()) {
    return findings.Wrong("keys", taken);
  }
  absl::StatusOr<keys::Keys> keys = keys::OpenKeys(source, /*may_create=*/false);
  if (!keys.ok()) return findings.Wrong("keys", keys.status());
  const auto sealed =
      journal::SealedStore::Open(store, std::move(keys->master), journal::SealedStore::Use::kRead);
  if (!sealed.ok()) return findings.Wrong("keys", sealed.status());
  const auto older = FindOlderPeppers(store, keys->peppers.Checks());
  if (!older.ok()) return findings.Wrong("keys", older.status());
  findings.Ok(
      "keys",
      absl::StrCat("there, readable by their owner alone, the store's pepper and master key, ",
                   keys->journal.size(), " journal keys"));
  for (const uint8_t version : *older) {
    findings.Ok("pepper", absl::StrCat("pepper.", static_cast<int>(version),
                                       " is still needed: what lies under it moves when something "
                                       "is next recorded about it"));
  }
}

// How the guard, the store's checkpoint and the records stand to the journal's end.
absl::Status CheckJournal(store::Store& store, ShardId shard, const std::string& origin,
                          const ledger::Guard* guard, Diagnoses& findings) {
  ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(shard));
  ASSIGN_OR_RETURN(const journal::HeadState state, journal::ParseHead(head));
  ASSIGN_OR_RETURN(const TreeSize applied, store.ReadApplied(shard));
  ASSIGN_OR_RETURN(const std::optional<std::string> stored,
                   store.ReadFact(ledger::CheckpointFact(origin)));
  const TreeSize promised = SizeIn(stored).value_or(TreeSize{});
  const std::string what = absl::StrCat("journal ", origin);
  const std::string found =
      absl::StrCat(Grouped(head.size.value), " entries, checkpoint at ", Grouped(promised.value),
                   ", last at ", absl::FormatTime(ToAbslTime(state.last_at), absl::UTCTimeZone()));
  const bool consumers = shard == ledger::kConsumerShard;
  if (promised > head.size) {
    findings.Wrong(what, found, "it has promised more than it holds: see `consentctl recover`");
  } else if (consumers && head.size.value - applied.value > kBehindMax) {
    findings.Warn(what,
                  absl::StrCat(found, ", records ", Grouped(head.size.value - applied.value),
                               " entries behind"),
                  "the next start replays them, and takes longer");
  } else {
    findings.Ok(what, found);
  }
  if (guard == nullptr) return absl::OkStatus();
  const std::optional<TreeSize> kept = SizeIn(guard->Checkpoint(origin));
  if (!kept.has_value()) {
    findings.Warn(
        "guard", absl::StrCat("knows nothing of ", origin),
        "a new one learns at the next start; after a restore take the lost store's guard");
  } else if (*kept > head.size) {
    findings.Wrong("guard",
                   absl::StrCat("holds a checkpoint of ", Grouped(kept->value), " entries of ",
                                origin, "; the store has ", Grouped(head.size.value)),
                   "this is an older copy: find the newest one, or see `consentctl recover`");
  } else {
    findings.Ok("guard", absl::StrCat(origin, " at ", Grouped(kept->value)));
  }
  return absl::OkStatus();
}

std::unique_ptr<ledger::Guard> OpenGuard(store::Store& store, const consentd::Config& config,
                                         Diagnoses& findings) {
  const auto guarded = store.ReadFact("guarded");
  if (config.guard.empty()) {
    if (guarded.ok() && guarded->has_value()) {
      findings.Wrong("guard", absl::StrCat("none is named; the ledger is guarded by ", **guarded),
                     "name it with --config FILE, or `guard` in it");
    } else {
      findings.Warn(
          "guard", "none",
          "an old copy of the data would not be noticed: give consentd --guard FILE, best "
          "on another disk");
    }
    return nullptr;
  }
  auto guard = ledger::Guard::Open(config.guard);
  if (guard.ok()) return *std::move(guard);
  findings.Wrong("guard", std::string(guard.status().message()),
                 "put it back; if it is lost for good, make an empty file there");
  return nullptr;
}

absl::Status CheckStore(store::Store& store, const consentd::Config& config, Diagnoses& findings) {
  ASSIGN_OR_RETURN(const std::optional<std::string> origin, store.ReadFact(ledger::kOriginFact));
  if (!origin.has_value()) {
    findings.Wrong("store", "holds no ledger", "start consentd once, or restore a backup");
    return absl::OkStatus();
  }
  findings.Ok("store",
              absl::StrCat("format ", std::string(store::kFormatVersion), ", ledger ", *origin));
  if (!config.origin.empty() && config.origin != *origin) {
    findings.Wrong(
        "origin", absl::StrCat("configured ", config.origin, ", stored ", *origin),
        "a ledger keeps its origin for ever: mend the setting, or name its own data folder");
  }
  CheckKeys(store, config, findings);
  const std::unique_ptr<ledger::Guard> guard = OpenGuard(store, config, findings);
  if (const absl::Status restored = ledger::CheckRestored(store, guard.get()); !restored.ok()) {
    findings.Wrong("restored", restored);
  }
  ASSIGN_OR_RETURN(const uint32_t generation, ledger::ReadGeneration(store));
  const SystemClock clock;
  Instant last{};
  for (const ShardId shard : {kDirectoryShard, ledger::kConsumerShard}) {
    RETURN_IF_ERROR(CheckJournal(store, shard, ledger::JournalOriginOf(*origin, shard, generation),
                                 guard.get(), findings));
    ASSIGN_OR_RETURN(const store::Head head, store.ReadHead(shard));
    ASSIGN_OR_RETURN(const journal::HeadState state, journal::ParseHead(head));
    last = std::max(last, state.last_at);
  }
  const int64_t ahead = last.unix_seconds - clock.WallMillis() / 1000;
  const absl::Status believed = ledger::CheckClock(store, clock, last);
  if (ahead > 2) {
    findings.Wrong("clock", absl::StrCat("the journal's last entry is ", ahead, " s in the future"),
                   "set this machine's clock; until that time has come nothing is decided");
  } else if (!believed.ok()) {
    findings.Wrong("clock", believed);
  } else {
    findings.Ok("clock", "later than the last entry, and steady since the ledger was last open");
  }
  return absl::OkStatus();
}

}  // namespace

void CheckLedger(const Session& session, const consentd::Config& config, Diagnoses& findings) {
  const auto store = store::RocksDbStore::OpenReadOnly(config.data + "/store");
  if (store.ok()) {
    if (const absl::Status checked = CheckStore(**store, config, findings); !checked.ok()) {
      findings.Wrong("store", std::string(checked.message()),
                     "the store is damaged: restore a backup (consentctl restore)");
    }
  } else if (absl::StrContains(store.status().message(), "another process")) {
    findings.Ok("store",
                "in use, so the service is asked; stop it to have keys, guard and clock "
                "compared with the store");
    AskServer(session, findings);
  } else if (absl::IsDataLoss(store.status())) {
    findings.Wrong("store", std::string(store.status().message()),
                   "the store is damaged: restore a backup (consentctl restore)");
  } else if (absl::IsNotFound(store.status())) {
    findings.Wrong(
        "store", std::string(store.status().message()),
        "name the right folder; or start consentd, which makes a new ledger; or restore");
  } else {
    findings.Wrong("store", store.status());
  }
}

}  // namespace consent::ctl

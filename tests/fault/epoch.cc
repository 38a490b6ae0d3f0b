// SPDX-License-Identifier: Apache-2.0

#include "tests/fault/epoch.h"

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consent/v1/contact_service.grpc.pb.h"
#include "consent/v1/directory_service.grpc.pb.h"
#include "src/base/status_macros.h"
#include "tests/fault/clients.h"
#include "tests/fault/doom.h"

namespace consent::fault {
namespace {

constexpr int kDialers = 4;
constexpr int kBatchDialers = 1;
constexpr size_t kFirstPerson = load::kTelephonesMax;  // Addresses: there are enough of them.
constexpr size_t kPeopleAtFirst = 40;
constexpr int64_t kMaxAtFirst = 2;
constexpr int64_t kCreationsMax = 3;
constexpr int64_t kCreationsToHitAll = 12;
constexpr absl::Duration kStartMax = absl::Minutes(5);
// How long clients work on a server that is killed at a random moment.
constexpr int64_t kLifeMaxMs = 120;
// How long one that is doomed has. In a part of each round its clients pause, so that it writes
// behind.
constexpr absl::Duration kDoomMax = absl::Milliseconds(1500);
constexpr absl::Duration kRound = absl::Milliseconds(250);
constexpr absl::Duration kRoundAtWork = absl::Milliseconds(100);
constexpr absl::Duration kLook = absl::Milliseconds(3);
// People asked again after each start, and at the end.
constexpr size_t kPeopleAgain = 5;
constexpr size_t kPeopleAtEnd = 300;
constexpr int64_t kStoredEvery = 12;
constexpr int64_t kCheckInCompanyEvery = 8;
// A start that has replayed so many entries writes behind what it has, before it replays more.
constexpr uint64_t kReplayWritesEvery = 16'384;
constexpr int kCrowdItems = 1000;
// Further people, with telephones, who are asked about in large batches and always in vain: more
// than a server that keeps few records writes behind at once.
constexpr size_t kCrowdFirst = 1;
constexpr size_t kCrowd = 600;
constexpr int64_t kBurstEvery = 8;

}  // namespace

Epoch::~Epoch() { EndClients(); }

uint64_t Epoch::checkpoints() const {
  uint64_t all = 0;
  for (const Published& published : published_) all += published.sizes();
  return all;
}

uint64_t Epoch::receipts() const { return published_.empty() ? 0 : published_[0].receipts(); }

std::string Epoch::Keep() {
  EndClients();
  if (server_ != nullptr) server_->Kill();
  std::error_code error;
  const std::string kept = folder_.path() + "-kept";
  std::filesystem::copy(folder_.path(), kept, std::filesystem::copy_options::recursive, error);
  return error ? error.message() : kept;
}

// --- Servers.

bool Epoch::CountOwnDeath(const Death& death) {
  if (death.point == nullptr) return false;
  const std::vector<std::string> lines = server_->LogLines();
  if (lines.empty() ||
      lines.back() != absl::StrCat(std::string(kDiedAt), std::string(death.point->name))) {
    return false;
  }
  plan_.CountAt(*death.point);
  return true;
}

absl::Status Epoch::StartServer(Death death, const Death& next) {
  while (true) {
    // All clients have one address, and a crowd is asked about as fast as it goes.
    std::vector<std::string> flags = {"--guard",           guard_, "--cache-mib", "8",
                                      "--rate-per-caller", "0"};
    // Very few, so that records are written behind all the time, and read again; few, so that some
    // of many are written; or many. A replay writes behind where the server before it wrote
    // nothing, and it has no room itself.
    const int64_t most = death.At(Stage::kReplay) ? 2 : 3;
    const int64_t records = next.At(Stage::kReplay) ? 3 : Pick(chance_, 1, most);
    if (records == 1) flags.insert(flags.end(), {"--records-in-memory", "64"});
    if (records == 2) flags.insert(flags.end(), {"--records-in-memory", "1000"});
    if (death.point != nullptr) flags.insert(flags.end(), {"--die-at", death.ToFlag()});
    const std::string program = death.point == nullptr ? "consentd" : "fragile_consentd";
    ASSIGN_OR_RETURN(server_, load::ServerProcess::Start({.program = load::ProgramPath(program),
                                                          .data = data_,
                                                          .flags = std::move(flags)}));
    // Once in a while a server is killed before it serves.
    if (death.point == nullptr && plan_.kills() > 0 && Pick(chance_, 1, 12) == 1) {
      absl::SleepFor(absl::Milliseconds(Pick(chance_, 0, 60)));
      Kill();
      continue;
    }
    const absl::Status serving = server_->AwaitServing(kStartMax);
    if (serving.ok()) break;
    if (!CountOwnDeath(death)) return serving;
    death = {};
  }
  if (death.At(Stage::kStart) || death.At(Stage::kReplay)) plan_.CountMissed(*death.point);
  channel_ = load::Connect(server_->address());
  return absl::OkStatus();
}

void Epoch::Kill() {
  server_->Kill();
  plan_.CountRandom();
}

// Servers die while they make the ledger: on nothing, or on what the one before has left.
absl::Status Epoch::DieCreating() {
  const int64_t wanted = plan_.AllHit(/*creation=*/true) ? Pick(chance_, 0, kCreationsMax)
                                                         : int64_t{kCreationsToHitAll};
  for (int64_t i = 0; i < wanted; ++i) {
    const Death death = plan_.DrawCreation();
    if (Pick(chance_, 1, 2) == 1) Wipe();
    ASSIGN_OR_RETURN(server_, load::ServerProcess::Start(
                                  {.program = load::ProgramPath("fragile_consentd"),
                                   .data = data_,
                                   .flags = {"--guard", guard_, "--die-at", death.ToFlag()}}));
    const absl::Status serving = server_->AwaitServing(kStartMax);
    if (serving.ok()) {
      plan_.CountMissed(*death.point);
      server_->Kill();
      Wipe();  // It is made: nothing of it is passed again.
    } else if (!CountOwnDeath(death)) {
      return serving;
    }
    if (plan_.AllHit(/*creation=*/true) && i >= kCreationsMax) break;
  }
  return absl::OkStatus();
}

void Epoch::Wipe() {
  std::error_code ignored;
  std::filesystem::remove_all(data_, ignored);
  for (const char* const file : {"", ".new", ".erased"}) {
    std::filesystem::remove(guard_ + file, ignored);
  }
}

absl::Status Epoch::Found() {
  RETURN_IF_ERROR(DieCreating());
  RETURN_IF_ERROR(StartServer({}, {}));
  ASSIGN_OR_RETURN(population_, load::Population::Found(channel_));
  v1::GetLedgerResponse ledger;
  grpc::ClientContext context;
  if (!v1::DirectoryService::NewStub(channel_)->GetLedger(&context, {}, &ledger).ok()) {
    return absl::UnavailableError("GetLedger failed");
  }
  for (const char* const shard : {"1", "directory"}) {
    const std::string origin = absl::StrCat(population_->origin(), "/", shard);
    std::vector<tlog::VerifierKey> keys;
    for (const v1::JournalInfo& journal : ledger.journals()) {
      if (journal.journal_origin() != origin) continue;
      for (const std::string& text : journal.verifier_keys()) {
        ASSIGN_OR_RETURN(tlog::VerifierKey key, tlog::ParseVerifierKey(text));
        keys.push_back(std::move(key));
      }
    }
    witnesses_.emplace_back(origin);
    published_.emplace_back(origin, std::move(keys));
  }
  RETURN_IF_ERROR(population_->Admit(channel_, kFirstPerson, kPeopleAtFirst, {.max = kMaxAtFirst}));
  RETURN_IF_ERROR(population_->Admit(channel_, kCrowdFirst, kCrowd, {.max = 1}));
  for (size_t i = 0; i < kPeopleAtFirst; ++i) world_.Add(kFirstPerson + i, kMaxAtFirst);
  return absl::OkStatus();
}

// --- Clients.

void Epoch::StartClients() {
  world_.SetServer(channel_);
  for (int i = 0; i < kDialers; ++i) {
    clients_.emplace_back(DialOneByOne, std::ref(world_), absl::StrCat("one", i),
                          Chance(chance_()));
  }
  for (int i = 0; i < kBatchDialers; ++i) {
    clients_.emplace_back(DialInBatches, std::ref(world_), absl::StrCat("batch", i),
                          Chance(chance_()));
  }
  clients_.emplace_back(GrantAndRevoke, std::ref(world_), std::cref(*population_),
                        kFirstPerson + kPeopleAtFirst, Chance(chance_()));
}

void Epoch::EndClients() {
  world_.over = true;
  for (std::thread& client : clients_) client.join();
  clients_.clear();
}

// One batch about the whole crowd; the entry of its last answer, 0: there was none.
uint64_t Epoch::AskForCrowd() {
  v1::BatchCheckAndConsumeRequest request;
  request.mutable_header()->set_company(load::kCompany);
  request.mutable_header()->set_channel(v1::CHANNEL_CALL);
  request.mutable_header()->set_purpose(v1::PURPOSE_DIRECT_MARKETING);
  for (int i = 0; i < kCrowdItems; ++i) {
    v1::BatchItem& item = *request.add_items();
    item.set_contact_point(load::ContactPointOf(kCrowdFirst + asked_ % kCrowd));
    item.set_request_id(absl::StrCat("crowd-", asked_++));
  }
  v1::BatchCheckAndConsumeResponse response;
  grpc::ClientContext context;
  const auto stub = v1::ContactService::NewStub(channel_);
  const grpc::Status asked = stub->BatchCheckAndConsume(&context, request, &response);
  if (asked.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) {
    world_.Fault(absl::StrCat("a crowd was not answered: ", asked.error_message()));
  }
  if (!asked.ok()) return 0;
  return response.results(kCrowdItems - 1).decision().entry();
}

// Fills the journal until a replay of what is new writes behind, or the server ends.
void Epoch::Flood() {
  const uint64_t first = AskForCrowd();
  for (uint64_t last = first; last != 0 && last <= first + kReplayWritesEvery;) {
    last = AskForCrowd();
  }
}

bool Epoch::LetDie(const Death& death, absl::Duration life) {
  const bool doomed = death.At(Stage::kWork) || death.At(Stage::kErasure);
  const absl::Time began = absl::Now();
  const absl::Time until = began + (doomed ? kDoomMax : life);
  world_.ServerMayDie();
  world_.erase_now = death.At(Stage::kErasure);
  if (doomed) server_->Signal(SIGUSR1);
  const bool behind = death.point != nullptr && death.point->name.starts_with("behind/");
  if (behind || (life > absl::ZeroDuration() && Pick(chance_, 1, kBurstEvery) == 1)) AskForCrowd();
  while (absl::Now() < until && !server_->Ended()) {
    const absl::Duration age = absl::Now() - began;
    world_.paused = doomed && age - absl::Floor(age, kRound) > kRoundAtWork;
    FetchCheckpoints();
    absl::SleepFor(kLook);
  }
  world_.paused = false;
  const bool own_death = server_->Ended() && CountOwnDeath(death);
  if (!own_death) {
    if (doomed) plan_.CountMissed(*death.point);
    if (server_->Ended()) world_.Fault("a server ended by itself");
    Kill();
  }
  world_.Lost(channel_);
  return own_death;
}

absl::Status Epoch::Run(int64_t kills, const std::function<bool()>& enough) {
  RETURN_IF_ERROR(Found());
  StartClients();
  Death death;
  Death next = plan_.Draw();
  while (plan_.kills() < kills && !enough() && world_.faults().empty()) {
    absl::Duration life = absl::Milliseconds(Pick(chance_, 0, kLifeMaxMs));
    if (next.At(Stage::kReplay)) {
      Flood();
      death = {};
      life = absl::ZeroDuration();  // Or it would write behind what the replay is to find.
    }
    const PointInfo* const died_at = LetDie(death, life) ? death.point : nullptr;
    const bool publishing = died_at != nullptr && died_at->point >= Point::kCheckpointUnstored &&
                            died_at->point <= Point::kGuardWritten;
    if (publishing || Pick(chance_, 1, kStoredEvery) == 1) RETURN_IF_ERROR(CheckStored());
    death = std::exchange(next, plan_.Draw());
    const std::vector<Acknowledged> acknowledged = world_.TakeAcknowledged();
    RETURN_IF_ERROR(StartServer(death, next));
    CheckNotedErasure(died_at);
    // Mostly alone, which is quicker.
    world_.paused = Pick(chance_, 1, kCheckInCompanyEvery) != 1;
    world_.SetServer(channel_);
    CheckAcknowledged(acknowledged);
    CheckPublished(/*all=*/false);
    CheckPeople(kPeopleAgain);
    world_.paused = false;
  }
  EndClients();
  CheckAcknowledged(world_.TakeAcknowledged());
  CheckPeople(kPeopleAtEnd);
  CheckLimits();
  return CountAll();
}

}  // namespace consent::fault

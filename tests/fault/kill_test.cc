// SPDX-License-Identifier: Apache-2.0
//
// The server is killed (SIGKILL) at random moments while many clients use it, and started again:
// nothing that it acknowledged may be gone, and no limit may be passed.
//
// CONSENT_KILLS: how often, default 8. CONSENT_SEED: repeats the random choices of another run (the
// moments fall differently all the same). `./dev test --kill N` runs this alone.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "consent/v1/directory_service.grpc.pb.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/temporary_folder.h"
#include "tests/fault/clients.h"
#include "tests/fault/journal_witness.h"
#include "tests/fault/recount.h"
#include "tests/fault/world.h"
#include "tests/load/population.h"
#include "tests/load/server_process.h"

namespace consent::fault {
namespace {

constexpr int kDialers = 6;
constexpr int kBatchDialers = 2;
constexpr size_t kFirstPerson = load::kTelephonesMax;  // Addresses: there are enough of them.
// So many that the server, busy, writes some of their records behind and not all of them.
constexpr size_t kPeopleAtFirst = 2500;
constexpr int64_t kMaxAtFirst = 2;
// Longer than the server waits before it writes behind all that is late.
constexpr absl::Duration kPause = absl::Milliseconds(250);
constexpr absl::Duration kStartMax = absl::Seconds(60);

int64_t FromEnvironment(const char* name, int64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::atoll(text);
}

class KillTest : public ::testing::Test {
 protected:
  KillTest()
      : seed_(static_cast<uint64_t>(
            FromEnvironment("CONSENT_SEED", absl::ToUnixNanos(absl::Now()) % 1'000'000'007))),
        chance_(seed_) {
    std::printf("seed: CONSENT_SEED=%llu\n", static_cast<unsigned long long>(seed_));
  }

  ~KillTest() override { EndClients(); }

  // Starts a server. Once in a while it is killed before it serves, and started again.
  void StartServer() {
    while (true) {
      ASSERT_OK_AND_ASSIGN(
          server_,
          load::ServerProcess::Start(
              {.program = load::ProgramPath("consentd"), .data = folder_.path(), .flags = {}}));
      if (kills_ == 0 || Pick(chance_, 1, 5) > 1) break;
      absl::SleepFor(absl::Milliseconds(Pick(chance_, 0, 150)));
      server_->Kill();
      ++kills_;
    }
    ASSERT_OK(server_->AwaitServing(kStartMax));
    channel_ = load::Connect(server_->address());
  }

  void FoundLedger() {
    StartServer();
    ASSERT_FALSE(HasFatalFailure());
    ASSERT_OK_AND_ASSIGN(population_, load::Population::Found(channel_));
    for (const char* const shard : {"1", "directory"}) {
      witnesses_.emplace_back(absl::StrCat(population_->origin(), "/", shard));
    }
    ASSERT_OK(population_->Admit(channel_, kFirstPerson, kPeopleAtFirst, {.max = kMaxAtFirst}));
    for (size_t i = 0; i < kPeopleAtFirst; ++i) world_.Add(kFirstPerson + i, kMaxAtFirst);
  }

  void StartClients() {
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

  void EndClients() {
    world_.over = true;
    for (std::thread& client : clients_) client.join();
    clients_.clear();
  }

  void Pause() {
    world_.paused = true;
    absl::SleepFor(kPause);
    world_.paused = false;
    absl::SleepFor(absl::Milliseconds(Pick(chance_, 0, 50)));
  }

  void Kill() {
    server_->Kill();
    ++kills_;
    world_.Lost(channel_);
  }

  // Journals, while or after the clients work. Reads what is new and some of what is not.
  bool ReadJournals(uint64_t again) {
    bool read = true;
    for (JournalWitness& witness : witnesses_) {
      const uint64_t from = witness.size() - std::min(witness.size(), again);
      read = witness.Read(world_, channel_, from) && read;
    }
    return read;
  }

  // Everything acknowledged up to the last kill must be in the journal that the server now has.
  void CheckAcknowledged(const std::vector<Acknowledged>& acknowledged) {
    ASSERT_TRUE(ReadJournals(5000));
    for (const Acknowledged& one : acknowledged) {
      if (witnesses_[0].Holds(one)) continue;
      world_.Fault(absl::StrCat("an acknowledged answer is gone: entry ", one.entry, ", kind ",
                                int{one.kind}, ", reason ", int{one.reason}, "; the journal has ",
                                witnesses_[0].size(), " entries"));
    }
  }

  // Asks again what `count` people were told: half of them the latest, half of them any.
  void CheckPeople(size_t count) {
    const std::vector<Person*> people = world_.everybody();
    for (size_t i = 0; i < count; ++i) {
      const size_t any = static_cast<size_t>(Pick(chance_, 1, static_cast<int64_t>(people.size())));
      Person& person = *people[people.size() - (i % 2 == 0 ? any : std::min(people.size(), i))];
      if (person.revoked) CheckRevoked(world_, person);
      std::vector<Allowed> allowed;
      {
        absl::MutexLock lock(&person.mutex);
        allowed = person.allowed;
      }
      for (const Allowed& one : allowed) AskAgain(world_, person, one);
    }
  }

  // By what the clients were told alone: no more units out than granted; and where a denial said
  // that all were taken, all had been.
  void CheckLimits() {
    for (Person* const person : world_.everybody()) {
      absl::MutexLock lock(&person->mutex);
      int64_t live = 0;
      for (const Allowed& allowed : person->allowed) {
        if (allowed.fate != Fate::kGivenBack && allowed.fate != Fate::kUnclear) ++live;
      }
      if (live > person->max) {
        world_.Fault(absl::StrCat("consumer ", person->number, ": ", live, " contacts allowed of ",
                                  person->max));
      }
      const auto ever = static_cast<int64_t>(person->allowed.size());
      if (person->seen_full && !person->revoking && ever < person->max) {
        world_.Fault(absl::StrCat("consumer ", person->number, ": denied for its limit of ",
                                  person->max, ", of which only ", ever, " were given"));
      }
    }
  }

  void ExpectNoFaults() { EXPECT_EQ(absl::StrJoin(world_.faults(), "\n"), ""); }

  const uint64_t seed_;
  Chance chance_;
  store::TemporaryFolder folder_;
  World world_;
  std::unique_ptr<load::ServerProcess> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::optional<load::Population> population_;
  std::vector<JournalWitness> witnesses_;  // The consumers' journal, the directory's.
  std::vector<std::thread> clients_;
  int64_t kills_ = 0;
};

TEST_F(KillTest, WhatWasAcknowledgedOutlivesEveryKillAndNoLimitIsPassed) {
  const int64_t kills = FromEnvironment("CONSENT_KILLS", 8);
  const absl::Time began = absl::Now();
  FoundLedger();
  ASSERT_FALSE(HasFatalFailure());
  StartClients();

  while (kills_ < kills && world_.faults().empty() && !HasFatalFailure()) {
    absl::SleepFor(absl::Milliseconds(Pick(chance_, 0, 250)));
    // What is seen now must still be there afterwards.
    if (Pick(chance_, 1, 2) == 1) ReadJournals(0);
    absl::SleepFor(absl::Milliseconds(Pick(chance_, 0, 250)));
    if (Pick(chance_, 1, 4) == 1) Pause();
    Kill();
    const std::vector<Acknowledged> acknowledged = world_.TakeAcknowledged();
    StartServer();
    ASSERT_FALSE(HasFatalFailure());
    world_.SetServer(channel_);
    CheckAcknowledged(acknowledged);
    CheckPeople(20);
  }
  EndClients();
  CheckAcknowledged(world_.TakeAcknowledged());
  CheckPeople(500);
  CheckLimits();
  ASSERT_TRUE(ReadJournals(std::numeric_limits<uint64_t>::max()));
  Kill();

  const absl::StatusOr<ledger::ReplayReport> replayed = Recount(world_, folder_.path() + "/store");
  EXPECT_OK(replayed);
  ExpectNoFaults();
  if (!replayed.ok()) return;
  // The answers since the last kill were asked again: the journal has grown, and only so.
  EXPECT_GE(replayed->entries, witnesses_[0].size());
  std::printf(
      "%lld kills, %llu decisions acknowledged, %llu statements, %llu calls repeated, %llu "
      "entries replayed, %.1f s\n",
      static_cast<long long>(kills_), static_cast<unsigned long long>(world_.decisions),
      static_cast<unsigned long long>(world_.statements),
      static_cast<unsigned long long>(world_.repetitions),
      static_cast<unsigned long long>(replayed->entries),
      absl::ToDoubleSeconds(absl::Now() - began));
  EXPECT_GT(world_.decisions.load(), 100U);
}

}  // namespace
}  // namespace consent::fault

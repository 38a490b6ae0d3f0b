// SPDX-License-Identifier: Apache-2.0
//
// Histories of many clients of a ledger in this process are linearizable: on a store in memory
// whose commits fail at random, with their effect or without, and on RocksDB.
//
// CONSENT_SEED: repeats the choices of another run (the threads run differently all the same).
// CONSENT_LONG: many more rounds.

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>

#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "src/api/server.h"
#include "src/base/status_matchers.h"
#include "src/ledger/ledger.h"
#include "src/ledger/test_ledger.h"
#include "src/store/memory_store.h"
#include "src/store/rocksdb_store.h"
#include "src/store/temporary_folder.h"
#include "tests/linear/recorder.h"
#include "tests/load/population.h"

namespace consent::linear {
namespace {

class LedgerHistoryTest : public ::testing::Test {
 protected:
  LedgerHistoryTest() {
    const char* const text = std::getenv("CONSENT_SEED");
    seed_ = text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device()();
    std::printf("seed: CONSENT_SEED=%llu\n", static_cast<unsigned long long>(seed_));
    if (std::getenv("CONSENT_LONG") != nullptr) rounds_ = 300;
  }

  void Serve(store::Store& store) {
    ASSERT_OK_AND_ASSIGN(ledger_,
                         ledger::Ledger::Open(store, clock_,
                                              {.origin = "ledger.example/test",
                                               .peppers = {{1, "test"}},
                                               .records_in_memory = 4,
                                               .journal_keys = {ledger::KeyOf("journal")}}));
    ASSERT_OK_AND_ASSIGN(
        server_,
        api::Server::Start(
            {.ledger = *ledger_, .peppers = peppers_, .permit_key = permit_key_, .clock = clock_},
            "127.0.0.1:0"));
    channel_ = load::Connect("127.0.0.1:" + std::to_string(server_->port()));
    ASSERT_OK_AND_ASSIGN(population_, load::Population::Found(channel_));
  }

  // Rounds of consumers of their own. `meanwhile` is called again and again.
  void Record(const std::function<void(Chance&)>& meanwhile) {
    Chance chance(seed_);
    for (int round = 0; round < rounds_; ++round) {
      ASSERT_OK_AND_ASSIGN(
          const std::unique_ptr<Recorder> recorder,
          Recorder::Make(*population_, channel_,
                         {.first = load::kTelephonesMax + 4 * static_cast<size_t>(round),
                          .lives_on = true,
                          .seed = chance()}));
      recorder->Start([this] { return channel_; });
      while (!recorder->Done()) meanwhile(chance);
      recorder->End();
      ASSERT_EQ(absl::StrJoin(recorder->Check(), "\n"), "") << "round " << round;
    }
  }

  void Stop() {
    server_->Drain(absl::Seconds(5));
    server_.reset();
    ledger_.reset();
  }

  uint64_t seed_;
  int rounds_ = 16;
  SystemClock clock_;
  const contact::Peppers peppers_{
      contact::Pepper(contact::Pepper::kFirstVersion, crypto::HmacKey::FromBytes("test pepper"))};
  const crypto::TokenKey permit_key_{crypto::Secret::Random(), "permit"};
  std::unique_ptr<ledger::Ledger> ledger_;
  std::unique_ptr<api::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::optional<load::Population> population_;
};

TEST_F(LedgerHistoryTest, OnAStoreInMemoryWhoseCommitsFail) {
  using Outcome = store::MemoryStore::Outcome;
  store::MemoryStore store;
  Serve(store);
  ASSERT_FALSE(HasFatalFailure());
  // Commits that take a while gather groups.
  store.SetCommitDelay(absl::Microseconds(300));
  // After each failure all is loaded again: some commits must have gone well before the next, or a
  // slow machine would do nothing else.
  constexpr uint64_t kBetweenFailures = 4;
  uint64_t enough = 0;
  Record([&](Chance& chance) {
    absl::SleepFor(absl::Microseconds(std::uniform_int_distribution<int>(3000, 15000)(chance)));
    const uint64_t commits = store.statistics().commits;
    if (commits < enough) return;
    enough = commits + kBetweenFailures;
    const bool applied = std::uniform_int_distribution<int>(0, 1)(chance) == 0;
    store.FailNextCommit(absl::DeadlineExceededError("no answer"),
                         applied ? Outcome::kApplied : Outcome::kNotApplied);
  });
  Stop();
}

TEST_F(LedgerHistoryTest, OnRocksDb) {
  const store::TemporaryFolder folder;
  ASSERT_OK_AND_ASSIGN(const auto store, store::RocksDbStore::Open(folder.path() + "/store"));
  Serve(*store);
  ASSERT_FALSE(HasFatalFailure());
  Record([](Chance&) { absl::SleepFor(absl::Milliseconds(1)); });
  Stop();
}

}  // namespace
}  // namespace consent::linear

// SPDX-License-Identifier: Apache-2.0
//
// Histories of many clients of a server that is killed again and again, at random moments and at
// the points of a commit, are linearizable: a call that was lost took effect at some moment after
// it was sent, once, or never.
//
// CONSENT_KILLS: a tenth as many kills, default 16. CONSENT_SEED: repeats the choices of another
// run (the moments fall differently all the same).

#include <signal.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/temporary_folder.h"
#include "tests/fault/plan.h"
#include "tests/linear/recorder.h"
#include "tests/load/population.h"
#include "tests/load/server_process.h"

namespace consent::linear {
namespace {

constexpr absl::Duration kStartMax = absl::Minutes(5);
constexpr absl::Duration kDoomMax = absl::Milliseconds(500);
constexpr int64_t kLifeMaxMs = 60;
constexpr int64_t kKillsShare = 10;
constexpr size_t kConsumers = 4;

class KillHistoryTest : public ::testing::Test {
 protected:
  KillHistoryTest() {
    const char* const text = std::getenv("CONSENT_SEED");
    const uint64_t seed =
        text != nullptr ? std::strtoull(text, nullptr, 10) : std::random_device()();
    std::printf("seed: CONSENT_SEED=%llu\n", static_cast<unsigned long long>(seed));
    chance_.seed(seed);
    const char* const kills = std::getenv("CONSENT_KILLS");
    if (kills != nullptr) kills_ = std::max<int64_t>(std::atoll(kills) / kKillsShare, 1);
  }
  ~KillHistoryTest() override { recorder_.reset(); }

  // A server that dies as it is drawn, once its clients are at work.
  void StartServer() {
    death_ = plan_.Draw();
    if (!death_.At(fault::Stage::kWork)) death_ = {};
    std::vector<std::string> flags = {"--cache-mib", "8", "--rate-per-caller", "0"};
    if (death_.point != nullptr) flags.insert(flags.end(), {"--die-at", death_.ToFlag()});
    ASSERT_OK_AND_ASSIGN(
        server_,
        load::ServerProcess::Start({.program = load::ProgramPath(
                                        death_.point == nullptr ? "consentd" : "fragile_consentd"),
                                    .data = folder_.path(),
                                    .flags = std::move(flags)}));
    ASSERT_OK(server_->AwaitServing(kStartMax));
    SetChannel(load::Connect(server_->address()));
  }

  void LetDie() {
    const absl::Time until =
        absl::Now() + (death_.point != nullptr
                           ? kDoomMax
                           : absl::Milliseconds(fault::Pick(chance_, 1, kLifeMaxMs)));
    if (death_.point != nullptr) server_->Signal(SIGUSR1);
    while (absl::Now() < until && !server_->Ended()) absl::SleepFor(absl::Milliseconds(1));
    server_->Kill();
    SetChannel(nullptr);
    ++died_;
  }

  void SetChannel(std::shared_ptr<grpc::Channel> channel) {
    absl::MutexLock lock(&mutex_);
    channel_ = std::move(channel);
  }
  std::shared_ptr<grpc::Channel> GetChannel() {
    absl::MutexLock lock(&mutex_);
    return channel_;
  }

  void NewRecorder() {
    ASSERT_OK_AND_ASSIGN(recorder_,
                         Recorder::Make(*population_, GetChannel(),
                                        {.first = load::kTelephonesMax + kConsumers * rounds_++,
                                         .consumers = kConsumers,
                                         .operations = 300,
                                         .seed = chance_()}));
    recorder_->Start([this] { return GetChannel(); });
  }

  fault::Chance chance_;
  fault::Plan plan_{chance_};
  int64_t kills_ = 16;
  int64_t died_ = 0;
  size_t rounds_ = 0;
  store::TemporaryFolder folder_;
  fault::Death death_;
  std::unique_ptr<load::ServerProcess> server_;
  absl::Mutex mutex_;
  std::shared_ptr<grpc::Channel> channel_ ABSL_GUARDED_BY(mutex_);
  std::optional<load::Population> population_;
  std::unique_ptr<Recorder> recorder_;
};

TEST_F(KillHistoryTest, WithALostCallWheneverTheServerIsKilled) {
  StartServer();
  ASSERT_FALSE(HasFatalFailure());
  ASSERT_OK_AND_ASSIGN(population_, load::Population::Found(GetChannel()));
  while (died_ < kills_) {
    if (recorder_ == nullptr) NewRecorder();
    ASSERT_FALSE(HasFatalFailure());
    LetDie();
    StartServer();
    ASSERT_FALSE(HasFatalFailure());
    if (!recorder_->Done()) continue;
    recorder_->End();
    ASSERT_EQ(absl::StrJoin(recorder_->Check(), "\n"), "");
    recorder_.reset();
  }
  if (recorder_ != nullptr) {
    recorder_->End();
    EXPECT_EQ(absl::StrJoin(recorder_->Check(), "\n"), "");
  }
  std::printf("%lld kills\n", static_cast<long long>(died_));
}

}  // namespace
}  // namespace consent::linear

// SPDX-License-Identifier: Apache-2.0
//
// `consentctl witness`, killed (SIGKILL) at random moments while a log with two histories asks it
// to sign both: what it signed before must bind it afterwards.

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/status_matchers.h"
#include "src/crypto/key_file.h"
#include "src/http/test_log.h"
#include "src/http/witness_client.h"

namespace consent::http {
namespace {

constexpr char kName[] = "witness.example/w1";
constexpr int kKills = 8;
constexpr uint64_t kSizeMax = 100'000;  // Never reached.

// The program; ends with this object.
class WitnessProcess {
 public:
  WitnessProcess(const std::string& folder, const std::string& log_key) {
    const char* const bin = std::getenv("CONSENT_BIN_DIR");
    const std::string program = absl::StrCat(bin == nullptr ? "build/dev/bin" : bin, "/consentctl");
    int out[2];
    EXPECT_EQ(pipe(out), 0);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(out[1], STDOUT_FILENO);
      close(out[0]);
      const std::string key = folder + "/key.pem";
      const std::string state = folder + "/state";
      execl(program.c_str(), "consentctl", "witness", "--listen", "127.0.0.1:0", "--key",
            key.c_str(), "--name", kName, "--log", log_key.c_str(), "--state", state.c_str(),
            "--json", nullptr);
      _exit(127);
    }
    close(out[1]);
    std::string line;
    for (char c = 0; read(out[0], &c, 1) == 1 && c != '\n';) line += c;
    close(out[0]);
    const auto said = nlohmann::json::parse(line, nullptr, false);
    port_ = said.is_object() && said.contains("port") ? said["port"].get<int>() : 0;
    EXPECT_NE(port_, 0) << line;
  }
  ~WitnessProcess() { End(SIGKILL); }

  // Returns how it ended, as waitpid says.
  int End(int signal) {
    if (pid_ <= 0) return 0;
    kill(pid_, signal);
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return status;
  }
  int port() const { return port_; }

 private:
  pid_t pid_ = 0;
  int port_ = 0;
};

class WitnessKillTest : public testing::Test {
 protected:
  WitnessKillTest() {
    std::string pattern = testing::TempDir() + "/witness-kill-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    EXPECT_OK(crypto::CreateKeyFile(folder_ + "/key.pem", key_));
  }
  ~WitnessKillTest() override { std::filesystem::remove_all(folder_); }

  WitnessClient Client(int port) const {
    return *WitnessClient::Create(
        {.url = absl::StrCat("http://127.0.0.1:", port),
         .key = *tlog::MakeVerifierKey(kName, tlog::KeyType::kCosignature, key_.public_key()),
         .timeout = absl::Seconds(5)});
  }

  // Submits a little more of one history, again and again, until the witness is gone.
  void Submit(const WitnessClient& client, bool other, unsigned seed) {
    std::mt19937 random(seed);
    while (true) {
      const uint64_t from = known_;
      const uint64_t to = from + random() % 4;
      const auto added = client.AddCheckpoint(log_.Request(from, to, other));
      if (absl::IsUnavailable(added.status())) return;
      if (!added.ok()) continue;  // Refused: it signed the other history.
      if (added->known_size.has_value()) {
        known_ = added->known_size->value;
        continue;
      }
      const std::lock_guard lock(mutex_);
      const auto [it, is_new] = roots_.try_emplace(to, log_.Root(to, other));
      if (!is_new && it->second != log_.Root(to, other)) ++forks_;
      if (to > known_) known_ = to;
    }
  }

  const crypto::PrivateKey key_ = crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519);
  const TestLog log_;
  std::string folder_;
  std::atomic<uint64_t> known_{0};
  std::mutex mutex_;
  std::map<uint64_t, Digest> roots_;  // What was cosigned, by size. Guarded by mutex_.
  int forks_ = 0;                     // Guarded by mutex_.
};

TEST_F(WitnessKillTest, WhatWasSignedBindsAfterEveryKill) {
  std::random_device chance;
  for (int round = 0; round < kKills; ++round) {
    WitnessProcess witness(folder_, log_.key().ToString());
    ASSERT_NE(witness.port(), 0);
    const WitnessClient client = Client(witness.port());
    // First of all: it remembers at least what it answered before it was killed.
    if (!roots_.empty()) {
      ASSERT_OK_AND_ASSIGN(const std::string last, client.LastCheckpoint(log_.origin()));
      ASSERT_OK_AND_ASSIGN(const auto opened,
                           tlog::OpenCheckpoint(last, log_.origin(), {&log_.key(), 1}));
      EXPECT_GE(opened.checkpoint.size.value, roots_.rbegin()->first);
      if (opened.checkpoint.size.value == roots_.rbegin()->first) {
        EXPECT_EQ(opened.checkpoint.root, roots_.rbegin()->second);
      }
    }
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < 4; ++t) {
      threads.emplace_back([&, t, seed = chance()] { Submit(client, t % 2 == 1, seed); });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50 + chance() % 250));
    witness.End(SIGKILL);
    for (std::thread& thread : threads) thread.join();
  }
  EXPECT_EQ(forks_, 0);
  ASSERT_FALSE(roots_.empty());
  EXPECT_LT(roots_.rbegin()->first, kSizeMax);
  // All of it is one history.
  int honest = 0;
  int others = 0;
  for (const auto& [size, root] : roots_) {
    if (size <= log_.fork()) continue;
    honest += root == log_.Root(size);
    others += root == log_.Root(size, true);
  }
  EXPECT_GT(honest + others, 0);
  EXPECT_TRUE(honest == 0 || others == 0) << honest << " and " << others;
}

TEST_F(WitnessKillTest, EndsWithZeroWhenAskedTo) {
  WitnessProcess witness(folder_, log_.key().ToString());
  ASSERT_NE(witness.port(), 0);
  ASSERT_OK(Client(witness.port()).AddCheckpoint(log_.Request(0, 3)));
  EXPECT_EQ(witness.End(SIGTERM), 0);
}

}  // namespace
}  // namespace consent::http

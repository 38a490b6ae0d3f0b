// SPDX-License-Identifier: Apache-2.0

#include "src/http/witness.h"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/http/test_log.h"
#include "src/tlog/cosignature.h"

namespace consent::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kWitnessName[] = "witness.example/w1";
constexpr int64_t kNow = 1'800'000'000;

class WitnessTest : public testing::Test {
 protected:
  WitnessTest() {
    std::string pattern = testing::TempDir() + "/witness-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    Open();
  }
  ~WitnessTest() override {
    witness_.reset();
    std::filesystem::remove_all(folder_);
  }

  absl::StatusOr<std::unique_ptr<Witness>> TryOpen(char seed = 'w') {
    return Witness::Open({.state = folder_,
                          .signer = TestKey(kWitnessName, seed, tlog::KeyType::kCosignature),
                          .logs = {log_.key(), second_.key()},
                          .now = [] { return Instant{kNow}; },
                          .on_fork =
                              [this](const std::string& origin, const absl::Status& kept) {
                                EXPECT_OK(kept);
                                forks_.push_back(origin);
                              }});
  }
  void Open() {
    auto opened = TryOpen();
    ASSERT_OK(opened);
    witness_ = *std::move(opened);
  }
  void Restart() {
    witness_.reset();
    Open();
  }

  Response Post(const std::string& body) {
    return witness_->Answer(
        {.method = "POST", .path = "/add-checkpoint", .headers = {}, .body = body});
  }
  Response Add(uint64_t from, uint64_t to, bool other = false) {
    return Post(log_.Request(from, to, other).ToString());
  }
  Response Get(const std::string& path) {
    return witness_->Answer({.method = "GET", .path = path, .headers = {}, .body = {}});
  }
  Response Last() { return Get("/" + WitnessBook::HashOf(log_.origin()) + "/checkpoint"); }

  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
      names.push_back(file.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::string FileThatEndsWith(std::string_view suffix) const {
    for (const std::string& name : Files()) {
      if (!name.ends_with(suffix)) continue;
      std::ifstream in(folder_ + "/" + name, std::ios::binary);
      return std::string(std::istreambuf_iterator<char>(in), {});
    }
    return "";
  }

  const TestLog log_;
  const TestLog second_{"example.com/second"};
  const tlog::VerifierKey key_ =
      TestKey(kWitnessName, 'w', tlog::KeyType::kCosignature).verifier_key();
  std::string folder_;
  std::unique_ptr<Witness> witness_;
  std::vector<std::string> forks_;
};

TEST_F(WitnessTest, CosignsAGrowingLog) {
  for (const auto& [from, to] : std::vector<std::pair<int, int>>{{0, 3}, {3, 3}, {3, 8}, {8, 20}}) {
    const Response answer = Add(from, to);
    ASSERT_EQ(answer.status, 200) << answer.body;
    const std::string text = tlog::ParseNote(log_.Checkpoint(to))->text;
    ASSERT_OK_AND_ASSIGN(const auto cosignatures,
                         tlog::ReadCosignatures(answer.body, text, {&key_, 1}));
    ASSERT_EQ(cosignatures.size(), 1u);
    EXPECT_EQ(cosignatures[0].time, Instant{kNow});
  }
}

TEST_F(WitnessTest, AnswersWithTheStatusesOfTheSpecification) {
  EXPECT_EQ(Post("nonsense").status, 400);
  EXPECT_EQ(Post("").status, 400);
  EXPECT_EQ(Post(TestLog("example.com/unknown").Request(0, 1).ToString()).status, 404);
  std::string forged = log_.Request(0, 3).ToString();
  forged.replace(forged.find("\n3\n"), 3, "\n4\n");
  EXPECT_EQ(Post(forged).status, 403);
  ASSERT_EQ(Add(0, 8).status, 200);
  EXPECT_EQ(Add(9, 8).status, 400);
  const Response other_size = Add(3, 9);
  EXPECT_EQ(other_size.status, 409);
  EXPECT_EQ(other_size.content_type, "text/x.tlog.size");
  EXPECT_EQ(other_size.body, "8\n");
  EXPECT_EQ(Add(0, 8).status, 409);
  tlog::AddCheckpoint unproven = log_.Request(8, 12);
  unproven.proof.clear();
  EXPECT_EQ(Post(unproven.ToString()).status, 422);
  EXPECT_EQ(Add(8, 12, /*other=*/true).status, 422);
  EXPECT_EQ(Add(8, 12).status, 200);
}

TEST_F(WitnessTest, AFirstRequestWithAProofOrAWrongSizeIsRefused) {
  EXPECT_EQ(Add(2, 3).status, 409);
  EXPECT_EQ(Add(2, 3).body, "0\n");
  tlog::AddCheckpoint request = log_.Request(0, 3);
  request.proof = {Digest{}};
  EXPECT_EQ(Post(request.ToString()).status, 422);
}

TEST_F(WitnessTest, OtherMethodsAndPathsAreRefused) {
  EXPECT_EQ(Get("/add-checkpoint").status, 405);
  EXPECT_EQ(Get("/sign-subtree").status, 404);
  EXPECT_EQ(Get("/").status, 404);
  EXPECT_EQ(witness_
                ->Answer({.method = "POST",
                          .path = "/add-checkpoint",
                          .headers = {},
                          .body = {},
                          .too_large = true})
                .status,
            413);
}

TEST_F(WitnessTest, MonitorsSeeWhatWasSignedLast) {
  EXPECT_EQ(Last().status, 404);
  ASSERT_EQ(Add(0, 3).status, 200);
  const std::string line = Add(3, 8).body;
  const Response shown = Last();
  EXPECT_EQ(shown.status, 200);
  EXPECT_THAT(shown.body, StartsWith("example.com/log\n8\n"));
  EXPECT_THAT(shown.body, HasSubstr(line));
  EXPECT_OK(tlog::OpenCheckpoint(shown.body, log_.origin(), {&log_.key(), 1}));
  EXPECT_EQ(Get("/" + WitnessBook::HashOf(second_.origin()) + "/checkpoint").status, 404);
}

TEST_F(WitnessTest, RemembersAfterARestart) {
  ASSERT_EQ(Add(0, 8).status, 200);
  Restart();
  EXPECT_THAT(Last().body, StartsWith("example.com/log\n8\n"));
  EXPECT_EQ(Add(0, 9).status, 409);
  EXPECT_EQ(Add(8, 8, /*other=*/true).status, 422);
  EXPECT_EQ(Add(8, 9).status, 200);
}

TEST_F(WitnessTest, WhatCannotBeRememberedIsNotSigned) {
  ASSERT_EQ(Add(0, 3).status, 200);
  const std::string away = folder_ + ".away";
  std::filesystem::rename(folder_, away);  // The disk is gone.
  const Response refused = Add(3, 8);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.body.find(kWitnessName), std::string::npos) << refused.body;
  std::filesystem::rename(away, folder_);
  EXPECT_EQ(Add(3, 8).status, 200);
}

TEST_F(WitnessTest, AForkIsRefusedAndExposed) {
  ASSERT_EQ(Add(0, 8).status, 200);
  EXPECT_EQ(Add(8, 8, /*other=*/true).status, 422);
  EXPECT_EQ(Add(3, 8, /*other=*/true).status, 409);  // Whatever else is wrong with it.
  EXPECT_EQ(forks_.size(), 1u);
  // Two notes by one key: anyone can verify that the log showed two trees of one size.
  ASSERT_OK_AND_ASSIGN(const auto known, tlog::OpenCheckpoint(FileThatEndsWith(".known"),
                                                              log_.origin(), {&log_.key(), 1}));
  ASSERT_OK_AND_ASSIGN(const auto other, tlog::OpenCheckpoint(FileThatEndsWith(".other"),
                                                              log_.origin(), {&log_.key(), 1}));
  EXPECT_EQ(known.checkpoint.size, other.checkpoint.size);
  EXPECT_NE(known.checkpoint.root, other.checkpoint.root);
  // It is kept once, and the honest history goes on.
  EXPECT_EQ(Files().size(), 5u);  // lock, witness, checkpoint, and the two.
  EXPECT_EQ(Add(8, 9).status, 200);
}

TEST_F(WitnessTest, LogsDoNotTouchEachOther) {
  ASSERT_EQ(Add(0, 8).status, 200);
  EXPECT_EQ(Post(second_.Request(0, 3).ToString()).status, 200);
  EXPECT_EQ(Post(second_.Request(8, 9).ToString()).body, "3\n");
  EXPECT_EQ(Add(8, 9).status, 200);
}

TEST_F(WitnessTest, AStateThatCannotBeTrustedIsRefused) {
  ASSERT_EQ(Add(0, 8).status, 200);
  EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kFailedPrecondition));  // In use.
  witness_.reset();
  EXPECT_THAT(TryOpen('x'), StatusIs(absl::StatusCode::kFailedPrecondition));  // Another key.
  const std::string path = folder_ + "/" + WitnessBook::HashOf(log_.origin()) + ".checkpoint";
  const std::string good = FileThatEndsWith(".checkpoint");
  std::vector<std::string> damaged = {"", "garbage", log_.Checkpoint(8),
                                      good.substr(0, good.size() - 3)};
  for (size_t i = 0; i < good.size(); i += 7) {
    std::string flipped = good;
    flipped[i] = static_cast<char>(flipped[i] ^ 1);
    // The log's own signature line is not the witness's to vouch for.
    if (i >= good.find("\n\n") + 2 && i < good.find("\u2014 witness")) continue;
    damaged.push_back(flipped);
  }
  for (const std::string& content : damaged) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kFailedPrecondition)) << content;
  }
  std::ofstream(path, std::ios::binary | std::ios::trunc) << good;
  std::filesystem::remove(folder_ + "/witness");
  EXPECT_THAT(TryOpen(), StatusIs(absl::StatusCode::kFailedPrecondition));
}

TEST_F(WitnessTest, AStateBelongsToOneKeyFromTheBeginning) {
  witness_.reset();  // It has signed nothing yet.
  EXPECT_THAT(TryOpen('x'), StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_OK(TryOpen());
}

TEST_F(WitnessTest, ALogKeySignsNoCosignatures) {
  EXPECT_THAT(Witness::Open({.state = folder_ + "/x",
                             .signer = TestKey(kWitnessName, 'w', tlog::KeyType::kEd25519),
                             .logs = {},
                             .now = [] { return Instant{kNow}; }}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

// The specification's race: A and B are both consistent with what was signed; whoever is stored
// last must not roll the other back.
TEST_F(WitnessTest, ManyAtOnceNeverRollBackNorSignTwoHistories) {
  constexpr int kThreads = 8;
  constexpr uint64_t kSizeMax = 60;
  ASSERT_EQ(Add(0, 1).status, 200);
  std::atomic<uint64_t> latest{1};
  std::mutex mutex;
  std::map<uint64_t, std::string> signed_texts;  // Guarded by mutex.
  std::atomic<int> rolled_back{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937 random(t);
      const bool other = t % 2 == 1;
      while (latest < kSizeMax) {
        const uint64_t from = latest;
        const uint64_t to = std::min<uint64_t>(kSizeMax, from + random() % 3);
        const tlog::AddCheckpoint request = log_.Request(from, to, other);
        const Response answer = Post(request.ToString());
        if (answer.status == 409) {
          latest = std::max<uint64_t>(latest, std::stoull(answer.body));
          continue;
        }
        if (answer.status != 200) continue;
        const std::lock_guard lock(mutex);
        const std::string text = tlog::ParseNote(request.checkpoint)->text;
        if (!signed_texts.try_emplace(to, text).second && signed_texts[to] != text) ++rolled_back;
        uint64_t seen = latest;
        while (seen < to && !latest.compare_exchange_weak(seen, to)) {
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rolled_back, 0);
  // All that was signed is one history.
  int honest = 0;
  int others = 0;
  for (const auto& [size, text] : signed_texts) {
    if (size <= log_.fork()) continue;
    honest += text == tlog::ParseNote(log_.Checkpoint(size))->text;
    others += text == tlog::ParseNote(log_.Checkpoint(size, true))->text;
  }
  EXPECT_TRUE(honest == 0 || others == 0) << honest << " " << others;
  EXPECT_THAT(Last().body, StartsWith(absl::StrCat("example.com/log\n", kSizeMax, "\n")));
}

}  // namespace
}  // namespace consent::http

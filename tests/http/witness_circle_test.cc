// SPDX-License-Identifier: Apache-2.0
//
// The ledger's end of witnessing, with real witnesses on loopback.

#include "src/consentd/witness_circle.h"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/http/listener.h"
#include "src/http/test_log.h"
#include "src/http/witness.h"
#include "src/tlog/cosignature.h"

namespace consent::consentd {
namespace {

using http::TestKey;
using http::TestLog;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class WitnessCircleTest : public testing::Test {
 protected:
  WitnessCircleTest() {
    std::string pattern = testing::TempDir() + "/circle-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    for (int i = 0; i < 2; ++i) Start(i);
  }
  ~WitnessCircleTest() override {
    for (auto& listener : listeners_) listener.reset();
    std::filesystem::remove_all(folder_);
  }

  static tlog::NoteSigner Signer(int i) {
    return TestKey(absl::StrCat("witness.example/w", i), static_cast<char>('A' + i),
                   tlog::KeyType::kCosignature);
  }
  void Start(int i) {
    listeners_[i].reset();
    witnesses_[i].reset();  // Two on one state are refused.
    auto witness = http::Witness::Open({.state = absl::StrCat(folder_, "/state", i),
                                        .signer = Signer(i),
                                        .logs = {log_.key()},
                                        .now = [] { return Instant{1'800'000'000}; }});
    ASSERT_OK(witness);
    witnesses_[i] = *std::move(witness);
    Serve(i, [w = witnesses_[i].get()](const http::Request& r) { return w->Answer(r); });
  }
  void Serve(int i, http::Handler handler) {
    listeners_[i].reset();
    auto listener = http::Listener::Start({.address = absl::StrCat("127.0.0.1:", ports_[i])},
                                          std::move(handler));
    ASSERT_OK(listener);
    listeners_[i] = *std::move(listener);
    ports_[i] = listeners_[i]->port();
  }

  std::unique_ptr<WitnessCircle> Open(const std::string& quorum) {
    auto opened = TryOpen(absl::StrCat(Members(), quorum, "\n"));
    EXPECT_OK(opened);
    return *std::move(opened);
  }
  std::string Members() const {
    std::string policy;
    for (int i = 0; i < 2; ++i) {
      absl::StrAppend(&policy, "witness w", i, " ", Signer(i).verifier_key().ToString(),
                      " http://127.0.0.1:", ports_[i], "\n");
    }
    return policy;
  }
  absl::StatusOr<std::unique_ptr<WitnessCircle>> TryOpen(const std::string& policy) {
    std::ofstream(folder_ + "/policy") << policy;
    const auto secret = *crypto::Secret::FromBytes(std::string(crypto::Secret::kSize, 'l'));
    return WitnessCircle::Open(
        folder_ + "/policy", *journal::LogKeys::Make({crypto::PrivateKey::FromEd25519Seed(secret)}),
        [this](const std::string& who, const absl::Status& status) {
          reports_.push_back(absl::StrCat(who, status.ok() ? " well" : " failing"));
        });
  }

  // The names that cosigned the checkpoint of this size.
  std::vector<std::string> Cosign(WitnessCircle& circle, uint64_t size, bool other = false) {
    const std::string note = log_.Checkpoint(size, other);
    const tlog::Checkpoint checkpoint = *tlog::ParseCheckpoint(tlog::ParseNote(note)->text);
    const std::string cosigned =
        circle.Cosign(checkpoint, note, [&](TreeSize from) -> absl::StatusOr<std::vector<Digest>> {
          return log_.Proof(from.value, size, other);
        });
    std::vector<std::string> names;
    const tlog::Note read = *tlog::ParseNote(cosigned);
    for (const tlog::Signature& signature : read.signatures) {
      if (signature.name != log_.origin()) names.push_back(signature.name);
    }
    return names;
  }

  const TestLog log_;
  std::string folder_;
  int ports_[2] = {0, 0};
  std::unique_ptr<http::Witness> witnesses_[2];
  std::unique_ptr<http::Listener> listeners_[2];
  std::vector<std::string> reports_;
};

TEST_F(WitnessCircleTest, CollectsTheCosignaturesOfAll) {
  const auto circle = Open("group both all w0 w1\nquorum both");
  for (const uint64_t size : {3, 3, 8, 20}) {
    EXPECT_THAT(Cosign(*circle, size), ElementsAre("witness.example/w0", "witness.example/w1"));
  }
  EXPECT_THAT(reports_, IsEmpty());
}

TEST_F(WitnessCircleTest, LearnsFromTheWitnessWhatItKnows) {
  EXPECT_THAT(Cosign(*Open("quorum w0"), 8), SizeIs(2));
  // A ledger that has just started knows nothing of it.
  EXPECT_THAT(Cosign(*Open("quorum w0"), 12), SizeIs(2));
}

TEST_F(WitnessCircleTest, GoesOnWithoutThoseThatAreGone) {
  const auto circle = Open("group both all w0 w1\nquorum both");
  listeners_[1].reset();
  EXPECT_THAT(Cosign(*circle, 3), ElementsAre("witness.example/w0"));
  EXPECT_THAT(reports_, ElementsAre("w1 failing", "quorum failing"));
  Start(1);
  EXPECT_THAT(Cosign(*circle, 4), ElementsAre("witness.example/w0"));  // Still left alone.
  std::this_thread::sleep_for(absl::ToChronoMilliseconds(WitnessCircle::kRestAtFirst));
  EXPECT_THAT(Cosign(*circle, 5), SizeIs(2));
  EXPECT_THAT(reports_, ElementsAre("w1 failing", "quorum failing", "w1 well", "quorum well"));
}

TEST_F(WitnessCircleTest, ASlowWitnessCostsHalfASecondOnce) {
  const auto circle = Open("quorum w0");
  Serve(1, [](const http::Request&) {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    return http::Text(200, "late");
  });
  const absl::Time began = absl::Now();
  EXPECT_THAT(Cosign(*circle, 3), SizeIs(1));
  EXPECT_LT(absl::Now() - began, absl::Milliseconds(1200));
  const absl::Time again = absl::Now();
  EXPECT_THAT(Cosign(*circle, 4), SizeIs(1));
  EXPECT_LT(absl::Now() - again, absl::Milliseconds(400));
}

TEST_F(WitnessCircleTest, AnotherHistoryIsNotCosigned) {
  EXPECT_THAT(Cosign(*Open("quorum w0"), 8), SizeIs(2));
  const auto forked = Open("quorum w0");
  EXPECT_THAT(Cosign(*forked, 12, /*other=*/true), IsEmpty());
  EXPECT_THAT(reports_, ElementsAre("w0 failing", "w1 failing", "quorum failing"));
  // Nor one that has become shorter.
  EXPECT_THAT(Cosign(*Open("quorum w0"), 5), IsEmpty());
}

TEST_F(WitnessCircleTest, ShowsWhatWitnessesHaveSeenAndNothingMadeUp) {
  const auto circle = Open("quorum w0");
  EXPECT_THAT(circle->Seen(log_.origin()), IsEmpty());
  EXPECT_THAT(Cosign(*circle, 8), SizeIs(2));
  EXPECT_THAT(Open("quorum w0")->Seen(log_.origin()), SizeIs(2));
  // A witness that makes a checkpoint up: the log's key has not signed it.
  const tlog::Checkpoint made_up{
      .origin = log_.origin(), .size = TreeSize{99}, .root = Digest{}, .extensions = {}};
  const auto forger = TestKey(log_.origin(), 'f', tlog::KeyType::kEd25519);
  const std::string note = *tlog::SignCheckpoint(made_up, {&forger, 1});
  const std::string text = tlog::ParseNote(note)->text;
  const std::string lie = note + tlog::Cosign(Signer(1), text, Instant{1'800'000'000})->ToLine();
  Serve(1, [&](const http::Request&) { return http::Response{.body = lie}; });
  EXPECT_THAT(Open("quorum w0")->Seen(log_.origin()), SizeIs(1));
}

TEST_F(WitnessCircleTest, AFileThatCannotWorkIsRefused) {
  for (const std::string& policy :
       {std::string(""), std::string("nonsense\n"), Members() + "quorum w9\n",
        "witness w0 " + Signer(0).verifier_key().ToString() + "\nquorum w0\n",
        "witness w0 " + Signer(0).verifier_key().ToString() + " ftp://x\nquorum w0\n"}) {
    EXPECT_THAT(TryOpen(policy), StatusIs(absl::StatusCode::kInvalidArgument)) << policy;
  }
}

}  // namespace
}  // namespace consent::consentd

// SPDX-License-Identifier: Apache-2.0

#include "bench/peer_rival.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"

namespace consent::bench {
namespace {

using ::testing::HasSubstr;

// What a peer in this process does wrong.
struct Faults {
  bool gives_more = false;   // A unit too many to whom has none left.
  bool forgets = false;      // What it answered, once.
  bool loses_entry = false;  // One of its log.
};

struct State {
  Faults faults;
  std::map<std::string, int64_t> quotas;
  std::map<std::string, bool> answers;
  PeerBooks books;

  bool Decide(const Ask& ask) {
    if (const auto seen = answers.find(ask.request_id); seen != answers.end()) {
      return std::exchange(faults.forgets, false) ? !seen->second : seen->second;
    }
    int64_t& quota = quotas[ask.contact_point];
    const bool allowed = quota > 0 || std::exchange(faults.gives_more, false);
    if (allowed) --quota;
    books.taken += allowed ? 1 : 0;
    ++books.decisions;
    return answers[ask.request_id] = allowed;
  }
};

class FakeConnection : public PeerConnection {
 public:
  explicit FakeConnection(State& state) : state_(state), event_(eventfd(0, EFD_CLOEXEC)) {}
  ~FakeConnection() override { close(event_); }

  int socket() const override { return event_; }
  absl::Status Send(const std::vector<Ask>& asks) override {
    answers_.clear();
    for (const Ask& ask : asks) answers_.push_back(state_.Decide(ask));
    return eventfd_write(event_, 1) == 0 ? absl::OkStatus() : absl::InternalError("eventfd");
  }
  absl::StatusOr<bool> Receive(std::vector<bool>& allowed) override {
    eventfd_t ignored;
    eventfd_read(event_, &ignored);
    allowed = answers_;
    return true;
  }

 private:
  State& state_;
  const int event_;
  std::vector<bool> answers_;
};

class FakePeer : public Peer {
 public:
  explicit FakePeer(const Faults& faults) { state_.faults = faults; }

  const std::string& name() const override { return name_; }
  size_t batch() const override { return 10; }
  absl::Status Grant(const std::vector<std::string>& contact_points, int64_t units) override {
    for (const std::string& point : contact_points) state_.quotas[point] = units;
    return absl::OkStatus();
  }
  absl::StatusOr<std::unique_ptr<PeerConnection>> Connect() override {
    return std::make_unique<FakeConnection>(state_);
  }
  absl::StatusOr<PeerBooks> ReadBooks() override {
    PeerBooks books = state_.books;
    if (state_.faults.loses_entry) --books.decisions;
    return books;
  }

 private:
  const std::string name_ = "fake";
  State state_;
};

absl::StatusOr<std::unique_ptr<Rival>> Open(const Faults& faults) {
  return Rival::Open(std::make_unique<FakePeer>(faults), 50);
}

TEST(RivalTest, AnHonestPeerIsMeasuredAndItsBooksAreRight) {
  ASSERT_OK_AND_ASSIGN(const auto rival, Open({}));
  ASSERT_OK(rival->FindBest(absl::Milliseconds(2)));
  EXPECT_EQ(rival->tried().size(), 4U);
  for (const PeerForm form : {PeerForm::kSingle, PeerForm::kBatched}) {
    ASSERT_OK_AND_ASSIGN(const load::LoadReport load,
                         rival->Load(form, absl::ZeroDuration(), absl::Milliseconds(20)));
    EXPECT_GT(load.measured, 0U);
    EXPECT_GE(load.answered, load.measured);
    EXPECT_EQ(load.took, absl::Milliseconds(20));
  }
  EXPECT_OK(rival->CheckBooks());
}

TEST(RivalTest, APeerThatGivesAUnitTooManyIsRefused) {
  EXPECT_THAT(Open({.gives_more = true}).status().message(),
              HasSubstr("1 were allowed more or fewer; 0 repeats"));
}

TEST(RivalTest, APeerThatForgetsItsAnswerIsRefused) {
  EXPECT_THAT(Open({.forgets = true}).status().message(), HasSubstr("1 repeats"));
}

TEST(RivalTest, APeerThatLosesADecisionIsFoundOut) {
  ASSERT_OK_AND_ASSIGN(const auto rival, Open({.loses_entry = true}));
  EXPECT_THAT(rival->CheckBooks().message(), HasSubstr("logged 3999 decisions"));
}

}  // namespace
}  // namespace consent::bench

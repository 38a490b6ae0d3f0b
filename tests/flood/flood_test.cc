// SPDX-License-Identifier: Apache-2.0
//
// Floods: what a client notices while others do their worst, and what the server takes of memory.
// Quiet and flooded rounds alternate in one run, and the best of each are compared: what else runs
// on the machine only adds. The attackers have a certificate of their own; nothing limits how much
// they ask.
//
// CONSENT_LONG: more and longer rounds. CONSENT_RATE: decisions a second that a caller may ask for.

#include <stdio.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/store/temporary_folder.h"
#include "tests/access/authority.h"
#include "tests/load/population.h"
#include "tests/load/server_process.h"
#include "tests/load/unary_load.h"

namespace consent::flood {
namespace {

// Below this nobody is slow: attackers, client and server share two processors.
constexpr absl::Duration kFloor = absl::Milliseconds(100);
// All that docs/reliability.md promises, whatever is sent.
constexpr uint64_t kMemoryMax = uint64_t{1} << 30;

bool IsLong() { return std::getenv("CONSENT_LONG") != nullptr; }

template <class T>
T Least(const std::vector<T>& values) {
  return *std::min_element(values.begin(), values.end());
}
template <class T>
T Most(const std::vector<T>& values) {
  return *std::max_element(values.begin(), values.end());
}

// What came of an attack.
struct Outcome {
  uint64_t done = 0, judged = 0, refused = 0, failed = 0;
};

// An attack, by flooders of that name, from here to its end.
class Flood {
 public:
  Flood(const std::string& attack, int flooders, const std::string& address,
        const std::string& folder)
      : folder_(folder) {
    for (int i = 0; i < flooders; ++i) {
      const std::string command =
          absl::StrCat(load::ProgramPath("flooder"), " ", attack, " ", address, " ", folder, " > ",
                       folder, "/tally.", i, " 2> ", folder, "/flooder.", i, ".log");
      flooders_.push_back(popen(command.c_str(), "w"));
    }
  }
  Flood(const Flood&) = delete;
  // Lets it end; what came of it.
  Outcome End() {
    Outcome outcome;
    for (size_t i = 0; i < flooders_.size(); ++i) {
      EXPECT_EQ(pclose(flooders_[i]), 0);
      std::ifstream tally(absl::StrCat(folder_, "/tally.", i));
      Outcome one;
      EXPECT_TRUE(tally >> one.done >> one.judged >> one.refused >> one.failed);
      outcome.done += one.done;
      outcome.judged += one.judged;
      outcome.refused += one.refused;
      outcome.failed += one.failed;
    }
    flooders_.clear();
    return outcome;
  }
  ~Flood() { End(); }

 private:
  const std::string folder_;
  std::vector<FILE*> flooders_;
};

class FloodTest : public testing::Test {
 protected:
  FloodTest() : authority_(folder_.path(), "ca") {
    Install("server", "DNS:localhost,IP:127.0.0.1");
    Install("admin", "URI:consent:admin");
    Install("honest", absl::StrCat("URI:consent:company:", load::kCompany));
    Install("rude", "URI:consent:company:rude");
  }

  void SetUp() override {
    const std::string file = folder_.path() + "/";
    const char* const rate = std::getenv("CONSENT_RATE");
    auto started = load::ServerProcess::Start(
        {.program = load::ProgramPath("consentd"),
         .data = file + "data",
         .flags = {"--tls-cert", file + "server.pem", "--tls-key", file + "server.key",
                   "--tls-client-ca", file + "ca.pem", "--rate-per-caller",
                   rate == nullptr ? "0" : rate, "--strangers-per-day", "0"}});
    ASSERT_OK(started);
    server_ = *std::move(started);
    ASSERT_OK(server_->AwaitServing(absl::Seconds(60)));
    const auto admin = load::Connect(server_->address(), Credentials("admin"));
    ASSERT_OK(load::Population::Found(admin));
    ASSERT_OK(load::PutCompany(admin, "rude"));
  }

  void TearDown() override {
    ASSERT_NE(server_, nullptr);
    EXPECT_FALSE(server_->Ended()) << "the flood has ended the service";
    EXPECT_OK(server_->Stop(absl::Seconds(60)));
  }

  // The p99 of a client that has two calls under way.
  absl::Duration Latency() {
    const load::LoadReport report = load::ConsumeUnary(
        {.address = server_->address(),
         .credentials = Credentials("honest"),
         .in_flight = 2,
         .connections = 1,
         .warm_up = absl::Milliseconds(100),
         .measured = absl::Milliseconds(IsLong() ? 3000 : 700)},
        [this](uint64_t serial, v1::CheckAndConsumeRequest& request) {
          request.set_company(load::kCompany);
          request.set_channel(v1::CHANNEL_CALL);
          request.set_purpose(v1::PURPOSE_DIRECT_MARKETING);
          request.set_contact_point(load::ContactPointOf(serial % 1000));
          request.set_request_id(absl::StrCat("honest ", rounds_, " ", serial));
        },
        [](uint64_t, const v1::Decision&) {});
    ++rounds_;
    EXPECT_EQ(report.failed, 0u) << report.first_failure;
    EXPECT_GT(report.answered, 0u);
    return report.latencies.AtShare(0.99);
  }

  Flood Begin(const std::string& attack, int flooders) const {
    return Flood(attack, flooders, server_->address(), folder_.path());
  }

  Outcome During(const std::string& attack, int flooders, absl::Duration& latency) {
    Flood flood = Begin(attack, flooders);
    absl::SleepFor(absl::Milliseconds(300));  // Until they have begun.
    latency = Latency();
    return flood.End();
  }

  Outcome Withstands(const std::string& attack, int flooders = 1) {
    std::vector<absl::Duration> quiet, flooded;
    Outcome all;
    for (int round = 0; round < (IsLong() ? 10 : 3); ++round) {
      // Until nothing of the last flood is left to be done.
      EXPECT_OK(server_->AwaitQuiet(absl::Seconds(10)).status());
      quiet.push_back(Latency());
      const Outcome one = During(attack, flooders, flooded.emplace_back());
      all.done += one.done;
      all.judged += one.judged;
      all.refused += one.refused;
      all.failed += one.failed;
    }
    std::printf(
        "%s: p99 quiet %s, flooded %s; at most %llu MiB; %llu done, %llu judged, %llu refused\n",
        attack.c_str(), absl::FormatDuration(Least(quiet)).c_str(),
        absl::FormatDuration(Least(flooded)).c_str(),
        static_cast<unsigned long long>(server_->MemoryPeak() >> 20),
        static_cast<unsigned long long>(all.done), static_cast<unsigned long long>(all.judged),
        static_cast<unsigned long long>(all.refused));
    EXPECT_LE(Least(flooded), std::max(2 * Least(quiet), kFloor));
    EXPECT_LE(server_->MemoryPeak(), kMemoryMax);
    EXPECT_GT(all.done, 0u);
    EXPECT_EQ(all.failed, 0u);
    return all;
  }

 private:
  void Install(const std::string& name, const std::string& names) {
    const tests::Pair pair = authority_.Issue(names);
    tests::WriteText(absl::StrCat(folder_.path(), "/", name, ".pem"), pair.certificate);
    tests::WriteText(absl::StrCat(folder_.path(), "/", name, ".key"), pair.key);
  }
  std::shared_ptr<grpc::ChannelCredentials> Credentials(const std::string& name) const {
    const std::string file = absl::StrCat(folder_.path(), "/", name);
    return grpc::SslCredentials({.pem_root_certs = authority_.certificate(),
                                 .pem_private_key = tests::ReadText(file + ".key"),
                                 .pem_cert_chain = tests::ReadText(file + ".pem")});
  }

  const store::TemporaryFolder folder_;
  const tests::Authority authority_;

 protected:
  std::unique_ptr<load::ServerProcess> server_;

 private:
  int rounds_ = 0;
};

TEST_F(FloodTest, ConnectionsThatNeverSayAWord) { Withstands("silence"); }

TEST_F(FloodTest, HandsHeldOutAndNotShaken) { Withstands("handshakes"); }

TEST_F(FloodTest, FullBatchesAsFastAsTheyGo) { EXPECT_GT(Withstands("batches", 2).judged, 0u); }

TEST_F(FloodTest, StreamsThatAreNeverRead) {
  EXPECT_GT(Withstands("unread").refused, 0u) << "one caller has no more than 32";
}

TEST_F(FloodTest, MessagesTooLongTooDeepAndTooMany) {
  EXPECT_GT(Withstands("monsters").refused, 0u);
}

// As much as many clients can offer, against what one alone gets done: beyond capacity no less is
// done, nothing more is held, and afterwards all is as it was.
TEST_F(FloodTest, PastItsCapacityItDoesNoLess) {
  const auto judged_by = [&](int flooders) {
    Flood flood = Begin("batches", flooders);
    absl::SleepFor(absl::Milliseconds(IsLong() ? 10'000 : 2000));
    return flood.End().judged;
  };
  judged_by(1);  // Warms up.
  std::vector<uint64_t> alone, crowded;
  for (int round = 0; round < (IsLong() ? 5 : 2); ++round) {
    alone.push_back(judged_by(1));
    crowded.push_back(judged_by(4));
  }
  std::printf("decisions of one client %llu, of four %llu; at most %llu MiB\n",
              static_cast<unsigned long long>(Most(alone)),
              static_cast<unsigned long long>(Most(crowded)),
              static_cast<unsigned long long>(server_->MemoryPeak() >> 20));
  EXPECT_GE(static_cast<double>(Most(crowded)), 0.9 * static_cast<double>(Most(alone)));
  EXPECT_LE(server_->MemoryPeak(), kMemoryMax);
  EXPECT_LE(Latency(), absl::Seconds(1));
}

}  // namespace
}  // namespace consent::flood

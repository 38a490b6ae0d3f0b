// SPDX-License-Identifier: Apache-2.0

#include "src/observe/observation.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "grpcpp/impl/grpc_library.h"
#include "grpcpp/server_context.h"
#include "gtest/gtest.h"
#include "src/api/method.h"
#include "src/base/fault.h"

namespace consent::observe {
namespace {

class ObservationTest : public testing::Test {
 protected:
  ObservationTest() {
    char name[] = "/tmp/consent_observation_XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~ObservationTest() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Observation> Open(const std::string& audit) {
    return *Observation::Open(clock_, {.access = AccessLog::kNone, .audit = audit});
  }
  static int Number(const std::string& method) {
    const auto& methods = api::Methods();
    const auto found = std::find(methods.begin(), methods.end(), method);
    EXPECT_NE(found, methods.end()) << method;
    return static_cast<int>(found - methods.begin());
  }
  api::CallEnd End(const std::string& method, const absl::Status& status, bool at_gate = false) {
    return {.method = Number(method),
            .status = status,
            .nanos = 1'500'000,
            .at_gate = at_gate,
            .caller = nullptr,
            .context = context_};
  }
  std::vector<nlohmann::json> Lines() {
    std::vector<nlohmann::json> lines;
    std::ifstream file(folder_ + "/audit.log");
    for (std::string line; std::getline(file, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  // A context by itself needs the library to be there.
  grpc::internal::GrpcLibraryInitializer library_;
  ManualClock clock_{1'770'000'000'000};
  grpc::CallbackServerContext context_;
  std::string folder_;
};

TEST_F(ObservationTest, ActsHaveALineAndOtherCallsNone) {
  {
    const auto observation = Open(folder_ + "/audit.log");
    observation->Ended(End("ContactService/CheckAndConsume", absl::OkStatus()));
    observation->Ended(End("DirectoryService/GetLedger", absl::OkStatus()));
    observation->Ended(End("DirectoryService/PutParty", absl::OkStatus()));
    observation->Ended(End("GrantService/EraseConsumer",
                           Fault(absl::StatusCode::kPermissionDenied, "UNKNOWN_KEY", "no")));
    observation->Audit(kStopped, {});
  }
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), 3u) << nlohmann::json(lines);
  EXPECT_EQ(lines[0]["act"], "directory_changed");
  EXPECT_EQ(lines[0]["time"], "2026-02-02T02:40:00.000Z");
  EXPECT_EQ(lines[0]["status"], "OK");
  EXPECT_EQ(lines[1]["act"], "consumer_erased");
  EXPECT_EQ(lines[1]["status"], "PERMISSION_DENIED");
  EXPECT_EQ(lines[1]["reason"], "UNKNOWN_KEY");
  EXPECT_EQ(lines[2]["act"], "service_stopped");
}

TEST_F(ObservationTest, EveryMethodIsAnActOrKnownToBeNone) {
  EXPECT_GT(api::Methods().size(), 30u);
  for (const std::string& method : api::Methods()) {
    const std::string name = method.substr(method.find('/') + 1);
    const bool reads = name.starts_with("Get") || name.starts_with("List") ||
                       name.starts_with("Find") || name.starts_with("Check");
    const bool discloses =
        name == "GetConsumerView" || name == "GetDossier" || name == "StreamEntries";
    if (method.starts_with("DirectoryService/")) {
      EXPECT_NE(ActOf(method).has_value(), reads) << method;
    }
    if (discloses) {
      EXPECT_TRUE(ActOf(method).has_value()) << method;
    }
  }
}

TEST_F(ObservationTest, OfAFloodAtTheGateAFewHaveALineAndAllAreCounted) {
  constexpr int kFlood = 1000;
  {
    const auto observation = Open(folder_ + "/audit.log");
    const absl::Status refused = Fault(absl::StatusCode::kUnauthenticated, "NO_CREDENTIALS", "who");
    for (int i = 0; i < kFlood; ++i) {
      observation->Refused(End("ContactService/Check", refused, /*at_gate=*/true));
      observation->Ended(End("ContactService/Check", refused, /*at_gate=*/true));
    }
    Page page;
    observation->Show(page);
    EXPECT_NE(page.Text().find("consent_gate_refusals_total{reason=\"NO_CREDENTIALS\"} 1000"),
              std::string::npos);
  }
  const auto lines = Lines();
  ASSERT_EQ(lines.size(), Observation::kTurnedAwayASecond + 1u);
  EXPECT_EQ(lines.front()["act"], "turned_away");
  EXPECT_EQ(lines.back()["act"], "turned_away_more");
  EXPECT_EQ(lines.back()["count"], std::to_string(kFlood - Observation::kTurnedAwayASecond));
}

TEST_F(ObservationTest, WhileTheAuditLogCannotBeWrittenActsAreRefusedAndDecisionsGoOn) {
  const auto observation = Open("/dev/full");
  const int act = Number("DirectoryService/PutParty");
  EXPECT_TRUE(observation->MayBegin(act).ok());
  for (size_t i = 0; i < LineWriter::Options{}.waiting_max; ++i) observation->Audit(kStarted, {});
  EXPECT_EQ(ReasonOf(observation->MayBegin(act)), "AUDIT_UNAVAILABLE");
  EXPECT_TRUE(observation->MayBegin(Number("ContactService/CheckAndConsume")).ok());
}

TEST_F(ObservationTest, AnAuditLogThatCannotBeOpenedIsNamed) {
  const auto observation =
      Observation::Open(clock_, {.access = AccessLog::kNone, .audit = folder_ + "/none/audit.log"});
  EXPECT_TRUE(absl::IsInvalidArgument(observation.status()));
  EXPECT_NE(observation.status().message().find("audit-log: "), std::string::npos);
}

TEST_F(ObservationTest, CountsCallsByMethodAndCodeAndTheirTimeByClass) {
  const auto observation = Open("");
  observation->Ended(End("ContactService/Check", absl::OkStatus()));
  observation->Ended(End("ContactService/Check", absl::UnavailableError("")));
  observation->Decided(api::Way::kBatch, core::Channel::kSms, core::Reason::kOk);
  Page page;
  observation->Show(page);
  const std::string text = page.Text();
  for (const char* line :
       {"consent_rpcs_total{method=\"ContactService/Check\",code=\"OK\"} 1\n",
        "consent_rpcs_total{method=\"ContactService/Check\",code=\"UNAVAILABLE\"} 1\n",
        "consent_rpc_duration_seconds_bucket{class=\"decision\",le=\"0.001\"} 0\n",
        "consent_rpc_duration_seconds_bucket{class=\"decision\",le=\"0.002\"} 2\n",
        "consent_decisions_total{way=\"batch\",channel=\"SMS\",verdict=\"allowed\",reason=\"OK\"} "
        "1\n"}) {
    EXPECT_NE(text.find(line), std::string::npos) << line << text;
  }
}

}  // namespace
}  // namespace consent::observe

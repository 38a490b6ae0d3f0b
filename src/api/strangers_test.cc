// SPDX-License-Identifier: Apache-2.0
//
// Companies that ask about many who gave them nothing: noticed, slowed, and in the journal.

#include "src/api/strangers.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/fault.h"
#include "src/base/retry.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

constexpr uint32_t kPerDay = 2000;
constexpr int64_t kDayMs = 24 * 3600 * 1000;

class StrangersTest : public testing::Test {
 protected:
  StrangersTest() {
    grpc::ClientContext context;
    v1::PutPartyRequest request;
    request.mutable_party()->set_party_id("acme");
    request.mutable_party()->set_role(v1::PARTY_ROLE_COMPANY);
    request.mutable_party()->set_legal_name("Acme Ltd");
    v1::PutPartyResponse response;
    EXPECT_TRUE(server_.directory->PutParty(&context, request, &response).ok());
  }

  // Asks about `count` numbers nobody has heard of, a thousand at a time.
  grpc::Status AskAboutStrangers(int count) {
    for (int done = 0; done < count; done += 1000) {
      v1::BatchCheckAndConsumeRequest request;
      *request.mutable_header() = HeaderForCalls();
      for (int i = done; i < std::min(count, done + 1000); ++i, ++asked_) {
        v1::BatchItem* const item = request.add_items();
        item->set_contact_point(absl::StrFormat("tel:+33639980%03d", asked_ % 1000));
        item->set_request_id(absl::StrCat("s", asked_));
      }
      grpc::ClientContext context;
      v1::BatchCheckAndConsumeResponse response;
      const grpc::Status status =
          server_.contacts->BatchCheckAndConsume(&context, request, &response);
      if (!status.ok()) return status;
    }
    return grpc::Status::OK;
  }
  v1::PartyView Acme() {
    grpc::ClientContext context;
    v1::GetPartyRequest request;
    request.set_party_id("acme");
    v1::GetPartyResponse response;
    EXPECT_TRUE(server_.directory->GetParty(&context, request, &response).ok());
    return response.party();
  }
  // The journal is written after the refusal is given.
  v1::StrangersAsked Noticed(uint64_t after_entry = 0) {
    for (int i = 0; i < 500; ++i, absl::SleepFor(absl::Milliseconds(10))) {
      const v1::PartyView acme = Acme();
      if (acme.strangers_asked().entry() > after_entry) return acme.strangers_asked();
    }
    return {};
  }

  TestServer server_{nullptr, nullptr, {.strangers_per_day = kPerDay}};
  int asked_ = 0;
};

TEST_F(StrangersTest, WhoAsksAboutTooManyIsSlowedAndTheJournalSaysSoOnce) {
  const int64_t since = server_.clock.WallMillis() / 1000;
  EXPECT_TRUE(AskAboutStrangers(kPerDay).ok());
  EXPECT_FALSE(Acme().has_strangers_asked());
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(FailsWith(AskAboutStrangers(1), grpc::StatusCode::RESOURCE_EXHAUSTED,
                          "TOO_MANY_STRANGERS"));
  }
  const v1::StrangersAsked noticed = Noticed();
  EXPECT_EQ(noticed.answers(), kPerDay);
  EXPECT_EQ(noticed.since().seconds(), since);
  EXPECT_EQ(Noticed().entry(), noticed.entry());
  // As slowly as they come back: one in 43.2 seconds.
  server_.clock.Advance(kDayMs / kPerDay);
  EXPECT_TRUE(AskAboutStrangers(1).ok());
  EXPECT_TRUE(
      FailsWith(AskAboutStrangers(1), grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_STRANGERS"));
  EXPECT_EQ(Acme().strangers_asked().entry(), noticed.entry()) << "one entry an episode";
}

TEST_F(StrangersTest, WhatGoesOnIsInTheJournalAgainEachDay) {
  EXPECT_TRUE(AskAboutStrangers(kPerDay).ok());
  EXPECT_FALSE(AskAboutStrangers(1).ok());
  const v1::StrangersAsked first = Noticed();
  server_.clock.Advance(kDayMs - 1000);
  EXPECT_TRUE(AskAboutStrangers(kPerDay - 1000).ok());
  server_.clock.Advance(1000);
  EXPECT_FALSE(AskAboutStrangers(1000).ok() && AskAboutStrangers(1000).ok());
  const v1::StrangersAsked second = Noticed(first.entry());
  EXPECT_GT(second.entry(), first.entry());
  EXPECT_GE(second.since().seconds(), first.noticed_at().seconds());
}

TEST_F(StrangersTest, ARestartForgivesNothingThatWasNoticed) {
  EXPECT_TRUE(AskAboutStrangers(kPerDay).ok());
  EXPECT_FALSE(AskAboutStrangers(1).ok());
  Noticed();
  server_.clock.Advance(kDayMs / 4);
  Strangers restarted(kPerDay, *server_.ledger, server_.clock);
  const absl::Status refused = restarted.Ask("acme", kPerDay / 2);
  EXPECT_EQ(ReasonOf(refused), "TOO_MANY_STRANGERS");
  EXPECT_GE(*RetryAfterOf(refused), absl::Hours(5)) << "a quarter of a day's is back, not a half";
  EXPECT_OK(restarted.Ask("acme", kPerDay / 8));
}

TEST_F(StrangersTest, WhoIsAnsweredOtherwiseHasItBack) {
  Strangers strangers(kPerDay, *server_.ledger, server_.clock);
  for (int i = 0; i < 100; ++i) {
    ASSERT_OK(strangers.Ask("acme", 1000)) << i;
    strangers.Answered("acme", 1000, 0);
  }
  ASSERT_OK(strangers.Ask("acme", kPerDay));
  strangers.Answered("acme", kPerDay, kPerDay - 3);
  EXPECT_OK(strangers.Ask("acme", 3));
  EXPECT_EQ(ReasonOf(strangers.Ask("acme", 1)), "TOO_MANY_STRANGERS");
  EXPECT_OK(strangers.Ask("beta", 1)) << "another company has its own";
}

TEST_F(StrangersTest, ASingleQuestionCountsLikeOneOfABatch) {
  EXPECT_TRUE(AskAboutStrangers(kPerDay - 2).ok());
  grpc::ClientContext check, consume, late;
  v1::CheckResponse checked;
  v1::CheckAndConsumeResponse consumed;
  EXPECT_TRUE(server_.contacts->Check(&check, CheckRequestFor(), &checked).ok());
  EXPECT_TRUE(server_.contacts->CheckAndConsume(&consume, ConsumeRequest("r1"), &consumed).ok());
  EXPECT_TRUE(FailsWith(server_.contacts->Check(&late, CheckRequestFor(), &checked),
                        grpc::StatusCode::RESOURCE_EXHAUSTED, "TOO_MANY_STRANGERS"));
}

}  // namespace
}  // namespace consent::api

// SPDX-License-Identifier: Apache-2.0

#include "src/api/grant_service.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/status_matchers.h"
#include "src/statement/envelope.h"

namespace consent::api {
namespace {

using grpc::StatusCode;
using ledger::Person;
using ledger::PersonOf;

class GrantServiceTest : public ::testing::Test {
 protected:
  v1::SignedStatement Sign(const v1::Statement& statement, const crypto::PrivateKey& key) {
    return *statement::Sign(statement, key);
  }
  grpc::Status Record(const std::vector<v1::SignedStatement>& statements,
                      v1::RecordStatementsResponse* response) {
    grpc::ClientContext context;
    v1::RecordStatementsRequest request;
    for (const v1::SignedStatement& statement : statements) *request.add_statements() = statement;
    return server_.grants->RecordStatements(&context, request, response);
  }
  v1::StatementResult Say(const v1::Statement& statement, const crypto::PrivateKey& key) {
    v1::RecordStatementsResponse response;
    EXPECT_TRUE(Record({Sign(statement, key)}, &response).ok());
    EXPECT_EQ(response.results_size(), 1);
    return response.results(0);
  }
  v1::Statement ViewRequest(const Person& person, int history_max = 100,
                            uint64_t history_from = 0) {
    v1::Statement statement = server_.ledger.Statement(person);
    statement.mutable_view_request()->set_history_max(history_max);
    statement.mutable_view_request()->set_history_from(history_from);
    return statement;
  }
  grpc::Status View(const v1::SignedStatement& request, v1::ConsumerView* view = nullptr) {
    grpc::ClientContext context;
    v1::GetConsumerViewRequest wire;
    *wire.mutable_request() = request;
    v1::GetConsumerViewResponse response;
    const grpc::Status status = server_.grants->GetConsumerView(&context, wire, &response);
    if (view != nullptr) *view = response.view();
    return status;
  }

  TestServer server_;
  ledger::TestLedger& ledger_ = server_.ledger;
  const Person alice_ = PersonOf(1);
};

TEST_F(GrantServiceTest, StatementsAreTakenInInOrder) {
  v1::RecordStatementsResponse response;
  ASSERT_TRUE(Record({Sign(ledger_.Binding(alice_), ledger_.registrar_key),
                      Sign(ledger_.Grant(alice_, "g1", 1, 4), alice_.key)},
                     &response)
                  .ok());
  ASSERT_EQ(response.results_size(), 2);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(response.results(i).accepted().entry(), static_cast<uint64_t>(i));
    EXPECT_EQ(response.results(i).accepted().journal_origin(),
              absl::StrCat(std::string(ledger::kTestOrigin), "/1"));
    EXPECT_FALSE(response.results(i).accepted().repeated());
  }
}

TEST_F(GrantServiceTest, RepeatedStatementIsAnsweredAsThen) {
  const v1::Statement binding = ledger_.Binding(alice_);
  const auto first = Say(binding, ledger_.registrar_key);
  const auto again = Say(binding, ledger_.registrar_key);
  EXPECT_TRUE(again.accepted().repeated());
  EXPECT_EQ(again.accepted().entry(), first.accepted().entry());
}

TEST_F(GrantServiceTest, FaultOfOneStatementLeavesTheOthersAlone) {
  v1::SignedStatement forged = Sign(ledger_.Grant(alice_, "g1", 9, 9), alice_.key);
  (*forged.mutable_payload())[20] ^= 1;
  v1::SignedStatement bad_signature = Sign(ledger_.Grant(alice_, "g2", 9, 9), alice_.key);
  (*bad_signature.mutable_signatures(0)->mutable_signature())[10] ^= 1;
  v1::Statement elsewhere = ledger_.Grant(alice_, "g3", 9, 9);
  elsewhere.set_audience("another.example");
  v1::RecordStatementsResponse response;
  ASSERT_TRUE(Record({Sign(ledger_.Binding(alice_), ledger_.registrar_key), forged, bad_signature,
                      Sign(elsewhere, alice_.key), v1::SignedStatement(),
                      Sign(ledger_.Grant(alice_, "g4", 1, 0), PersonOf(2).key),
                      Sign(ledger_.Grant(alice_, "g5", 1, 0), alice_.key)},
                     &response)
                  .ok());
  ASSERT_EQ(response.results_size(), 7);
  EXPECT_TRUE(response.results(0).has_accepted());
  EXPECT_TRUE(response.results(1).has_error());
  EXPECT_TRUE(
      FailsWith(response.results(2).error(), StatusCode::PERMISSION_DENIED, "BAD_SIGNATURE"));
  EXPECT_TRUE(
      FailsWith(response.results(3).error(), StatusCode::FAILED_PRECONDITION, "WRONG_AUDIENCE"));
  EXPECT_TRUE(
      FailsWith(response.results(4).error(), StatusCode::INVALID_ARGUMENT, "MALFORMED_STATEMENT"));
  EXPECT_TRUE(FailsWith(response.results(5).error(), StatusCode::PERMISSION_DENIED, "UNKNOWN_KEY"));
  EXPECT_TRUE(response.results(6).has_accepted());
}

TEST_F(GrantServiceTest, WrongGrantsAreRefusedByField) {
  ASSERT_TRUE(Say(ledger_.Binding(alice_), ledger_.registrar_key).has_accepted());
  const TreeSize before = ledger_.JournalSize();
  struct Case {
    std::string field;
    std::function<void(v1::Grant&)> spoil;
  };
  const std::vector<Case> cases = {
      {"grant.limits[0].max", [](auto& g) { g.mutable_limits(0)->set_max(0); }},
      {"grant.limits[0].max", [](auto& g) { g.mutable_limits(0)->set_max(-1); }},
      {"grant.limits[0].max", [](auto& g) { g.mutable_limits(0)->set_max(INT64_MAX); }},
      {"grant.limits", [](auto& g) { g.clear_limits(); }},
      {"grant.purposes", [](auto& g) { g.clear_purposes(); }},
      {"grant.valid_until",
       [](auto& g) {
         g.mutable_valid_from()->set_seconds(ledger::kTestStartMs / 1000);
         g.mutable_valid_until()->set_seconds(ledger::kTestStartMs / 1000 - 1);
       }},
  };
  for (const Case& c : cases) {
    v1::Statement grant = ledger_.Grant(alice_, "g1", 1, 0);
    c.spoil(*grant.mutable_grant());
    EXPECT_TRUE(FailsWith(Say(grant, alice_.key).error(), StatusCode::INVALID_ARGUMENT,
                          "INVALID_FIELD", c.field))
        << grant.grant().ShortDebugString();
  }
  v1::Statement binding = ledger_.Binding(PersonOf(2));
  binding.mutable_key_binding()->set_time_zone("Europe/Atlantis");
  EXPECT_TRUE(FailsWith(Say(binding, ledger_.registrar_key).error(), StatusCode::INVALID_ARGUMENT,
                        "INVALID_FIELD", "key_binding.time_zone"));
  EXPECT_EQ(ledger_.JournalSize(), before);
}

TEST_F(GrantServiceTest, RefusesNoneAndTooMany) {
  v1::RecordStatementsResponse response;
  EXPECT_TRUE(FailsWith(Record({}, &response), StatusCode::INVALID_ARGUMENT, "INVALID_FIELD",
                        "statements"));
  EXPECT_TRUE(FailsWith(Record(std::vector<v1::SignedStatement>(1001), &response),
                        StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "statements"));
}

TEST_F(GrantServiceTest, ViewShowsGrantsBlocksAndTrueReasons) {
  ledger_.AddCompany("beta");
  ledger_.Settle(alice_, 1, 4);
  ASSERT_OK(ledger_.Consume(alice_, "r1"));
  ASSERT_OK(ledger_.Consume(alice_, "r2"));
  ASSERT_TRUE(Say(ledger_.Block(alice_, "beta"), alice_.key).has_accepted());
  ASSERT_OK(ledger_.Consume(alice_, "r3", core::Channel::kCall, "beta"));
  ASSERT_OK(ledger_.Consume(PersonOf(2), "r1"));  // Nothing of hers.
  v1::ConsumerView view;
  ASSERT_TRUE(View(Sign(ViewRequest(alice_), alice_.key), &view).ok());
  EXPECT_EQ(view.time_zone(), "Europe/Paris");
  EXPECT_EQ(view.contact_points(), 1);
  ASSERT_EQ(view.key_ids_size(), 1);
  EXPECT_EQ(view.key_ids(0), alice_.key.public_key().id().str());
  ASSERT_EQ(view.grants_size(), 1);
  EXPECT_EQ(view.grants(0).grant().grant_id(), "g1");
  EXPECT_FALSE(view.grants(0).revoked());
  ASSERT_EQ(view.grants(0).remaining_size(), 2);
  EXPECT_EQ(view.grants(0).remaining(0).count(), 0);
  EXPECT_EQ(view.grants(0).remaining(1).count(), 4);
  ASSERT_EQ(view.blocks_size(), 1);
  EXPECT_EQ(view.blocks(0).company(), "beta");
  EXPECT_EQ(view.blocks(0).channels_size(), core::kChannelMax);
  std::vector<std::string> kinds;
  for (const v1::HistoryEntry& entry : view.history()) kinds.push_back(entry.kind());
  EXPECT_EQ(kinds, (std::vector<std::string>{"BOUND", "GRANTED", "DECIDED", "DECIDED", "BLOCKED",
                                             "DECIDED"}));
  EXPECT_EQ(view.history(2).verdict(), v1::VERDICT_ALLOWED);
  EXPECT_EQ(view.history(3).reason(), v1::REASON_LIMIT_REACHED);
  EXPECT_EQ(view.history(5).company(), "beta");
  EXPECT_EQ(view.history(5).reason(), v1::REASON_BLOCKED) << "the consumer learns what is true";
  EXPECT_FALSE(view.has_next_history_from());
}

TEST_F(GrantServiceTest, HistoryIsReadInPages) {
  ledger_.Settle(alice_, 5, 0);
  for (int i = 0; i < 5; ++i) ASSERT_OK(ledger_.Consume(alice_, absl::StrCat("r", i)));
  std::vector<uint64_t> seen;
  uint64_t from = 0;
  for (int page = 0; page < 10; ++page) {
    v1::ConsumerView view;
    ASSERT_TRUE(View(Sign(ViewRequest(alice_, 3, from), alice_.key), &view).ok());
    for (const v1::HistoryEntry& entry : view.history()) seen.push_back(entry.entry());
    if (!view.has_next_history_from()) break;
    from = view.next_history_from();
  }
  EXPECT_EQ(seen, (std::vector<uint64_t>{0, 1, 2, 3, 4, 5, 6}));
}

TEST_F(GrantServiceTest, ViewShowsContractsCallbacksAndPreferences) {
  ledger_.Settle(alice_, 1, 4);
  v1::Statement claim = ledger_.Statement(alice_);
  v1::Contract& contract = *claim.mutable_contract_claim()->mutable_contract();
  contract.set_company("acme");
  contract.set_contract_id("A-17");
  contract.set_relation(v1::RELATION_PURCHASE);
  contract.set_object("a boiler");
  contract.mutable_valid_from()->set_seconds(ledger::kTestStartMs / 1000 - 86400);
  *claim.mutable_contract_claim()->mutable_evidence() =
      ledger_.Claim(alice_, "", ledger::kTestStartMs / 1000 - 60).claim().evidence();
  ASSERT_TRUE(Say(claim, ledger_.acme_key).has_accepted());
  v1::Statement contest = ledger_.Statement(alice_);
  contest.mutable_contest()->set_company("acme");
  ASSERT_TRUE(Say(contest, alice_.key).has_accepted());
  v1::Statement asked = ledger_.Statement(alice_);
  v1::CallbackRequest& callback = *asked.mutable_callback_request();
  callback.set_company("acme");
  callback.set_callback_id("c1");
  callback.add_channels(v1::CHANNEL_CALL);
  callback.add_purposes(v1::PURPOSE_SURVEY);
  callback.mutable_valid_from()->set_seconds(ledger::kTestStartMs / 1000);
  callback.mutable_valid_until()->set_seconds(ledger::kTestStartMs / 1000 + 3600);
  ASSERT_TRUE(Say(asked, alice_.key).has_accepted());
  v1::Statement preferences = ledger_.Statement(alice_);
  v1::Hours& quiet = *preferences.mutable_preferences()->add_quiet();
  quiet.add_days(v1::WEEKDAY_SUNDAY);
  quiet.set_to_minute(1440);
  preferences.mutable_preferences()->add_purposes(v1::PURPOSE_SURVEY);
  ASSERT_TRUE(Say(preferences, alice_.key).has_accepted());
  v1::Statement block = ledger_.Block(alice_, "holding");
  block.mutable_block()->set_whose(v1::BLOCK_TARGET_GROUP);
  block.mutable_block()->add_purposes(v1::PURPOSE_CHARITY);
  ASSERT_TRUE(Say(block, alice_.key).has_accepted());
  ASSERT_OK(ledger_.Consume(alice_, "r1"));

  v1::ConsumerView view;
  ASSERT_TRUE(View(Sign(ViewRequest(alice_), alice_.key), &view).ok());
  ASSERT_EQ(view.contracts_size(), 1);
  EXPECT_EQ(view.contracts(0).contract().DebugString(), contract.DebugString());
  EXPECT_EQ(view.contracts(0).signed_by(), v1::SIGNER_ROLE_COMPANY);
  EXPECT_TRUE(view.contracts(0).contested());
  ASSERT_EQ(view.callbacks_size(), 1);
  EXPECT_EQ(view.callbacks(0).callback().DebugString(), callback.DebugString());
  EXPECT_EQ(view.callbacks(0).signed_by(), v1::SIGNER_ROLE_CONSUMER);
  EXPECT_FALSE(view.callbacks(0).revoked());
  EXPECT_EQ(view.preferences().DebugString(), preferences.preferences().DebugString());
  ASSERT_EQ(view.blocks_size(), 1);
  EXPECT_EQ(view.blocks(0).company(), "holding");
  EXPECT_EQ(view.blocks(0).whose(), v1::BLOCK_TARGET_GROUP);
  ASSERT_EQ(view.blocks(0).purposes_size(), 1);
  EXPECT_EQ(view.blocks(0).purposes(0), v1::PURPOSE_CHARITY);
  std::vector<std::string> kinds;
  for (const v1::HistoryEntry& entry : view.history()) kinds.push_back(entry.kind());
  EXPECT_EQ(kinds, (std::vector<std::string>{"BOUND", "GRANTED", "CONTRACT_CLAIMED", "CONTESTED",
                                             "CALLBACK_ASKED", "PREFERRED", "BLOCKED", "DECIDED"}));
  EXPECT_EQ(view.history(2).company(), "acme");
  EXPECT_EQ(view.history(6).whose(), v1::BLOCK_TARGET_GROUP);
  EXPECT_EQ(view.history(7).basis(), v1::BASIS_CONSENT);
  EXPECT_EQ(view.history(7).rule(), "");
}

TEST_F(GrantServiceTest, ANewHolderSeesNothingOfTheOldOnes) {
  ledger_.Settle(alice_, 1, 4);
  ASSERT_OK(ledger_.Consume(alice_, "r1"));
  ASSERT_TRUE(Say(ledger_.Block(alice_, "beta"), alice_.key).has_accepted());
  v1::Statement change = ledger_.Statement(alice_);
  change.mutable_holder_change()->set_new_holder(true);
  change.mutable_holder_change()->set_holder_class(v1::HOLDER_CLASS_SHARED_LINE);
  ASSERT_TRUE(Say(change, ledger_.registrar_key).has_accepted());
  const Person bob{alice_.contact_point, ledger::KeyOf("bob")};
  ASSERT_TRUE(Say(ledger_.Binding(bob), ledger_.registrar_key).has_accepted());

  EXPECT_TRUE(FailsWith(View(Sign(ViewRequest(alice_), alice_.key)), StatusCode::PERMISSION_DENIED,
                        "UNKNOWN_KEY"));
  v1::ConsumerView view;
  ASSERT_TRUE(View(Sign(ViewRequest(bob), bob.key), &view).ok());
  EXPECT_EQ(view.holder_class(), v1::HOLDER_CLASS_SHARED_LINE);
  EXPECT_EQ(view.grants_size(), 0);
  EXPECT_EQ(view.tag_keys_size(), 0) << "this year's would find the old holder's entries";
  EXPECT_EQ(view.blocks_size(), 1) << "what forbids stays";
  std::vector<std::string> kinds;
  for (const v1::HistoryEntry& entry : view.history()) kinds.push_back(entry.kind());
  EXPECT_EQ(kinds, (std::vector<std::string>{"HOLDER_CHANGED", "BOUND"}));
}

TEST_F(GrantServiceTest, ViewRequestIsAnsweredOnce) {
  ledger_.Settle(alice_, 1, 0);
  const v1::SignedStatement request = Sign(ViewRequest(alice_), alice_.key);
  EXPECT_TRUE(View(request).ok());
  EXPECT_TRUE(FailsWith(View(request), StatusCode::FAILED_PRECONDITION, "REQUEST_NOT_FRESH"));
  const v1::SignedStatement old = Sign(ViewRequest(alice_), alice_.key);
  server_.clock.Advance(5 * 60'000 + 1000);
  EXPECT_TRUE(FailsWith(View(old), StatusCode::FAILED_PRECONDITION, "REQUEST_NOT_FRESH"));
}

TEST_F(GrantServiceTest, ViewIsForTheHolderOfTheKeyAlone) {
  ledger_.Settle(alice_, 1, 0);
  const grpc::Status other = View(Sign(ViewRequest(alice_), PersonOf(2).key));
  const grpc::Status nobody = View(Sign(ViewRequest(PersonOf(2)), PersonOf(2).key));
  EXPECT_TRUE(FailsWith(other, StatusCode::PERMISSION_DENIED, "UNKNOWN_KEY"));
  EXPECT_EQ(other.error_message(), nobody.error_message());
  EXPECT_EQ(other.error_details(), nobody.error_details());
  EXPECT_TRUE(FailsWith(View(Sign(ViewRequest(alice_), ledger_.registrar_key)),
                        StatusCode::PERMISSION_DENIED, "UNKNOWN_KEY"));
}

TEST_F(GrantServiceTest, RequestsOfStrangersAreNotRemembered) {
  const v1::SignedStatement request = Sign(ViewRequest(alice_), alice_.key);
  for (int i = 0; i < 2; ++i) {
    EXPECT_TRUE(FailsWith(View(request), StatusCode::PERMISSION_DENIED, "UNKNOWN_KEY"));
  }
  ledger_.Settle(alice_, 1, 0);
  EXPECT_TRUE(View(request).ok()) << "it has never been answered";
}

TEST_F(GrantServiceTest, WordsAndQuestionsAreNotMixedUp) {
  ledger_.Settle(alice_, 1, 0);
  EXPECT_TRUE(FailsWith(View(Sign(ledger_.Revocation(alice_), alice_.key)),
                        StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "request"));
  EXPECT_TRUE(Say(ViewRequest(alice_), alice_.key).has_error());
  for (const int history_max : {-1, 1001}) {
    EXPECT_TRUE(FailsWith(View(Sign(ViewRequest(alice_, history_max), alice_.key)),
                          StatusCode::INVALID_ARGUMENT, "INVALID_FIELD",
                          "view_request.history_max"));
  }
}

TEST_F(GrantServiceTest, AConsumerIsErasedAtTheirOwnOrder) {
  Say(ledger_.Binding(alice_), ledger_.registrar_key);
  Say(ledger_.Grant(alice_, "g1", 1, 4), alice_.key);
  v1::Statement order = ledger_.Statement(alice_);
  order.mutable_erase_request();
  const auto erase = [this](const v1::SignedStatement& request,
                            v1::EraseConsumerResponse* response) {
    grpc::ClientContext context;
    v1::EraseConsumerRequest wire;
    *wire.mutable_request() = request;
    return server_.grants->EraseConsumer(&context, wire, response);
  };
  v1::EraseConsumerResponse response;
  EXPECT_EQ(erase(Sign(order, PersonOf(2).key), &response).error_code(),
            StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(erase(Sign(ViewRequest(alice_), alice_.key), &response).error_code(),
            StatusCode::INVALID_ARGUMENT)
      << "a question is no order";
  const v1::SignedStatement signed_order = Sign(order, alice_.key);
  ASSERT_TRUE(erase(signed_order, &response).ok());
  EXPECT_EQ(response.entry(), 2u);
  EXPECT_EQ(response.journal_origin(), absl::StrCat(std::string(ledger::kTestOrigin), "/1"));
  EXPECT_EQ(response.erased_at().seconds(), ledger::kTestStartMs / 1000);
  EXPECT_EQ(View(Sign(ViewRequest(alice_), alice_.key)).error_code(),
            StatusCode::PERMISSION_DENIED);
  // The answer may have been lost on its way.
  v1::EraseConsumerResponse again;
  ASSERT_TRUE(erase(signed_order, &again).ok());
  EXPECT_EQ(again.SerializeAsString(), response.SerializeAsString());
  // Whoever comes back sees the tombstone as the beginning of their history.
  server_.clock.Advance(2'000);
  Say(ledger_.Binding(alice_), ledger_.registrar_key);
  v1::ConsumerView view;
  ASSERT_TRUE(View(Sign(ViewRequest(alice_), alice_.key), &view).ok());
  ASSERT_EQ(view.history_size(), 2);
  EXPECT_EQ(view.history(0).kind(), "ERASED");
  EXPECT_EQ(view.history(1).kind(), "BOUND");
  EXPECT_EQ(view.contact_points(), 1);
}

}  // namespace
}  // namespace consent::api

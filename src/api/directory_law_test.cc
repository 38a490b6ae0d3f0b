// SPDX-License-Identifier: Apache-2.0
//
// Law, numbers, processors and lists through the wire: what the directory is told, and what
// contacts get by it from then on.

#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/api/directory_service.h"
#include "src/api/test_server.h"
#include "src/base/status_matchers.h"
#include "src/rules/embedded.h"

namespace consent::api {
namespace {

using grpc::StatusCode;
using Stub = v1::DirectoryService::Stub;

constexpr int64_t kMsADay = INT64_C(86'400'000);

class DirectoryLawTest : public ::testing::Test {
 protected:
  template <class Request, class Response>
  grpc::Status Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
    grpc::ClientContext context;
    return (server_.directory.get()->*method)(&context, request, response);
  }
  grpc::Status PutPack(const std::string& id, const std::string& sha256) {
    v1::PutRulePackRequest request;
    request.set_pack_id(id);
    request.set_sha256(sha256);
    v1::PutRulePackResponse response;
    return Call(&Stub::PutRulePack, request, &response);
  }
  void PutFr() { ASSERT_TRUE(PutPack("fr", rules::FindPack("fr")->sha256.str()).ok()); }
  grpc::Status Register(const std::string& company, const std::string& number,
                        v1::DirectoryEntry* entry = nullptr) {
    v1::RegisterNumberRequest request;
    request.set_company(company);
    request.set_number(number);
    v1::RegisterNumberResponse response;
    const grpc::Status status = Call(&Stub::RegisterNumber, request, &response);
    if (entry != nullptr) *entry = response.entry();
    return status;
  }
  v1::FindNumberResponse Find(const std::string& number) {
    v1::FindNumberRequest request;
    request.set_number(number);
    v1::FindNumberResponse response;
    EXPECT_TRUE(Call(&Stub::FindNumber, request, &response).ok());
    return response;
  }
  static v1::DelegateRequest ToCalls() {
    v1::DelegateRequest request;
    request.mutable_delegation()->set_company("acme");
    request.mutable_delegation()->set_processor("calls");
    return request;
  }
  grpc::Status Delegate(const v1::DelegateRequest& request) {
    v1::DelegateResponse response;
    return Call(&Stub::Delegate, request, &response);
  }
  v1::GetPartyResponse Get(const std::string& id) {
    v1::GetPartyRequest request;
    request.set_party_id(id);
    v1::GetPartyResponse response;
    EXPECT_TRUE(Call(&Stub::GetParty, request, &response).ok());
    return response;
  }
  static v1::CheckAndConsumeRequest Wish(const std::string& id) {
    v1::CheckAndConsumeRequest request = ConsumeRequest(id);
    request.set_caller_number("+33162000001");
    return request;
  }
  v1::Decision Consume(const v1::CheckAndConsumeRequest& request) {
    grpc::ClientContext context;
    v1::CheckAndConsumeResponse response;
    const grpc::Status status = server_.contacts->CheckAndConsume(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.decision();
  }
  grpc::Status TryConsume(const v1::CheckAndConsumeRequest& request) {
    grpc::ClientContext context;
    v1::CheckAndConsumeResponse response;
    return server_.contacts->CheckAndConsume(&context, request, &response);
  }

  TestServer server_;
  const ledger::Person alice_ = ledger::PersonOf(1);
};

// A day at the call centre under French law, from end to end.
TEST_F(DirectoryLawTest, LawAndDelegationsDecideFromTheNextRequestOn) {
  server_.ledger.Settle(alice_, 100, 0);
  server_.ledger.AddCompany("calls");
  server_.clock.Advance(5 * kMsADay);  // Saturday.
  EXPECT_EQ(Consume(Wish("before")).verdict(), v1::VERDICT_ALLOWED) << "no law is in force yet";
  PutFr();
  const v1::Decision saturday = Consume(Wish("saturday"));
  EXPECT_EQ(saturday.reason(), v1::REASON_OUTSIDE_HOURS);
  EXPECT_EQ(saturday.rule(), "fr.hours");

  server_.clock.Advance(2 * kMsADay);  // Monday. One call counts already.
  for (int i = 2; i <= 4; ++i) {
    EXPECT_EQ(Consume(Wish(absl::StrCat("call-", i))).verdict(), v1::VERDICT_ALLOWED) << i;
  }
  const v1::Decision fifth = Consume(Wish("call-5"));
  EXPECT_EQ(fifth.reason(), v1::REASON_LIMIT_REACHED);
  EXPECT_EQ(fifth.limit(), "law/fr.attempts");
  EXPECT_EQ(fifth.rule(), "fr.attempts");

  server_.clock.Advance(42 * kMsADay);  // A Monday again.
  v1::CheckAndConsumeRequest by_processor = Wish("delegated");
  by_processor.set_processor("calls");
  by_processor.set_agent("agent-7");
  by_processor.set_agent_country("MA");
  EXPECT_EQ(Consume(by_processor).reason(), v1::REASON_NOT_DELEGATED);
  ASSERT_TRUE(Delegate(ToCalls()).ok());
  EXPECT_EQ(Consume(by_processor).verdict(), v1::VERDICT_ALLOWED);
  v1::RevokeDelegationRequest revocation;
  revocation.set_company("acme");
  revocation.set_processor("calls");
  v1::RevokeDelegationResponse revoked;
  ASSERT_TRUE(Call(&Stub::RevokeDelegation, revocation, &revoked).ok());
  by_processor.set_request_id("revoked");
  EXPECT_EQ(Consume(by_processor).reason(), v1::REASON_NOT_DELEGATED);
  EXPECT_OK(server_.ledger.StopAndCompare());
}

TEST_F(DirectoryLawTest, OnlyAPackThatTheServerCarriesComesIntoForce) {
  EXPECT_TRUE(FailsWith(PutPack("fr", std::string(32, 'x')), StatusCode::FAILED_PRECONDITION,
                        "RULE_PACK_MISSING"));
  EXPECT_TRUE(FailsWith(PutPack("xx", std::string(32, 'x')), StatusCode::FAILED_PRECONDITION,
                        "RULE_PACK_MISSING"));
  EXPECT_TRUE(
      FailsWith(PutPack("fr", "short"), StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "sha256"));
  PutFr();
  v1::RetireRulePackRequest retire;
  retire.set_pack_id("fr");
  v1::RetireRulePackResponse retired;
  ASSERT_TRUE(Call(&Stub::RetireRulePack, retire, &retired).ok());
  EXPECT_FALSE(retired.entry().repeated());
  ASSERT_TRUE(Call(&Stub::RetireRulePack, retire, &retired).ok());
  EXPECT_TRUE(retired.entry().repeated());
  v1::ListRulePacksResponse list;
  ASSERT_TRUE(Call(&Stub::ListRulePacks, v1::ListRulePacksRequest(), &list).ok());
  ASSERT_EQ(list.rule_packs_size(), 1);
  EXPECT_EQ(list.rule_packs(0).pack_id(), "fr");
  EXPECT_FALSE(list.rule_packs(0).version().empty());
  EXPECT_FALSE(list.rule_packs(0).in_force());
  EXPECT_TRUE(list.rule_packs(0).carried());
}

TEST_F(DirectoryLawTest, PackOfAnotherReleaseStopsAllContacts) {
  server_.ledger.Settle(alice_, 1, 0);
  ASSERT_OK(server_.ledger.Change(directory::RulePackPut{"fr", "2031-01-01", Digest()}));
  EXPECT_TRUE(
      FailsWith(TryConsume(Wish("r1")), StatusCode::FAILED_PRECONDITION, "RULE_PACK_MISSING"));
  v1::ListRulePacksResponse list;
  ASSERT_TRUE(Call(&Stub::ListRulePacks, v1::ListRulePacksRequest(), &list).ok());
  EXPECT_TRUE(list.rule_packs(0).in_force());
  EXPECT_FALSE(list.rule_packs(0).carried());
  PutFr();
  EXPECT_EQ(Consume(Wish("r1")).verdict(), v1::VERDICT_ALLOWED);
}

TEST_F(DirectoryLawTest, CompanyShowsOnlyNumbersThatItRegistered) {
  server_.ledger.Settle(alice_, 5, 5);
  v1::DirectoryEntry entry;
  ASSERT_TRUE(Register("acme", "tel:+33-162-000-001", &entry).ok());
  EXPECT_FALSE(entry.repeated());
  ASSERT_TRUE(Register("acme", "+33162000001", &entry).ok());
  EXPECT_TRUE(entry.repeated()) << "it is the same number, however it is written";
  EXPECT_EQ(Consume(Wish("r1")).verdict(), v1::VERDICT_ALLOWED);
  v1::CheckAndConsumeRequest other = Wish("r2");
  other.set_caller_number("+33162000002");
  EXPECT_EQ(Consume(other).reason(), v1::REASON_CALLER_NUMBER);
  v1::CheckAndConsumeRequest text = Wish("r3");
  text.set_channel(v1::CHANNEL_SMS);
  text.set_caller_number("38000");
  EXPECT_EQ(Consume(text).reason(), v1::REASON_CALLER_NUMBER);
  ASSERT_TRUE(Register("acme", "38000").ok());
  EXPECT_EQ(Consume(text).verdict(), v1::VERDICT_ALLOWED) << "a short code will do for a text";
  text.set_channel(v1::CHANNEL_CALL);
  EXPECT_TRUE(
      FailsWith(TryConsume(text), StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "caller_number"));
  EXPECT_TRUE(FailsWith(Register("acme", "not a number at all"), StatusCode::INVALID_ARGUMENT,
                        "INVALID_FIELD", "number"));

  v1::RetireNumberRequest retire;
  retire.set_company("acme");
  retire.set_number("38000");
  v1::RetireNumberResponse retired;
  ASSERT_TRUE(Call(&Stub::RetireNumber, retire, &retired).ok());
  const v1::FindNumberResponse found = Find("38000");
  ASSERT_EQ(found.holders_size(), 1);
  EXPECT_EQ(found.holders(0).company(), "acme");
  EXPECT_EQ(found.holders(0).legal_name(), "Company acme");
  EXPECT_TRUE(found.holders(0).has_retired_at());
  EXPECT_EQ(Find("36000").holders_size(), 0);
  ASSERT_EQ(Get("acme").numbers_size(), 1);
  EXPECT_EQ(Get("acme").numbers(0).number(), "+33162000001");
}

TEST_F(DirectoryLawTest, DelegationKeepsItsDates) {
  server_.ledger.AddCompany("calls");
  v1::DelegateRequest request = ToCalls();
  request.mutable_delegation()->mutable_valid_until()->set_seconds(4'000'000'000);
  ASSERT_TRUE(Delegate(request).ok());
  const v1::GetPartyResponse acme = Get("acme");
  ASSERT_EQ(acme.delegations_size(), 1);
  EXPECT_EQ(acme.delegations(0).processor(), "calls");
  EXPECT_FALSE(acme.delegations(0).has_valid_from());
  EXPECT_EQ(acme.delegations(0).valid_until().seconds(), 4'000'000'000);
  request.mutable_delegation()->mutable_valid_from()->set_nanos(1);
  EXPECT_TRUE(FailsWith(Delegate(request), StatusCode::INVALID_ARGUMENT, "INVALID_FIELD",
                        "delegation.valid_from"));
  v1::GetPartyRequest unknown;
  unknown.set_party_id("nobody");
  v1::GetPartyResponse response;
  EXPECT_TRUE(FailsWith(Call(&Stub::GetParty, unknown, &response), StatusCode::NOT_FOUND,
                        "UNKNOWN_COMPANY"));
}

TEST_F(DirectoryLawTest, PartyKeepsItsGroupAndSectors) {
  v1::PutPartyRequest request;
  request.mutable_party()->set_party_id("paper");
  request.mutable_party()->set_role(v1::PARTY_ROLE_COMPANY);
  request.mutable_party()->set_legal_name("The Paper");
  request.mutable_party()->set_group("papers");
  request.mutable_party()->add_sectors(v1::PURPOSE_PRESS);
  v1::PutPartyResponse response;
  ASSERT_TRUE(Call(&Stub::PutParty, request, &response).ok());
  EXPECT_EQ(Get("paper").party().party().group(), "papers");
  ASSERT_EQ(Get("paper").party().party().sectors_size(), 1);
  EXPECT_EQ(Get("paper").party().party().sectors(0), v1::PURPOSE_PRESS);
  request.mutable_party()->add_sectors(static_cast<v1::Purpose>(99));
  EXPECT_TRUE(FailsWith(Call(&Stub::PutParty, request, &response), StatusCode::INVALID_ARGUMENT,
                        "INVALID_FIELD", "party.sectors[1]"));
}

TEST_F(DirectoryLawTest, ImportOfAListIsDatedByTheLedger) {
  v1::ImportListRequest request;
  request.set_list("us-dnc");
  request.set_source("the registry");
  v1::ImportListResponse response;
  ASSERT_TRUE(Call(&Stub::ImportList, request, &response).ok());
  EXPECT_EQ(server_.ledger->directory().Snapshot()->lists().at(0).imported_at.unix_seconds,
            ledger::kTestStartMs / 1000);
  request.set_list("");
  EXPECT_TRUE(FailsWith(Call(&Stub::ImportList, request, &response), StatusCode::INVALID_ARGUMENT,
                        "INVALID_FIELD", "list"));
}

TEST_F(DirectoryLawTest, RefusesCircumstancesThatAreMalformed) {
  const auto refuses = [this](const std::string& field, auto&& change) {
    v1::CheckAndConsumeRequest request = Wish("r1");
    change(request);
    EXPECT_TRUE(
        FailsWith(TryConsume(request), StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", field));
  };
  refuses("processor", [](auto& request) { request.set_processor("The Calls"); });
  refuses("agent", [](auto& request) { request.set_agent(std::string(65, 'a')); });
  refuses("agent_country", [](auto& request) { request.set_agent_country("fr"); });
  refuses("contract", [](auto& request) { request.set_contract("a\nb"); });
  refuses("subject_matter",
          [](auto& request) { request.set_subject_matter(static_cast<v1::SubjectMatter>(99)); });
}

TEST_F(DirectoryLawTest, ListsAreRecordedInBulkAndInForceAtOnce) {
  server_.ledger.Settle(alice_, 100, 0);
  EXPECT_EQ(Consume(Wish("before")).verdict(), v1::VERDICT_ALLOWED);
  v1::RecordListingsRequest request;
  request.set_list("red");
  request.add_listings()->set_contact_point(alice_.contact_point);
  request.add_listings()->set_contact_point("nobody's number");
  request.add_listings()->set_contact_point(ledger::ContactPointOf(2));
  v1::RecordListingsResponse response;
  ASSERT_TRUE(Call(&Stub::RecordListings, request, &response).ok());
  EXPECT_EQ(response.changed(), 2);
  ASSERT_EQ(response.errors_size(), 1);
  EXPECT_EQ(response.errors(0).index(), 1);
  EXPECT_EQ(Consume(Wish("after")).reason(), v1::REASON_LISTED);

  v1::RecordListingsResponse again;
  ASSERT_TRUE(Call(&Stub::RecordListings, request, &again).ok());
  EXPECT_EQ(again.changed(), 0);
  EXPECT_EQ(again.unchanged(), 2);
}

TEST_F(DirectoryLawTest, AListWithoutANameOrWithoutEntriesIsRefused) {
  v1::RecordListingsRequest request;
  v1::RecordListingsResponse response;
  request.set_list("red");
  EXPECT_TRUE(FailsWith(Call(&Stub::RecordListings, request, &response),
                        StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "listings"));
  request.add_listings()->set_contact_point(alice_.contact_point);
  request.set_list("Red List");
  EXPECT_TRUE(FailsWith(Call(&Stub::RecordListings, request, &response),
                        StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "list"));
  request.set_list("red");
  request.set_company("A C M E");
  EXPECT_TRUE(FailsWith(Call(&Stub::RecordListings, request, &response),
                        StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "company"));
}

}  // namespace
}  // namespace consent::api

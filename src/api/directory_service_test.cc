// SPDX-License-Identifier: Apache-2.0

#include "src/api/directory_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/status_matchers.h"

namespace consent::api {
namespace {

using grpc::StatusCode;

class DirectoryServiceTest : public ::testing::Test {
 protected:
  grpc::Status Put(const std::string& id, v1::PartyRole role, const std::string& name,
                   v1::DirectoryEntry* entry = nullptr) {
    grpc::ClientContext context;
    v1::PutPartyRequest request;
    request.mutable_party()->set_party_id(id);
    request.mutable_party()->set_role(role);
    request.mutable_party()->set_legal_name(name);
    v1::PutPartyResponse response;
    const grpc::Status status = server_.directory->PutParty(&context, request, &response);
    if (entry != nullptr) *entry = response.entry();
    return status;
  }
  grpc::Status AddKey(const std::string& party, const std::string& spki,
                      v1::AddKeyResponse* response) {
    grpc::ClientContext context;
    v1::AddKeyRequest request;
    request.set_party_id(party);
    request.set_public_key(spki);
    return server_.directory->AddKey(&context, request, response);
  }
  grpc::Status RetireKey(const std::string& party, const std::string& key_id,
                         v1::RetireKeyResponse* response) {
    grpc::ClientContext context;
    v1::RetireKeyRequest request;
    request.set_party_id(party);
    request.set_key_id(key_id);
    return server_.directory->RetireKey(&context, request, response);
  }
  v1::ListPartiesResponse List(int page_size, const std::string& token = "") {
    grpc::ClientContext context;
    v1::ListPartiesRequest request;
    request.set_page_size(page_size);
    request.set_page_token(token);
    v1::ListPartiesResponse response;
    EXPECT_TRUE(server_.directory->ListParties(&context, request, &response).ok());
    return response;
  }

  TestServer server_;
};

TEST_F(DirectoryServiceTest, LedgerIsDescribed) {
  grpc::ClientContext context;
  v1::GetLedgerResponse response;
  ASSERT_TRUE(server_.directory->GetLedger(&context, {}, &response).ok());
  EXPECT_EQ(response.origin(), ledger::kTestOrigin);
  ASSERT_EQ(response.journals_size(), 2);
  EXPECT_EQ(response.journals(0).journal_origin(), response.origin() + "/directory");
  EXPECT_EQ(response.journals(0).size(), 4u);
  EXPECT_EQ(response.journals(1).journal_origin(), response.origin() + "/1");
  EXPECT_EQ(response.journals(1).size(), 0u);
  EXPECT_EQ(response.journals(1).root_hash().size(), 32u);
}

TEST_F(DirectoryServiceTest, PartyIsPutOnce) {
  v1::DirectoryEntry first;
  ASSERT_TRUE(Put("beta", v1::PARTY_ROLE_COMPANY, "Beta", &first).ok());
  EXPECT_FALSE(first.repeated());
  EXPECT_EQ(first.entry(), 4u);
  EXPECT_NE(first.journal_origin(), "");
  v1::DirectoryEntry again;
  ASSERT_TRUE(Put("beta", v1::PARTY_ROLE_COMPANY, "Beta", &again).ok());
  EXPECT_TRUE(again.repeated());
  EXPECT_EQ(again.entry(), first.entry());
}

TEST_F(DirectoryServiceTest, WrongFieldsAreNamed) {
  EXPECT_TRUE(FailsWith(Put("B", v1::PARTY_ROLE_COMPANY, "Beta"), StatusCode::INVALID_ARGUMENT,
                        "INVALID_FIELD", "party.party_id"));
  EXPECT_TRUE(FailsWith(Put("b", v1::PARTY_ROLE_COMPANY, ""), StatusCode::INVALID_ARGUMENT,
                        "INVALID_FIELD", "party.legal_name"));
  for (const int role : {0, 3, 257, 258, -255}) {  // 257 is 1 in eight bits.
    EXPECT_TRUE(FailsWith(Put("b", static_cast<v1::PartyRole>(role), "Beta"),
                          StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "party.role"))
        << role;
  }
  v1::AddKeyResponse added;
  EXPECT_TRUE(FailsWith(AddKey("acme", "no key", &added), StatusCode::INVALID_ARGUMENT,
                        "INVALID_FIELD", "public_key"));
  v1::RetireKeyResponse retired;
  EXPECT_TRUE(FailsWith(RetireKey("acme", "short", &retired), StatusCode::INVALID_ARGUMENT,
                        "INVALID_FIELD", "key_id"));
  EXPECT_TRUE(FailsWith(RetireKey("acme", std::string(16, 'x'), &retired), StatusCode::NOT_FOUND,
                        "UNKNOWN_KEY"));
  EXPECT_TRUE(FailsWith(RetireKey("nobody", std::string(16, 'x'), &retired), StatusCode::NOT_FOUND,
                        "UNKNOWN_COMPANY"));
}

TEST_F(DirectoryServiceTest, KeyIsAddedAndRetired) {
  const crypto::PublicKey key = ledger::KeyOf("a new one").public_key();
  v1::AddKeyResponse added;
  ASSERT_TRUE(AddKey("acme", key.spki(), &added).ok());
  EXPECT_EQ(added.key_id(), key.id().str());
  v1::RetireKeyResponse retired;
  ASSERT_TRUE(RetireKey("acme", added.key_id(), &retired).ok());
  EXPECT_FALSE(retired.entry().repeated());
  const v1::PartyView acme = List(0).parties(0);
  EXPECT_EQ(acme.party().party_id(), "acme");
  ASSERT_EQ(acme.keys_size(), 2);
  EXPECT_FALSE(acme.keys(0).has_retired_at());
  EXPECT_TRUE(acme.keys(1).has_retired_at());
  EXPECT_EQ(AddKey("acme", key.spki(), &added).error_code(), StatusCode::ALREADY_EXISTS);
}

TEST_F(DirectoryServiceTest, PagesHoldEveryPartyOnce) {
  for (int i = 0; i < 23; ++i) {
    ASSERT_TRUE(Put(absl::StrCat("c", i), v1::PARTY_ROLE_COMPANY, "Company").ok());
  }
  std::vector<std::string> seen;
  std::string token;
  do {
    const v1::ListPartiesResponse page = List(4, token);
    EXPECT_LE(page.parties_size(), 4);
    EXPECT_EQ(page.directory_size(), 27u);
    for (const v1::PartyView& view : page.parties()) seen.push_back(view.party().party_id());
    token = page.next_page_token();
  } while (!token.empty());
  EXPECT_EQ(seen.size(), 25u);
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
  for (const int page_size : {-1, 1001}) {
    grpc::ClientContext context;
    v1::ListPartiesRequest request;
    request.set_page_size(page_size);
    v1::ListPartiesResponse response;
    EXPECT_TRUE(FailsWith(server_.directory->ListParties(&context, request, &response),
                          StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "page_size"));
  }
}

}  // namespace
}  // namespace consent::api

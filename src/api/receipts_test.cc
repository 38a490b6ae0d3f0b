// SPDX-License-Identifier: Apache-2.0
//
// Receipts, proofs, permits and dossiers, as a caller gets them.

#include "src/api/receipts.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/api/test_server.h"
#include "src/base/status_matchers.h"
#include "src/crypto/jws.h"
#include "src/journal/event_parts.h"
#include "src/journal/receipt.h"
#include "src/merkle/leaf_hash.h"
#include "src/merkle/proof.h"

namespace consent::api {
namespace {

using grpc::StatusCode;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPoint[] = "tel:+33639980001";

class ReceiptsTest : public ::testing::Test {
 protected:
  ReceiptsTest() { server_.ledger.Settle(ledger::PersonOf(1), 2, 2); }

  static std::string Origin(const std::string& journal = "1") {
    return absl::StrCat(std::string(ledger::kTestOrigin), "/", journal);
  }
  std::vector<tlog::VerifierKey> Keys(const std::string& journal = "1") {
    return server_.ledger->journal_keys().VerifierKeys(Origin(journal));
  }
  v1::CheckAndConsumeResponse Consume(v1::CheckAndConsumeRequest request) {
    grpc::ClientContext context;
    v1::CheckAndConsumeResponse response;
    const grpc::Status status = server_.contacts->CheckAndConsume(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
  v1::CheckAndConsumeRequest Wish(const std::string& id, bool receipt, bool permit) {
    v1::CheckAndConsumeRequest request = ConsumeRequest(id, ledger::ContactPointOf(1));
    request.set_want_receipt(receipt);
    request.set_want_signed_permit(permit);
    return request;
  }
  // Verifies the receipt with the public key alone; gives the event that it opens.
  core::Event Verified(const std::string& text, journal::Receipt* receipt = nullptr) {
    auto parsed = journal::ParseReceipt(text);
    EXPECT_OK(parsed.status());
    auto proven = journal::VerifyReceipt(*parsed, Keys());
    EXPECT_OK(proven.status());
    journal::Parts parts{.contact = parsed->shown.parts->contact.opened->bytes,
                         .company = parsed->shown.parts->company.opened->bytes,
                         .ledger = {}};
    if (receipt != nullptr) *receipt = *parsed;
    // The ledger's part of a decision, which a receipt does not open: any will do here.
    core::Decided any;
    parts.ledger = journal::ToParts(core::EventBody(any), "").ledger;
    auto event = journal::ToEvent(proven->entry, parts);
    EXPECT_OK(event.status());
    return *std::move(event);
  }
  grpc::Status Receipt(uint64_t entry, const std::string& contact, const std::string& company,
                       std::string* receipt, const std::string& journal = "1") {
    v1::GetReceiptRequest request;
    request.set_journal_origin(Origin(journal));
    request.set_entry(entry);
    request.set_contact_point(contact);
    request.set_company(company);
    grpc::ClientContext context;
    v1::GetReceiptResponse response;
    const grpc::Status status = server_.journals->GetReceipt(&context, request, &response);
    *receipt = response.receipt();
    return status;
  }

  TestServer server_;
};

TEST_F(ReceiptsTest, AnAnswerBringsItsReceipt) {
  const auto response = Consume(Wish("r1", true, false));
  const auto decided = std::get<core::Decided>(Verified(response.receipt()).body);
  EXPECT_EQ(decided.request.request_id, "r1");
  EXPECT_EQ(decided.answer.verdict, core::Verdict::kAllowed);
  EXPECT_EQ(response.signed_permit(), "");
}

TEST_F(ReceiptsTest, ADenialOfAStrangerHasOneToo) {
  v1::CheckAndConsumeRequest request = ConsumeRequest("r1", "tel:+33639989999");
  request.set_want_receipt(true);
  journal::Receipt receipt;
  const auto decided = std::get<core::Decided>(Verified(Consume(request).receipt(), &receipt).body);
  EXPECT_EQ(decided.answer.reason, core::Reason::kNoPermission);
  EXPECT_EQ(receipt.shown.parts->contact.opened->bytes, "tel:+33639989999");
}

TEST_F(ReceiptsTest, NobodyWhoAsksForNoneGetsOne) {
  const auto response = Consume(Wish("r1", false, false));
  EXPECT_EQ(response.receipt(), "");
  EXPECT_EQ(response.signed_permit(), "");
}

TEST_F(ReceiptsTest, OpensAnEntryForWhoeverKnowsWhatItHides) {
  const auto answer = Consume(Wish("r1", false, false)).decision();
  const std::string point = ledger::ContactPointOf(1);
  std::string text;
  ASSERT_TRUE(Receipt(answer.entry(), point, "acme", &text).ok());
  journal::Receipt receipt;
  Verified(text, &receipt);
  EXPECT_FALSE(receipt.shown.parts->ledger.opened.has_value());
  EXPECT_TRUE(FailsWith(Receipt(answer.entry(), "tel:+33639989998", "acme", &text),
                        StatusCode::NOT_FOUND, "NOT_THEIR_ENTRY"));
  EXPECT_TRUE(FailsWith(Receipt(answer.entry(), point, "beta", &text), StatusCode::NOT_FOUND,
                        "NOT_THEIR_ENTRY"));
}

TEST_F(ReceiptsTest, ProvesAnEntryToAnybodyAndOpensNothing) {
  const auto answer = Consume(Wish("r1", false, false)).decision();
  std::string text;
  ASSERT_TRUE(Receipt(answer.entry(), "", "", &text).ok());
  ASSERT_OK_AND_ASSIGN(const journal::Receipt receipt, journal::ParseReceipt(text));
  EXPECT_OK(journal::VerifyReceipt(receipt, Keys()).status());
  EXPECT_FALSE(receipt.shown.parts.has_value());
}

TEST_F(ReceiptsTest, AnOutcomeIsOpenedByTheContactPointOfItsPermit) {
  const auto answer = Consume(Wish("r1", false, false)).decision();
  v1::ReportOutcomeRequest request;
  request.set_company("acme");
  request.set_permit_id(answer.permit_id());
  request.set_outcome(v1::OUTCOME_CONNECTED);
  grpc::ClientContext context;
  v1::ReportOutcomeResponse response;
  ASSERT_TRUE(server_.contacts->ReportOutcome(&context, request, &response).ok());
  EXPECT_TRUE(response.answer().has_answered_at());
  std::string text;
  ASSERT_TRUE(Receipt(response.answer().entry(), ledger::ContactPointOf(1), "acme", &text).ok());
  EXPECT_TRUE(FailsWith(Receipt(response.answer().entry(), "tel:+33639989998", "acme", &text),
                        StatusCode::NOT_FOUND, "NOT_THEIR_ENTRY"));
}

TEST_F(ReceiptsTest, TheDirectoryHidesNothing) {
  std::string text;
  ASSERT_TRUE(Receipt(0, "", "", &text, "directory").ok());
  ASSERT_OK_AND_ASSIGN(const journal::Receipt receipt, journal::ParseReceipt(text));
  EXPECT_OK(journal::VerifyReceipt(receipt, Keys("directory")).status());
  EXPECT_THAT(receipt.shown.parts->company.opened->bytes, HasSubstr("acme"));
}

TEST_F(ReceiptsTest, AnEntryThatIsNotThereHasNone) {
  std::string text;
  EXPECT_TRUE(FailsWith(Receipt(1000, "", "", &text), StatusCode::OUT_OF_RANGE, "BEYOND_JOURNAL"));
  EXPECT_TRUE(
      FailsWith(Receipt(0, "", "", &text, "nowhere"), StatusCode::NOT_FOUND, "UNKNOWN_JOURNAL"));
}

TEST_F(ReceiptsTest, ASignedPermitSaysWhoMayContactWhomUntilWhen) {
  v1::CheckAndConsumeRequest wish = Wish("r1", false, true);
  wish.set_caller_number("+33199001234");
  const auto response = Consume(wish);
  ASSERT_OK_AND_ASSIGN(const std::string payload,
                       crypto::VerifyJws("consent-permit+jwt", response.signed_permit(),
                                         server_.ledger->journal_keys().newest().public_key()));
  EXPECT_THAT(payload, HasSubstr(R"("company":"acme")"));
  EXPECT_THAT(payload, HasSubstr(R"("channel":"CALL")"));
  EXPECT_THAT(payload, HasSubstr(absl::StrCat("\"contact_point\":\"", ledger::ContactPointOf(1))));
  EXPECT_THAT(payload, HasSubstr(R"("caller_number":"+33199001234")"));
  EXPECT_THAT(payload,
              HasSubstr(absl::StrCat("\"exp\":", response.decision().contact_before().seconds())));
}

TEST_F(ReceiptsTest, NoSignedPermitWhereThereIsNoRight) {
  Consume(Wish("r1", false, false));
  Consume(Wish("r2", false, false));
  EXPECT_EQ(Consume(Wish("r3", false, true)).signed_permit(), "");  // Denied.
  v1::CheckAndConsumeRequest held = Wish("s1", false, true);
  held.set_channel(v1::CHANNEL_SMS);
  held.mutable_hold()->set_seconds(60);
  const auto answer = Consume(held);
  EXPECT_EQ(answer.decision().verdict(), v1::VERDICT_ALLOWED);
  EXPECT_EQ(answer.signed_permit(), "");  // Held: no right until it is confirmed.

  v1::ConfirmPermitRequest confirm;
  confirm.set_company("acme");
  confirm.set_permit_id(answer.decision().permit_id());
  confirm.set_want_signed_permit(true);
  grpc::ClientContext context;
  v1::ConfirmPermitResponse response;
  ASSERT_TRUE(server_.contacts->ConfirmPermit(&context, confirm, &response).ok());
  ASSERT_OK_AND_ASSIGN(const std::string payload,
                       crypto::VerifyJws("consent-permit+jwt", response.signed_permit(),
                                         server_.ledger->journal_keys().newest().public_key()));
  EXPECT_THAT(payload, HasSubstr(R"("channel":"SMS")"));
}

TEST_F(ReceiptsTest, ProofsAreThoseOfTheTreeOfTheCheckpoint) {
  for (int i = 0; i < 300; ++i) Consume(ConsumeRequest(absl::StrCat("x", i)));
  std::string covers_all;  // Waits until the last checkpoint does.
  ASSERT_TRUE(Receipt(301, "", "", &covers_all).ok());

  v1::GetCheckpointRequest wanted;
  wanted.set_journal_origin(Origin());
  grpc::ClientContext c1;
  v1::GetCheckpointResponse note;
  ASSERT_TRUE(server_.journals->GetCheckpoint(&c1, wanted, &note).ok());
  ASSERT_OK_AND_ASSIGN(const auto opened,
                       tlog::OpenCheckpoint(note.checkpoint(), Origin(), Keys()));
  const tlog::Checkpoint& checkpoint = opened.checkpoint;
  ASSERT_GE(checkpoint.size.value, 302);

  v1::GetTileRequest tile;
  tile.set_journal_origin(Origin());
  grpc::ClientContext c2;
  v1::GetTileResponse hashes;
  ASSERT_TRUE(server_.journals->GetTile(&c2, tile, &hashes).ok());
  ASSERT_EQ(hashes.hashes().size(), 256 * 32);

  v1::GetInclusionProofRequest inclusion;
  inclusion.set_journal_origin(Origin());
  inclusion.set_entry(77);
  grpc::ClientContext c3;
  v1::GetInclusionProofResponse path;
  ASSERT_TRUE(server_.journals->GetInclusionProof(&c3, inclusion, &path).ok());
  std::vector<Digest> proof;
  for (const std::string& hash : path.hashes()) proof.push_back(*Digest::FromBytes(hash));
  const Digest leaf = *Digest::FromBytes(hashes.hashes().substr(77 * 32, 32));
  EXPECT_OK(merkle::VerifyInclusion(leaf, {77}, {path.tree_size()}, proof, checkpoint.root));

  v1::GetConsistencyProofRequest consistency;
  consistency.set_journal_origin(Origin());
  consistency.set_from_size(256);
  grpc::ClientContext c4;
  v1::GetConsistencyProofResponse both;
  ASSERT_TRUE(server_.journals->GetConsistencyProof(&c4, consistency, &both).ok());
  proof.clear();
  for (const std::string& hash : both.hashes()) proof.push_back(*Digest::FromBytes(hash));
  ASSERT_OK_AND_ASSIGN(const Digest first, merkle::PerfectRoot(hashes.hashes()));
  EXPECT_OK(merkle::VerifyConsistency({{256}, first, checkpoint.size, checkpoint.root}, proof));

  tile.set_index(9);
  grpc::ClientContext c5;
  EXPECT_TRUE(FailsWith(server_.journals->GetTile(&c5, tile, &hashes), StatusCode::OUT_OF_RANGE,
                        "BEYOND_JOURNAL"));
  inclusion.set_tree_size(100'000);
  grpc::ClientContext c6;
  EXPECT_TRUE(FailsWith(server_.journals->GetInclusionProof(&c6, inclusion, &path),
                        StatusCode::OUT_OF_RANGE, "BEYOND_JOURNAL"));
  consistency.set_from_size(0);
  grpc::ClientContext c7;
  EXPECT_TRUE(FailsWith(server_.journals->GetConsistencyProof(&c7, consistency, &both),
                        StatusCode::INVALID_ARGUMENT, "INVALID_FIELD", "from_size"));
}

TEST_F(ReceiptsTest, TheLedgerNamesItsKeys) {
  grpc::ClientContext context;
  v1::GetLedgerResponse ledger;
  ASSERT_TRUE(server_.directory->GetLedger(&context, {}, &ledger).ok());
  ASSERT_OK_AND_ASSIGN(const auto key, tlog::ParseVerifierKey(ledger.journals(1).verifier_keys(0)));
  EXPECT_EQ(key, Keys().front());
  EXPECT_THAT(ledger.permit_jwks(), HasSubstr(R"({"keys":[{"kty":"OKP")"));
}

class DossierTest : public ReceiptsTest {
 protected:
  struct Dossier {
    std::vector<v1::DossierEntry> entries;
    v1::DossierEnd end;
    grpc::Status status;
  };
  Dossier Ask(const std::string& contact, const std::string& company = "",
              const std::string& caller = "", int64_t from = 0, int64_t until = 0) {
    v1::GetDossierRequest request;
    request.set_contact_point(contact);
    request.set_company(company);
    request.set_caller_number(caller);
    if (from != 0) request.mutable_from()->set_seconds(from);
    if (until != 0) request.mutable_until()->set_seconds(until);
    grpc::ClientContext context;
    const auto reader = server_.journals->GetDossier(&context, request);
    Dossier dossier;
    v1::GetDossierResponse part;
    while (reader->Read(&part)) {
      if (part.has_entry()) {
        dossier.entries.push_back(part.entry());
      } else {
        dossier.end = part.end();
      }
    }
    dossier.status = reader->Finish();
    return dossier;
  }
  // The kinds of the entries, each verified.
  std::vector<int> KindsOf(const Dossier& dossier) {
    EXPECT_TRUE(dossier.status.ok()) << dossier.status.error_message();
    std::vector<int> kinds;
    for (const v1::DossierEntry& entry : dossier.entries) {
      const auto receipt = journal::ParseReceipt(entry.receipt());
      EXPECT_OK(receipt.status());
      const bool directory = entry.journal_origin() == Origin("directory");
      const auto proven = journal::VerifyReceipt(*receipt, Keys(directory ? "directory" : "1"));
      EXPECT_OK(proven.status());
      EXPECT_TRUE(receipt->shown.parts->ledger.opened.has_value());
      kinds.push_back(proven->entry.kind);
    }
    return kinds;
  }
};

TEST_F(DossierTest, HoldsStatementsDecisionsAndWhoseTheKeysAre) {
  server_.ledger.Settle(ledger::PersonOf(2), 1, 1);
  Consume(Wish("r1", false, false));
  Consume(ConsumeRequest("r1", ledger::ContactPointOf(2)));  // Somebody else's.
  const Dossier dossier = Ask(ledger::ContactPointOf(1));
  // Bound, granted, decided; the company and its key, the registrar and its key.
  EXPECT_THAT(KindsOf(dossier), ::testing::ElementsAre(1, 2, 6, 64, 64, 65, 65));
  EXPECT_TRUE(dossier.end.known());
}

TEST_F(DossierTest, AStrangersDenialsAreFound) {
  Consume(ConsumeRequest("r1", "tel:+33639989999"));
  Consume(ConsumeRequest("r2", "tel:+33639989998"));
  const Dossier dossier = Ask("tel:+33639989999");
  EXPECT_THAT(KindsOf(dossier), ::testing::ElementsAre(6, 64, 65));
  EXPECT_FALSE(dossier.end.known());
}

TEST_F(DossierTest, DenialsFromBeforeAPersonWasKnownStayTheirs) {
  Consume(ConsumeRequest("r1", ledger::ContactPointOf(5)));
  server_.ledger.Settle(ledger::PersonOf(5), 1, 1);
  EXPECT_THAT(KindsOf(Ask(ledger::ContactPointOf(5))),
              ::testing::ElementsAre(6, 1, 2, 64, 64, 65, 65));
}

TEST_F(DossierTest, NarrowsToCompanyCallerAndTime) {
  server_.ledger.AddCompany("beta");
  v1::CheckAndConsumeRequest shown = Wish("r1", false, false);
  shown.set_caller_number("+33199001234");
  Consume(shown);
  server_.clock.Advance(60'000);
  const int64_t later = server_.clock.WallMillis() / 1000;
  v1::CheckAndConsumeRequest other = Wish("r2", false, false);
  other.set_company("beta");
  Consume(other);
  const std::string point = ledger::ContactPointOf(1);
  EXPECT_THAT(KindsOf(Ask(point)), ::testing::Contains(6).Times(2));
  EXPECT_THAT(KindsOf(Ask(point, "beta")), ::testing::Contains(6).Times(1));
  EXPECT_THAT(KindsOf(Ask(point, "", "+33199001234")), ::testing::Contains(6).Times(1));
  EXPECT_THAT(KindsOf(Ask(point, "", "+33199001235")), Not(::testing::Contains(6)));
  EXPECT_THAT(KindsOf(Ask(point, "", "", later)), ::testing::Contains(6).Times(1));
  EXPECT_THAT(KindsOf(Ask(point, "", "", 0, later)), ::testing::Contains(6).Times(1));
  // What was granted is in, whenever it was: the decisions rest on it.
  EXPECT_THAT(KindsOf(Ask(point, "", "", later)), ::testing::Contains(2));
}

TEST_F(DossierTest, AQuestionThatMakesNoSenseIsRefused) {
  EXPECT_TRUE(
      FailsWith(Ask("hello").status, StatusCode::INVALID_ARGUMENT, "INVALID_CONTACT_POINT"));
  EXPECT_TRUE(FailsWith(Ask(kPoint, "A b").status, StatusCode::INVALID_ARGUMENT, "INVALID_FIELD",
                        "company"));
  EXPECT_TRUE(FailsWith(Ask(kPoint, "", "not a sender").status, StatusCode::INVALID_ARGUMENT,
                        "INVALID_FIELD", "caller_number"));
}

}  // namespace
}  // namespace consent::api

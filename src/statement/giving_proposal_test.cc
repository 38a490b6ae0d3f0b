// SPDX-License-Identifier: Apache-2.0
//
// What becomes of contracts, callbacks and new holders, and what is refused of them.

#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/consent/contract.h"
#include "src/statement/refusal.h"
#include "src/statement/sample.h"

namespace consent::statement {
namespace {

using core::Signer;

// As a company or a registrar sends it.
v1::Statement CallbackWithEvidence() {
  v1::Statement message = SampleCallbackRequest();
  *message.mutable_callback_request()->mutable_evidence() =
      SampleContractClaim().contract_claim().evidence();
  return message;
}

TEST(GivingProposalTest, AContractIsTranslatedWordForWord) {
  for (const Signer signer : {Signer::kCompany, Signer::kRegistrar}) {
    const auto claimed = Proposed<core::ContractClaimed>(SampleContractClaim(), signer);
    const core::Contract expected{.id = "A-2026-17",
                                  .company = "acme",
                                  .relation = core::Relation::kContract,
                                  .object = "\xC3\x89lectricit\xC3\xA9, 9 kVA",
                                  .valid_from = kSampleSigned - Seconds{30 * 86400},
                                  .valid_until = kSampleSigned + Seconds{365 * 86400},
                                  .similar_products = true,
                                  .signed_by = signer,
                                  .collected_at = kSampleSigned - Seconds{30 * 86400}};
    EXPECT_EQ(claimed.contract, expected);
    EXPECT_EQ(claimed.subject, SampleSubject());
    EXPECT_TRUE(claimed.statement.has_value());
  }
}

TEST(GivingProposalTest, AConsumersOwnContractNeedsNoEvidence) {
  v1::Statement message = SampleContractClaim();
  message.mutable_contract_claim()->clear_evidence();
  message.mutable_contract_claim()->mutable_contract()->clear_valid_until();
  message.mutable_contract_claim()->mutable_contract()->set_relation(v1::RELATION_INQUIRY);
  const auto claimed = Proposed<core::ContractClaimed>(message, Signer::kConsumer);
  EXPECT_EQ(claimed.contract.signed_by, Signer::kConsumer);
  EXPECT_EQ(claimed.contract.valid_until, kNever);
  EXPECT_EQ(claimed.contract.relation, core::Relation::kInquiry);
  ExpectFieldFrom(Signer::kCompany, message, "contract_claim.evidence", "nothing");
  ExpectFieldFrom(Signer::kConsumer, SampleContractClaim(), "contract_claim.evidence", "none");
}

TEST(GivingProposalTest, EveryWrongFieldOfAContractIsNamed) {
  struct Case {
    const char* field;
    const char* says;
    std::function<void(v1::Contract&)> spoil;
  };
  const std::vector<Case> cases = {
      {"contract_id", "1 to 64", [](auto& c) { c.clear_contract_id(); }},
      {"contract_id", "ASCII", [](auto& c) { c.set_contract_id("\x7f"); }},
      {"company", "a-z", [](auto& c) { c.set_company("*"); }},
      {"relation", "found 0", [](auto& c) { c.clear_relation(); }},
      {"relation", "found 4", [](auto& c) { c.set_relation(static_cast<v1::Relation>(4)); }},
      {"object", "1 to 128", [](auto& c) { c.clear_object(); }},
      {"object", "control", [](auto& c) { c.set_object("a\nb"); }},
      // 65 characters, 130 bytes.
      {"object", "found 130",
       [](auto& c) {
         c.clear_object();
         for (int i = 0; i < 65; ++i) c.mutable_object()->append("\xC3\xA9");
       }},
      {"valid_from", "found none", [](auto& c) { c.clear_valid_from(); }},
      {"valid_from", "nanos 3", [](auto& c) { c.mutable_valid_from()->set_nanos(3); }},
      {"valid_until", "after valid_from",
       [](auto& c) { *c.mutable_valid_until() = c.valid_from(); }},
      {"valid_until", "1900", [](auto& c) { c.mutable_valid_until()->set_seconds(INT64_MAX); }},
  };
  for (const Case& wrong : cases) {
    v1::Statement message = SampleContractClaim();
    wrong.spoil(*message.mutable_contract_claim()->mutable_contract());
    ExpectFieldFrom(Signer::kCompany, message,
                    std::string("contract_claim.contract.") + wrong.field, wrong.says);
  }
  v1::Statement none = SampleContractClaim();
  none.mutable_contract_claim()->clear_contract();
  ExpectFieldFrom(Signer::kCompany, none, "contract_claim.contract", "none");
  v1::Statement late = SampleContractClaim();
  late.mutable_contract_claim()->mutable_evidence()->mutable_collected_at()->set_seconds(
      kSampleArrival.unix_seconds + 1);
  ExpectFieldFrom(Signer::kRegistrar, late, "contract_claim.evidence.collected_at", "1 s after");
}

TEST(GivingProposalTest, ACallbackIsTranslatedWordForWord) {
  const auto asked = Proposed<core::CallbackAsked>(SampleCallbackRequest(), Signer::kConsumer);
  core::Callback expected;
  expected.id = "c1";
  expected.company = "acme";
  expected.channels.Add(core::Channel::kCall);
  expected.purposes.Add(core::Purpose::kDirectMarketing);
  expected.valid_from = kSampleSigned + Seconds{3600};
  expected.valid_until = kSampleSigned + Seconds{86400};
  expected.signed_by = Signer::kConsumer;
  EXPECT_EQ(asked.callback, expected);
  EXPECT_EQ(asked.subject, SampleSubject());
  EXPECT_TRUE(asked.statement.has_value());
}

TEST(GivingProposalTest, OthersSayWithEvidenceThatTheConsumerAskedForACall) {
  const auto asked = Proposed<core::CallbackAsked>(CallbackWithEvidence(), Signer::kCompany);
  EXPECT_EQ(asked.callback.signed_by, Signer::kCompany);
  EXPECT_EQ(asked.callback.collected_at, kSampleSigned - Seconds{30 * 86400});
  ExpectFieldFrom(Signer::kCompany, SampleCallbackRequest(), "callback_request.evidence",
                  "nothing");
  ExpectFieldFrom(Signer::kRegistrar, SampleCallbackRequest(), "callback_request.evidence",
                  "nothing");
  ExpectFieldFrom(Signer::kConsumer, CallbackWithEvidence(), "callback_request.evidence", "none");
}

TEST(GivingProposalTest, ACallbackBeginsOnArrivalAndLastsAYearAtMost) {
  v1::Statement message = SampleCallbackRequest();
  v1::CallbackRequest& request = *message.mutable_callback_request();
  request.clear_valid_from();
  request.mutable_valid_until()->set_seconds((kSampleArrival + core::kCallbackMax).unix_seconds);
  const auto asked = Proposed<core::CallbackAsked>(message, Signer::kConsumer);
  EXPECT_EQ(asked.callback.valid_from, kSampleArrival);
  request.mutable_valid_until()->set_seconds(request.valid_until().seconds() + 1);
  ExpectField(message, "callback_request.valid_until", "found 31622401");
}

TEST(GivingProposalTest, EveryWrongFieldOfACallbackIsNamed) {
  struct Case {
    const char* field;
    const char* says;
    std::function<void(v1::CallbackRequest&)> spoil;
  };
  const std::vector<Case> cases = {
      {"callback_id", "found 65", [](auto& c) { c.set_callback_id(std::string(65, 'x')); }},
      {"company", "1 to 64", [](auto& c) { c.clear_company(); }},
      {"channels", "found none", [](auto& c) { c.clear_channels(); }},
      {"channels[0]", "found 8", [](auto& c) { c.set_channels(0, static_cast<v1::Channel>(8)); }},
      {"purposes", "found none", [](auto& c) { c.clear_purposes(); }},
      {"purposes[0]", "found 0", [](auto& c) { c.set_purposes(0, v1::PURPOSE_UNSPECIFIED); }},
      {"valid_until", "found none", [](auto& c) { c.clear_valid_until(); }},
      {"valid_until", "after valid_from",
       [](auto& c) { *c.mutable_valid_until() = c.valid_from(); }},
      {"valid_from", "1900", [](auto& c) { c.mutable_valid_from()->set_seconds(INT64_MIN); }},
  };
  for (const Case& wrong : cases) {
    v1::Statement message = SampleCallbackRequest();
    wrong.spoil(*message.mutable_callback_request());
    ExpectField(message, std::string("callback_request.") + wrong.field, wrong.says);
  }
}

TEST(GivingProposalTest, AHolderIsNewOrOfAnotherClassOrBoth) {
  v1::Statement message = SampleHolderChange();
  const auto both = Proposed<core::HolderChanged>(message, Signer::kRegistrar);
  EXPECT_TRUE(both.new_holder);
  EXPECT_EQ(both.holder, core::HolderClass::kMinor);
  EXPECT_EQ(both.subject, SampleSubject());
  EXPECT_TRUE(both.statement.has_value());
  message.mutable_holder_change()->clear_holder_class();
  EXPECT_EQ(Proposed<core::HolderChanged>(message, Signer::kRegistrar).holder,
            core::HolderClass::kUnspecified);
  message.mutable_holder_change()->clear_new_holder();
  ExpectField(message, "holder_change.holder_class", "neither");
  message.mutable_holder_change()->set_holder_class(static_cast<v1::HolderClass>(6));
  ExpectField(message, "holder_change.holder_class", "found 6");
}

}  // namespace
}  // namespace consent::statement

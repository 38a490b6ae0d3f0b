// SPDX-License-Identifier: Apache-2.0
//
// Exports against the golden files in tests/golden/export/, and against what the formats demand.

#include <fstream>
#include <regex>
#include <sstream>
#include <string>

#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "src/consentctl/export_grant.h"

namespace consent::ctl {
namespace {

using State = ExportGrant::State;

std::string ReadGolden(const std::string& name) {
  std::ifstream file("tests/golden/export/" + name);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_FALSE(text.str().empty()) << name;
  return text.str();
}

Export Golden() {
  Export from;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(ReadGolden("view.txtpb"), &from.view));
  from.contact_point = "tel:+33639980001";
  from.company_names = {{"acme", "Acme SAS"}};
  from.jurisdiction = "FR";
  from.language = "fr";
  from.policy_url = "https://acme.example/privacy";
  return from;
}

// Whether the object has the members that the format demands, of their types.
void ExpectMembers(const Json& object, std::initializer_list<const char*> texts,
                   std::initializer_list<const char*> lists = {}) {
  for (const char* name : texts) {
    ASSERT_TRUE(object.contains(name)) << name << " of " << object;
    EXPECT_TRUE(object[name].is_string() && !object[name].get<std::string>().empty()) << name;
  }
  for (const char* name : lists) {
    ASSERT_TRUE(object.contains(name)) << name << " of " << object;
    EXPECT_TRUE(object[name].is_array()) << name;
  }
}

void ExpectExtensions(const Json& object) {
  ExpectMembers(object["consent-ledger:grant"],
                {"journal_origin", "company", "grant", "signed_by", "valid_from", "as_of"},
                {"blocked_channels"});
  ExpectMembers(object, {}, {"consent-ledger:limits", "consent-ledger:hours"});
  ASSERT_FALSE(object["consent-ledger:limits"].empty());
  for (const Json& limit : object["consent-ledger:limits"]) {
    ExpectMembers(limit, {"id"}, {"channels"});
    EXPECT_TRUE(limit["max"].is_number_integer());
    EXPECT_TRUE(limit["max_attempts"].is_null() || limit["max_attempts"].is_number_integer());
    EXPECT_TRUE(limit["remaining"].is_null() || limit["remaining"].is_number_integer());
    ExpectMembers(limit["window"], {"period"});
    EXPECT_TRUE(limit["window"]["count"].is_number_integer());
  }
}

TEST(ExportTest, EveryFormatIsTheGoldenFile) {
  EXPECT_EQ(ToIso27560(Golden()).dump(2) + "\n", ReadGolden("iso27560.json"));
  EXPECT_EQ(ToKantara(Golden()).dump(2) + "\n", ReadGolden("kantara.json"));
  EXPECT_EQ(ToCamara(Golden()).dump(2) + "\n", ReadGolden("camara.json"));
}

TEST(ExportTest, Iso27560HasWhatTheStandardDemands) {
  const Json all = ToIso27560(Golden());
  ASSERT_EQ(all.size(), 3u);
  for (const Json& receipt : all) {
    ExpectMembers(receipt, {"schema_version", "receipt_id", "pii_principal_id"});
    const Json& record = receipt["consent_record"];
    ExpectMembers(record, {"schema_version", "record_id", "pii_principal_id"},
                  {"party_identification", "events"});
    ExpectMembers(record["pii_processing"], {"privacy_notice", "language"}, {"purposes"});
    for (const Json& purpose : record["pii_processing"]["purposes"]) {
      ExpectMembers(purpose, {"purpose", "retention_period", "withdrawal_method"},
                    {"pii_information", "pii_controllers", "storage_locations", "jurisdiction",
                     "recipient_third_parties"});
      ExpectMembers(purpose["pii_information"][0], {"pii_type"});
    }
    for (const Json& party : record["party_identification"]) {
      ExpectMembers(party,
                    {"party_id", "party_name", "party_address", "party_contact", "party_type"});
    }
    ASSERT_FALSE(record["events"].empty());
    for (const Json& event : record["events"]) {
      ExpectMembers(event,
                    {"event_time", "validity_duration", "entity_id", "event_type", "event_state"});
    }
    ExpectExtensions(record);
  }
}

TEST(ExportTest, KantaraHasWhatTheSpecificationDemands) {
  for (const Json& receipt : ToKantara(Golden())) {
    ExpectMembers(receipt,
                  {"version", "jurisdiction", "collectionMethod", "consentReceiptID",
                   "piiPrincipalId", "policyUrl"},
                  {"piiControllers", "services", "spiCat"});
    EXPECT_TRUE(receipt["consentTimestamp"].is_number_integer());
    EXPECT_TRUE(receipt["sensitive"].is_boolean());
    for (const Json& controller : receipt["piiControllers"]) {
      ExpectMembers(controller, {"piiController", "contact", "email", "phone"});
      EXPECT_TRUE(controller["address"].is_object());
    }
    for (const Json& service : receipt["services"]) {
      ExpectMembers(service, {"service"}, {"purposes"});
      for (const Json& purpose : service["purposes"]) {
        ExpectMembers(purpose, {"consentType", "termination"}, {"purposeCategory", "piiCategory"});
        EXPECT_TRUE(purpose["thirdPartyDisclosure"].is_boolean());
      }
    }
    ExpectExtensions(receipt);
  }
}

TEST(ExportTest, CamaraHasWhatTheInterfaceDemands) {
  const std::regex purpose_form("dpv:[a-zA-Z0-9]+");
  for (const Json& answer : ToCamara(Golden())) {
    ExpectMembers(answer, {}, {"statusInfo"});
    ASSERT_FALSE(answer["statusInfo"].empty());
    for (const Json& status : answer["statusInfo"]) {
      ExpectMembers(status, {"purpose"}, {"scopes"});
      EXPECT_FALSE(status["scopes"].empty());
      EXPECT_TRUE(std::regex_match(status["purpose"].get<std::string>(), purpose_form));
      ASSERT_TRUE(status["statusValidForProcessing"].is_boolean());
      // A reason where it is not valid, and only there; a date where one of the two allows it.
      EXPECT_NE(status["statusValidForProcessing"].get<bool>(), status.contains("statusReason"));
      if (status.contains("expirationDate") && status.contains("statusReason")) {
        EXPECT_EQ(status["statusReason"], "EXPIRED");
      }
    }
    ExpectExtensions(answer);
  }
}

TEST(ExportTest, ABlockOfAllCompaniesOnAllChannelsLeavesNothingValid) {
  Export from = Golden();
  from.view.clear_blocks();
  from.view.add_blocks()->set_company("*");
  const Json answer = ToCamara(from)[1];
  for (const Json& status : answer["statusInfo"])
    EXPECT_EQ(status.value("statusReason", ""), "OBJECTED");
}

TEST(ExportTest, TheLatestGrantThatHasBegunSpeaksAlone) {
  Export from = Golden();
  v1::GrantView& newer = *from.view.add_grants();
  newer = from.view.grants(1);
  newer.mutable_grant()->clear_purposes();
  newer.mutable_grant()->add_purposes(v1::PURPOSE_SURVEY);
  EXPECT_EQ(ExportGrant(from, 1).StateFor(v1::PURPOSE_SURVEY), State::kSuperseded);
  EXPECT_EQ(ExportGrant(from, 1).StateFor(v1::PURPOSE_DIRECT_MARKETING), State::kInForce);
  EXPECT_EQ(ExportGrant(from, 3).StateFor(v1::PURPOSE_SURVEY), State::kInForce);
  newer.mutable_grant()->mutable_valid_from()->set_seconds(from.view.as_of().seconds() + 1);
  EXPECT_EQ(ExportGrant(from, 1).StateFor(v1::PURPOSE_SURVEY), State::kInForce);
  EXPECT_EQ(ExportGrant(from, 3).StateFor(v1::PURPOSE_SURVEY), State::kSuperseded);
}

TEST(ExportTest, AClaimIsSilentBesideTheConsumersOwnWord) {
  Export from = Golden();
  from.view.mutable_grants(1)->mutable_grant()->mutable_valid_from()->set_seconds(
      from.view.as_of().seconds() + 1);
  v1::GrantView& claim = *from.view.add_grants();
  claim = from.view.grants(1);
  claim.set_signed_by(v1::SIGNER_ROLE_COMPANY);
  claim.mutable_grant()->mutable_valid_from()->set_seconds(1);
  EXPECT_EQ(ExportGrant(from, 3).StateFor(v1::PURPOSE_SURVEY), State::kSuperseded);
  EXPECT_EQ(ExportGrant(from, 1).StateFor(v1::PURPOSE_SURVEY), State::kNotYetValid);
}

TEST(ExportTest, AGrantWhoseEntryIsNotKnownWasGivenWhenItBegan) {
  Export from = Golden();
  EXPECT_EQ(ExportGrant(from, 1).GivenAt(), 1768003201);
  from.view.mutable_history()->RemoveLast();
  EXPECT_EQ(ExportGrant(from, 1).GivenAt(), 1768003200);
}

TEST(ExportTest, IdsAreThoseOfTheGrantAndOfNoOther) {
  const Export from = Golden();
  EXPECT_EQ(ExportGrant(from, 0).Uuid("record"), ExportGrant(from, 0).Uuid("record"));
  EXPECT_NE(ExportGrant(from, 0).Uuid("record"), ExportGrant(from, 1).Uuid("record"));
  EXPECT_NE(ExportGrant(from, 0).Uuid("record"), ExportGrant(from, 0).Uuid("kantara"));
  EXPECT_TRUE(std::regex_match(
      ExportGrant(from, 0).Uuid("record"),
      std::regex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")));
}

}  // namespace
}  // namespace consent::ctl

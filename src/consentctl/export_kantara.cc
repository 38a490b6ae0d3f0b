// SPDX-License-Identifier: Apache-2.0
//
// Kantara Initiative Consent Receipt Specification, version 1.1.

#include "absl/strings/str_cat.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/export_grant.h"

namespace consent::ctl {
namespace {

// A category of the specification's appendix.
std::string Category(v1::Purpose purpose) {
  switch (purpose) {
    case v1::PURPOSE_DIRECT_MARKETING:
    case v1::PURPOSE_PRESS:
      return "6 - Marketing";
    case v1::PURPOSE_SERVICE:
      return "2 - Contracted Service";
    default:
      return "4 - Contact Requested";
  }
}

std::string CollectionMethod(const ExportGrant& grant) {
  switch (grant.view().signed_by()) {
    case v1::SIGNER_ROLE_CONSUMER:
      return "statement signed with the consumer's own key";
    case v1::SIGNER_ROLE_REGISTRAR:
      return "claim with evidence, signed by a registrar";
    default:
      return "claim with evidence, signed by the company";
  }
}

std::string Termination(const ExportGrant& grant) {
  if (grant.view().revoked()) return "revoked";
  return grant.grant().has_valid_until()
             ? absl::StrCat(UtcText(grant.grant().valid_until().seconds()), ", or when revoked")
             : "when revoked";
}

Json Purposes(const ExportGrant& grant) {
  Json purposes = Json::array();
  for (const int number : grant.grant().purposes()) {
    const auto purpose = static_cast<v1::Purpose>(number);
    purposes.push_back({{"purpose", NameOf(purpose)},
                        {"purposeCategory", Json::array({Category(purpose)})},
                        {"consentType", "EXPLICIT"},
                        {"piiCategory", Json::array({"2 - Contact"})},
                        {"primaryPurpose", purposes.empty()},
                        {"termination", Termination(grant)},
                        {"thirdPartyDisclosure", false},
                        {"consent-ledger:state", NameOf(grant.StateFor(purpose))}});
  }
  return purposes;
}

}  // namespace

Json ToKantara(const Export& from) {
  Json all = Json::array();
  for (int i = 0; i < from.view.grants_size(); ++i) {
    const ExportGrant grant(from, i);
    Json receipt = {
        {"version", "KI-CR-v1.1.0"},
        {"jurisdiction", from.jurisdiction},
        {"consentTimestamp", grant.GivenAt()},
        {"collectionMethod", CollectionMethod(grant)},
        {"consentReceiptID", grant.Uuid("kantara")},
        {"language", from.language},
        {"piiPrincipalId", from.contact_point},
        {"piiControllers", Json::array({{{"piiController", grant.CompanyName()},
                                         {"contact", kUnspecified},
                                         {"address", {{"addressCountry", kUnspecified}}},
                                         {"email", kUnspecified},
                                         {"phone", kUnspecified}}})},
        {"policyUrl", from.policy_url},
        {"services", Json::array({{{"service", absl::StrCat("Contacts by ", grant.CompanyName())},
                                   {"purposes", Purposes(grant)}}})},
        {"sensitive", false},
        {"spiCat", Json::array()}};
    grant.AddExtensions(receipt);
    all.push_back(std::move(receipt));
  }
  return all;
}

}  // namespace consent::ctl

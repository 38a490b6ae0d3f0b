// SPDX-License-Identifier: Apache-2.0
//
// ISO/IEC TS 27560:2023: a consent record, and the receipt that carries a copy of it.

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/export_grant.h"

namespace consent::ctl {
namespace {

constexpr char kSchema[] = "ISO/IEC TS 27560:2023";

std::string LawfulBasis(const ExportGrant& grant) {
  return grant.view().signed_by() == v1::SIGNER_ROLE_CONSUMER ? "dpv:ExplicitlyExpressedConsent"
                                                              : "dpv:Consent";
}

Json Purposes(const ExportGrant& grant) {
  const std::string pii = absl::StartsWith(grant.from().contact_point, "mailto:")
                              ? "pd:EmailAddress"
                              : "pd:TelephoneNumber";
  Json purposes = Json::array();
  for (const int number : grant.grant().purposes()) {
    const auto purpose = static_cast<v1::Purpose>(number);
    purposes.push_back({{"purpose", NameOf(purpose)},
                        {"purpose_type", DpvPurpose(purpose)},
                        {"lawful_basis", LawfulBasis(grant)},
                        {"pii_information", Json::array({{{"pii_type", pii},
                                                          {"pii_attribute_id", "contact_point"},
                                                          {"pii_optional", false},
                                                          {"sensitive_pii_category", false},
                                                          {"special_pii_category", false}}})},
                        {"pii_controllers", Json::array({grant.grant().company()})},
                        {"collection_method", "consent-ledger:signed-statement"},
                        {"processing_method", "dpv:Use"},
                        {"storage_locations", Json::array({kUnspecified})},
                        {"retention_period", kUnspecified},
                        {"jurisdiction", Json::array({grant.from().jurisdiction})},
                        {"recipient_third_parties", Json::array()},
                        {"withdrawal_method", "consent-ledger:Revocation"},
                        {"consent-ledger:state", NameOf(grant.StateFor(purpose))}});
  }
  return purposes;
}

Json Event(const ExportGrant& grant, const std::string& state, int64_t at,
           const std::string& entity) {
  const std::string until =
      grant.grant().has_valid_until() ? UtcText(grant.grant().valid_until().seconds()) : "..";
  return {{"event_time", UtcText(at)},
          // An interval of ISO 8601-2; ".." is open.
          {"validity_duration",
           absl::StrCat(UtcText(grant.grant().valid_from().seconds()), "/", until)},
          {"entity_id", entity},
          {"event_type", LawfulBasis(grant)},
          {"event_state", state}};
}

Json Events(const ExportGrant& grant) {
  const bool own = grant.view().signed_by() == v1::SIGNER_ROLE_CONSUMER;
  Json events = Json::array();
  events.push_back(Event(grant, "dpv:ConsentGiven", grant.GivenAt(),
                         own ? grant.from().contact_point
                             : absl::StrCat("consent-ledger:", NameOf(grant.view().signed_by()))));
  if (grant.view().revoked()) {
    events.push_back(
        Event(grant, "dpv:ConsentWithdrawn",
              grant.RevokedAt() != 0 ? grant.RevokedAt() : grant.from().view.as_of().seconds(),
              grant.from().contact_point));
  } else if (grant.Expired()) {
    events.push_back(Event(grant, "dpv:ConsentExpired", grant.grant().valid_until().seconds(),
                           grant.from().contact_point));
  }
  return events;
}

Json Record(const ExportGrant& grant) {
  Json record = {{"schema_version", kSchema},
                 {"record_id", grant.Uuid("record")},
                 {"pii_principal_id", grant.from().contact_point},
                 {"pii_processing",
                  {{"privacy_notice", grant.from().policy_url},
                   {"language", grant.from().language},
                   {"purposes", Purposes(grant)}}},
                 {"party_identification", Json::array({{{"party_id", grant.grant().company()},
                                                        {"party_name", grant.CompanyName()},
                                                        {"party_role", "dpv:DataController"},
                                                        {"party_address", kUnspecified},
                                                        {"party_contact", kUnspecified},
                                                        {"party_type", "dpv:LegalEntity"}}})},
                 {"events", Events(grant)}};
  grant.AddExtensions(record);
  return record;
}

}  // namespace

Json ToIso27560(const Export& from) {
  Json all = Json::array();
  for (int i = 0; i < from.view.grants_size(); ++i) {
    const ExportGrant grant(from, i);
    all.push_back({{"schema_version", kSchema},
                   {"receipt_id", grant.Uuid(absl::StrCat("receipt", from.view.as_of().seconds()))},
                   {"pii_principal_id", from.contact_point},
                   {"consent_record", Record(grant)}});
  }
  return all;
}

}  // namespace consent::ctl

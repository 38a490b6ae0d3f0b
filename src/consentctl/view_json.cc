// SPDX-License-Identifier: Apache-2.0
//
// A consumer's view for programs.

#include "src/consentctl/answer.h"
#include "src/consentctl/limit_spec.h"
#include "src/consentctl/view_page.h"

namespace consent::ctl {
namespace {

Json LimitsJson(const google::protobuf::RepeatedPtrField<v1::Limit>& limits) {
  Json json = Json::array();
  for (const v1::Limit& limit : limits) json.push_back(ToLimitSpec(limit));
  return json;
}

Json HoursJson(const google::protobuf::RepeatedPtrField<v1::Hours>& hours) {
  Json json = Json::array();
  for (const v1::Hours& span : hours) {
    json.push_back({{"days", Names<v1::Weekday>(span.days())},
                    {"from_minute", span.from_minute()},
                    {"to_minute", span.to_minute()}});
  }
  return json;
}

Json GrantJson(const v1::GrantView& view) {
  const v1::Grant& grant = view.grant();
  return {{"grant", grant.grant_id()},
          {"company", grant.company()},
          {"purposes", Names<v1::Purpose>(grant.purposes())},
          {"valid_from", UtcTime(grant.valid_from())},
          {"valid_until", UtcTime(grant.valid_until())},
          {"limits", LimitsJson(grant.limits())},
          {"hours", HoursJson(grant.hours())},
          {"outside_legal_hours", HoursJson(grant.outside_legal_hours())},
          {"guardian", grant.guardian()},
          {"signed_by", NameOf(view.signed_by())},
          {"revoked", view.revoked()},
          {"remaining", RemainingJson(view.remaining())}};
}

Json ContractJson(const v1::ContractView& view) {
  const v1::Contract& contract = view.contract();
  return {{"contract", contract.contract_id()},
          {"company", contract.company()},
          {"relation", NameOf(contract.relation())},
          {"object", contract.object()},
          {"valid_from", UtcTime(contract.valid_from())},
          {"valid_until", UtcTime(contract.valid_until())},
          {"similar_products", contract.similar_products()},
          {"signed_by", NameOf(view.signed_by())},
          {"contested", view.contested()}};
}

Json CallbackJson(const v1::CallbackView& view) {
  const v1::CallbackRequest& callback = view.callback();
  return {{"callback", callback.callback_id()},
          {"company", callback.company()},
          {"channels", Names<v1::Channel>(callback.channels())},
          {"purposes", Names<v1::Purpose>(callback.purposes())},
          {"valid_from", UtcTime(callback.valid_from())},
          {"valid_until", UtcTime(callback.valid_until())},
          {"signed_by", NameOf(view.signed_by())},
          {"revoked", view.revoked()}};
}

Json PreferencesJson(const v1::Preferences& preferences) {
  return {{"limits", LimitsJson(preferences.limits())},
          {"quiet", HoursJson(preferences.quiet())},
          {"pause_until", UtcTime(preferences.pause_until())},
          {"purposes", Names<v1::Purpose>(preferences.purposes())}};
}

// What companies may rely on without a grant, and what concerns all of them.
void AddRelations(const v1::ConsumerView& view, Json& json) {
  json["contracts"] = Json::array();
  for (const v1::ContractView& contract : view.contracts()) {
    json["contracts"].push_back(ContractJson(contract));
  }
  json["callbacks"] = Json::array();
  for (const v1::CallbackView& callback : view.callbacks()) {
    json["callbacks"].push_back(CallbackJson(callback));
  }
  json["preferences"] = view.has_preferences() ? PreferencesJson(view.preferences()) : Json();
  json["line_preferences"] = Json::array();
  for (const v1::Preferences& others : view.line_preferences()) {
    json["line_preferences"].push_back(PreferencesJson(others));
  }
  json["listings"] = Json::array();
  for (const v1::ListingView& listing : view.listings()) {
    json["listings"].push_back({{"list", listing.list()},
                                {"company", listing.company()},
                                {"listed_at", UtcTime(listing.listed_at())}});
  }
}

}  // namespace

Json ViewJson(const v1::ConsumerView& view) {
  Json json = {{"journal_origin", view.journal_origin()},
               {"as_of", UtcTime(view.as_of())},
               {"time_zone", view.time_zone()},
               {"contact_points", view.contact_points()},
               {"holder_class", view.holder_class() == 0 ? "" : NameOf(view.holder_class())}};
  json["key_ids"] = Json::array();
  for (const std::string& id : view.key_ids()) json["key_ids"].push_back(Hex(id));
  json["grants"] = Json::array();
  for (const v1::GrantView& grant : view.grants()) json["grants"].push_back(GrantJson(grant));
  json["blocks"] = Json::array();
  for (const v1::BlockView& block : view.blocks()) {
    json["blocks"].push_back({{"company", block.company()},
                              {"whose", NameOf(block.whose())},
                              {"channels", Names<v1::Channel>(block.channels())},
                              {"purposes", Names<v1::Purpose>(block.purposes())}});
  }
  AddRelations(view, json);
  json["history"] = Json::array();
  for (const v1::HistoryEntry& entry : view.history()) {
    json["history"].push_back({{"entry", entry.entry()},
                               {"at", UtcTime(entry.at())},
                               {"company", entry.company()},
                               {"kind", entry.kind()},
                               {"channel", entry.channel() == 0 ? "" : NameOf(entry.channel())},
                               {"purpose", entry.purpose() == 0 ? "" : NameOf(entry.purpose())},
                               {"decision", entry.verdict() == 0 ? "" : NameOf(entry.verdict())},
                               {"reason", entry.reason() == 0 ? "" : NameOf(entry.reason())},
                               {"outcome", entry.outcome() == 0 ? "" : NameOf(entry.outcome())},
                               {"basis", entry.basis() == 0 ? "" : NameOf(entry.basis())},
                               {"rule", entry.rule()}});
  }
  json["tag_keys"] = Json::array();
  for (const v1::TagKey& key : view.tag_keys()) {
    json["tag_keys"].push_back({{"year", key.year()}, {"key", Base64(key.key())}});
  }
  json["next_history_from"] =
      view.has_next_history_from() ? Json(view.next_history_from()) : Json();
  return json;
}

}  // namespace consent::ctl

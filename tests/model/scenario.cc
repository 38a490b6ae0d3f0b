// SPDX-License-Identifier: Apache-2.0

#include "tests/model/scenario.h"

#include <map>
#include <ostream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"

namespace consent::model {
namespace {

constexpr const char* kSigners[] = {"?", "CONSUMER", "REGISTRAR", "COMPANY"};

std::string ShowLimits(const std::vector<core::Limit>& limits) {
  const auto show = [](std::string* text, const core::Limit& limit) {
    absl::StrAppend(text, "{id: ", limit.id, ", channels: ", Show(limit.channels),
                    ", max: ", limit.max);
    if (limit.max_attempts.has_value()) {
      absl::StrAppend(text, ", max_attempts: ", *limit.max_attempts);
    }
    absl::StrAppend(text, ", window: ", Show(limit.window), "}");
  };
  return absl::StrCat("limits: [", absl::StrJoin(limits, ",\n               ", show), "]");
}

std::string ShowClaim(core::Signer signed_by, Instant collected_at) {
  if (signed_by == core::Signer::kConsumer) return "";
  return absl::StrCat(", signed_by: ", kSigners[static_cast<int>(signed_by)],
                      ", collected_at: ", Show(collected_at));
}

std::string ShowEnd(Instant valid_until) {
  return valid_until == kNever ? "" : absl::StrCat(", valid_until: ", Show(valid_until));
}

std::string ShowGrant(const core::Grant& grant) {
  std::string out = absl::StrCat(
      "grant: {id: ", grant.id, ", consumer: alice, company: ", grant.company,
      ", purposes: ", Show(grant.purposes), ",\n      valid_from: ", Show(grant.valid_from),
      ShowEnd(grant.valid_until), ShowClaim(grant.signed_by, grant.collected_at),
      grant.guardian ? ", guardian: true" : "", ",\n      ", ShowLimits(grant.limits));
  if (!grant.hours.empty()) absl::StrAppend(&out, ",\n      hours: ", Show(grant.hours));
  if (!grant.outside_legal_hours.empty()) {
    absl::StrAppend(&out, ",\n      outside_legal_hours: ", Show(grant.outside_legal_hours));
  }
  return absl::StrCat(out, "}");
}

std::string ShowPreferences(const core::Preferences& preferences) {
  std::string out =
      absl::StrCat("preferences: {consumer: alice, purposes: ", Show(preferences.purposes), ", ",
                   ShowLimits(preferences.limits));
  if (!preferences.quiet.empty()) absl::StrAppend(&out, ", quiet: ", Show(preferences.quiet));
  if (preferences.pause_until.has_value()) {
    absl::StrAppend(&out, ", pause_until: ", Show(*preferences.pause_until));
  }
  return absl::StrCat(out, "}");
}

std::string ShowContract(const core::Contract& contract) {
  return absl::StrCat("contract: {consumer: alice, company: ", contract.company,
                      ", id: ", contract.id, ", relation: ", std::string(Name(contract.relation)),
                      ", valid_from: ", Show(contract.valid_from), ShowEnd(contract.valid_until),
                      contract.similar_products ? ", similar_products: true" : "",
                      ", signed_by: ", kSigners[static_cast<int>(contract.signed_by)],
                      ", collected_at: ", Show(contract.collected_at), "}");
}

std::string ShowCallback(const core::Callback& callback) {
  return absl::StrCat("callback: {consumer: alice, company: ", callback.company,
                      ", id: ", callback.id, ", channels: ", Show(callback.channels),
                      ", purposes: ", Show(callback.purposes),
                      ", valid_from: ", Show(callback.valid_from), ShowEnd(callback.valid_until),
                      ShowClaim(callback.signed_by, callback.collected_at), "}");
}

std::string ShowWhose(core::Whose whose, const std::string& name) {
  static constexpr const char* kWhose[] = {"company", "group", "processor"};
  return absl::StrCat(kWhose[static_cast<int>(whose)], ": \"", name, "\"");
}

std::string ShowRequest(const core::Request& request) {
  std::string out = absl::StrCat("consumer: alice, company: ", request.company,
                                 ", channel: ", std::string(Name(request.channel)),
                                 ", purpose: ", std::string(Name(request.purpose)));
  if (!request.request_id.empty()) absl::StrAppend(&out, ", request_id: ", request.request_id);
  if (request.permit_ttl != core::kPermitTtlDefault) {
    absl::StrAppend(&out, ", permit_ttl: ", request.permit_ttl.count, "s");
  }
  if (request.hold.count != 0) absl::StrAppend(&out, ", hold: ", request.hold.count, "s");
  if (!request.caller_number.empty()) {
    absl::StrAppend(&out, ", caller_number: \"", request.caller_number, "\"");
  }
  if (request.matter != core::Matter::kUnspecified) {
    absl::StrAppend(&out, ", subject: ", std::string(Name(request.matter)));
  }
  if (!request.contract.empty()) absl::StrAppend(&out, ", contract: ", request.contract);
  if (!request.processor.empty()) absl::StrAppend(&out, ", processor: ", request.processor);
  return out;
}

// Writes one step; `places` leads from names to places.
struct ShowAct {
  const std::map<int, size_t>& places;

  std::string Of(int name) const {
    const auto place = places.find(name);
    // No step of the file: one that never answered ALLOWED stands for it.
    return absl::StrCat("of: ", place == places.end() ? "none" : absl::StrCat(place->second));
  }
  std::string operator()(const core::Grant& grant) const { return ShowGrant(grant); }
  std::string operator()(const Revoke& act) const {
    return absl::StrCat("revoke: {consumer: alice, company: ", act.company,
                        act.grant.empty() ? "" : ", grant: ", act.grant, "}");
  }
  std::string operator()(const Block& act) const {
    return absl::StrCat("block: {consumer: alice, ", ShowWhose(act.whose, act.company),
                        ", channels: ", Show(act.channels), ", purposes: ", Show(act.purposes),
                        "}");
  }
  std::string operator()(const Unblock& act) const {
    return absl::StrCat("unblock: {consumer: alice, ", ShowWhose(act.whose, act.company), "}");
  }
  std::string operator()(const core::Preferences& act) const { return ShowPreferences(act); }
  std::string operator()(const core::Contract& act) const { return ShowContract(act); }
  std::string operator()(const Contest& act) const {
    return absl::StrCat("contest: {consumer: alice, company: ", act.company,
                        act.contract.empty() ? "" : ", contract: ", act.contract, "}");
  }
  std::string operator()(const core::Callback& act) const { return ShowCallback(act); }
  std::string operator()(const Holder& act) const {
    return absl::StrCat("holder: {consumer: alice, new: ", act.is_new ? "true" : "false",
                        act.holder == core::HolderClass::kUnspecified ? "" : ", class: ",
                        std::string(Name(act.holder)), "}");
  }
  std::string operator()(const List& act) const {
    return absl::StrCat("list: {list: ", act.list, ", consumer: alice, company: \"", act.company,
                        "\", listed_at: ", Show(act.listed_at),
                        act.removed ? ", removed: true" : "", "}");
  }
  std::string operator()(const Copy& act) const {
    return absl::StrCat("list: {list: ", act.list, "}");
  }
  std::string operator()(const Delegate& act) const {
    return absl::StrCat("delegate: {company: ", act.company, ", processor: ", act.processor,
                        ", valid_from: ", Show(act.from), ShowEnd(act.until), "}");
  }
  std::string operator()(const Undelegate& act) const {
    return absl::StrCat("undelegate: {company: ", act.company, ", processor: ", act.processor, "}");
  }
  std::string operator()(const Number& act) const {
    return absl::StrCat("number: {company: ", act.company, ", number: \"", act.number, "\"",
                        act.removed ? ", removed: true" : "", "}");
  }
  std::string operator()(const Consume& act) const {
    return absl::StrCat("consume: {", ShowRequest(act.request), "}");
  }
  std::string operator()(const Check& act) const {
    return absl::StrCat("check: {", ShowRequest(act.request), "}");
  }
  std::string operator()(const Confirm& act) const {
    return absl::StrCat("confirm: {", Of(act.of), "}");
  }
  std::string operator()(const Release& act) const {
    return absl::StrCat("release: {", Of(act.of), "}");
  }
  std::string operator()(const Report& act) const {
    return absl::StrCat("outcome: {", Of(act.of), ", outcome: ", std::string(Name(act.outcome)),
                        "}");
  }
  std::string operator()(const Recovered& act) const {
    return absl::StrCat("recovered: {lost_from: ", Show(act.lost_from), "}");
  }
};

}  // namespace

const std::vector<std::string>& Zones() {
  static const auto& zones = *new std::vector<std::string>{"Europe/Paris",
                                                           "America/New_York",
                                                           "Australia/Lord_Howe",
                                                           "Asia/Kolkata",
                                                           "Pacific/Kiritimati",
                                                           "Pacific/Apia",
                                                           "America/St_Johns",
                                                           "Africa/Cairo",
                                                           "America/Nuuk",
                                                           "Atlantic/Azores",
                                                           "UTC"};
  return zones;
}

std::ostream& operator<<(std::ostream& out, const Scenario& scenario) {
  std::map<int, size_t> places;
  for (size_t i = 0; i < scenario.steps.size(); ++i) places[scenario.steps[i].name] = i;
  const World& world = scenario.world;
  out << "\nrules: []\n";
  for (const core::Rule& rule : world.law.rules) out << "#  " << Show(rule) << "\n";
  out << "companies:\n";
  for (const auto& [id, company] : world.companies) {
    out << "  - {id: " << id << (company.group.empty() ? "" : ", group: ") << company.group
        << ", sectors: " << Show(company.sectors) << "}\n";
  }
  out << "consumers:\n  - {id: alice, contact_point: \"+33639980001\", time_zone: "
      << (world.zones.empty() ? "unknown" : absl::StrJoin(world.zones, " or ")) << "}  # in ["
      << absl::StrJoin(world.regions, ", ") << "]\nsteps:\n";
  for (size_t i = 0; i < scenario.steps.size(); ++i) {
    const Step& step = scenario.steps[i];
    out << "  - {at: " << Show(step.at) << ", " << std::visit(ShowAct{places}, step.act) << "}  # "
        << i << "\n";
  }
  return out;
}

}  // namespace consent::model

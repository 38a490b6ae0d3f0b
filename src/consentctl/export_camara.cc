// SPDX-License-Identifier: Apache-2.0
//
// CAMARA Consent Info: the answer of its operation retrieveStatus, one for each grant.

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/consentctl/arguments.h"
#include "src/consentctl/export_grant.h"

namespace consent::ctl {
namespace {

using State = ExportGrant::State;

// "consent-ledger:contact:voice-prerecorded".
std::string Scope(v1::Channel channel) {
  std::string name = absl::AsciiStrToLower(NameOf(channel));
  std::replace(name.begin(), name.end(), '_', '-');
  return absl::StrCat("consent-ledger:contact:", name);
}

std::string Reason(State state) {
  switch (state) {
    case State::kRevoked:
      return "REVOKED";
    case State::kNotYetValid:
      return "PENDING";
    default:
      return "EXPIRED";  // A condition that was foreseen has ended it.
  }
}

Json Status(const ExportGrant& grant, v1::Purpose purpose, const std::vector<v1::Channel>& channels,
            bool blocked) {
  const State state = grant.StateFor(purpose);
  Json scopes = Json::array();
  for (const v1::Channel channel : channels) scopes.push_back(Scope(channel));
  const bool valid = state == State::kInForce && !blocked;
  Json status = {
      {"scopes", scopes}, {"purpose", DpvPurpose(purpose)}, {"statusValidForProcessing", valid}};
  if (!valid) {
    status["statusReason"] = state == State::kInForce ? "OBJECTED" : Reason(state);
  }
  if (grant.grant().has_valid_until() && (valid || state == State::kExpired)) {
    status["expirationDate"] = UtcText(grant.grant().valid_until().seconds());
  }
  status["consent-ledger:purpose"] = NameOf(purpose);
  status["consent-ledger:state"] = NameOf(state);
  return status;
}

}  // namespace

Json ToCamara(const Export& from) {
  Json all = Json::array();
  for (int i = 0; i < from.view.grants_size(); ++i) {
    const ExportGrant grant(from, i);
    const std::vector<v1::Channel> blocked = grant.BlockedChannels();
    std::vector<v1::Channel> open = grant.Channels();
    open.erase(std::remove_if(open.begin(), open.end(),
                              [&](v1::Channel channel) {
                                return std::find(blocked.begin(), blocked.end(), channel) !=
                                       blocked.end();
                              }),
               open.end());
    Json statuses = Json::array();
    for (const int number : grant.grant().purposes()) {
      const auto purpose = static_cast<v1::Purpose>(number);
      if (!open.empty()) statuses.push_back(Status(grant, purpose, open, false));
      if (!blocked.empty()) statuses.push_back(Status(grant, purpose, blocked, true));
    }
    Json answer = {{"statusInfo", statuses}};
    grant.AddExtensions(answer);
    all.push_back(std::move(answer));
  }
  return all;
}

}  // namespace consent::ctl

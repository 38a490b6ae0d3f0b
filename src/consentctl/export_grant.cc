// SPDX-License-Identifier: Apache-2.0

#include "src/consentctl/export_grant.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/consentctl/arguments.h"
#include "src/crypto/hash.h"

namespace consent::ctl {
namespace {

bool Has(const v1::Grant& grant, v1::Purpose purpose) {
  return std::find(grant.purposes().begin(), grant.purposes().end(), purpose) !=
         grant.purposes().end();
}

std::string PeriodName(v1::Period period) {
  return v1::Period_Name(period).substr(sizeof("PERIOD_") - 1);
}

Json WindowJson(const v1::Window& window) {
  Json json = {{"period", PeriodName(window.period())},
               {"count", std::max(1, window.count())},
               {"alignment", nullptr}};
  if (window.alignment() != v1::ALIGNMENT_UNSPECIFIED) {
    json["alignment"] = v1::Alignment_Name(window.alignment()).substr(sizeof("ALIGNMENT_") - 1);
  }
  return json;
}

Json ChannelNames(const std::vector<v1::Channel>& channels) {
  Json names = Json::array();
  for (const v1::Channel channel : channels) names.push_back(NameOf(channel));
  return names;
}

Json LimitJson(const v1::Limit& limit, const v1::GrantView& view) {
  Json json = {{"id", limit.limit_id()}, {"channels", Json::array()}, {"max", limit.max()}};
  for (const int channel : limit.channels()) {
    json["channels"].push_back(NameOf(static_cast<v1::Channel>(channel)));
  }
  json["max_attempts"] = limit.max_attempts() == 0 ? Json() : Json(limit.max_attempts());
  json["window"] = WindowJson(limit.window());
  json["remaining"] = nullptr;
  for (const v1::Remaining& remaining : view.remaining()) {
    if (remaining.limit() == limit.limit_id()) json["remaining"] = remaining.count();
  }
  return json;
}

// "10:00", "24:00".
std::string ClockTime(int minute) {
  return absl::StrCat(minute < 600 ? "0" : "", minute / 60, minute % 60 < 10 ? ":0" : ":",
                      minute % 60);
}

}  // namespace

ExportGrant::ExportGrant(const Export& from, int index) : from_(from), index_(index) {}

std::string ExportGrant::CompanyName() const {
  const auto found = from_.company_names.find(grant().company());
  return found == from_.company_names.end() ? grant().company() : found->second;
}

bool ExportGrant::Expired() const {
  return grant().has_valid_until() &&
         from_.view.as_of().seconds() >= grant().valid_until().seconds();
}

ExportGrant::State ExportGrant::StateFor(v1::Purpose purpose) const {
  const int64_t now = from_.view.as_of().seconds();
  // Which grant speaks: the latest that has begun, else the latest; a claim never beside the
  // consumer's own word.
  const auto names_it = [&](const v1::GrantView& other) {
    return other.grant().company() == grant().company() && Has(other.grant(), purpose);
  };
  const auto& grants = from_.view.grants();
  const bool own_word = std::any_of(grants.begin(), grants.end(), [&](const v1::GrantView& other) {
    return names_it(other) && other.signed_by() == v1::SIGNER_ROLE_CONSUMER;
  });
  int speaks = -1;
  bool has_begun = false;
  for (int i = 0; i < grants.size(); ++i) {
    if (!names_it(grants[i])) continue;
    if (own_word && grants[i].signed_by() != v1::SIGNER_ROLE_CONSUMER) continue;
    const bool begun = grants[i].grant().valid_from().seconds() <= now;
    if (has_begun && !begun) continue;
    has_begun = begun;
    speaks = i;
  }
  if (view().revoked()) return State::kRevoked;
  if (Expired()) return State::kExpired;
  if (speaks != index_) return State::kSuperseded;
  return has_begun ? State::kInForce : State::kNotYetValid;
}

int64_t ExportGrant::GivenAt() const {
  int of_company = 0;
  int place = 0;
  for (int i = 0; i < from_.view.grants_size(); ++i) {
    if (from_.view.grants(i).grant().company() != grant().company()) continue;
    if (i < index_) ++place;
    ++of_company;
  }
  // Grants and history both stand in the order of arrival. Where one has more than the other (what
  // is old may have been pruned), nothing says which belongs to which.
  std::vector<int64_t> times;
  for (const v1::HistoryEntry& entry : from_.view.history()) {
    if (entry.kind() == "GRANTED" && entry.company() == grant().company()) {
      times.push_back(entry.at().seconds());
    }
  }
  if (times.size() != static_cast<size_t>(of_company)) return grant().valid_from().seconds();
  return times[static_cast<size_t>(place)];
}

int64_t ExportGrant::RevokedAt() const {
  int64_t at = 0;
  for (const v1::HistoryEntry& entry : from_.view.history()) {
    if (entry.kind() == "REVOKED" && entry.company() == grant().company()) {
      at = entry.at().seconds();
    }
  }
  return at;
}

std::vector<v1::Channel> ExportGrant::Channels() const {
  std::vector<v1::Channel> channels;
  for (const v1::Limit& limit : grant().limits()) {
    for (const int channel : limit.channels()) {
      channels.push_back(static_cast<v1::Channel>(channel));
    }
  }
  std::sort(channels.begin(), channels.end());
  channels.erase(std::unique(channels.begin(), channels.end()), channels.end());
  return channels;
}

std::vector<v1::Channel> ExportGrant::BlockedChannels() const {
  std::vector<v1::Channel> blocked = Channels();
  const auto open = [&](v1::Channel channel) {
    for (const v1::BlockView& block : from_.view.blocks()) {
      if (block.company() != "*" && block.company() != grant().company()) continue;
      if (block.channels().empty()) return false;  // All of them.
      for (const int forbidden : block.channels()) {
        if (forbidden == channel) return false;
      }
    }
    return true;
  };
  blocked.erase(std::remove_if(blocked.begin(), blocked.end(), open), blocked.end());
  return blocked;
}

std::string ExportGrant::Uuid(const std::string& kind) const {
  std::string name;
  for (const std::string& part : {kind, from_.view.journal_origin(), from_.contact_point,
                                  grant().company(), grant().grant_id()}) {
    absl::StrAppend(&name, part, std::string(1, '\0'));
  }
  std::string bytes(crypto::Sha256({name}).view().substr(0, 16));
  bytes[6] = static_cast<char>((static_cast<unsigned char>(bytes[6]) & 0x0f) | 0x80);
  bytes[8] = static_cast<char>((static_cast<unsigned char>(bytes[8]) & 0x3f) | 0x80);
  const std::string hex = Hex(bytes);
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

void ExportGrant::AddExtensions(Json& json) const {
  json["consent-ledger:grant"] = {
      {"journal_origin", from_.view.journal_origin()},
      {"company", grant().company()},
      {"grant", grant().grant_id()},
      {"signed_by", NameOf(view().signed_by())},
      {"valid_from", UtcTime(grant().valid_from())},
      {"valid_until", grant().has_valid_until() ? UtcTime(grant().valid_until()) : Json()},
      {"blocked_channels", ChannelNames(BlockedChannels())},
      {"as_of", UtcTime(from_.view.as_of())}};
  Json limits = Json::array();
  for (const v1::Limit& limit : grant().limits()) limits.push_back(LimitJson(limit, view()));
  json["consent-ledger:limits"] = limits;
  Json hours = Json::array();
  for (const v1::Hours& span : grant().hours()) {
    Json days = Json::array();
    for (const int day : span.days()) days.push_back(NameOf(static_cast<v1::Weekday>(day)));
    hours.push_back({{"days", days},
                     {"from", ClockTime(span.from_minute())},
                     {"to", ClockTime(span.to_minute())}});
  }
  json["consent-ledger:hours"] = hours;
}

std::string NameOf(ExportGrant::State state) {
  switch (state) {
    case ExportGrant::State::kInForce:
      return "IN_FORCE";
    case ExportGrant::State::kNotYetValid:
      return "NOT_YET_VALID";
    case ExportGrant::State::kSuperseded:
      return "SUPERSEDED";
    case ExportGrant::State::kRevoked:
      return "REVOKED";
    case ExportGrant::State::kExpired:
      return "EXPIRED";
  }
  return "";
}

std::string DpvPurpose(v1::Purpose purpose) {
  switch (purpose) {
    case v1::PURPOSE_DIRECT_MARKETING:
      return "dpv:DirectMarketing";
    case v1::PURPOSE_PRESS:
      return "dpv:Marketing";
    case v1::PURPOSE_SURVEY:
      return "dpv:CommercialResearch";
    case v1::PURPOSE_SERVICE:
      return "dpv:ServiceProvision";
    default:
      // The vocabulary has no term for politics and charity.
      return "dpv:CommunicationManagement";
  }
}

std::string UtcText(int64_t unix_seconds) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(unix_seconds),
                          absl::UTCTimeZone());
}

}  // namespace consent::ctl

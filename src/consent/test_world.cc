// SPDX-License-Identifier: Apache-2.0

#include "src/consent/test_world.h"

#include <utility>

#include "gtest/gtest.h"

namespace consent::core {

Instant T(std::string_view rfc3339) {
  absl::Time time;
  std::string error;
  const bool ok = absl::ParseTime(absl::RFC3339_full, std::string(rfc3339), &time, &error);
  EXPECT_TRUE(ok) << rfc3339 << ": " << error;
  return FromAbslTime(time);
}

std::string Shown(std::optional<Instant> t, const absl::TimeZone& zone) {
  if (!t.has_value()) return "none";
  return absl::FormatTime(absl::RFC3339_sec, ToAbslTime(*t), zone);
}

absl::TimeZone Zone(std::string_view name) {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone(std::string(name), &zone)) << name;
  return zone;
}

ChannelSet On(std::initializer_list<Channel> channels) {
  ChannelSet set;
  for (const Channel channel : channels) set.Add(channel);
  return set;
}

PurposeSet For(std::initializer_list<Purpose> purposes) {
  PurposeSet set;
  for (const Purpose purpose : purposes) set.Add(purpose);
  return set;
}

Window Calendar(Period period, int32_t count) { return {period, Alignment::kCalendar, count}; }
Window Rolling(Period period, int32_t count) { return {period, Alignment::kRolling, count}; }
Window Anniversary(Period period, int32_t count) { return {period, Alignment::kGrant, count}; }
Window Lifetime() { return {Period::kLifetime, Alignment::kUnspecified, 1}; }

Limit AtMost(int64_t max, std::string id, ChannelSet channels, Window window) {
  return {std::move(id), channels, max, std::nullopt, window};
}

Span During(std::string_view days, int32_t from_minute, int32_t to_minute) {
  Span span{0, from_minute, to_minute};
  for (size_t i = 0; i < days.size(); ++i) {
    if (days[i] == '1') span.days |= static_cast<uint8_t>(1 << i);
  }
  return span;
}

Grant GrantOf(std::string id, Instant valid_from, std::vector<Limit> limits) {
  Grant grant;
  grant.id = std::move(id);
  grant.company = "acme";
  grant.purposes = For({Purpose::kDirectMarketing});
  grant.valid_from = valid_from;
  grant.limits = std::move(limits);
  return grant;
}

World& World::At(std::string_view rfc3339) {
  now_ = T(rfc3339);
  return *this;
}

World& World::Recover(std::string_view from) {
  // The entry is of no consumer, but it takes a place in the journal.
  loss_ = Loss{T(from), now_, {record.seen.value}};
  ++record.seen.value;
  return *this;
}

Reason World::Give(Grant grant) {
  EXPECT_TRUE(ValidateGrant(grant).ok()) << ValidateGrant(grant);
  Granted granted;
  granted.grant = std::move(grant);
  return Say(std::move(granted));
}

Reason World::Revoke(std::string company, std::string grant) {
  Revoked revoked;
  revoked.company = std::move(company);
  revoked.grant = std::move(grant);
  return Say(std::move(revoked));
}

Reason World::Block(std::string company, ChannelSet channels) {
  Blocked blocked;
  blocked.company = std::move(company);
  blocked.channels = channels;
  return Say(std::move(blocked));
}

Reason World::Unblock(std::string company) {
  Unblocked unblocked;
  unblocked.company = std::move(company);
  return Say(std::move(unblocked));
}

Reason World::Say(EventBody statement) {
  const StatementVerdict verdict = DecideStatement(record, statement, now_);
  if (verdict.reason == Reason::kOk && !verdict.repeats.has_value()) {
    Evolve(record, {now_, {record.seen.value}, std::move(statement)}, Retention::kForever);
  }
  return verdict.reason;
}

Request World::Wish(Channel channel) {
  Request request;
  request.company = "acme";
  request.request_id = "r" + std::to_string(++requests_);
  request.channel = channel;
  request.purpose = Purpose::kDirectMarketing;
  return request;
}

Judgement World::Append(Judgement judgement) {
  if (judgement.event.has_value()) {
    Evolve(record, {now_, {record.seen.value}, *judgement.event}, Retention::kForever);
  }
  return judgement;
}

Judgement World::Consume(const Request& request) {
  return Append(Decide(record, request, moment(), NextAllowed::kForStrangersToo));
}

Judgement World::Check(Channel channel) const {
  Request request;
  request.company = "acme";
  request.channel = channel;
  request.purpose = Purpose::kDirectMarketing;
  return core::Check(record, request, moment(), NextAllowed::kForStrangersToo);
}

Judgement World::Confirm(LeafIndex permit) {
  return Append(DecideConfirm(record, permit, moment()));
}

Judgement World::Release(LeafIndex permit) {
  return Append(DecideRelease(record, permit, moment()));
}

Judgement World::Report(LeafIndex permit, Outcome outcome) {
  return Append(DecideOutcome(record, permit, outcome, moment()));
}

}  // namespace consent::core

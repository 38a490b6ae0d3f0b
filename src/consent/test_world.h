// SPDX-License-Identifier: Apache-2.0
//
// World: one consumer's record, a clock and a zone, moved by the words of a scenario. Test code
// only: it plays the part of the ledger, which appends what the core decides.

#ifndef CONSENT_CONSENT_TEST_WORLD_H_
#define CONSENT_CONSENT_TEST_WORLD_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "src/base/instant.h"
#include "src/consent/decide.h"
#include "src/consent/evolve.h"

namespace consent::core {

// "2026-03-29T02:30:00+01:00". Fails the test on anything else.
Instant T(std::string_view rfc3339);
// The other way, as the wall shows it: "2026-03-29T03:30:00+02:00"; "none" for no moment.
std::string Shown(std::optional<Instant> t, const absl::TimeZone& zone);
absl::TimeZone Zone(std::string_view name);

ChannelSet On(std::initializer_list<Channel> channels);
PurposeSet For(std::initializer_list<Purpose> purposes);

Window Calendar(Period period, int32_t count = 1);
Window Rolling(Period period, int32_t count = 1);
Window Anniversary(Period period, int32_t count = 1);  // Alignment GRANT.
Window Lifetime();

Limit AtMost(int64_t max, std::string id, ChannelSet channels, Window window);
// Days are written as in "1111100": Monday to Friday.
Span During(std::string_view days, int32_t from_minute, int32_t to_minute);

// A grant by the consumer to "acme" for DIRECT_MARKETING.
Grant GrantOf(std::string id, Instant valid_from, std::vector<Limit> limits);

class World {
 public:
  explicit World(std::string_view zone = "Europe/Paris") : zone_(Zone(zone)) {}

  // Sets the clock.
  World& At(std::string_view rfc3339);
  void ForgetZone() { knows_zone_ = false; }

  // Statements; OK or the reason of the refusal.
  Reason Give(Grant grant);
  Reason Revoke(std::string company = "acme", std::string grant = "");
  Reason Block(std::string company, ChannelSet channels = ChannelSet::All());
  Reason Unblock(std::string company);
  Reason Say(EventBody statement);

  // A request by acme for DIRECT_MARKETING, under an id of its own, with next_allowed.
  Request Wish(Channel channel = Channel::kCall);
  Judgement Consume(const Request& request);
  Judgement Consume(Channel channel = Channel::kCall) { return Consume(Wish(channel)); }
  Judgement Check(Channel channel = Channel::kCall) const;
  Judgement Confirm(LeafIndex permit);
  Judgement Release(LeafIndex permit);
  Judgement Report(LeafIndex permit, Outcome outcome);

  // Goes on after a loss: entries since `from` are forgotten, those from now on are known.
  World& Recover(std::string_view from);

  // The position of the last entry: the permit, after an ALLOWED.
  LeafIndex last() const { return {record.seen.value - 1}; }
  Instant now() const { return now_; }
  Moment moment() const { return At(now_); }
  Moment At(Instant t) const {
    Moment moment{.now = t, .loss = loss_.has_value() ? &*loss_ : nullptr};
    if (knows_zone_) moment.zones = absl::MakeConstSpan(&zone_, 1);
    moment.law = &law;
    moment.asker = &asker;
    moment.lists = lists;
    return moment;
  }
  const absl::TimeZone& zone() const { return zone_; }
  // As Shown, in the consumer's zone.
  std::string Show(std::optional<Instant> t) const { return Shown(t, zone_); }

  Record record;
  Law law;
  Asker asker;
  std::vector<ListImport> lists;

 private:
  Judgement Append(Judgement judgement);

  absl::TimeZone zone_;
  bool knows_zone_ = true;
  std::optional<Loss> loss_;
  Instant now_;
  int requests_ = 0;
};

}  // namespace consent::core

#endif  // CONSENT_CONSENT_TEST_WORLD_H_

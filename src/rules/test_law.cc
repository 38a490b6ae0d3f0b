// SPDX-License-Identifier: Apache-2.0

#include "src/rules/test_law.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/rules/embedded.h"

namespace consent::rules {
namespace {

constexpr int64_t kPlenty = 1000;
constexpr Seconds kDay{24 * 60 * 60};

std::string Words(const core::Decision& decision) {
  std::string words(core::Name(decision.reason));
  if (decision.basis != core::Basis::kUnspecified) {
    absl::StrAppend(&words, " ", std::string(core::Name(decision.basis)));
  }
  if (!decision.rule.empty()) absl::StrAppend(&words, " ", decision.rule);
  return words;
}

}  // namespace

LawWorld::LawWorld(const Under& under) : world_(under.zones.front()) {
  std::vector<Pack> packs;
  for (const std::string& id : under.packs) {
    absl::StatusOr<Pack> pack = FindPack(id);
    EXPECT_TRUE(pack.ok()) << pack.status();
    if (pack.ok()) packs.push_back(*std::move(pack));
  }
  world_.law = Join(packs).value();
  world_.record.place.regions = under.regions;
  for (const std::string& zone : under.zones) zones_.push_back(core::Zone(zone));
}

LawWorld& LawWorld::At(std::string_view rfc3339) {
  world_.At(rfc3339);
  return *this;
}

core::Grant LawWorld::Grant(std::initializer_list<core::Purpose> purposes) const {
  core::Grant grant =
      core::GrantOf(absl::StrCat("g", world_.record.seen.value), world_.now(),
                    {core::AtMost(kPlenty, "all", core::ChannelSet::All(), core::Lifetime())});
  grant.purposes = core::For(purposes);
  return grant;
}

void LawWorld::Give(core::Grant grant) {
  EXPECT_EQ(world_.Give(std::move(grant)), core::Reason::kOk);
}

void LawWorld::Claim(core::Relation relation, bool similar_products) {
  core::ContractClaimed claimed;
  claimed.contract.id = "c1";
  claimed.contract.company = "acme";
  claimed.contract.relation = relation;
  claimed.contract.object = "electricity";
  claimed.contract.valid_from = world_.now();
  claimed.contract.similar_products = similar_products;
  claimed.contract.collected_at = world_.now();
  EXPECT_EQ(world_.Say(std::move(claimed)), core::Reason::kOk);
}

void LawWorld::Contest() {
  core::Contested contested;
  contested.company = "acme";
  EXPECT_EQ(world_.Say(std::move(contested)), core::Reason::kOk);
}

void LawWorld::Revoke() { EXPECT_EQ(world_.Revoke(), core::Reason::kOk); }

void LawWorld::AskForCall() {
  core::CallbackAsked asked;
  asked.callback.id = absl::StrCat("k", world_.record.seen.value);
  asked.callback.company = "acme";
  asked.callback.channels = core::On({core::Channel::kCall});
  asked.callback.purposes = core::For({core::Purpose::kDirectMarketing});
  asked.callback.valid_from = world_.now();
  asked.callback.valid_until = world_.now() + kDay;
  EXPECT_EQ(world_.Say(std::move(asked)), core::Reason::kOk);
}

void LawWorld::List(std::string list, std::string_view listed_at) {
  core::Listed listed;
  listed.listing = {std::move(list), "*", core::T(listed_at)};
  EXPECT_EQ(world_.Say(std::move(listed)), core::Reason::kOk);
}

void LawWorld::Import(std::string list) { world_.lists.push_back({std::move(list), world_.now()}); }

void LawWorld::SetSectors(std::initializer_list<core::Purpose> sectors) {
  world_.asker.sectors = core::For(sectors);
}

core::Request LawWorld::On(core::Channel channel, core::Purpose purpose) const {
  core::Request request;
  request.company = "acme";
  request.channel = channel;
  request.purpose = purpose;
  request.caller_number = channel == core::Channel::kVoicePrerecorded ? "" : "+33199001234";
  return request;
}

core::Request LawWorld::Call() const { return On(core::Channel::kCall); }

core::Request LawWorld::AboutContract() const {
  core::Request request = Call();
  request.contract = "c1";
  return request;
}

core::Moment LawWorld::Now() const {
  core::Moment moment = world_.moment();
  moment.zones = zones_;
  return moment;
}

std::string LawWorld::Check(const core::Request& request) const {
  return Words(core::Check(world_.record, request, Now(), core::NextAllowed::kNever).decision);
}

std::string LawWorld::Next(const core::Request& request) const {
  const core::Judgement judgement =
      core::Check(world_.record, request, Now(), core::NextAllowed::kForStrangersToo);
  return world_.Show(judgement.decision.next_allowed);
}

std::string LawWorld::Contact(core::Request request, core::Outcome outcome) {
  request.request_id = absl::StrCat("r", ++requests_);
  // As World does, but in every zone.
  const core::Judgement judgement =
      core::Decide(world_.record, request, Now(), core::NextAllowed::kNever);
  core::Evolve(world_.record, {world_.now(), {world_.record.seen.value}, *judgement.event},
               core::Retention::kForever);
  if (judgement.decision.verdict == core::Verdict::kAllowed) {
    EXPECT_EQ(world_.Report(world_.last(), outcome).decision.verdict, core::Verdict::kDone);
  }
  return Words(judgement.decision);
}

}  // namespace consent::rules

// SPDX-License-Identifier: Apache-2.0
//
// What a contact stands on when it does not stand on consent, and what objects to it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "src/consent/contract.h"
#include "src/consent/test_world.h"

namespace consent::core {
namespace {

using ::testing::ElementsAre;

class GroundTest : public testing::Test {
 protected:
  GroundTest() {
    world_.At("2026-03-02T11:00:00+01:00");
    Rule& consent = Add("optin", ConsentRule{});
    consent.scope.channels = On({Channel::kCall});
    Add("contract", Exemption{{"optin"}, Basis::kContract, {{Relation::kContract, {}}}, 0});
  }

  template <class Body>
  Rule& Add(std::string id, Body body) {
    Rule& rule = world_.law.rules.emplace_back();
    rule.id = std::move(id);
    rule.body = std::move(body);
    return rule;
  }
  Contract Supply() {
    Contract contract;
    contract.id = "c1";
    contract.company = "acme";
    contract.object = "electricity";
    contract.valid_from = world_.now();
    contract.collected_at = world_.now();
    return contract;
  }
  Reason Claim(Contract contract) {
    EXPECT_TRUE(ValidateContract(contract).ok()) << ValidateContract(contract);
    ContractClaimed claimed;
    claimed.contract = std::move(contract);
    return world_.Say(std::move(claimed));
  }
  Reason Contest(std::string contract = "") {
    Contested contested;
    contested.company = "acme";
    contested.contract = std::move(contract);
    return world_.Say(std::move(contested));
  }
  Reason AskBack(std::string_view until, std::string id = "cb",
                 Signer signed_by = Signer::kConsumer) {
    CallbackAsked asked;
    asked.callback.signed_by = signed_by;
    if (signed_by != Signer::kConsumer) asked.callback.collected_at = world_.now();
    asked.callback.id = std::move(id);
    asked.callback.company = "acme";
    asked.callback.channels = On({Channel::kCall});
    asked.callback.purposes = For({Purpose::kDirectMarketing});
    asked.callback.valid_from = world_.now();
    asked.callback.valid_until = T(until);
    EXPECT_TRUE(ValidateCallback(asked.callback).ok()) << ValidateCallback(asked.callback);
    return world_.Say(std::move(asked));
  }
  Decision About(std::string contract, Purpose purpose = Purpose::kDirectMarketing) {
    Request request = world_.Wish();
    request.contract = std::move(contract);
    request.purpose = purpose;
    return world_.Consume(request).decision;
  }
  Reason List(std::string list, std::string company = "*") {
    Listed listed;
    listed.listing = {std::move(list), std::move(company), world_.now()};
    return world_.Say(std::move(listed));
  }
  Grant Calls(std::string id = "g1") {
    return GrantOf(std::move(id), world_.now(),
                   {AtMost(100, "calls", On({Channel::kCall}), Calendar(Period::kYear))});
  }

  World world_;
};

TEST_F(GroundTest, AContractAllowsCallsAboutItselfWhileItRuns) {
  EXPECT_EQ(About("c1").reason, Reason::kNoPermission);
  Contract contract = Supply();
  contract.valid_until = T("2026-06-01T00:00:00+02:00");
  Claim(contract);
  const Decision allowed = About("c1");
  EXPECT_EQ(allowed.verdict, Verdict::kAllowed);
  EXPECT_EQ(allowed.basis, Basis::kContract);
  EXPECT_EQ(allowed.rule, "contract");
  EXPECT_EQ(About("").reason, Reason::kNoPermission) << "not said what it is about";
  EXPECT_EQ(About("c2").reason, Reason::kNoPermission);
  world_.At("2026-05-31T23:58:00+02:00");
  EXPECT_EQ(world_.Show(About("c1").contact_before), "2026-06-01T00:00:00+02:00");
  world_.At("2026-06-01T00:00:00+02:00");
  EXPECT_EQ(About("c1").reason, Reason::kNoPermission);
}

TEST_F(GroundTest, AContractToComeGivesADate) {
  Contract contract = Supply();
  contract.valid_from = T("2026-04-01T00:00:00+02:00");
  Claim(contract);
  EXPECT_EQ(world_.Show(About("c1").next_allowed), "2026-04-01T00:00:00+02:00");
}

TEST_F(GroundTest, AContestedContractGivesNothingUntilNewerEvidenceComes) {
  const Contract contract = Supply();
  Claim(contract);
  world_.At("2026-03-03T11:00:00+01:00");
  Contest("c1");
  EXPECT_EQ(About("c1").reason, Reason::kNoPermission);
  EXPECT_EQ(Claim(contract), Reason::kOutranked) << "the same evidence again";
  Contract renamed = contract;
  renamed.id = "c2";
  EXPECT_EQ(Claim(renamed), Reason::kOutranked) << "under another name";
  world_.At("2026-03-04T11:00:00+01:00");
  Contract renewed = contract;
  renewed.collected_at = world_.now();
  EXPECT_EQ(Claim(renewed), Reason::kOk);
  EXPECT_EQ(About("c1").verdict, Verdict::kAllowed);
}

TEST_F(GroundTest, OfTooManyContractsTheOldestMakesRoom) {
  for (size_t i = 0; i <= kContractsMax; ++i) {
    Contract contract = Supply();
    contract.id = "c" + std::to_string(i);
    EXPECT_EQ(Claim(contract), Reason::kOk);
  }
  EXPECT_EQ(world_.record.At("acme").contracts.size(), kContractsMax);
  EXPECT_EQ(About("c0").reason, Reason::kNoPermission);
  EXPECT_EQ(About("c1").verdict, Verdict::kAllowed);
}

TEST_F(GroundTest, OfTooManyCallbacksTheOldestMakesRoom) {
  for (size_t i = 0; i <= kCallbacksMax; ++i) {
    AskBack("2026-03-02T18:00:00+01:00", "cb" + std::to_string(i));
  }
  EXPECT_EQ(world_.record.At("acme").callbacks.size(), kCallbacksMax);
  AskBack("2026-03-02T18:00:00+01:00", "cb5");
  EXPECT_EQ(world_.record.At("acme").callbacks.size(), kCallbacksMax) << "the same id again";
}

TEST_F(GroundTest, AReplayOfAContestedClaimDoesNotLookAsIfItStood) {
  ContractClaimed claimed;
  claimed.contract = Supply();
  claimed.statement =
      SignedBytes{{{7}}, world_.now().unix_seconds * 1000, Signer::kCompany, {}, ""};
  EXPECT_EQ(world_.Say(claimed), Reason::kOk);
  const Given given{"acme", "c1"};
  EXPECT_TRUE(DecideRepeat(world_.record, claimed.statement->id, given)->repeats.has_value());
  EXPECT_EQ(world_.Say(claimed), Reason::kOk) << "a repeat";
  Contest("c1");
  EXPECT_EQ(DecideRepeat(world_.record, claimed.statement->id, given)->reason, Reason::kOutranked);
  EXPECT_EQ(world_.Say(claimed), Reason::kOutranked);
}

TEST_F(GroundTest, AnExemptionLiftsOnlyTheRulesItNames) {
  Claim(Supply());
  Add("other", ConsentRule{});
  EXPECT_EQ(About("c1").reason, Reason::kNoPermission);
}

TEST_F(GroundTest, WhoRevokedConsentIsNotCalledOnAnotherGround) {
  Claim(Supply());
  world_.Give(Calls());
  EXPECT_EQ(About("c1").basis, Basis::kConsent);
  world_.Revoke();
  EXPECT_EQ(About("c1").reason, Reason::kRevoked);
}

TEST_F(GroundTest, APurchaseStandsForItsTime) {
  Add("ebr", Exemption{{"optin"},
                       Basis::kSimilarProducts,
                       {{Relation::kPurchase, Window{Period::kMonth, Alignment::kUnspecified, 3}}},
                       0});
  Contract purchase = Supply();
  purchase.relation = Relation::kPurchase;
  Claim(purchase);
  EXPECT_EQ(About("").reason, Reason::kNoPermission) << "it does not cover similar products";
  purchase.similar_products = true;
  Claim(purchase);
  EXPECT_EQ(About("").basis, Basis::kSimilarProducts);
  world_.At("2026-06-02T10:59:59+02:00");
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);
  world_.At("2026-06-02T11:00:00+02:00");
  EXPECT_EQ(About("").reason, Reason::kNoPermission);
}

TEST_F(GroundTest, ASectorIsExemptForItsPurposeAlone) {
  Add("press", Exemption{{"optin"}, Basis::kExempt, {}, 0});
  EXPECT_EQ(About("", Purpose::kPress).reason, Reason::kNoPermission);
  world_.asker.sectors = For({Purpose::kPress});
  EXPECT_EQ(About("", Purpose::kPress).basis, Basis::kExempt);
  EXPECT_EQ(About("").reason, Reason::kNoPermission);
}

TEST_F(GroundTest, AStrangerLearnsNothingOfWhatAnExemptionMeets) {
  Add("press", Exemption{{"optin"}, Basis::kExempt, {}, 0});
  world_.asker.sectors = For({Purpose::kPress});
  world_.Block("acme");
  Request request = world_.Wish();
  request.purpose = Purpose::kPress;
  const Judgement judgement = world_.Consume(request);
  EXPECT_EQ(judgement.decision.reason, Reason::kBlocked);
  EXPECT_EQ(judgement.answered, [] {
    Decision nothing;
    nothing.verdict = Verdict::kDenied;
    nothing.reason = Reason::kNoPermission;
    return nothing;
  }());
}

TEST_F(GroundTest, ACallbackIsCountedApartAndLiftsNoBlock) {
  Add("hours", HoursRule{{During("1000000", 0, 60)}, {}, false}).scope.bases = {
      BasisSet::All().bits & ~(1u << static_cast<int>(Basis::kCallback))};
  AskBack("2026-03-02T18:00:00+01:00");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(About("").basis, Basis::kCallback);
  const Decision fourth = About("");
  EXPECT_EQ(fourth.reason, Reason::kLimitReached);
  EXPECT_EQ(fourth.limit, "callback");
  world_.Give(Calls());
  world_.At("2026-03-09T00:30:00+01:00");
  EXPECT_THAT(About("").remaining, ElementsAre(Remaining{"calls", 99}));
  AskBack("2026-03-09T18:00:00+01:00");
  EXPECT_EQ(About("").basis, Basis::kCallback);
  world_.Block("acme");
  EXPECT_EQ(About("").reason, Reason::kBlocked);
}

TEST_F(GroundTest, ACallbackThatOthersClaimLiftsNoListing) {
  List("red");
  world_.At("2026-03-03T10:00:00+01:00");
  AskBack("2026-03-03T18:00:00+01:00", "claimed", Signer::kCompany);
  EXPECT_EQ(About("").reason, Reason::kListed);
  AskBack("2026-03-03T18:00:00+01:00", "own");
  EXPECT_EQ(About("").basis, Basis::kCallback);
}

TEST_F(GroundTest, ToClaimAnotherCallbackGivesNoNewAttempts) {
  const auto claim = [&](std::string_view until, std::string id) {
    return AskBack(until, std::move(id), Signer::kCompany);
  };
  claim("2026-03-02T18:00:00+01:00", "first");
  for (int i = 0; i < 3; ++i) EXPECT_EQ(About("").basis, Basis::kCallback);
  world_.At("2026-04-01T10:00:00+02:00");
  claim("2026-04-01T18:00:00+02:00", "second");
  EXPECT_EQ(About("").reason, Reason::kLimitReached);
  AskBack("2026-04-01T18:00:00+02:00", "own");
  EXPECT_EQ(About("").basis, Basis::kCallback) << "the consumer's own word";
  world_.At("2026-05-10T10:00:00+02:00");
  claim("2026-05-10T18:00:00+02:00", "third");
  EXPECT_EQ(About("").basis, Basis::kCallback) << "more than 30 days later";
}

TEST_F(GroundTest, ACallbackEndsWhenItsTimeIsOverAndWhenItIsRevoked) {
  AskBack("2026-03-02T11:02:00+01:00");
  EXPECT_EQ(world_.Show(About("").contact_before), "2026-03-02T11:02:00+01:00");
  world_.Revoke("acme", "cb");
  EXPECT_EQ(About("").reason, Reason::kNoPermission);
}

TEST_F(GroundTest, AListingDeniesUntilTheConsumersOwnLaterWord) {
  world_.Give(Calls());
  List("red");
  EXPECT_EQ(About("").reason, Reason::kListed);
  world_.At("2026-03-03T11:00:00+01:00");
  Grant claim = Calls("g2");
  claim.signed_by = Signer::kCompany;
  claim.collected_at = world_.now();
  world_.Give(claim);
  EXPECT_EQ(About("").reason, Reason::kListed) << "a claim is not the consumer's word";
  world_.Give(Calls("g3"));
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);
}

TEST_F(GroundTest, AListBindsWhenItsRuleSaysAndWhomItNames) {
  world_.Give(Calls());
  ListRule rule;
  rule.list = "tps";
  rule.binds_after_days = 28;
  rule.lasts = Window{Period::kYear, Alignment::kUnspecified, 1};
  Add("tps", rule);
  List("tps");
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);
  world_.At("2026-03-30T12:00:00+02:00");
  const Decision listed = About("");
  EXPECT_EQ(listed.reason, Reason::kListed);
  EXPECT_EQ(listed.rule, "tps");
  EXPECT_EQ(world_.Show(listed.next_allowed), "2027-03-02T11:00:00+01:00");
  Listed off;
  off.listing.list = "tps";
  off.listing.company = "*";
  off.removed = true;
  world_.Say(off);
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);
  List("own", "another");
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);
}

TEST_F(GroundTest, AListTooOldToTellIsNotReadAsClean) {
  Claim(Supply());
  ListRule rule;
  rule.list = "dnc";
  rule.stale_after_days = 31;
  Add("dnc", rule);
  EXPECT_EQ(About("c1").reason, Reason::kUnscreened);
  world_.lists = {{"dnc", world_.now()}};
  EXPECT_EQ(About("c1").verdict, Verdict::kAllowed);
  world_.At("2026-04-02T12:00:00+02:00");
  const Decision stale = About("c1");
  EXPECT_EQ(stale.reason, Reason::kUnscreened);
  EXPECT_EQ(stale.rule, "dnc");
  world_.Give(Calls());
  EXPECT_EQ(About("c1").verdict, Verdict::kAllowed) << "the consumer's own word needs no list";
}

TEST_F(GroundTest, AProcessorNeedsADelegationInForce) {
  world_.Give(Calls());
  Request request = world_.Wish();
  request.processor = "callco";
  EXPECT_EQ(world_.Consume(request).answered.reason, Reason::kNotDelegated);
  world_.asker.delegation =
      DelegationInForce{T("2026-03-02T12:00:00+01:00"), T("2026-03-02T12:02:00+01:00")};
  EXPECT_EQ(world_.Show(world_.Consume(request).decision.next_allowed),
            "2026-03-02T12:00:00+01:00");
  world_.At("2026-03-02T12:00:00+01:00");
  EXPECT_EQ(world_.Show(world_.Consume(request).decision.contact_before),
            "2026-03-02T12:02:00+01:00");
  world_.At("2026-03-02T12:02:00+01:00");
  request.request_id = "late";
  EXPECT_EQ(world_.Consume(request).decision.reason, Reason::kNotDelegated);
}

TEST_F(GroundTest, ABlockMayMeanAGroupAProcessorOrAPurpose) {
  world_.Give(Calls());
  Blocked group;
  group.company = "holding";
  group.whose = Whose::kGroup;
  group.channels = ChannelSet::All();
  world_.Say(group);
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);
  world_.asker.group = "holding";
  EXPECT_EQ(About("").reason, Reason::kBlocked);
  Unblocked lifted;
  lifted.company = "holding";
  world_.Say(lifted);
  EXPECT_EQ(About("").reason, Reason::kBlocked) << "that was a company of the same name";
  lifted.whose = Whose::kGroup;
  world_.Say(lifted);
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);

  Blocked processor;
  processor.company = "callco";
  processor.whose = Whose::kProcessor;
  processor.channels = ChannelSet::All();
  world_.Say(processor);
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);
  world_.asker.delegation = DelegationInForce{world_.now(), kNever};
  Request request = world_.Wish();
  request.processor = "callco";
  EXPECT_EQ(world_.Consume(request).decision.reason, Reason::kBlocked);

  Blocked surveys;
  surveys.company = "acme";
  surveys.channels = ChannelSet::All();
  surveys.purposes = For({Purpose::kSurvey});
  world_.Say(surveys);
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);
  EXPECT_EQ(About("", Purpose::kSurvey).reason, Reason::kBlocked);
}

TEST_F(GroundTest, ANewHolderIsNotBoundByTheOldOnesYesAndKeepsTheNo) {
  world_.Give(Calls());
  world_.Block("bell");
  About("");
  world_.At("2026-03-03T11:00:00+01:00");
  HolderChanged changed;
  changed.new_holder = true;
  changed.holder = HolderClass::kAdult;
  world_.Say(changed);
  EXPECT_EQ(About("").reason, Reason::kNoPermission);
  EXPECT_EQ(world_.record.blocks.size(), 1u);
  EXPECT_TRUE(world_.record.companies.empty() || world_.record.companies[0].contacts.empty());
  Grant old = Calls("g2");
  old.signed_by = Signer::kCompany;
  old.collected_at = T("2026-03-02T12:00:00+01:00");
  EXPECT_EQ(world_.Give(old), Reason::kOutranked) << "the old holder's word";
  EXPECT_EQ(world_.Give(Calls("g3")), Reason::kOk);
  EXPECT_EQ(About("").verdict, Verdict::kAllowed);
}

TEST_F(GroundTest, AContractWithTheOldHolderBindsNotTheNewOne) {
  const Contract contract = Supply();
  world_.At("2026-03-03T11:00:00+01:00");
  HolderChanged changed;
  changed.new_holder = true;
  world_.Say(changed);
  EXPECT_EQ(Claim(contract), Reason::kOutranked) << "evidence of somebody else's contract";
  world_.At("2026-03-04T11:00:00+01:00");
  world_.Block("*");
  Contract own = contract;
  own.collected_at = world_.now();
  EXPECT_EQ(Claim(own), Reason::kOk) << "a block forbids contacts, it denies no contract";
}

TEST_F(GroundTest, ARepeatSaysOnWhatTheFirstAnswerStood) {
  Claim(Supply());
  Request request = world_.Wish();
  request.contract = "c1";
  EXPECT_EQ(world_.Consume(request).decision.verdict, Verdict::kAllowed);
  const Decision again = world_.Consume(request).decision;
  EXPECT_EQ(again.basis, Basis::kContract);
  EXPECT_EQ(again.rule, "contract");
  request.contract = "c2";
  EXPECT_EQ(world_.Consume(request).decision.reason, Reason::kRequestIdReused);
}

}  // namespace
}  // namespace consent::core

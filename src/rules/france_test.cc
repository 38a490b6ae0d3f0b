// SPDX-License-Identifier: Apache-2.0
//
// French law through the core: the cases of the law's own dates, and those that lawyers ask.

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "src/rules/test_law.h"

namespace consent::rules {
namespace {

using core::Channel;
using core::HolderClass;
using core::Matter;
using core::Outcome;
using core::Purpose;
using core::Relation;
using core::Request;

// Wednesdays of 2026 in winter and in summer, in opening hours.
constexpr char kWinter[] = "2026-11-25T11:00:00+01:00";
constexpr char kSummer[] = "2026-08-26T11:00:00+02:00";

TEST(FranceTest, ACallNeedsConsent) {
  LawWorld world;
  world.At(kWinter);
  EXPECT_EQ(world.Check(), "NO_PERMISSION");
  world.Give();
  EXPECT_EQ(world.Check(), "OK CONSENT");
}

TEST(FranceTest, ACustomerMayBeCalledAboutTheContractWithinTheLawsHours) {
  LawWorld world;
  world.At(kWinter).Claim(Relation::kContract);
  EXPECT_EQ(world.Check(world.AboutContract()), "OK CONTRACT fr.contract");
  EXPECT_EQ(world.Check(), "NO_PERMISSION");  // About something else.
  Request text = world.On(Channel::kSms);
  text.contract = "c1";
  EXPECT_EQ(world.Check(text), "NO_PERMISSION");
  world.At("2026-11-28T11:00:00+01:00");  // A Saturday.
  EXPECT_EQ(world.Check(world.AboutContract()), "OUTSIDE_HOURS fr.hours");
  EXPECT_EQ(world.Next(world.AboutContract()), "2026-11-30T10:00:00+01:00");
}

TEST(FranceTest, AContestedContractIsNoneUntilThereIsNewEvidence) {
  LawWorld world;
  world.At("2026-11-24T11:00:00+01:00").Claim(Relation::kContract);
  world.At(kWinter).Contest();
  EXPECT_EQ(world.Check(world.AboutContract()), "NO_PERMISSION");
  world.At("2026-11-26T11:00:00+01:00").Claim(Relation::kContract);
  EXPECT_EQ(world.Check(world.AboutContract()), "OK CONTRACT fr.contract");
}

TEST(FranceTest, WhoTookConsentBackIsNotCalledAboutTheContractEither) {
  LawWorld world;
  world.At(kWinter).Claim(Relation::kContract);
  world.Give();
  world.Revoke();
  EXPECT_EQ(world.Check(world.AboutContract()), "REVOKED");
}

TEST(FranceTest, APublisherMayCallAboutNewspapersOnly) {
  LawWorld world;
  world.At(kWinter);
  EXPECT_EQ(world.Check(world.On(Channel::kCall, Purpose::kPress)), "NO_PERMISSION");
  world.SetSectors({Purpose::kPress});
  EXPECT_EQ(world.Check(world.On(Channel::kCall, Purpose::kPress)), "OK EXEMPT fr.press");
  EXPECT_EQ(world.Check(world.On(Channel::kSms, Purpose::kPress)), "NO_PERMISSION");
  EXPECT_EQ(world.Check(), "NO_PERMISSION");
  world.At("2026-11-28T11:00:00+01:00");
  EXPECT_EQ(world.Check(world.On(Channel::kCall, Purpose::kPress)), "OUTSIDE_HOURS fr.hours");
}

TEST(FranceTest, APartyMayCallAtAnyHour) {
  LawWorld world;
  world.At("2026-11-29T21:00:00+01:00").SetSectors({Purpose::kPolitical});
  EXPECT_EQ(world.Check(world.On(Channel::kCall, Purpose::kPolitical)), "OK EXEMPT fr.political");
  EXPECT_EQ(world.Check(world.On(Channel::kCall, Purpose::kCharity)), "NO_PERMISSION");
}

TEST(FranceTest, CallsKeepTheHoursToTheSecond) {
  LawWorld world;
  world.At("2026-11-01T00:00:00+01:00").Give();
  const std::string closed = "OUTSIDE_HOURS fr.hours";
  const std::string open = "OK CONSENT";
  const struct {
    const char* time;
    std::string answer;
  } rows[] = {{"09:59:59", closed}, {"10:00:00", open}, {"12:59:59", open}, {"13:00:00", closed},
              {"13:59:59", closed}, {"14:00:00", open}, {"19:59:59", open}, {"20:00:00", closed}};
  for (const auto& row : rows) {
    world.At(absl::StrCat("2026-11-25T", row.time, "+01:00"));
    EXPECT_EQ(world.Check(), row.answer) << row.time;
  }
  for (const char* weekend : {"2026-11-28T11:00:00+01:00", "2026-11-29T11:00:00+01:00"}) {
    EXPECT_EQ(world.At(weekend).Check(), closed) << weekend;
  }
}

TEST(FranceTest, TheElevenHolidaysOf2027AreClosed) {
  LawWorld world;
  world.At("2026-12-01T00:00:00+01:00").Give();
  for (const char* day :
       {"2027-01-01", "2027-03-29", "2027-05-01", "2027-05-06", "2027-05-08", "2027-05-17",
        "2027-07-14", "2027-08-15", "2027-11-01", "2027-11-11", "2027-12-25"}) {
    EXPECT_EQ(world.At(absl::StrCat(day, "T10:00:00Z")).Check(), "OUTSIDE_HOURS fr.hours") << day;
  }
  // Days of other places and of other churches.
  for (const char* day : {"2027-03-26", "2027-04-27", "2027-05-27", "2027-12-20", "2027-06-10"}) {
    EXPECT_EQ(world.At(absl::StrCat(day, "T10:00:00Z")).Check(), "OK CONSENT") << day;
  }
}

TEST(FranceTest, AfterEasterMonday2027TheNextCallIsOnTuesday) {
  LawWorld world;
  world.At("2027-03-01T12:00:00+01:00").Give();
  EXPECT_EQ(world.At("2027-03-29T10:00:00+02:00").Check(), "OUTSIDE_HOURS fr.hours");
  EXPECT_EQ(world.Next(), "2027-03-30T10:00:00+02:00");
  // From the Friday evening on, over the change of the clocks.
  EXPECT_EQ(world.At("2027-03-26T20:00:00+01:00").Next(), "2027-03-30T10:00:00+02:00");
}

TEST(FranceTest, ExpressConsentMayLiftDaysAndHours) {
  LawWorld world;
  world.At("2026-11-01T00:00:00+01:00");
  core::Grant grant = world.Grant();
  grant.outside_legal_hours = {core::During("0000010", 9 * 60, 12 * 60)};
  world.Give(grant);
  EXPECT_EQ(world.At("2026-11-28T09:00:00+01:00").Check(), "OK CONSENT");
  EXPECT_EQ(world.At("2026-11-28T12:00:00+01:00").Check(), "OUTSIDE_HOURS fr.hours");
  EXPECT_EQ(world.At("2026-11-29T11:00:00+01:00").Check(), "OUTSIDE_HOURS fr.hours");
}

TEST(FranceTest, TheFifthAttemptIn30DaysIsOneTooMany) {
  LawWorld world;
  world.At("2026-11-02T10:00:00+01:00").Give();
  for (const char* day : {"02", "03", "04", "05"}) {
    world.At(absl::StrCat("2026-11-", day, "T10:00:00+01:00"));
    EXPECT_EQ(world.Contact(world.Call(), Outcome::kNotSent), "OK CONSENT");  // No attempt.
    EXPECT_EQ(world.Contact(world.Call(), Outcome::kNoAnswer), "OK CONSENT");
  }
  EXPECT_EQ(world.At("2026-11-06T10:00:00+01:00").Check(), "LIMIT_REACHED fr.attempts");
  EXPECT_EQ(world.Next(), "2026-12-02T10:00:00+01:00");
  EXPECT_EQ(world.At("2026-12-02T09:59:59+01:00").Check(), "OUTSIDE_HOURS fr.hours");
  EXPECT_EQ(world.At("2026-12-02T10:00:00+01:00").Check(), "OK CONSENT");
}

TEST(FranceTest, AttemptsOnEveryBasisAndOfMachinesCountTogether) {
  LawWorld world;
  world.At("2026-11-24T10:00:00+01:00").Claim(Relation::kContract);
  EXPECT_EQ(world.Contact(world.AboutContract(), Outcome::kConnected), "OK CONTRACT fr.contract");
  EXPECT_EQ(world.Contact(world.AboutContract(), Outcome::kBusy), "OK CONTRACT fr.contract");
  world.At("2026-11-25T10:00:00+01:00").Give();
  Request machine = world.On(Channel::kVoicePrerecorded);
  machine.caller_number = "+33162";
  EXPECT_EQ(world.Contact(machine, Outcome::kVoicemail), "OK CONSENT");
  EXPECT_EQ(world.Contact(world.Call(), Outcome::kNoAnswer), "OK CONSENT");
  EXPECT_EQ(world.Check(), "LIMIT_REACHED fr.attempts");
  EXPECT_EQ(world.Check(machine), "LIMIT_REACHED fr.attempts");
  EXPECT_EQ(world.Check(world.On(Channel::kSms)), "OK CONSENT");
}

TEST(FranceTest, ARefusalIsFollowedBySixtyFullDaysOfSilence) {
  LawWorld world;
  world.At("2026-09-03T19:25:00+02:00").Give();
  EXPECT_EQ(world.Contact(world.Call(), Outcome::kDeclined), "OK CONSENT");
  EXPECT_EQ(world.At("2026-09-04T10:00:00+02:00").Check(), "SILENCE fr.silence");
  EXPECT_EQ(world.Next(), "2026-11-03T10:00:00+01:00");
  EXPECT_EQ(world.At("2026-11-02T19:59:59+01:00").Check(), "SILENCE fr.silence");
  EXPECT_EQ(world.At("2026-11-03T10:00:00+01:00").Check(), "OK CONSENT");
  // Messages are no calls.
  EXPECT_EQ(world.At("2026-09-04T10:00:00+02:00").Check(world.On(Channel::kSms)), "OK CONSENT");
}

TEST(FranceTest, NobodyIsProspectedForRenovation) {
  LawWorld world;
  world.At("2025-06-01T00:00:00+02:00").Give();
  for (const Channel channel :
       {Channel::kCall, Channel::kSms, Channel::kEmail, Channel::kMessaging}) {
    Request request = world.On(channel);
    request.matter = Matter::kHomeRenovation;
    EXPECT_EQ(world.At("2025-06-30T11:00:00+02:00").Check(request), "OK CONSENT");
    EXPECT_EQ(world.At("2025-07-01T11:00:00+02:00").Check(request), "PROHIBITED fr.renovation");
    EXPECT_EQ(world.Next(request), "none");
  }
  Request letter = world.On(Channel::kPost);
  letter.matter = Matter::kHomeRenovation;
  EXPECT_EQ(world.Check(letter), "OK CONSENT");
}

TEST(FranceTest, RenovationUnderAContractMayBeSpokenOfButNotCalledBackFor) {
  LawWorld world;
  world.At(kWinter).Claim(Relation::kContract);
  Request request = world.AboutContract();
  request.matter = Matter::kHomeRenovation;
  EXPECT_EQ(world.Check(request), "OK CONTRACT fr.contract");
  world.AskForCall();
  EXPECT_EQ(world.Check(request), "PROHIBITED fr.renovation");
}

TEST(FranceTest, ACallShowsANumber) {
  LawWorld world;
  world.At(kWinter).Give();
  Request hidden = world.Call();
  hidden.caller_number = "";
  EXPECT_EQ(world.Check(hidden), "CALLER_NUMBER fr.caller");
}

TEST(FranceTest, AMachineShowsANumberOfTheRangesMadeForIt) {
  LawWorld world;
  world.At(kWinter).Give();
  const auto shown = [&](const char* number) {
    Request request = world.On(Channel::kVoicePrerecorded);
    request.caller_number = number;
    return world.Check(request);
  };
  EXPECT_EQ(shown(""), "CALLER_NUMBER fr.caller");
  EXPECT_EQ(shown("+33639980001"), "CALLER_NUMBER fr.numbers");
  EXPECT_EQ(shown("+33199001234"), "CALLER_NUMBER fr.numbers");
  for (const char* range :
       {"+33162", "+33163", "+33270", "+33271", "+33377", "+33378", "+33424", "+33425", "+33568",
        "+33569", "+33948", "+33949", "+5909475", "+5949476", "+5969477", "+2629478", "+2629479"}) {
    EXPECT_EQ(shown(range), "OK CONSENT") << range;
  }
  EXPECT_EQ(shown("+590590"), "CALLER_NUMBER fr.numbers.590");
  EXPECT_EQ(shown("+594694"), "CALLER_NUMBER fr.numbers.594");
  EXPECT_EQ(shown("+596696"), "CALLER_NUMBER fr.numbers.596");
  EXPECT_EQ(shown("+262692"), "CALLER_NUMBER fr.numbers.262");
}

TEST(FranceTest, ACallAskedForIsTriedThreeTimesAtAnyHour) {
  LawWorld world;
  world.At("2026-11-25T11:00:00+01:00").Give();
  EXPECT_EQ(world.Contact(world.Call(), Outcome::kDeclined), "OK CONSENT");
  world.At("2026-11-28T20:30:00+01:00").AskForCall();  // A Saturday in the silence.
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(world.Contact(world.Call(), Outcome::kNoAnswer), "OK CALLBACK fr.callback");
  }
  EXPECT_EQ(world.Check(), "LIMIT_REACHED fr.callback");
  EXPECT_EQ(world.At("2026-11-30T11:00:00+01:00").Check(), "SILENCE fr.silence");
}

TEST(FranceTest, ACodeForACustomerPassesAtNightAndAdvertisingDoesNot) {
  LawWorld world;
  world.At(kWinter).Claim(Relation::kContract);
  world.Give();
  world.At("2026-11-29T03:00:00+01:00");
  EXPECT_EQ(world.Check(world.On(Channel::kSms, Purpose::kService)), "OK SERVICE fr.service");
  EXPECT_EQ(world.Check(world.On(Channel::kSms)), "OUTSIDE_HOURS fr.sms_hours");
  EXPECT_EQ(world.Next(world.On(Channel::kSms)), "2026-11-30T08:00:00+01:00");
}

TEST(FranceTest, MessagesNeedConsentUnlessTheyAreForTheLikeOfWhatWasBought) {
  LawWorld world;
  world.At(kWinter);
  for (const Channel channel : {Channel::kSms, Channel::kEmail, Channel::kMessaging}) {
    EXPECT_EQ(world.Check(world.On(channel)), "NO_PERMISSION");
  }
  world.Claim(Relation::kPurchase, true);
  for (const Channel channel : {Channel::kSms, Channel::kEmail, Channel::kMessaging}) {
    EXPECT_EQ(world.Check(world.On(channel)), "OK SIMILAR_PRODUCTS fr.similar_products");
  }
  EXPECT_EQ(world.Check(world.On(Channel::kVoicePrerecorded)), "NO_PERMISSION");
  EXPECT_EQ(world.Check(), "NO_PERMISSION");
  world.At("2029-11-25T11:00:00+01:00");  // A Sunday; three years later.
  EXPECT_EQ(world.Check(world.On(Channel::kEmail)), "NO_PERMISSION");
}

TEST(FranceTest, AMinorsGrantNeedsTheGuardian) {
  LawWorld world;
  world.At(kWinter).Give();
  world.SetHolder(HolderClass::kMinor);
  EXPECT_EQ(world.Check(), "NO_PERMISSION fr.minor");
  core::Grant grant = world.Grant();
  grant.guardian = true;
  world.Give(grant);
  EXPECT_EQ(world.Check(), "OK CONSENT");
}

TEST(FranceTest, AnOldOppositionBindsThreeYearsAndYieldsToALaterGrant) {
  LawWorld world;
  world.At("2024-01-10T11:00:00+01:00").Give();
  world.At(kSummer).List("bloctel", "2025-03-05T00:00:00+01:00");
  EXPECT_EQ(world.Check(), "LISTED fr.bloctel");
  EXPECT_EQ(world.At("2028-03-03T11:00:00+01:00").Check(), "LISTED fr.bloctel");
  EXPECT_EQ(world.At("2028-03-06T11:00:00+01:00").Check(), "OK CONSENT");
  world.At(kSummer).Give();
  EXPECT_EQ(world.Check(), "OK CONSENT");
}

TEST(FranceTest, AnOppositionToCallsIsNoneToMessagesOrService) {
  LawWorld world;
  world.At("2024-01-10T11:00:00+01:00");
  world.Give(world.Grant({Purpose::kDirectMarketing, Purpose::kService}));
  world.At(kSummer).List("bloctel", "2025-03-05T00:00:00+01:00");
  EXPECT_EQ(world.Check(), "LISTED fr.bloctel");
  EXPECT_EQ(world.Check(world.On(Channel::kSms)), "OK CONSENT");
  EXPECT_EQ(world.Check(world.On(Channel::kCall, Purpose::kService)), "OK CONSENT");
}

TEST(FranceTest, TheClosedListIsNeverTooOld) {
  LawWorld world;
  world.At(kWinter).Claim(Relation::kContract);
  EXPECT_EQ(world.Check(world.AboutContract()), "OK CONTRACT fr.contract");
}

}  // namespace
}  // namespace consent::rules

// SPDX-License-Identifier: Apache-2.0
//
// What becomes of statements that narrow, or lift that again, and what is refused of them.

#include <functional>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "src/consent/preferences.h"
#include "src/statement/refusal.h"
#include "src/statement/sample.h"

namespace consent::statement {
namespace {

using core::Signer;

TEST(NarrowingProposalTest, ARevocationNamesOneGrantOrAll) {
  v1::Statement message = SampleRevocation();
  EXPECT_EQ(Proposed<core::Revoked>(message, Signer::kCompany).grant, "g1");
  message.mutable_revocation()->clear_grant_id();
  const auto all = Proposed<core::Revoked>(message, Signer::kConsumer);
  EXPECT_EQ(all.company, "acme");
  EXPECT_EQ(all.grant, "");
}

TEST(NarrowingProposalTest, ABlockNamesChannelsOrAll) {
  v1::Statement message = SampleBlock();
  const auto some = Proposed<core::Blocked>(message, Signer::kConsumer);
  EXPECT_EQ(some.company, "*");
  core::ChannelSet voice;
  voice.Add(core::Channel::kCall);
  voice.Add(core::Channel::kVoicePrerecorded);
  EXPECT_EQ(some.channels, voice);
  message.mutable_block()->clear_channels();
  const auto all = Proposed<core::Blocked>(message, Signer::kRegistrar);
  EXPECT_EQ(all.channels, core::ChannelSet::All());
}

TEST(NarrowingProposalTest, ABlockNamesPurposesOrAll) {
  v1::Statement message = SampleBlock();
  EXPECT_EQ(Proposed<core::Blocked>(message, Signer::kConsumer).purposes, core::PurposeSet::All());
  message.mutable_block()->add_purposes(v1::PURPOSE_SURVEY);
  core::PurposeSet survey;
  survey.Add(core::Purpose::kSurvey);
  EXPECT_EQ(Proposed<core::Blocked>(message, Signer::kConsumer).purposes, survey);
}

TEST(NarrowingProposalTest, ABlockAndItsLiftingSayWhoseNameItIs) {
  struct Case {
    v1::BlockTarget said;
    core::Whose whose;
  };
  for (const Case& c : {Case{v1::BLOCK_TARGET_UNSPECIFIED, core::Whose::kCompany},
                        Case{v1::BLOCK_TARGET_COMPANY, core::Whose::kCompany},
                        Case{v1::BLOCK_TARGET_GROUP, core::Whose::kGroup},
                        Case{v1::BLOCK_TARGET_PROCESSOR, core::Whose::kProcessor}}) {
    v1::Statement block = SampleBlock();
    block.mutable_block()->set_company("acme");
    block.mutable_block()->set_whose(c.said);
    EXPECT_EQ(Proposed<core::Blocked>(block, Signer::kConsumer).whose, c.whose) << c.said;
    v1::Statement unblock = SampleUnblock();
    unblock.mutable_unblock()->set_whose(c.said);
    EXPECT_EQ(Proposed<core::Unblocked>(unblock, Signer::kConsumer).whose, c.whose) << c.said;
  }
}

TEST(NarrowingProposalTest, AnUnblockNamesOneCompanyOrTheStar) {
  v1::Statement message = SampleUnblock();
  EXPECT_EQ(Proposed<core::Unblocked>(message, Signer::kConsumer).company, "acme");
  message.mutable_unblock()->set_company("*");
  EXPECT_EQ(Proposed<core::Unblocked>(message, Signer::kConsumer).company, "*");
}

TEST(NarrowingProposalTest, PreferencesAreTranslatedWordForWord) {
  const auto preferred = Proposed<core::Preferred>(SamplePreferences(), Signer::kConsumer);
  core::Preferences expected;
  core::ChannelSet call;
  call.Add(core::Channel::kCall);
  expected.limits = {{.id = "calls",
                      .channels = call,
                      .max = 1,
                      .max_attempts = 2,
                      .window = {core::Period::kYear, core::Alignment::kCalendar, 1}}};
  expected.quiet = {{.days = 0b1000000, .from_minute = 0, .to_minute = 1440}};
  expected.pause_until = kSampleSigned + Seconds{90 * 86400};
  expected.purposes = {};
  expected.purposes.Add(core::Purpose::kDirectMarketing);
  expected.purposes.Add(core::Purpose::kSurvey);
  EXPECT_EQ(preferred.preferences, expected);
  EXPECT_EQ(preferred.subject, SampleSubject());
  EXPECT_TRUE(preferred.statement.has_value());
}

TEST(NarrowingProposalTest, EmptyPreferencesAskForNothingOfAllButService) {
  v1::Statement message = SamplePreferences();
  message.mutable_preferences()->Clear();
  const auto preferred = Proposed<core::Preferred>(message, Signer::kConsumer);
  EXPECT_EQ(preferred.preferences, core::Preferences());
  EXPECT_FALSE(preferred.preferences.purposes.Has(core::Purpose::kService));
  EXPECT_TRUE(preferred.preferences.purposes.Has(core::Purpose::kCharity));
}

TEST(NarrowingProposalTest, AContestNamesOneContractOrAll) {
  v1::Statement message = SampleContest();
  const auto one = Proposed<core::Contested>(message, Signer::kConsumer);
  EXPECT_EQ(one.company, "acme");
  EXPECT_EQ(one.contract, "A-2026-17");
  EXPECT_EQ(one.subject, SampleSubject());
  EXPECT_TRUE(one.statement.has_value());
  message.mutable_contest()->clear_contract_id();
  EXPECT_EQ(Proposed<core::Contested>(message, Signer::kRegistrar).contract, "");
}

TEST(NarrowingProposalTest, EveryWrongFieldOfWhatNarrowsIsNamed) {
  v1::Statement revocation = SampleRevocation();
  revocation.mutable_revocation()->set_company("*");
  ExpectField(revocation, "revocation.company", "a-z");
  revocation = SampleRevocation();
  revocation.mutable_revocation()->set_grant_id(std::string(65, 'x'));
  ExpectField(revocation, "revocation.grant_id", "found 65");

  v1::Statement block = SampleBlock();
  block.mutable_block()->clear_company();
  ExpectField(block, "block.company", "1 to 64");
  block = SampleBlock();
  block.mutable_block()->set_company("**");
  ExpectField(block, "block.company", "a-z");
  block = SampleBlock();
  block.mutable_block()->set_channels(1, static_cast<v1::Channel>(100));
  ExpectField(block, "block.channels[1]", "found 100");

  block = SampleBlock();
  block.mutable_block()->add_purposes(static_cast<v1::Purpose>(7));
  ExpectField(block, "block.purposes[0]", "found 7");
  block = SampleBlock();
  block.mutable_block()->set_whose(static_cast<v1::BlockTarget>(4));
  ExpectField(block, "block.whose", "found 4");
  for (const v1::BlockTarget whose : {v1::BLOCK_TARGET_GROUP, v1::BLOCK_TARGET_PROCESSOR}) {
    block = SampleBlock();
    block.mutable_block()->set_whose(whose);
    ExpectField(block, "block.company", "a-z");
  }

  v1::Statement unblock = SampleUnblock();
  unblock.mutable_unblock()->set_company("ACME");
  ExpectField(unblock, "unblock.company", "a-z");
  unblock = SampleUnblock();
  unblock.mutable_unblock()->set_whose(static_cast<v1::BlockTarget>(-1));
  ExpectField(unblock, "unblock.whose", "found -1");
  unblock = SampleUnblock();
  unblock.mutable_unblock()->set_whose(v1::BLOCK_TARGET_GROUP);
  unblock.mutable_unblock()->set_company("*");
  ExpectField(unblock, "unblock.company", "a-z");

  v1::Statement contest = SampleContest();
  contest.mutable_contest()->set_company("*");
  ExpectField(contest, "contest.company", "a-z");
  contest = SampleContest();
  contest.mutable_contest()->set_contract_id("caf\xC3\xA9");
  ExpectField(contest, "contest.contract_id", "ASCII");
}

TEST(NarrowingProposalTest, EveryWrongFieldOfPreferencesIsNamed) {
  struct Case {
    const char* field;
    const char* says;
    std::function<void(v1::Preferences&)> spoil;
  };
  const std::vector<Case> cases = {
      {"limits", "found 17",
       [](auto& p) {
         const v1::Limit limit = p.limits(0);
         p.clear_limits();
         for (char id = 'a'; id < 'a' + 17; ++id) {
           *p.add_limits() = limit;
           p.mutable_limits(p.limits_size() - 1)->set_limit_id(std::string(1, id));
         }
       }},
      {"limits[0].limit_id", "1 to 64", [](auto& p) { p.mutable_limits(0)->clear_limit_id(); }},
      {"limits[0].channels", "found none", [](auto& p) { p.mutable_limits(0)->clear_channels(); }},
      {"limits[0].max", "found 0", [](auto& p) { p.mutable_limits(0)->clear_max(); }},
      {"limits[0].window", "CALENDAR or ROLLING",
       [](auto& p) { p.mutable_limits(0)->mutable_window()->set_alignment(v1::ALIGNMENT_GRANT); }},
      {"limits[0].window", "CALENDAR or ROLLING",
       [](auto& p) {
         p.mutable_limits(0)->mutable_window()->Clear();
         p.mutable_limits(0)->mutable_window()->set_period(v1::PERIOD_LIFETIME);
       }},
      {"quiet", "found 65",
       [](auto& p) {
         while (p.quiet_size() < 65) *p.add_quiet() = v1::Hours(p.quiet(0));
       }},
      {"quiet[0].days", "found none", [](auto& p) { p.mutable_quiet(0)->clear_days(); }},
      {"quiet[0].to_minute", "found 1441",
       [](auto& p) { p.mutable_quiet(0)->set_to_minute(1441); }},
      {"pause_until", "nanos 1", [](auto& p) { p.mutable_pause_until()->set_nanos(1); }},
      {"purposes[1]", "found 7", [](auto& p) { p.set_purposes(1, static_cast<v1::Purpose>(7)); }},
  };
  for (const Case& wrong : cases) {
    v1::Statement message = SamplePreferences();
    wrong.spoil(*message.mutable_preferences());
    ExpectField(message, std::string("preferences.") + wrong.field, wrong.says);
  }
}

}  // namespace
}  // namespace consent::statement

// SPDX-License-Identifier: Apache-2.0
//
// What becomes of well-formed statements. What is refused: proposal_refusal_test.cc.

#include "src/statement/proposal.h"

#include <string>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/crypto/hash.h"
#include "src/statement/refusal.h"
#include "src/statement/sample.h"

namespace consent::statement {
namespace {

using core::Signer;

TEST(ProposalTest, CarriesTheSignedBytesAndTheSubject) {
  const v1::SignedStatement sealed = SignSample(SampleRevocation());
  ASSERT_OK_AND_ASSIGN(const Opened opened, Open(sealed, kSampleAudience));
  ASSERT_OK_AND_ASSIGN(const core::EventBody body,
                       Propose(opened, Signer::kRegistrar, SampleSubject(), kSampleArrival));
  const auto& revoked = std::get<core::Revoked>(body);
  EXPECT_EQ(revoked.subject, SampleSubject());
  EXPECT_EQ(revoked.statement,
            (core::SignedBytes{.id = opened.id,
                               .signed_at_ms = kSampleSigned.unix_seconds * 1000 + 250,
                               .signer = Signer::kRegistrar,
                               .key = SampleKey().public_key().id(),
                               .envelope = sealed.SerializeAsString()}));
}

TEST(ProposalTest, ABindingNamesTheKeysAndReplacesTheZone) {
  const auto bound = Proposed<core::Bound>(SampleKeyBinding(), Signer::kRegistrar);
  EXPECT_EQ(bound.key, SampleKey('c').public_key().id());
  EXPECT_EQ(bound.replaces, SampleKey('o').public_key().id());
  EXPECT_EQ(bound.subject.contact_id, SampleSubject().contact_id);
  EXPECT_EQ(bound.subject.place.zones, std::vector<std::string>{"Europe/Paris"});
  EXPECT_TRUE(bound.statement.has_value());
}

TEST(ProposalTest, ABindingMayBeBare) {
  v1::Statement message = SampleKeyBinding();
  message.mutable_key_binding()->clear_replaces_key_id();
  message.mutable_key_binding()->clear_time_zone();
  message.mutable_key_binding()->clear_same_consumer_as();
  const auto bound = Proposed<core::Bound>(message, Signer::kRegistrar);
  EXPECT_EQ(bound.replaces, std::nullopt);
  EXPECT_EQ(bound.subject.place, SampleSubject().place);
  EXPECT_EQ(SameConsumerAs(message), std::nullopt);
}

TEST(ProposalTest, ABindingMayNameAnotherContactPointOfTheConsumer) {
  const auto same = SameConsumerAs(SampleKeyBinding());
  ASSERT_TRUE(same.has_value());
  EXPECT_EQ(same->uri(), "mailto:someone@example.org");
  EXPECT_EQ(SameConsumerAs(SampleGrant()), std::nullopt);
}

TEST(ProposalTest, AGrantIsTranslatedWordForWord) {
  const auto granted = Proposed<core::Granted>(SampleGrant(), Signer::kConsumer);
  core::PurposeSet purposes;
  purposes.Add(core::Purpose::kDirectMarketing);
  purposes.Add(core::Purpose::kSurvey);
  core::ChannelSet call, text;
  call.Add(core::Channel::kCall);
  text.Add(core::Channel::kSms);
  text.Add(core::Channel::kMms);
  const core::Grant expected{
      .id = "g1",
      .company = "acme",
      .purposes = purposes,
      .valid_from = kSampleSigned,
      .valid_until = kSampleSigned + Seconds{2 * 365 * 86400},
      .limits = {{.id = "calls",
                  .channels = call,
                  .max = 1,
                  .max_attempts = 3,
                  .window = {core::Period::kYear, core::Alignment::kCalendar, 1}},
                 {.id = "texts",
                  .channels = text,
                  .max = 4,
                  .max_attempts = std::nullopt,
                  .window = {core::Period::kYear, core::Alignment::kRolling, 1}}},
      .hours = {{.days = 0b0011111, .from_minute = 600, .to_minute = 780}},
      .outside_legal_hours = {},
      .guardian = false,
      .signed_by = Signer::kConsumer,
      .collected_at = {}};
  EXPECT_EQ(granted.grant, expected);
}

TEST(ProposalTest, AGrantMayNameHoursOutsideTheLawsAndAGuardian) {
  v1::Statement message = SampleGrant();
  v1::Hours& saturday = *message.mutable_grant()->add_outside_legal_hours();
  saturday.add_days(v1::WEEKDAY_SATURDAY);
  saturday.set_from_minute(540);
  saturday.set_to_minute(720);
  message.mutable_grant()->set_guardian(true);
  const auto granted = Proposed<core::Granted>(message, Signer::kConsumer);
  const core::Span morning{.days = 0b0100000, .from_minute = 540, .to_minute = 720};
  EXPECT_EQ(granted.grant.outside_legal_hours, std::vector<core::Span>{morning});
  EXPECT_EQ(granted.grant.hours.size(), 1u) << "the grant's own hours are as they were";
  EXPECT_TRUE(granted.grant.guardian);
}

TEST(ProposalTest, AGrantBeginsOnArrivalAndNeverEndsUnlessItSaysSo) {
  v1::Statement message = SampleGrant();
  message.mutable_grant()->clear_valid_from();
  message.mutable_grant()->clear_valid_until();
  const auto granted = Proposed<core::Granted>(message, Signer::kConsumer);
  EXPECT_EQ(granted.grant.valid_from, kSampleArrival);
  EXPECT_EQ(granted.grant.valid_until, kNever);
}

TEST(ProposalTest, AWindowWithoutCountIsOfOnePeriod) {
  v1::Statement message = SampleGrant();
  v1::Window& window = *message.mutable_grant()->mutable_limits(0)->mutable_window();
  window.clear_count();
  EXPECT_EQ(Proposed<core::Granted>(message, Signer::kConsumer).grant.limits[0].window.count, 1);
  window.set_count(3);
  EXPECT_EQ(Proposed<core::Granted>(message, Signer::kConsumer).grant.limits[0].window.count, 3);
}

TEST(ProposalTest, ALifetimeHasNoAlignment) {
  v1::Statement message = SampleGrant();
  v1::Window& window = *message.mutable_grant()->mutable_limits(0)->mutable_window();
  window.Clear();
  window.set_period(v1::PERIOD_LIFETIME);
  const auto granted = Proposed<core::Granted>(message, Signer::kConsumer);
  EXPECT_EQ(granted.grant.limits[0].window,
            (core::Window{core::Period::kLifetime, core::Alignment::kUnspecified, 1}));
}

TEST(ProposalTest, DaysAreBitsFromMonday) {
  v1::Statement message = SampleGrant();
  v1::Hours& hours = *message.mutable_grant()->mutable_hours(0);
  for (int day = v1::WEEKDAY_MONDAY; day <= v1::WEEKDAY_SUNDAY; ++day) {
    hours.clear_days();
    hours.add_days(static_cast<v1::Weekday>(day));
    hours.add_days(static_cast<v1::Weekday>(day));  // Said twice is said once.
    const auto granted = Proposed<core::Granted>(message, Signer::kConsumer);
    EXPECT_EQ(granted.grant.hours[0].days, 1 << (day - 1));
  }
}

TEST(ProposalTest, AClaimIsAGrantSignedByAnother) {
  for (const Signer signer : {Signer::kRegistrar, Signer::kCompany}) {
    const auto granted = Proposed<core::Granted>(SampleClaim(), signer);
    EXPECT_EQ(granted.grant.signed_by, signer);
    EXPECT_EQ(granted.grant.collected_at, kSampleSigned - Seconds{30 * 86400});
    EXPECT_EQ(granted.grant.company, "acme");
  }
}

TEST(ProposalTest, AClaimMayBeCollectedAsItArrives) {
  v1::Statement message = SampleClaim();
  v1::Evidence& evidence = *message.mutable_claim()->mutable_evidence();
  evidence.mutable_collected_at()->set_seconds(kSampleArrival.unix_seconds);
  evidence.clear_recording_sha256();
  EXPECT_EQ(Proposed<core::Granted>(message, Signer::kCompany).grant.collected_at, kSampleArrival);
}

// Both vocabularies number alike; the translation is a cast, and this keeps it true.
TEST(ProposalTest, TheWireAndTheCoreHaveTheSameNumbers) {
  for (int i = 1; i <= core::kChannelMax; ++i) {
    EXPECT_EQ(v1::Channel_Name(i),
              "CHANNEL_" + std::string(core::Name(static_cast<core::Channel>(i))));
  }
  EXPECT_FALSE(v1::Channel_IsValid(core::kChannelMax + 1));
  for (int i = 1; i <= core::kPurposeMax; ++i) {
    EXPECT_EQ(v1::Purpose_Name(i),
              "PURPOSE_" + std::string(core::Name(static_cast<core::Purpose>(i))));
  }
  EXPECT_FALSE(v1::Purpose_IsValid(core::kPurposeMax + 1));
  EXPECT_EQ(int{v1::PERIOD_DAY}, static_cast<int>(core::Period::kDay));
  EXPECT_EQ(int{v1::PERIOD_WEEK}, static_cast<int>(core::Period::kWeek));
  EXPECT_EQ(int{v1::PERIOD_MONTH}, static_cast<int>(core::Period::kMonth));
  EXPECT_EQ(int{v1::PERIOD_YEAR}, static_cast<int>(core::Period::kYear));
  EXPECT_EQ(int{v1::PERIOD_LIFETIME}, static_cast<int>(core::Period::kLifetime));
  EXPECT_EQ(int{v1::Period_MAX}, static_cast<int>(core::Period::kLifetime));
  EXPECT_EQ(int{v1::ALIGNMENT_CALENDAR}, static_cast<int>(core::Alignment::kCalendar));
  EXPECT_EQ(int{v1::ALIGNMENT_ROLLING}, static_cast<int>(core::Alignment::kRolling));
  EXPECT_EQ(int{v1::ALIGNMENT_GRANT}, static_cast<int>(core::Alignment::kGrant));
  EXPECT_EQ(int{v1::Alignment_MAX}, static_cast<int>(core::Alignment::kGrant));
  for (int i = 1; i <= core::kRelationMax; ++i) {
    EXPECT_EQ(v1::Relation_Name(i),
              "RELATION_" + std::string(core::Name(static_cast<core::Relation>(i))));
  }
  EXPECT_FALSE(v1::Relation_IsValid(core::kRelationMax + 1));
  for (int i = 1; i <= core::kHolderClassMax; ++i) {
    EXPECT_EQ(v1::HolderClass_Name(i),
              "HOLDER_CLASS_" + std::string(core::Name(static_cast<core::HolderClass>(i))));
  }
  EXPECT_FALSE(v1::HolderClass_IsValid(core::kHolderClassMax + 1));
}

}  // namespace
}  // namespace consent::statement

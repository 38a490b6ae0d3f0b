// SPDX-License-Identifier: Apache-2.0
//
// Statements that are signed rightly and say something wrong: each is refused naming the field.

#include <functional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/statement/proposal.h"
#include "src/statement/refusal.h"
#include "src/statement/sample.h"
#include "src/statement/source.h"

namespace consent::statement {
namespace {

using core::Signer;
using ::testing::HasSubstr;
using ::testing::Not;

struct GrantCase {
  const char* field;
  const char* says;
  std::function<void(v1::Grant&)> spoil;
};

const std::vector<GrantCase>& GrantCases() {
  static const auto* cases = new std::vector<GrantCase>{
      {"grant_id", "1 to 64", [](auto& g) { g.clear_grant_id(); }},
      {"grant_id", "found 65", [](auto& g) { g.set_grant_id(std::string(65, 'x')); }},
      {"grant_id", "ASCII", [](auto& g) { g.set_grant_id("caf\xC3\xA9"); }},
      {"grant_id", "ASCII", [](auto& g) { g.set_grant_id("a\nb"); }},
      {"company", "1 to 64", [](auto& g) { g.clear_company(); }},
      {"company", "found 65", [](auto& g) { g.set_company(std::string(65, 'x')); }},
      {"company", "a-z", [](auto& g) { g.set_company("Acme"); }},
      {"company", "a-z", [](auto& g) { g.set_company("*"); }},
      {"company", "a-z", [](auto& g) { g.set_company("acme corp"); }},
      {"purposes", "found none", [](auto& g) { g.clear_purposes(); }},
      {"purposes[0]", "found 0", [](auto& g) { g.set_purposes(0, v1::PURPOSE_UNSPECIFIED); }},
      {"purposes[1]", "found 7", [](auto& g) { g.set_purposes(1, static_cast<v1::Purpose>(7)); }},
      {"valid_from", "nanos 1", [](auto& g) { g.mutable_valid_from()->set_nanos(1); }},
      {"valid_from", "1900 to 9999",
       [](auto& g) { g.mutable_valid_from()->set_seconds(INT64_MIN); }},
      {"valid_from", "1900 to 9999",
       [](auto& g) { g.mutable_valid_from()->set_seconds(INT64_C(-2208988801)); }},
      {"valid_until", "nanos -5", [](auto& g) { g.mutable_valid_until()->set_nanos(-5); }},
      {"valid_until", "1900 to 9999",
       [](auto& g) { g.mutable_valid_until()->set_seconds(INT64_C(253402300800)); }},
      {"valid_until", "after valid_from",
       [](auto& g) { *g.mutable_valid_until() = g.valid_from(); }},
      {"valid_until", "after valid_from",
       [](auto& g) { g.mutable_valid_until()->set_seconds(g.valid_from().seconds() - 86400); }},
      {"limits", "1 to 16", [](auto& g) { g.clear_limits(); }},
      {"limits", "found 17",
       [](auto& g) {
         const v1::Limit limit = g.limits(0);
         g.clear_limits();
         for (char id = 'a'; id < 'a' + 17; ++id) {
           *g.add_limits() = limit;
           g.mutable_limits(g.limits_size() - 1)->set_limit_id(std::string(1, id));
         }
       }},
      {"limits[1].limit_id", "limits[0]",
       [](auto& g) { g.mutable_limits(1)->set_limit_id("calls"); }},
      {"limits[0].limit_id", "1 to 64", [](auto& g) { g.mutable_limits(0)->clear_limit_id(); }},
      {"limits[1].limit_id", "'/'",
       [](auto& g) { g.mutable_limits(1)->set_limit_id("law/calls"); }},
      {"limits[1].limit_id", "ASCII", [](auto& g) { g.mutable_limits(1)->set_limit_id("\x7f"); }},
      {"limits[1].channels", "found none", [](auto& g) { g.mutable_limits(1)->clear_channels(); }},
      {"limits[1].channels[1]", "found 8",
       [](auto& g) { g.mutable_limits(1)->set_channels(1, static_cast<v1::Channel>(8)); }},
      {"limits[1].channels[0]", "found -1",
       [](auto& g) { g.mutable_limits(1)->set_channels(0, static_cast<v1::Channel>(-1)); }},
      {"limits[0].channels[0]", "found 0",
       [](auto& g) { g.mutable_limits(0)->set_channels(0, v1::CHANNEL_UNSPECIFIED); }},
      {"limits[1].max", "found 0", [](auto& g) { g.mutable_limits(1)->set_max(0); }},
      {"limits[1].max", "found -1", [](auto& g) { g.mutable_limits(1)->set_max(-1); }},
      {"limits[1].max", "found 1000001", [](auto& g) { g.mutable_limits(1)->set_max(1'000'001); }},
      {"limits[1].max", "found 9223372036854775807",
       [](auto& g) { g.mutable_limits(1)->set_max(INT64_MAX); }},
      {"limits[1].max_attempts", "found -1",
       [](auto& g) { g.mutable_limits(1)->set_max_attempts(-1); }},
      {"limits[1].max_attempts", "found 1000001",
       [](auto& g) { g.mutable_limits(1)->set_max_attempts(1'000'001); }},
      {"limits[0].window", "found none", [](auto& g) { g.mutable_limits(0)->clear_window(); }},
      {"limits[0].window.period", "found 0",
       [](auto& g) { g.mutable_limits(0)->mutable_window()->clear_period(); }},
      {"limits[0].window.period", "found 6",
       [](auto& g) {
         g.mutable_limits(0)->mutable_window()->set_period(static_cast<v1::Period>(6));
       }},
      // 260 would be PERIOD_YEAR if it were cut to a byte.
      {"limits[0].window.period", "found 260",
       [](auto& g) {
         g.mutable_limits(0)->mutable_window()->set_period(static_cast<v1::Period>(260));
       }},
      {"limits[0].window.alignment", "found 0",
       [](auto& g) { g.mutable_limits(0)->mutable_window()->clear_alignment(); }},
      {"limits[0].window.alignment", "found 4",
       [](auto& g) {
         g.mutable_limits(0)->mutable_window()->set_alignment(static_cast<v1::Alignment>(4));
       }},
      {"limits[0].window.alignment", "expected none",
       [](auto& g) { g.mutable_limits(0)->mutable_window()->set_period(v1::PERIOD_LIFETIME); }},
      {"limits[0].window.count", "found -1",
       [](auto& g) { g.mutable_limits(0)->mutable_window()->set_count(-1); }},
      {"limits[0].window.count", "found 10001",
       [](auto& g) { g.mutable_limits(0)->mutable_window()->set_count(10'001); }},
      {"limits[0].window.count", "found 2",
       [](auto& g) {
         g.mutable_limits(0)->mutable_window()->set_period(v1::PERIOD_LIFETIME);
         g.mutable_limits(0)->mutable_window()->clear_alignment();
         g.mutable_limits(0)->mutable_window()->set_count(2);
       }},
      {"hours", "found 65",
       [](auto& g) {
         const v1::Hours hours = g.hours(0);
         while (g.hours_size() < 65) *g.add_hours() = hours;
       }},
      {"hours[0].days", "found none", [](auto& g) { g.mutable_hours(0)->clear_days(); }},
      {"hours[0].days[4]", "found 8",
       [](auto& g) { g.mutable_hours(0)->set_days(4, static_cast<v1::Weekday>(8)); }},
      {"hours[0].days[0]", "found 0",
       [](auto& g) { g.mutable_hours(0)->set_days(0, v1::WEEKDAY_UNSPECIFIED); }},
      {"hours[0].from_minute", "found -1",
       [](auto& g) { g.mutable_hours(0)->set_from_minute(-1); }},
      {"hours[0].from_minute", "found 780",
       [](auto& g) { g.mutable_hours(0)->set_from_minute(780); }},
      {"hours[0].to_minute", "found 1441",
       [](auto& g) { g.mutable_hours(0)->set_to_minute(1441); }},
      {"hours[0].to_minute", "found 0", [](auto& g) { g.mutable_hours(0)->clear_to_minute(); }},
      {"outside_legal_hours", "found 65",
       [](auto& g) {
         while (g.outside_legal_hours_size() < 65) *g.add_outside_legal_hours() = g.hours(0);
       }},
      {"outside_legal_hours[0].days", "found none",
       [](auto& g) { g.add_outside_legal_hours()->set_to_minute(60); }},
      {"outside_legal_hours[1].from_minute", "found 780",
       [](auto& g) {
         for (int i = 0; i < 2; ++i) *g.add_outside_legal_hours() = g.hours(0);
         g.mutable_outside_legal_hours(1)->set_from_minute(780);
       }},
  };
  return *cases;
}

TEST(ProposalRefusalTest, EveryWrongFieldOfAGrantIsNamed) {
  for (const GrantCase& wrong : GrantCases()) {
    v1::Statement message = SampleGrant();
    wrong.spoil(*message.mutable_grant());
    ExpectField(message, std::string("grant.") + wrong.field, wrong.says);
  }
}

TEST(ProposalRefusalTest, TheSameFieldsOfAClaimAreNamedBehindItsPath) {
  for (const GrantCase& wrong : GrantCases()) {
    v1::Statement message = SampleClaim();
    wrong.spoil(*message.mutable_claim()->mutable_grant());
    ExpectField(message, std::string("claim.grant.") + wrong.field, wrong.says);
  }
}

TEST(ProposalRefusalTest, AGrantMayNotEndBeforeItArrivesIfItBeginsThen) {
  v1::Statement message = SampleGrant();
  message.mutable_grant()->clear_valid_from();
  message.mutable_grant()->mutable_valid_until()->set_seconds(kSampleArrival.unix_seconds);
  ExpectField(message, "grant.valid_until", "after valid_from");
}

TEST(ProposalRefusalTest, AClaimNeedsAGrantAndEvidence) {
  v1::Statement no_grant = SampleClaim();
  no_grant.mutable_claim()->clear_grant();
  ExpectField(no_grant, "claim.grant", "none");
  v1::Statement no_evidence = SampleClaim();
  no_evidence.mutable_claim()->clear_evidence();
  ExpectField(no_evidence, "claim.evidence", "nothing");
}

TEST(ProposalRefusalTest, EveryWrongFieldOfEvidenceIsNamed) {
  struct Case {
    const char* field;
    const char* says;
    std::function<void(v1::Evidence&)> spoil;
  };
  const std::vector<Case> cases = {
      {"collected_at", "found none", [](auto& e) { e.clear_collected_at(); }},
      {"collected_at", "nanos 7", [](auto& e) { e.mutable_collected_at()->set_nanos(7); }},
      {"collected_at", "1 s after",
       [](auto& e) { e.mutable_collected_at()->set_seconds(kSampleArrival.unix_seconds + 1); }},
      {"collected_at", "1900", [](auto& e) { e.mutable_collected_at()->set_seconds(INT64_MAX); }},
      {"text_sha256", "expected 32 bytes, found 0", [](auto& e) { e.clear_text_sha256(); }},
      {"text_sha256", "found 31", [](auto& e) { e.mutable_text_sha256()->pop_back(); }},
      {"method", "1 to 64", [](auto& e) { e.clear_method(); }},
      {"method", "found 65", [](auto& e) { e.set_method(std::string(65, 'x')); }},
      {"method", "control", [](auto& e) { e.set_method("web\x1b[2Jform"); }},
      {"collected_by", "1 to 128", [](auto& e) { e.clear_collected_by(); }},
      {"collected_by", "found 129", [](auto& e) { e.set_collected_by(std::string(129, 'x')); }},
      {"collected_by", "control", [](auto& e) { e.set_collected_by("Acme\n"); }},
      {"recording_sha256", "found 33", [](auto& e) { e.mutable_recording_sha256()->append("x"); }},
  };
  for (const Case& wrong : cases) {
    v1::Statement message = SampleClaim();
    wrong.spoil(*message.mutable_claim()->mutable_evidence());
    ExpectField(message, std::string("claim.evidence.") + wrong.field, wrong.says);
  }
}

TEST(ProposalRefusalTest, CharactersAreCountedNotBytes) {
  v1::Statement message = SampleClaim();
  std::string name;
  for (int i = 0; i < kCollectedByCharactersMax; ++i) name += "\xC3\xA9";
  message.mutable_claim()->mutable_evidence()->set_collected_by(name);
  EXPECT_OK(StatusFor(message, Signer::kCompany));
}

TEST(ProposalRefusalTest, EveryWrongFieldOfABindingIsNamed) {
  struct Case {
    const char* field;
    const char* says;
    std::function<void(v1::KeyBinding&)> spoil;
  };
  const std::string own = SampleKey('c').public_key().id().str();
  const std::vector<Case> cases = {
      {"public_key", "SubjectPublicKeyInfo", [](auto& b) { b.clear_public_key(); }},
      {"public_key", "SubjectPublicKeyInfo", [](auto& b) { b.set_public_key("key"); }},
      {"replaces_key_id", "expected 16 bytes", [](auto& b) { b.set_replaces_key_id("id"); }},
      {"replaces_key_id", "older", [own](auto& b) { b.set_replaces_key_id(own); }},
      {"same_consumer_as", "own", [](auto& b) { b.set_same_consumer_as("tel:+33 6 39 98 00 01"); }},
  };
  for (const Case& wrong : cases) {
    v1::Statement message = SampleKeyBinding();
    wrong.spoil(*message.mutable_key_binding());
    ExpectField(message, std::string("key_binding.") + wrong.field, wrong.says);
  }
}

TEST(ProposalRefusalTest, UnknownZonesAreRefused) {
  for (const std::string& zone :
       {std::string("Europe/Atlantis"), std::string("localtime"), std::string("/etc/localtime"),
        std::string("right/Europe/Paris"), std::string("posix/Europe/Paris"),
        std::string("Fixed/UTC+05:00:00"), std::string("Europe/../Europe/Paris"),
        std::string("file:Europe/Paris"), std::string("libc:localtime"), std::string("Europe"),
        std::string("Europe//Paris"), std::string("europe/paris"), std::string(65, 'A'),
        std::string("Europe/Paris\0", 13), std::string(" ")}) {
    v1::Statement message = SampleKeyBinding();
    message.mutable_key_binding()->set_time_zone(zone);
    ExpectField(message, "key_binding.time_zone", "IANA");
  }
  for (const char* zone : {"UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+3", "US/Eastern"}) {
    v1::Statement message = SampleKeyBinding();
    message.mutable_key_binding()->set_time_zone(zone);
    EXPECT_OK(StatusFor(message, Signer::kRegistrar));
  }
}

TEST(ProposalRefusalTest, AnotherContactPointThatIsNoneIsRefusedWithoutQuotingIt) {
  v1::Statement message = SampleKeyBinding();
  message.mutable_key_binding()->set_same_consumer_as("0639980001");
  const absl::Status status = StatusFor(message, Signer::kRegistrar);
  EXPECT_EQ(ReasonOf(status), "INVALID_CONTACT_POINT");
  EXPECT_THAT(std::string(status.message()), HasSubstr("same_consumer_as"));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("639980001")));
  EXPECT_EQ(SameConsumerAs(message), std::nullopt);
}

TEST(ProposalRefusalTest, AViewRequestIsAQuestion) {
  ExpectField(SampleViewRequest(), "view_request", "GetConsumerView");
}

TEST(ProposalRefusalTest, AnEraseRequestIsAnOrder) {
  ExpectField(SampleEraseRequest(), "erase_request", "EraseConsumer");
}

TEST(ProposalRefusalTest, RolesThatMayNotSignAreToldWhatToSend) {
  struct Case {
    v1::Statement message;
    Signer signer;
    const char* says;
  };
  const std::vector<Case> cases = {
      {SampleKeyBinding(), Signer::kConsumer, "registrar"},
      {SampleKeyBinding(), Signer::kCompany, "registrar"},
      {SampleGrant(), Signer::kCompany, "inside a claim, with evidence"},
      {SampleGrant(), Signer::kRegistrar, "inside a claim, with evidence"},
      {SampleClaim(), Signer::kConsumer, "send the grant itself"},
      {SampleBlock(), Signer::kCompany, "revocation"},
      {SampleUnblock(), Signer::kCompany, "revocation"},
      {SampleViewRequest(), Signer::kRegistrar, "signed by the consumer"},
      {SamplePreferences(), Signer::kRegistrar, "signed by the consumer"},
      {SamplePreferences(), Signer::kCompany, "signed by the consumer"},
      {SampleContest(), Signer::kCompany, "by a registrar for them"},
      {SampleHolderChange(), Signer::kConsumer, "registrar"},
      {SampleHolderChange(), Signer::kCompany, "registrar"},
      {SampleContractClaim(), Signer::kUnspecified, "signed by the consumer"},
      {SampleRevocation(), Signer::kUnspecified, "signed by the consumer"},
  };
  for (const Case& wrong : cases) {
    const absl::Status status = StatusFor(wrong.message, wrong.signer);
    EXPECT_EQ(ReasonOf(status), "UNKNOWN_KEY") << status;
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied);
    EXPECT_THAT(std::string(status.message()), HasSubstr(wrong.says));
  }
}

}  // namespace
}  // namespace consent::statement

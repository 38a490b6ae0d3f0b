// SPDX-License-Identifier: Apache-2.0
//
// A ledger under French law, with delegations, numbers, groups and lists, as an auditor sees it who
// has the directory's journal too: everything that it decided is found right, and each lie about
// law or directory is found.

#include <functional>
#include <string>
#include <variant>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/consent/decide.h"
#include "src/contact/contact_point.h"
#include "src/crypto/hash.h"
#include "src/ledger/place_of.h"
#include "src/ledger/recover.h"
#include "src/ledger/test_ledger.h"
#include "src/rules/embedded.h"
#include "tests/verify/ledger_copy.h"

namespace consent::verify {
namespace {

using core::Channel;
using core::Purpose;
using core::Reason;
using core::Verdict;
using ledger::Person;
using ledger::PersonOf;
using ::testing::HasSubstr;

constexpr int64_t kHourMs = INT64_C(3'600'000);
constexpr int64_t kDayMs = 24 * kHourMs;
constexpr Instant kFar{INT64_C(4'000'000'000)};
constexpr std::string_view kLandline = "+33162000001";  // Of a range that may prospect.

directory::RulePackPut Pack(std::string_view id) {
  const absl::StatusOr<rules::Pack> pack = rules::FindPack(id);
  return {std::string(id), absl::FormatCivilTime(pack->version), pack->sha256};
}

class LawAuditTest : public ::testing::Test {
 protected:
  // It is Monday, 10:00 in Paris; acme may call Alice and Bob, and has calls by a processor.
  LawAuditTest() {
    ledger_.AddCompany("calls");
    directory::PartyPut paper{"paper", directory::Role::kCompany, "Paper", true, "media"};
    paper.sectors.Add(Purpose::kPress);
    Put(paper);
    Put(Pack("fr"));
    Put(directory::NumberRegistered{"acme", std::string(kLandline)});
    Put(directory::Delegated{"acme", "calls", "", {0}, kFar});
    ledger_.Settle(alice_, 50, 50);
    ledger_.Settle(bob_, 50, 50);
    Pass(kHourMs);
  }

  void Pass(int64_t ms) { clock_.Advance(ms); }
  void Put(const directory::DirectoryEvent& event) { ASSERT_OK(ledger_.Change(event)); }

  ledger::ContactCommand Call(const Person& person, std::string processor = "") {
    ledger::ContactCommand command = ledger_.Wish(person, absl::StrCat("r", ++requests_));
    command.request.caller_number = std::string(kLandline);
    command.request.processor = std::move(processor);
    return command;
  }
  ledger::ContactCommand PressCall(const Person& person) {
    ledger::ContactCommand command =
        ledger_.Wish(person, absl::StrCat("r", ++requests_), Channel::kCall, "paper");
    command.request.purpose = Purpose::kPress;
    command.request.caller_number = std::string(kLandline);
    return command;
  }
  // What it was answered, which is in the journal.
  Reason Ask(const ledger::ContactCommand& command) {
    const absl::StatusOr<ledger::ContactAnswer> answer = ledger_.Consume(command);
    EXPECT_OK(answer);
    return answer.ok() ? answer->decision.reason : Reason::kUnspecified;
  }
  // A held call, confirmed; why not, if it is not.
  Reason Confirm(ledger::ContactCommand command, const std::function<void()>& meanwhile) {
    command.request.hold = Seconds{600};
    const absl::StatusOr<ledger::ContactAnswer> held = ledger_.Consume(command);
    EXPECT_OK(held);
    meanwhile();
    const absl::StatusOr<ledger::PermitAnswer> answer =
        ledger_.Act({*held->permit, command.request.company, ledger::ConfirmPermit{}});
    EXPECT_OK(answer);
    return answer->decision.verdict == Verdict::kDone ? Reason::kOk : answer->decision.reason;
  }
  void BlockGroup(const Person& person, const std::string& group) {
    v1::Statement block = ledger_.Block(person, group);
    block.mutable_block()->set_whose(v1::BLOCK_TARGET_GROUP);
    ASSERT_OK(ledger_.Say(block, person.key));
  }
  void List(const Person& person) {
    ledger::ListingCommand listing;
    listing.contact = ledger_.IdOf(person.contact_point);
    listing.contact_point = person.contact_point;
    listing.place = ledger::PlaceOf(*contact::ContactPoint::Parse(person.contact_point));
    listing.listing.list = "bloctel";
    listing.listing.company = "*";
    ASSERT_OK(ledger::Await<ledger::ListingAnswers>(
        [&](auto done) { ledger_.shard().List(ledger::Lane(), {listing}, std::move(done)); }));
  }

  TreeSize DirectorySize() { return ledger_->directory().Snapshot()->size(); }

  // Copies the ledger and puts another answer in the place of its last one.
  LedgerCopy LieAboutTheLast(const std::function<void(core::Decided&)>& change) {
    LedgerCopy copy(store_);
    auto decided = std::get<core::Decided>(copy.LastEvent().body);
    const LedgerCopy::Lie place = copy.LastPlace();
    copy.DropLast();
    change(decided);
    copy.Forge(place, decided);
    return copy;
  }
  static void Allow(core::Decided& decided) {
    decided.answer = core::Answer();
    decided.answer.verdict = Verdict::kAllowed;
    decided.answer.reason = Reason::kOk;
    decided.answer.basis = core::Basis::kConsent;
    decided.answer.grant = "g1";
    decided.answer.contact_before = kFar;
    decided.true_reason = Reason::kOk;
    decided.true_rule.clear();
  }
  void ExpectFound(const LedgerCopy& copy, const std::string& what) {
    const AuditReport report = copy.Audit();
    EXPECT_EQ(report.verdict, VerifyVerdict::kFaulty);
    EXPECT_EQ(report.retaken_differently, 1u) << LedgerCopy::FaultsOf(report);
    EXPECT_THAT(LedgerCopy::FaultsOf(report), HasSubstr(what));
  }

  store::MemoryStore store_;
  ManualClock clock_{ledger::kTestStartMs};
  ledger::TestLedger ledger_{store_, clock_};
  const Person alice_ = PersonOf(1);
  const Person bob_ = PersonOf(2);
  const Person stranger_ = PersonOf(3);
  int requests_ = 0;
};

TEST_F(LawAuditTest, EveryDecisionOfAnHonestLedgerIsTakenAgain) {
  EXPECT_EQ(Ask(Call(alice_)), Reason::kOk);
  EXPECT_EQ(Ask(Call(alice_, "calls")), Reason::kOk);
  EXPECT_EQ(Ask(Call(alice_, "nobody")), Reason::kNotDelegated);
  ledger::ContactCommand mobile = Call(alice_);
  mobile.request.caller_number = "+33639980099";
  EXPECT_EQ(Ask(mobile), Reason::kCallerNumber);
  EXPECT_EQ(Ask(PressCall(stranger_)), Reason::kOk) << "publishers need no consent";
  EXPECT_EQ(Ask(PressCall(bob_)), Reason::kOk);
  BlockGroup(bob_, "media");
  EXPECT_NE(Ask(PressCall(bob_)), Reason::kOk);
  EXPECT_EQ(Ask(Call(bob_)), Reason::kOk);
  Put(directory::ListImported{"bloctel", "bloctel.gouv.fr"});
  List(PersonOf(4));
  EXPECT_NE(Ask(Call(PersonOf(4))), Reason::kOk);
  EXPECT_EQ(Confirm(Call(alice_, "calls"),
                    [&] {
                      Put(directory::DelegationRevoked{"acme", "calls"});
                    }),
            Reason::kNotDelegated);
  EXPECT_EQ(Confirm(Call(bob_), [&] { Pass(1000); }), Reason::kOk);
  EXPECT_EQ(Ask(Call(alice_, "calls")), Reason::kNotDelegated);
  Pass(2 * kHourMs + kHourMs / 2);  // 13:30.
  EXPECT_EQ(Ask(Call(alice_)), Reason::kOutsideHours);
  ASSERT_OK(ledger_.Erase(ledger_.ToErase(bob_)));
  Pass(kHourMs);
  EXPECT_EQ(Ask(PressCall(bob_)), Reason::kNoPermission) << "the block outlives the record";
  Pass(4 * kDayMs);
  Put(directory::RulePackRetired{"fr"});
  Pass(kDayMs);  // Saturday.
  EXPECT_EQ(Ask(Call(alice_)), Reason::kOk) << "where no law forbids it";
  Put(Pack("fr"));
  EXPECT_EQ(Ask(Call(alice_)), Reason::kOutsideHours);

  const LedgerCopy copy(store_);
  const AuditReport report = copy.Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << LedgerCopy::FaultsOf(report);
  EXPECT_EQ(report.not_retaken, 0u) << report.not_retaken_why;
  EXPECT_EQ(report.retaken, report.disclosed - 1) << "all but the tombstone";

  const AuditReport alone = copy.AuditAlone();
  EXPECT_EQ(alone.verdict, VerifyVerdict::kGood) << LedgerCopy::FaultsOf(alone);
  EXPECT_GE(alone.not_retaken, 5u);
  EXPECT_EQ(alone.not_retaken_cause, NotRetakenCause::kNoDirectory);
  EXPECT_THAT(alone.not_retaken_why, HasSubstr("directory's journal, which holds these, was not"));
}

TEST_F(LawAuditTest, ACompanyThatAskedAboutManyStrangersChangesNoDecision) {
  EXPECT_EQ(Ask(Call(alice_)), Reason::kOk);
  Put(directory::StrangersAsked{"acme", Instant{clock_.WallMillis() / 1000 - 60}, 200'000});
  const TreeSize noticed = DirectorySize();
  EXPECT_EQ(Ask(Call(bob_)), Reason::kOk);
  EXPECT_EQ(Ask(Call(stranger_)), Reason::kNoPermission);
  LedgerCopy copy(store_);
  EXPECT_EQ(copy.LastPlace().directory_size, noticed) << "it cites the notice";
  const AuditReport report = copy.Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << LedgerCopy::FaultsOf(report);
  EXPECT_EQ(report.not_retaken, 0u) << report.not_retaken_why;

  copy.directory_disclosures().pop_back();
  const AuditReport cut = copy.Audit();
  EXPECT_GT(cut.not_retaken, 0u) << "the notice is an entry like others";
}

TEST_F(LawAuditTest, AContactAllowedOnASaturdayIsFound) {
  Pass(5 * kDayMs);
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOutsideHours);
  const LedgerCopy copy = LieAboutTheLast(Allow);
  ExpectFound(copy, "taken again, it is DENIED OUTSIDE_HOURS");
  EXPECT_EQ(copy.AuditAlone().retaken_differently, 1u) << "its particulars, without the law too";
}

// The forger takes care that nothing but the law tells it.
TEST_F(LawAuditTest, ASaturdayCallThatIsPerfectButForTheLawIsFound) {
  Put(directory::RulePackRetired{"fr"});
  Pass(5 * kDayMs);
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOk);
  const core::EventBody allowed = LedgerCopy(store_).LastEvent().body;
  Put(Pack("fr"));
  Pass(1000);
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOutsideHours);
  LedgerCopy copy(store_);
  const LedgerCopy::Lie place = copy.LastPlace();
  copy.DropLast();
  copy.DropLast();
  copy.Forge(place, [&] {
    auto decided = std::get<core::Decided>(allowed);
    decided.answer.contact_before = place.at + decided.request.permit_ttl;
    return decided;
  }());
  EXPECT_EQ(copy.AuditAlone().verdict, VerifyVerdict::kGood);
  ExpectFound(copy, "taken again, it is DENIED OUTSIDE_HOURS");
}

TEST_F(LawAuditTest, AContactOfAProcessorWhoseDelegationEndedIsFound) {
  ASSERT_EQ(Ask(Call(alice_, "calls")), Reason::kOk);
  const auto allowed = std::get<core::Decided>(LedgerCopy(store_).LastEvent().body);
  const TreeSize before = DirectorySize();
  Pass(2000);
  Put(directory::DelegationRevoked{"acme", "calls"});
  Pass(120'000);
  ASSERT_EQ(Ask(Call(alice_, "calls")), Reason::kNotDelegated);
  const auto as_before = [&](core::Decided& decided) {
    const core::Request request = decided.request;
    decided = allowed;
    decided.request = request;
    decided.answer.remaining[0].count -= 1;
  };
  ExpectFound(LieAboutTheLast(as_before), "taken again, it is DENIED NOT_DELEGATED");
  // Nor does it help to cite the directory of before.
  LedgerCopy copy = LieAboutTheLast(as_before);
  LedgerCopy::Lie place = copy.LastPlace();
  const core::EventBody body = copy.LastEvent().body;
  copy.DropLast();
  place.directory_size = before;
  copy.Forge(place, body);
  ExpectFound(copy, "which was no longer the newest");
}

TEST_F(LawAuditTest, ARuleThatIsCitedWronglyIsFound) {
  Pass(5 * kDayMs);
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOutsideHours);
  ExpectFound(LieAboutTheLast([](core::Decided& decided) {
                decided.answer.rule = decided.true_rule = "fr.attempts";
              }),
              "with other particulars");
}

TEST_F(LawAuditTest, ADenialByALawThatIsNotInForceIsFound) {
  Pass(5 * kDayMs);
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOutsideHours);
  const core::Answer denied = std::get<core::Decided>(LedgerCopy(store_).LastEvent().body).answer;
  Put(directory::RulePackRetired{"fr"});
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOk);
  const LedgerCopy copy = LieAboutTheLast([&](core::Decided& decided) {
    decided.answer = denied;
    decided.true_reason = denied.reason;
    decided.true_rule = denied.rule;
  });
  ExpectFound(copy, "taken again, it is ALLOWED OK");
  EXPECT_EQ(copy.AuditAlone().not_retaken, 2u) << "without the directory it may have been right";
}

TEST_F(LawAuditTest, AConsumerWhoIsSaidToLiveElsewhereIsFound) {
  Pass(5 * kDayMs);  // Saturday in Paris, and nowhere Monday.
  ASSERT_NE(Ask(PressCall(stranger_)), Reason::kOk);
  ExpectFound(LieAboutTheLast([](core::Decided& decided) {
                decided.subject->place = {.zones = {"Europe/Paris"}, .regions = {"US"}};
              }),
              "elsewhere than the contact point tells");
}

TEST_F(LawAuditTest, SizesOfTheDirectoryThatCannotBeAreFound) {
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOk);
  const auto cite = [&](const std::function<void(LedgerCopy::Lie&)>& change) {
    LedgerCopy copy(store_);
    LedgerCopy::Lie place = copy.LastPlace();
    const core::EventBody body = copy.LastEvent().body;
    copy.DropLast();
    change(place);
    copy.Forge(place, body);
    return copy;
  };
  ExpectFound(cite([](LedgerCopy::Lie& place) { --place.directory_size.value; }),
              "an entry before it");
  ExpectFound(cite([](LedgerCopy::Lie& place) { place.named_company = "acme"; }),
              "names its company otherwise");
  const TreeSize now = DirectorySize();
  Pass(kHourMs);
  ledger_.AddCompany("later");
  ExpectFound(cite([&](LedgerCopy::Lie& place) { place.directory_size.value = now.value + 1; }),
              "of a time later than its own");
  const AuditReport beyond =
      cite([&](LedgerCopy::Lie& place) { place.directory_size.value = now.value + 2; }).Audit();
  EXPECT_EQ(beyond.not_retaken_cause, NotRetakenCause::kDirectoryIsShort);
  EXPECT_THAT(beyond.not_retaken_why, HasSubstr("and they cite up to"));
}

TEST_F(LawAuditTest, WhoSignedForAPartyMustHaveHeldItsKey) {
  ASSERT_OK(ledger_.Say(ledger_.Claim(stranger_, "c1", ledger::kTestStartMs / 1000),
                        ledger_.registrar_key));
  LedgerCopy copy(store_);
  auto claimed = std::get<core::Granted>(copy.LastEvent().body);
  const LedgerCopy::Lie place = copy.LastPlace();
  copy.DropLast();
  claimed.statement->key = alice_.key.public_key().id();
  copy.Forge(place, claimed);
  ExpectFound(copy, "signed by a key of a CONSUMER; the journal takes it for that of a REGISTRAR");
}

TEST_F(LawAuditTest, TheDirectorysOwnDisclosuresMustBeWholeAndItsLogs) {
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOk);
  const LedgerCopy whole(store_);
  LedgerCopy gap = whole;
  gap.directory_disclosures().erase(gap.directory_disclosures().begin() + 2);
  EXPECT_THAT(LedgerCopy::FaultsOf(gap.Audit()),
              HasSubstr("[directory entry 2: its disclosure is missing"));
  LedgerCopy other = whole;
  other.directory_log().entries()[3][20] ^= 1;
  EXPECT_THAT(LedgerCopy::FaultsOf(other.Audit()),
              HasSubstr("[directory entry 3: its disclosure is of another entry than the log's]"));
  LedgerCopy cut = whole;
  cut.directory_disclosures().pop_back();
  const AuditReport report = cut.Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << LedgerCopy::FaultsOf(report);
}

TEST_F(LawAuditTest, WhereTheDirectoryEndsTooEarlyItIsSaid) {
  ledger_.AddCompany("one-more");
  Pass(5 * kDayMs);
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOutsideHours);
  LedgerCopy cut(store_);
  cut.directory_disclosures().pop_back();
  const AuditReport report = cut.Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << LedgerCopy::FaultsOf(report);
  EXPECT_EQ(report.not_retaken, 1u);
  EXPECT_EQ(report.not_retaken_cause, NotRetakenCause::kDirectoryIsShort);
  EXPECT_THAT(report.not_retaken_why, HasSubstr("disclosures end after"));
}

TEST_F(LawAuditTest, ALedgerThatWentOnAfterALossIsJudgedByTheDirectoryThatItKept) {
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOk);
  const auto backup = store_.DurableCopy(store::MemoryStore::Loss::kNothing);
  ledger_.AddCompany("lost");
  Pass(5 * kDayMs);
  ASSERT_EQ(Ask(Call(alice_)), Reason::kOutsideHours);
  Pass(1000);
  ASSERT_OK(ledger::Recover(*backup, clock_, {}));
  {
    ledger::TestLedger again(*backup, clock_);
    again.AddCompany("new");
    Pass(1000);
    ASSERT_EQ(again.Consume(Call(alice_))->decision.reason, Reason::kOutsideHours);
  }
  const AuditReport report = LedgerCopy(*backup).Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << LedgerCopy::FaultsOf(report);
  EXPECT_EQ(report.not_retaken, 0u);

  // Of a decision whose directory alone was lost nobody can tell any more.
  const AuditReport lost = LedgerCopy(store_, *backup).Audit();
  EXPECT_EQ(lost.verdict, VerifyVerdict::kGood) << LedgerCopy::FaultsOf(lost);
  EXPECT_EQ(lost.not_retaken, 1u);
  EXPECT_EQ(lost.not_retaken_cause, NotRetakenCause::kDirectoryWasLost);
}

TEST_F(LawAuditTest, ADecisionUnderAPackOfAnotherReleaseIsTakenAgainWithItsFile) {
  const std::string text =
      "id: xx\nversion: 2026-01-01\ntitle: Nowhere\ntime_zone: Europe/Paris\nregions: [FR]\n"
      "rules:\n  - id: xx.hours\n    says: Nobody calls.\n    source: Nowhere\n"
      "    hours: {spans: [{days: [SUN], from: \"10:00\", to: \"11:00\"}]}\n";
  Put(directory::RulePackPut{"xx", "2026-01-01", crypto::Sha256({text})});
  Pass(1000);
  EXPECT_FALSE(ledger_.Consume(Call(alice_)).ok()) << "this release cannot judge by it";
  // As the other release did.
  LedgerCopy copy(store_);
  core::Decided decided;
  decided.request = Call(alice_).request;
  decided.answer.verdict = Verdict::kDenied;
  decided.answer.reason = Reason::kOutsideHours;
  decided.answer.basis = core::Basis::kConsent;
  decided.answer.rule = "xx.hours";
  decided.true_reason = Reason::kOutsideHours;
  decided.true_rule = "xx.hours";
  LedgerCopy::Lie place = copy.LastPlace();  // Bob's; both are settled alike.
  place.at = {clock_.WallMillis() / 1000};
  place.directory_size = DirectorySize();
  place.contact_point = bob_.contact_point;
  copy.Forge(place, decided);
  AuditReport report = copy.Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << LedgerCopy::FaultsOf(report);
  EXPECT_EQ(report.not_retaken, 1u);
  EXPECT_EQ(report.not_retaken_cause, NotRetakenCause::kUnknownLaw);
  EXPECT_THAT(report.not_retaken_why, HasSubstr("xx of 2026-01-01 (SHA-256 "));
  report = copy.Audit({.complete = true, .packs = {text}});
  EXPECT_EQ(report.not_retaken, 0u);
  EXPECT_EQ(copy.Audit({.complete = true, .packs = {"id: xx\n"}}).verdict,
            VerifyVerdict::kBadInput);
}

}  // namespace
}  // namespace consent::verify

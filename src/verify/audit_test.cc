// SPDX-License-Identifier: Apache-2.0
//
// Journals that keep the rules, and journals that a broken or lying ledger could have written.

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "consent/verifier.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/base/codec.h"
#include "src/consent/decide.h"
#include "src/consent/evolve.h"
#include "src/contact/contact_point.h"
#include "src/contact/region.h"
#include "src/crypto/secret.h"
#include "src/journal/disclosure.h"
#include "src/journal/event_parts.h"
#include "src/journal/opening.h"
#include "src/journal/shown_entry.h"
#include "src/verify/test_log.h"

namespace consent::verify {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr Instant kBegin{1'772'442'000};  // 2026-03-02T09:00:00Z.
constexpr std::string_view kContactPoint = "tel:+33639980001";

struct Person {
  explicit Person(char seed) : secret(*crypto::Secret::FromBytes(std::string(32, seed))) {
    id.bytes[0] = static_cast<uint8_t>(seed);
  }
  ConsumerId id;
  crypto::Secret secret;
  core::Record record;
  uint64_t entries = 0;  // All are of one year here.
};

core::Bound Binding() {
  core::Bound bound;
  const auto point = contact::ContactPoint::Parse(kContactPoint);
  bound.subject.place = {.zones = {"Europe/Paris"}, .regions = contact::RegionsOf(*point)};
  return bound;
}

// Acme may call once a year.
core::Granted OneCall(Instant at) {
  core::Granted granted;
  granted.grant.id = "g1";
  granted.grant.company = "acme";
  granted.grant.purposes.Add(core::Purpose::kDirectMarketing);
  granted.grant.signed_by = core::Signer::kConsumer;
  granted.grant.valid_from = at;
  granted.grant.valid_until = kNever;
  core::Limit limit;
  limit.id = "calls";
  limit.channels.Add(core::Channel::kCall);
  limit.max = 1;
  limit.window.period = core::Period::kYear;
  limit.window.alignment = core::Alignment::kCalendar;
  granted.grant.limits.push_back(limit);
  return granted;
}

core::Request Call(std::string id) {
  core::Request request;
  request.company = "acme";
  request.request_id = std::move(id);
  request.channel = core::Channel::kCall;
  request.purpose = core::Purpose::kDirectMarketing;
  return request;
}

class AuditTest : public ::testing::Test {
 protected:
  // Writes what the rules make of a request.
  void Ask(Person* person, std::string id) {
    static const core::Record* const kStranger = new core::Record();
    absl::TimeZone zone;
    absl::LoadTimeZone("Europe/Paris", &zone);
    core::Moment moment;
    moment.now = now_;
    if (person != nullptr) moment.zones = absl::MakeConstSpan(&zone, 1);
    moment.loss = loss_.has_value() ? &*loss_ : nullptr;
    const core::Judgement judgement =
        core::Decide(person != nullptr ? person->record : *kStranger, Call(std::move(id)), moment);
    Append(person, *judgement.event);
  }

  // The same by a law and a directory that this journal does not hold.
  void AskUnder(const core::Law& law, const core::Asker& asker, Person& person,
                const core::Request& request) {
    absl::TimeZone zone;
    absl::LoadTimeZone("Europe/Paris", &zone);
    const core::Moment moment{.now = now_,
                              .zones = absl::MakeConstSpan(&zone, 1),
                              .loss = loss_.has_value() ? &*loss_ : nullptr,
                              .law = &law,
                              .asker = &asker};
    Append(&person, *core::Decide(person.record, request, moment).event);
  }

  // Writes an event, whether or not the rules make it.
  void Append(Person* person, const core::EventBody& body,
              const std::function<void(journal::Entry&)>& change = {}) {
    journal::Entry entry;
    entry.kind = static_cast<uint8_t>(journal::KindOf(body));
    entry.position = {log_.size()};
    entry.at = now_;
    entry.channel = journal::ChannelOf(body);
    entry.reason = journal::ReasonAnswered(body);
    entry.directory_size = {3};
    const journal::Sealer sealer(person != nullptr ? person->secret : day_secret_);
    const bool plain = std::holds_alternative<core::Recovered>(body);
    std::optional<crypto::Secret> key;
    if (!plain) {
      key = sealer.YearKey(2026);
      entry.tag = journal::TagOf(*key, person != nullptr ? person->entries++ : log_.size());
    }
    const journal::Parts parts = journal::ToParts(body, kContactPoint);
    const journal::Salts salts = plain ? journal::Salts() : sealer.SaltsAt(entry.position);
    entry.commitment = journal::Commit(salts, parts);
    if (change) change(entry);
    if (person != nullptr) {
      core::Evolve(person->record, {.at = now_, .position = entry.position, .body = body});
    }
    const std::string bytes = Encode(entry);
    journal::Disclosure disclosure{
        .shown = journal::Show(bytes, salts, parts, journal::Shown::kAll),
        .consumer = person != nullptr ? std::optional(person->id) : std::nullopt,
        .tag_key = std::move(key)};
    disclosures_.push_back(Encode(disclosure));
    log_.Append(bytes);
    now_ = now_ + Seconds{60};
  }

  AuditReport Audit(AuditOptions options = {.complete = true}) {
    const Files files = log_.Publish();
    const LogSource source = SourceOf(files);
    const LogReport report = VerifyLog(source, {.keys = {log_.vkey()}});
    EXPECT_EQ(report.verdict, VerifyVerdict::kGood);
    size_t next = 0;
    return AuditDecisions(
        source, report,
        [&](std::string& bytes) {
          if (next == disclosures_.size()) return false;
          bytes = disclosures_[next++];
          return true;
        },
        options);
  }

  static std::string FaultsOf(const AuditReport& report) {
    std::string text = report.why;
    for (const LogFault& fault : report.faults) text += "[" + fault.where + ": " + fault.what + "]";
    return text;
  }

  // Alice lets Acme call once; it calls once, and asks once more. Entries 0 to 5.
  void TellStory() {
    Append(&alice_, Binding());
    Append(&bob_, Binding());
    Append(&alice_, OneCall(now_));
    Ask(&alice_, "r1");
    Ask(&alice_, "r2");
    Ask(nullptr, "r3");
  }

  TestLog log_;
  Person alice_{'a'};
  Person bob_{'b'};
  crypto::Secret day_secret_ = *crypto::Secret::FromBytes(std::string(32, 'd'));
  Instant now_ = kBegin;
  std::optional<core::Loss> loss_;
  std::vector<std::string> disclosures_;
};

TEST_F(AuditTest, AHistoryThatKeepsTheRulesIsGood) {
  TellStory();
  const AuditReport report = Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << FaultsOf(report);
  EXPECT_EQ(report.disclosed, 6u);
  EXPECT_EQ(report.undisclosed, 0u);
  EXPECT_EQ(report.consumers, 2u);
  EXPECT_EQ(report.decided, 3u);
  EXPECT_EQ(report.allowed, 1u);
  EXPECT_EQ(report.denied, 2u);
  EXPECT_EQ(report.denied_by_reason.at("LIMIT_REACHED"), 1u);
  EXPECT_EQ(report.contacts, 1u);
  EXPECT_EQ(report.limits_checked, 1u);
  EXPECT_EQ(report.retaken, 6u);
}

TEST_F(AuditTest, AContactBeyondTheLimitIsFoundByCountAndByRule) {
  TellStory();
  core::Decided decided =
      std::get<core::Decided>(*core::Decide(alice_.record, Call("r4"), {now_}).event);  // DENIED.
  decided.answer.verdict = core::Verdict::kAllowed;
  decided.answer.reason = decided.true_reason = core::Reason::kOk;
  decided.answer.grant = "g1";
  decided.answer.contact_before = now_ + Seconds{300};
  Append(&alice_, decided);
  const AuditReport report = Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kFaulty);
  EXPECT_EQ(report.over_limit, 1u);
  EXPECT_EQ(report.retaken_differently, 1u);
  EXPECT_THAT(FaultsOf(report), HasSubstr("[entry 6: taken again, it is DENIED LIMIT_REACHED"));
  EXPECT_THAT(FaultsOf(report), HasSubstr("[entry 6: limit calls: contact 2 of 1]"));
}

TEST_F(AuditTest, WhatLawAndDirectoryMayExplainIsCountedApartAndNoFault) {
  Append(&alice_, Binding());
  core::Granted granted = OneCall(now_);
  granted.grant.limits[0].max = 10;
  Append(&alice_, granted);
  core::Law mornings;  // Calls until 10:04 and in the evening.
  core::HoursRule hours;
  for (const auto& [from, to] : {std::pair(0, 10 * 60 + 4), std::pair(18 * 60, 20 * 60)}) {
    core::Span span;
    span.days = 0x7f;
    span.from_minute = from;
    span.to_minute = to;
    hours.spans.push_back(span);
  }
  mornings.rules.push_back({.id = "xx.hours", .scope = {}, .body = hours});
  AskUnder(mornings, {}, alice_, Call("ends-early"));      // 10:02: the permit ends at 10:04.
  AskUnder(mornings, {}, alice_, Call("ends-early-too"));  // 10:03, allowed.
  AskUnder(mornings, {}, alice_, Call("outside"));         // 10:04.
  core::Asker asker;
  asker.delegation = {kBegin, kNever};
  core::Request by_processor = Call("processor");
  by_processor.processor = "calls";
  AskUnder({}, asker, alice_, by_processor);
  core::Law exempting;
  core::Exemption press;
  press.basis = core::Basis::kExempt;
  exempting.rules.push_back({.id = "xx.press", .scope = {}, .body = press});
  core::Asker paper;
  paper.sectors.Add(core::Purpose::kPress);
  core::Request press_call = Call("press");
  press_call.company = "paper";
  press_call.purpose = core::Purpose::kPress;
  AskUnder(exempting, paper, alice_, press_call);
  const AuditReport report = Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << FaultsOf(report);
  EXPECT_EQ(report.allowed, 4u);
  EXPECT_EQ(report.not_retaken, 5u);
  EXPECT_EQ(report.not_retaken_cause, NotRetakenCause::kNoDirectory);
  EXPECT_EQ(report.retaken, 2u);
  EXPECT_EQ(report.retaken_differently, 0u);
  EXPECT_EQ(report.on_other_bases, 1u);
  EXPECT_EQ(report.without_grant, 0u);
}

TEST_F(AuditTest, ADenialWithoutReasonIsFoundToo) {
  Append(&alice_, Binding());
  Append(&alice_, OneCall(now_));
  core::Decided decided;
  decided.request = Call("r1");
  decided.answer.verdict = core::Verdict::kDenied;
  decided.answer.reason = decided.true_reason = core::Reason::kRevoked;
  Append(&alice_, decided);
  EXPECT_THAT(FaultsOf(Audit()), HasSubstr("[entry 2: taken again, it is ALLOWED OK with other "
                                           "particulars; the journal says DENIED REVOKED]"));
}

TEST_F(AuditTest, ALossFillsTheLimits) {
  TellStory();
  core::Recovered recovered;
  recovered.old_origin = std::string(kTestOrigin);
  recovered.generation = 1;
  recovered.lost_from = kBegin;
  loss_ = core::Loss{kBegin, now_, {log_.size()}};
  Append(&bob_, OneCall(now_));  // Granted before the loss.
  loss_->position = {log_.size()};
  loss_->to = now_;
  Append(nullptr, recovered);
  Ask(&bob_, "r9");
  const AuditReport report = Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << FaultsOf(report);
  EXPECT_EQ(report.denied_by_reason.at("LIMIT_REACHED"), 2u);
}

TEST_F(AuditTest, AnEntryThatIsKeptBackIsMissedByItsConsumersNextTag) {
  TellStory();
  disclosures_.erase(disclosures_.begin() + 2);  // Alice's grant.
  const AuditReport report = Audit({});
  EXPECT_EQ(report.undisclosed, 1u);
  EXPECT_THAT(FaultsOf(report), HasSubstr("[entry 3: its tag is not that of the number 1: an entry "
                                          "about this consumer is missing before it]"));
}

TEST_F(AuditTest, WhatIsSaidToBeCompleteMustBe) {
  TellStory();
  disclosures_.pop_back();
  EXPECT_EQ(Audit({}).verdict, VerifyVerdict::kGood);
  EXPECT_THAT(FaultsOf(Audit({.complete = true})),
              HasSubstr("[entry 5: is not disclosed, and nobody was erased after it]"));
}

TEST_F(AuditTest, EntriesOfAnErasedConsumerNeedNotBeDisclosed) {
  Append(&bob_, Binding());
  Append(&alice_, Binding());
  Person tomb('t');
  Append(&tomb, core::Erased());
  disclosures_.erase(disclosures_.begin());
  const AuditReport report = Audit();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << FaultsOf(report);
  EXPECT_EQ(report.undisclosed, 1u);
}

TEST_F(AuditTest, DisclosuresOfOtherEntriesAreRefused) {
  TellStory();
  const std::vector<std::string> good = disclosures_;
  std::swap(disclosures_[0], disclosures_[1]);
  EXPECT_THAT(FaultsOf(Audit()), HasSubstr("[entry 0: its disclosure is out of order"));
  disclosures_ = good;
  disclosures_[3] = "no disclosure";
  EXPECT_THAT(FaultsOf(Audit()), HasSubstr("[disclosure after entry 3: "));
  disclosures_ = good;
  for (size_t i = 0; i < disclosures_[3].size(); ++i) {
    disclosures_[3] = good[3];
    disclosures_[3][i] ^= 1;
    EXPECT_EQ(Audit().verdict, VerifyVerdict::kFaulty) << i;
  }
}

TEST_F(AuditTest, AnotherLogsEntryIsRefused) {
  TellStory();
  const std::vector<std::string> theirs = disclosures_;
  log_ = TestLog();
  disclosures_.clear();
  alice_ = Person('a');
  bob_ = Person('b');
  now_ = kBegin + Seconds{7};
  TellStory();
  disclosures_[2] = theirs[2];
  EXPECT_THAT(FaultsOf(Audit()),
              HasSubstr("[entry 2: its disclosure is of another entry than the log's]"));
}

TEST_F(AuditTest, AnEntryThatShowsAnotherAnswerIsFound) {
  Append(&alice_, Binding());
  Append(&alice_, OneCall(now_));
  const auto event = core::Decide(core::Record(), Call("r1"), {now_}).event;
  Append(nullptr, *event, [](journal::Entry& entry) { entry.reason = core::Reason::kOk; });
  Append(nullptr, *event, [](journal::Entry& entry) { entry.company = "zenith"; });
  const std::string faults = FaultsOf(Audit());
  EXPECT_THAT(faults, HasSubstr("[entry 2: shows another answer than its parts]"));
  EXPECT_THAT(faults, HasSubstr("[entry 3: shows another answer than its parts]"));
}

TEST_F(AuditTest, ATagOfAnotherNumberIsFound) {
  Append(&alice_, Binding(), [](journal::Entry& entry) { entry.tag.bytes[3] ^= 1; });
  const auto event = core::Decide(core::Record(), Call("r1"), {now_}).event;
  Append(nullptr, *event, [](journal::Entry& entry) { entry.tag.bytes[3] ^= 1; });
  const std::string faults = FaultsOf(Audit());
  EXPECT_THAT(faults, HasSubstr("[entry 0: its tag is not that of the number 0"));
  EXPECT_THAT(faults, HasSubstr("[entry 1: its tag is not that of its position]"));
}

TEST_F(AuditTest, WithoutAGoodLogNothingIsJudged) {
  TellStory();
  const Files files = log_.Publish();
  LogReport report;
  report.verdict = VerifyVerdict::kFaulty;
  EXPECT_EQ(AuditDecisions(SourceOf(files), report, [](std::string&) { return false; }, {}).verdict,
            VerifyVerdict::kBadInput);
}

}  // namespace
}  // namespace consent::verify

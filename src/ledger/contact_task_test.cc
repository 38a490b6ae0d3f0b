// SPDX-License-Identifier: Apache-2.0
//
// What a request to contact gets from a shard: units, repeats, duplicates, strangers, permits.

#include "src/ledger/contact_task.h"

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "src/base/fault.h"
#include "src/base/status_matchers.h"
#include "src/journal/reader.h"
#include "src/ledger/test_ledger.h"

namespace consent::ledger {
namespace {

using core::Channel;
using core::Reason;
using core::Verdict;

class ContactTaskTest : public ::testing::Test {
 protected:
  // Every entry of the shard, opened.
  std::vector<journal::OpenedEvent> Entries() {
    std::vector<journal::OpenedEvent> entries;
    journal::Opener opener(store_, kConsumerShard);
    EXPECT_OK(journal::ForEachLeaf(store_, kConsumerShard, {0}, ledger_.JournalSize(),
                                   [&](const journal::Leaf& leaf) -> absl::Status {
                                     ASSIGN_OR_RETURN(journal::OpenedEvent opened,
                                                      opener.Open(leaf));
                                     entries.push_back(std::move(opened));
                                     return absl::OkStatus();
                                   }));
    return entries;
  }

  store::MemoryStore store_;
  ManualClock clock_{kTestStartMs};
  TestLedger ledger_{store_, clock_};
  const Person alice_ = PersonOf(1);
};

TEST_F(ContactTaskTest, OneCallAndFourTextsAYear) {
  ledger_.Settle(alice_, 1, 4);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer call, ledger_.Consume(alice_, "c1"));
  EXPECT_EQ(call.decision.verdict, Verdict::kAllowed);
  ASSERT_TRUE(call.permit.has_value());
  ASSERT_OK_AND_ASSIGN(const ContactAnswer second, ledger_.Consume(alice_, "c2"));
  EXPECT_EQ(second.decision.verdict, Verdict::kDenied);
  EXPECT_EQ(second.decision.reason, Reason::kLimitReached);
  EXPECT_EQ(second.decision.limit, "calls");
  EXPECT_TRUE(second.decision.next_allowed.has_value());
  EXPECT_FALSE(second.permit.has_value());
  for (int i = 0; i < 5; ++i) {
    ASSERT_OK_AND_ASSIGN(const ContactAnswer text,
                         ledger_.Consume(alice_, absl::StrCat("t", i), Channel::kSms));
    EXPECT_EQ(text.decision.verdict, i < 4 ? Verdict::kAllowed : Verdict::kDenied) << i;
  }
  ASSERT_OK(ledger_.Say(ledger_.Revocation(alice_), alice_.key));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer after, ledger_.Consume(alice_, "c3"));
  EXPECT_EQ(after.decision.reason, Reason::kRevoked);
}

TEST_F(ContactTaskTest, SameRequestIdAThousandTimesTakesOneUnit) {
  ledger_.Settle(alice_, 1, 0);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer first, ledger_.Consume(alice_, "same"));
  const TreeSize size = ledger_.JournalSize();
  for (int i = 0; i < 1000; ++i) {
    ASSERT_OK_AND_ASSIGN(const ContactAnswer again, ledger_.Consume(alice_, "same"));
    ASSERT_EQ(again.decision.verdict, Verdict::kAllowed);
    ASSERT_TRUE(again.repeated);
    ASSERT_EQ(again.permit->position, first.permit->position);
    ASSERT_EQ(again.permit->consumer, first.permit->consumer);
    ASSERT_EQ(again.entry, first.entry);
    ASSERT_EQ(again.decision.remaining, first.decision.remaining);
    ASSERT_EQ(again.decision.contact_before, first.decision.contact_before);
  }
  EXPECT_EQ(ledger_.JournalSize(), size) << "a repeat writes nothing";
}

TEST_F(ContactTaskTest, DuplicatesInsideABatchShareOneUnit) {
  ledger_.Settle(alice_, 2, 0);
  ASSERT_OK_AND_ASSIGN(const ContactAnswers answers,
                       ledger_.ConsumeAll({ledger_.Wish(alice_, "a"), ledger_.Wish(alice_, "a"),
                                           ledger_.Wish(alice_, "b"), ledger_.Wish(alice_, "a"),
                                           ledger_.Wish(alice_, "c")}));
  ASSERT_EQ(answers.size(), 5u);
  EXPECT_FALSE(answers[0]->repeated);
  EXPECT_TRUE(answers[1]->repeated);
  EXPECT_EQ(answers[1]->permit->position, answers[0]->permit->position);
  EXPECT_EQ(answers[2]->decision.verdict, Verdict::kAllowed);
  EXPECT_TRUE(answers[3]->repeated);
  EXPECT_EQ(answers[4]->decision.reason, Reason::kLimitReached);
}

TEST_F(ContactTaskTest, RequestIdReusedWithOtherContentIsAFault) {
  ledger_.Settle(alice_, 2, 2);
  ASSERT_OK(ledger_.Consume(alice_, "same"));
  const auto reused = ledger_.Consume(alice_, "same", Channel::kSms);
  EXPECT_THAT(reused, StatusIs(absl::StatusCode::kAlreadyExists));
  EXPECT_EQ(ReasonOf(reused.status()), "REQUEST_ID_REUSED");
}

TEST_F(ContactTaskTest, FaultOfOneItemLeavesTheOthersAlone) {
  ledger_.Settle(alice_, 5, 0);
  ASSERT_OK_AND_ASSIGN(const ContactAnswers answers,
                       ledger_.ConsumeAll({ledger_.Wish(alice_, "a"),
                                           ledger_.Wish(alice_, "b", Channel::kCall, "nobody"),
                                           ledger_.Wish(alice_, "c")}));
  EXPECT_OK(answers[0]);
  EXPECT_EQ(ReasonOf(answers[1].status()), "UNKNOWN_COMPANY");
  EXPECT_OK(answers[2]);
}

TEST_F(ContactTaskTest, StrangerLeavesAnEntryButNoRecord) {
  ASSERT_OK_AND_ASSIGN(const ContactAnswer denied, ledger_.Consume(alice_, "r1"));
  EXPECT_EQ(denied.decision.verdict, Verdict::kDenied);
  EXPECT_EQ(denied.decision.reason, Reason::kNoPermission);
  ASSERT_TRUE(denied.entry.has_value());
  ASSERT_OK(ledger_.Consume(PersonOf(2), "r1"));
  const std::vector<journal::OpenedEvent> entries = Entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_FALSE(entries[0].consumer.has_value());
  EXPECT_EQ(entries[0].contact_point, alice_.contact_point);
  EXPECT_EQ(entries[0].handle, entries[1].handle) << "sealed under the day's secret";
  EXPECT_NE(entries[0].entry.tag, entries[1].entry.tag);
  ledger_->Stop();
  int records = 0;
  ASSERT_OK(
      store_.ForEachRecord(kConsumerShard, ConsumerId(), [&](const ConsumerId&, std::string_view) {
        ++records;
        return true;
      }));
  EXPECT_EQ(records, 0);
}

TEST_F(ContactTaskTest, StrangersOfAnotherDayAreSealedUnderAnotherSecret) {
  ASSERT_OK(ledger_.Consume(alice_, "r1"));
  clock_.Advance(24 * 3600 * 1000);
  ASSERT_OK(ledger_.Consume(alice_, "r1"));
  const std::vector<journal::OpenedEvent> entries = Entries();
  EXPECT_NE(entries[0].handle, entries[1].handle);
}

TEST_F(ContactTaskTest, DaySecretLostWithItsGroupIsMadeAgain) {
  store_.FailNextCommit(absl::InternalError("disk"), store::MemoryStore::Outcome::kNotApplied);
  EXPECT_FALSE(ledger_.Consume(alice_, "r1").ok());
  ASSERT_OK(ledger_.Consume(alice_, "r1"));
  EXPECT_EQ(Entries().size(), 1u) << "and its opening unseals";
}

TEST_F(ContactTaskTest, UnknownCompanyIsAFaultAndWritesNothing) {
  const TreeSize before = ledger_.JournalSize();
  const auto refused = ledger_.Consume(alice_, "r1", Channel::kCall, "nobody");
  EXPECT_THAT(refused, StatusIs(absl::StatusCode::kNotFound));
  EXPECT_EQ(ReasonOf(refused.status()), "UNKNOWN_COMPANY");
  // A registrar is no company.
  EXPECT_EQ(ReasonOf(ledger_.Consume(alice_, "r1", Channel::kCall, "registrar").status()),
            "UNKNOWN_COMPANY");
  EXPECT_EQ(ledger_.JournalSize(), before);
}

TEST_F(ContactTaskTest, CompanyWithoutAGrantLearnsNothingOfAConsumer) {
  ledger_.AddCompany("beta");
  ledger_.Settle(alice_, 1, 0);
  ASSERT_OK(ledger_.Say(ledger_.Block(alice_, "*"), alice_.key));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer stranger,
                       ledger_.Consume(alice_, "r1", Channel::kCall, "beta"));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer unknown,
                       ledger_.Consume(PersonOf(2), "r1", Channel::kCall, "beta"));
  EXPECT_EQ(stranger.decision, unknown.decision) << "alike, known or not, blocked or not";
  EXPECT_EQ(stranger.decision.reason, Reason::kNoPermission);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer acme, ledger_.Consume(alice_, "r2"));
  EXPECT_EQ(acme.decision.reason, Reason::kBlocked) << "whoever had a grant is told";
  // The entry says in clear what was answered; the ledger's part says what was true.
  for (const journal::OpenedEvent& opened : Entries()) {
    if (opened.entry.position != *stranger.entry) continue;
    EXPECT_EQ(opened.entry.reason, Reason::kNoPermission);
    EXPECT_EQ(std::get<core::Decided>(opened.event.body).true_reason, Reason::kBlocked);
  }
}

TEST_F(ContactTaskTest, CheckAnswersAsConsumeWouldAndTakesNothing) {
  ledger_.Settle(alice_, 1, 0);
  const TreeSize before = ledger_.JournalSize();
  ContactCommand wish = ledger_.Wish(alice_, "");
  for (int i = 0; i < 3; ++i) {
    ASSERT_OK_AND_ASSIGN(const ContactAnswer check, ledger_.Check(wish));
    EXPECT_EQ(check.decision.verdict, Verdict::kAllowed);
    EXPECT_FALSE(check.permit.has_value());
    EXPECT_FALSE(check.entry.has_value());
  }
  EXPECT_EQ(ledger_.JournalSize(), before);
  ASSERT_OK(ledger_.Consume(alice_, "r1"));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer check, ledger_.Check(wish));
  EXPECT_EQ(check.decision.reason, Reason::kLimitReached);
}

TEST_F(ContactTaskTest, CompanyIsNamedInEntriesOnlyWhereTheDirectorySaysSo) {
  ledger_.AddCompany("open", /*named_in_entries=*/true);
  ASSERT_OK(ledger_.Consume(alice_, "r1", Channel::kCall, "open"));
  ASSERT_OK(ledger_.Consume(alice_, "r2", Channel::kCall, "acme"));
  const std::vector<journal::OpenedEvent> entries = Entries();
  EXPECT_EQ(entries[0].entry.company, "open");
  EXPECT_EQ(entries[1].entry.company, "");
  EXPECT_EQ(entries[1].entry.directory_size, ledger_->directory().Snapshot()->size());
}

TEST_F(ContactTaskTest, EntriesShowNoContactPointNorRequestId) {
  ledger_.Settle(alice_, 1, 0);
  ASSERT_OK(ledger_.Consume(alice_, "a-request-id"));
  ASSERT_OK(journal::ForEachLeaf(store_, kConsumerShard, {0}, ledger_.JournalSize(),
                                 [&](const journal::Leaf& leaf) {
                                   for (const char* secret : {"639980001", "a-request-id"}) {
                                     EXPECT_EQ(leaf.bytes.find(secret), std::string::npos);
                                     EXPECT_EQ(leaf.opening.find(secret), std::string::npos);
                                   }
                                   return absl::OkStatus();
                                 }));
}

TEST_F(ContactTaskTest, HeldPermitIsConfirmedAndReported) {
  ledger_.Settle(alice_, 1, 0);
  ContactCommand wish = ledger_.Wish(alice_, "r1");
  wish.request.hold = {60};
  ASSERT_OK_AND_ASSIGN(const ContactAnswer held, ledger_.Consume(wish));
  EXPECT_FALSE(held.decision.contact_before.has_value());
  const PermitRef permit = *held.permit;
  ASSERT_OK_AND_ASSIGN(const PermitAnswer early,
                       ledger_.Act({permit, "acme", ReportOutcome{core::Outcome::kConnected}}));
  EXPECT_EQ(early.decision.reason, Reason::kNotConfirmed);
  EXPECT_FALSE(early.entry.has_value());
  ASSERT_OK_AND_ASSIGN(const PermitAnswer confirmed,
                       ledger_.Act({permit, "acme", ConfirmPermit{}}));
  EXPECT_EQ(confirmed.decision.verdict, Verdict::kDone);
  EXPECT_TRUE(confirmed.decision.contact_before.has_value());
  EXPECT_TRUE(confirmed.entry.has_value());
  ASSERT_OK_AND_ASSIGN(const PermitAnswer reported,
                       ledger_.Act({permit, "acme", ReportOutcome{core::Outcome::kOpposed}}));
  EXPECT_EQ(reported.decision.verdict, Verdict::kDone);
  ASSERT_OK_AND_ASSIGN(const PermitAnswer again,
                       ledger_.Act({permit, "acme", ReportOutcome{core::Outcome::kConnected}}));
  EXPECT_EQ(again.decision.reason, Reason::kAlreadyDone);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer after, ledger_.Consume(alice_, "r2"));
  EXPECT_EQ(after.decision.reason, Reason::kBlocked) << "OPPOSED blocks";
}

TEST_F(ContactTaskTest, ReleasedUnitCanBeTakenAgain) {
  ledger_.Settle(alice_, 1, 0);
  ContactCommand wish = ledger_.Wish(alice_, "r1");
  wish.request.hold = {60};
  ASSERT_OK_AND_ASSIGN(const ContactAnswer held, ledger_.Consume(wish));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer none, ledger_.Consume(alice_, "r2"));
  EXPECT_EQ(none.decision.reason, Reason::kLimitReached);
  ASSERT_OK(ledger_.Act({*held.permit, "acme", ReleasePermit{}}));
  ASSERT_OK_AND_ASSIGN(const ContactAnswer freed, ledger_.Consume(alice_, "r3"));
  EXPECT_EQ(freed.decision.verdict, Verdict::kAllowed);
}

TEST_F(ContactTaskTest, LapsedHoldGivesItsUnitBackAtTheExactSecond) {
  ledger_.Settle(alice_, 1, 0);
  ContactCommand wish = ledger_.Wish(alice_, "r1");
  wish.request.hold = {60};
  ASSERT_OK_AND_ASSIGN(const ContactAnswer held, ledger_.Consume(wish));
  clock_.Advance(59'000);
  EXPECT_EQ(ledger_.Consume(alice_, "r2")->decision.reason, Reason::kLimitReached);
  clock_.Advance(1'000);
  ASSERT_OK_AND_ASSIGN(const PermitAnswer late,
                       ledger_.Act({*held.permit, "acme", ConfirmPermit{}}));
  EXPECT_EQ(late.decision.reason, Reason::kPermitLapsed);
  EXPECT_EQ(ledger_.Consume(alice_, "r3")->decision.verdict, Verdict::kAllowed);
}

TEST_F(ContactTaskTest, PermitOfAnotherCompanyDoesNotExist) {
  ledger_.AddCompany("beta");
  ledger_.Settle(alice_, 1, 0);
  ASSERT_OK_AND_ASSIGN(const ContactAnswer allowed, ledger_.Consume(alice_, "r1"));
  const TreeSize before = ledger_.JournalSize();
  const PermitRef real = *allowed.permit;
  PermitRef elsewhere = real;
  ++elsewhere.position.value;
  PermitRef nobody = real;
  nobody.consumer.bytes[0] ^= 1;
  const ReportOutcome outcome{core::Outcome::kOpposed};
  for (const PermitCommand& command :
       {PermitCommand{real, "beta", outcome}, PermitCommand{real, "nobody", outcome},
        PermitCommand{elsewhere, "acme", outcome}, PermitCommand{nobody, "acme", outcome},
        PermitCommand{PermitRef{}, "acme", outcome}}) {
    ASSERT_OK_AND_ASSIGN(const PermitAnswer answer, ledger_.Act(command));
    EXPECT_EQ(answer.decision.verdict, Verdict::kDenied);
    EXPECT_EQ(answer.decision.reason, Reason::kNoSuchPermit);
    EXPECT_FALSE(answer.entry.has_value());
  }
  EXPECT_EQ(ledger_.JournalSize(), before);
}

TEST_F(ContactTaskTest, EveryEntryHasATagOfItsOwn) {
  ledger_.Settle(alice_, 3, 3);
  ledger_.Settle(PersonOf(2), 3, 3);
  for (int i = 0; i < 10; ++i) {
    ASSERT_OK(ledger_.Consume(alice_, absl::StrCat("r", i)));
    ASSERT_OK(ledger_.Consume(PersonOf(2), absl::StrCat("r", i)));
    ASSERT_OK(ledger_.Consume(PersonOf(3), absl::StrCat("r", i)));
  }
  std::set<journal::Tag> tags;
  const auto entries = Entries();
  for (const journal::OpenedEvent& opened : entries) tags.insert(opened.entry.tag);
  EXPECT_EQ(tags.size(), entries.size());
}

}  // namespace
}  // namespace consent::ledger

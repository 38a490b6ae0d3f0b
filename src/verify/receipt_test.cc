// SPDX-License-Identifier: Apache-2.0

#include "src/journal/receipt.h"

#include <string>
#include <utility>
#include <vector>

#include "consent/verifier.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/journal/event_parts.h"
#include "src/journal/opening.h"
#include "src/journal/test_events.h"
#include "src/merkle/proof.h"
#include "src/merkle/tile.h"
#include "src/verify/test_log.h"

namespace consent::verify {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A log of five entries of which the last is about a contact, and its receipt.
struct Sample {
  TestLog log;
  journal::Receipt receipt;

  explicit Sample(journal::Shown shown, std::string_view origin = kTestOrigin) : log(origin) {
    log.GrowTo(4);
    core::Decided decided;
    decided.request.company = "acme";
    decided.request.request_id = "r1";
    decided.request.channel = core::Channel::kCall;
    decided.request.purpose = core::Purpose::kDirectMarketing;
    decided.answer.verdict = core::Verdict::kDenied;
    decided.answer.reason = core::Reason::kNoPermission;
    decided.true_reason = core::Reason::kBlocked;
    journal::Entry entry = TestLog::EntryAt(4);
    entry.reason = core::Reason::kNoPermission;
    const journal::Salts salts = journal::Sealer(journal::TestSecret()).SaltsAt({4});
    const journal::Parts parts = journal::ToParts(decided, journal::kTestContactPoint);
    entry.commitment = journal::Commit(salts, parts);
    log.Append(Encode(entry));
    receipt.shown = journal::Show(Encode(entry), salts, parts, shown);
    receipt.position = {4};
    receipt.proof =
        *merkle::InclusionProof({4}, {5}, [&](const merkle::Subtree& s) { return Hash(s); });
    receipt.checkpoint = log.SignedCheckpoint();
  }
  absl::StatusOr<Digest> Hash(const merkle::Subtree& s) {
    if (s.level == 0) return merkle::LeafHash(log.entries()[s.index]);
    return merkle::NodeHash(*Hash({s.level - 1, 2 * s.index}),
                            *Hash({s.level - 1, 2 * s.index + 1}));
  }
  ReceiptReport Verify() { return VerifyReceipt(journal::ToText(receipt), {TestLog().vkey()}); }
};

TEST(ReceiptTest, ProvesTheEntryAndShowsTheCompanysPart) {
  const ReceiptReport report = Sample(journal::Shown::kCompanysPart).Verify();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << report.why;
  EXPECT_EQ(report.origin, kTestOrigin);
  EXPECT_EQ(report.size, 5u);
  EXPECT_EQ(report.entry.position, 4u);
  EXPECT_EQ(report.entry.kind, "DECIDED");
  EXPECT_EQ(report.opened.at("contact_point"), "tel:+33639980001");
  EXPECT_EQ(report.opened.at("company"), "acme");
  EXPECT_EQ(report.opened.at("request_id"), "r1");
  EXPECT_EQ(report.opened.at("answer"), "DENIED");
  EXPECT_EQ(report.opened.at("reason"), "NO_PERMISSION");
  EXPECT_FALSE(report.opened.contains("true_reason"));
}

TEST(ReceiptTest, ShowsTheLedgersPartWhereItIsOpened) {
  EXPECT_EQ(Sample(journal::Shown::kAll).Verify().opened.at("true_reason"), "BLOCKED");
}

TEST(ReceiptTest, WithoutPartsItProvesTheEntryAlone) {
  Sample sample(journal::Shown::kAll);
  sample.receipt.shown.parts.reset();
  const ReceiptReport report = sample.Verify();
  EXPECT_EQ(report.verdict, VerifyVerdict::kGood) << report.why;
  EXPECT_THAT(report.opened, IsEmpty());
}

TEST(ReceiptTest, EveryFlippedBitIsNoticed) {
  const std::string text = journal::ToText(Sample(journal::Shown::kCompanysPart).receipt);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = static_cast<char>(damaged[i] ^ 1 << i % 8);
    EXPECT_EQ(VerifyReceipt(damaged, {TestLog().vkey()}).verdict, VerifyVerdict::kFaulty) << i;
  }
}

// One key signs several journals; the signature's line can be given the name of another.
TEST(ReceiptTest, AnotherJournalOfTheSameKeyIsNotTakenForThis) {
  Sample sample(journal::Shown::kCompanysPart, "ledger.example/directory");
  const std::string text = sample.log.Checkpoint().ToText();
  sample.receipt.checkpoint = text + "\n" + *TestLog().signer().SignatureLine(text);
  const ReceiptReport report = sample.Verify();
  EXPECT_EQ(report.verdict, VerifyVerdict::kFaulty);
  EXPECT_THAT(report.why, HasSubstr("none of the given keys"));
}

TEST(ReceiptTest, KeysThatCannotBeUsedAreBadInput) {
  const std::string text = journal::ToText(Sample(journal::Shown::kCompanysPart).receipt);
  EXPECT_EQ(VerifyReceipt(text, {}).verdict, VerifyVerdict::kBadInput);
  EXPECT_EQ(VerifyReceipt(text, {"nokey"}).verdict, VerifyVerdict::kBadInput);
  EXPECT_EQ(VerifyReceipt("", {TestLog().vkey()}).verdict, VerifyVerdict::kFaulty);
}

}  // namespace
}  // namespace consent::verify

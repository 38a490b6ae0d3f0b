// SPDX-License-Identifier: Apache-2.0

#include "src/journal/event_parts.h"

#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <variant>

#include "gtest/gtest.h"
#include "src/base/status_matchers.h"
#include "src/journal/test_events.h"

namespace consent::journal {
namespace {

using ::testing::HasSubstr;

TEST(EventPartsTest, EveryKindIsThere) {
  std::set<core::Kind> kinds;
  for (const core::EventBody& body : TestEvents()) kinds.insert(KindOf(body));
  kinds.insert(KindOf(TestRecovered()));
  EXPECT_EQ(kinds.size(), std::variant_size_v<core::EventBody>);
}

TEST(EventPartsTest, EveryEventRoundTripsThroughItsParts) {
  for (const core::EventBody& body : TestEvents()) {
    const Entry entry = TestEntry(body);
    const Parts parts = ToParts(body, kTestContactPoint);
    EXPECT_EQ(parts.contact, kTestContactPoint);
    ASSERT_OK_AND_ASSIGN(const core::Event event, ToEvent(entry, parts));
    EXPECT_EQ(event.body, body) << int{entry.kind};
    EXPECT_EQ(event.at, entry.at);
    EXPECT_EQ(event.position, entry.position);
  }
}

TEST(EventPartsTest, WhatIsRenamedLiesInTheLedgersPartAlone) {
  for (const core::EventBody& body : TestEvents()) {
    const Parts plain = ToParts(body, kTestContactPoint);
    const Parts parts = ToParts(body, kTestContactPoint, TestRenamed());
    EXPECT_EQ(parts.contact, plain.contact);
    EXPECT_EQ(parts.company, plain.company);
    ASSERT_OK_AND_ASSIGN(const core::Event event, ToEvent(TestEntry(body), parts));
    EXPECT_EQ(event.body, body);
    EXPECT_EQ(event.renamed, TestRenamed());
    ASSERT_OK_AND_ASSIGN(const core::Event without, ToEvent(TestEntry(body), plain));
    EXPECT_TRUE(without.renamed.empty());
  }
}

TEST(EventPartsTest, ARenamingPartWithoutARenamingIsRefused) {
  Parts parts = ToParts(TestEvents()[7], "");
  parts.ledger[0] = 3;
  parts.ledger.insert(1, 1, '\0');  // A list of none.
  EXPECT_THAT(ToEvent(TestEntry(TestEvents()[7]), parts), StatusIs(absl::StatusCode::kDataLoss));
}

TEST(EventPartsTest, PartsOfAnotherKindAreRefused) {
  const auto events = TestEvents();
  for (const core::EventBody& body : events) {
    for (const core::EventBody& other : events) {
      if (KindOf(body) == KindOf(other)) continue;
      Entry entry = TestEntry(body);
      const auto event = ToEvent(entry, ToParts(other, kTestContactPoint));
      // Kinds with the same fields tell themselves apart by the entry's kind alone.
      if (event.ok()) {
        EXPECT_EQ(KindOf(event->body), KindOf(body));
      }
    }
  }
  Entry unknown = TestEntry(events[0]);
  for (const uint8_t kind : {uint8_t{0}, uint8_t{63}, uint8_t{64}, uint8_t{255}}) {
    unknown.kind = kind;
    EXPECT_THAT(ToEvent(unknown, ToParts(events[0], "")),
                StatusIs(absl::StatusCode::kDataLoss, HasSubstr("unknown kind")));
  }
}

TEST(EventPartsTest, MalformedPartsAreDataLoss) {
  for (const core::EventBody& body : TestEvents()) {
    const Entry entry = TestEntry(body);
    for (std::string Parts::*part : {&Parts::company, &Parts::ledger}) {
      Parts parts = ToParts(body, "");
      ASSERT_FALSE((parts.*part).empty()) << "every part says its version";
      Parts longer = parts;
      (longer.*part).push_back('\0');
      EXPECT_THAT(ToEvent(entry, longer), StatusIs(absl::StatusCode::kDataLoss));
      Parts shorter = parts;
      (shorter.*part).pop_back();
      EXPECT_THAT(ToEvent(entry, shorter), StatusIs(absl::StatusCode::kDataLoss));
      Parts version = parts;
      (version.*part)[0] = 1;
      EXPECT_THAT(ToEvent(entry, version), StatusIs(absl::StatusCode::kDataLoss));
    }
  }
}

// What is the consumer's own affair or the ledger's must not be in the part that a company sees.
TEST(EventPartsTest, CompanyPartSaysNothingOfTheRest) {
  for (const core::EventBody& body : TestEvents()) {
    const std::string company = ToParts(body, kTestContactPoint).company;
    EXPECT_EQ(company.find("preferences/all"), std::string::npos);
    EXPECT_EQ(company.find("Europe/Paris"), std::string::npos);
    EXPECT_EQ(company.find("639980001"), std::string::npos);
    EXPECT_EQ(company.find(std::string(32, '\xc1')), std::string::npos) << "the contact id";
  }
  for (const size_t own_affair : {0u, 3u, 4u}) {
    EXPECT_EQ(ToParts(TestEvents()[own_affair], "").company.size(), 1u) << "a version, no more";
  }
}

TEST(EventPartsTest, EntryShowsTheAnsweredReasonAndNotTheTrueOne) {
  const core::EventBody decided = TestEvents()[5];
  EXPECT_EQ(ReasonAnswered(decided), core::Reason::kNoPermission);
  EXPECT_EQ(ChannelOf(decided), core::Channel::kCall);
  EXPECT_EQ(CompanyOf(decided), "acme");
  EXPECT_EQ(CompanyOf(TestEvents()[3]), "") << "blocks are the consumer's own affair";
  EXPECT_EQ(ReasonAnswered(TestEvents()[1]), core::Reason::kUnspecified);
}

// Whatever texts and numbers an event is made of.
RC_GTEST_PROP(EventPartsPropertyTest, AnyDecisionRoundTrips, ()) {
  core::Decided decided = std::get<core::Decided>(TestEvents()[5]);
  decided.request.company = *rc::gen::arbitrary<std::string>();
  decided.request.request_id = *rc::gen::arbitrary<std::string>();
  decided.request.caller_number = *rc::gen::arbitrary<std::string>();
  decided.request.permit_ttl = {*rc::gen::arbitrary<int64_t>()};
  decided.answer.limit = *rc::gen::arbitrary<std::string>();
  decided.answer.remaining.clear();
  for (const int64_t count : *rc::gen::arbitrary<std::vector<int64_t>>()) {
    decided.answer.remaining.push_back({*rc::gen::arbitrary<std::string>(), count});
  }
  if (*rc::gen::arbitrary<bool>()) decided.answer.next_allowed.reset();
  decided.true_limit = *rc::gen::arbitrary<std::string>();
  const core::EventBody body = decided;
  const auto event = ToEvent(TestEntry(body), ToParts(body, ""));
  RC_ASSERT(event.ok());
  RC_ASSERT(event->body == body);
}

}  // namespace
}  // namespace consent::journal

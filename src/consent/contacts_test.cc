// SPDX-License-Identifier: Apache-2.0
//
// However many there are, the index says what looking through all of them would.

#include "src/consent/contacts.h"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/base/codec.h"
#include "src/base/status_matchers.h"
#include "src/consent/test_world.h"
#include "src/consent/window.h"

namespace consent::core {
namespace {

constexpr Instant kStart{1'772'442'000};

int64_t Between(int64_t least, int64_t most) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int64_t>(least, most + 1));
}

Contact AnyContact(const Contacts& contacts, uint64_t position, Instant at) {
  Contact contact;
  contact.position = {position};
  contact.at = at;
  contact.request_id = "r" + std::to_string(position);
  Circumstances circumstances;
  circumstances.request.channel = Between(0, 1) == 0 ? Channel::kCall : Channel::kSms;
  circumstances.request.purpose = Between(0, 1) == 0 ? Purpose::kDirectMarketing : Purpose::kSurvey;
  circumstances.basis = Between(0, 1) == 0 ? Basis::kConsent : Basis::kContract;
  circumstances.attempts_apart = Between(0, 1) == 0;
  circumstances.request.hold = Seconds{Between(0, 2) * 600};
  for (int64_t n = Between(0, 3); n > 0; --n) {
    circumstances.limits.push_back("limit " + std::to_string(n));
    contact.rests.push_back(Between(0, 1'000'000));
  }
  if (circumstances.request.hold == Seconds{0}) contact.contact_before = at + Seconds{60};
  if (Between(0, 4) == 0) contact.next_allowed = Instant{Between(-1, 1) * INT64_MAX};
  contact.circumstances = contacts.Share(std::move(circumstances));
  return contact;
}

void Change(Contact& contact) {
  switch (Between(0, 3)) {
    case 0:
      contact.contact_before = contact.at + Seconds{30};  // Confirmed.
      break;
    case 1:
      contact.state = Between(0, 1) == 0 ? Contact::State::kReleased : Contact::State::kRefused;
      break;
    default:
      contact.state = Contact::State::kReported;
      contact.outcome = Between(0, 1) == 0 ? Outcome::kNoAnswer : Outcome::kConnected;
  }
}

// By looking through all.
int64_t CountThrough(const Contacts& contacts, const ContactKind& kind, Instant from, Instant now) {
  return std::count_if(contacts.begin(), contacts.end(), [&](const Contact& contact) {
    return KindOf(contact) == kind && contact.at >= from && contact.CountsAt(now);
  });
}

int64_t CountIndexed(const Contacts& contacts, const ContactKind& kind, Instant from, Instant now) {
  int64_t count = 0;
  for (const LeafIndex position : contacts.tally()->held) {
    const Contact& contact = *contacts.Find(position);
    count += KindOf(contact) == kind && contact.at >= from && contact.CountsAt(now) ? 1 : 0;
  }
  for (const Contacts::Row& row : contacts.tally()->rows) {
    if (!(row.kind == kind)) continue;
    EXPECT_TRUE(std::is_sorted(row.moments.begin(), row.moments.end()));
    count += row.moments.end() - std::lower_bound(row.moments.begin(), row.moments.end(), from);
  }
  return count;
}

void CheckIndex(const Contacts& contacts, Instant now) {
  ASSERT_EQ(contacts.tally() != nullptr, contacts.size() >= Contacts::kIndexedMin);
  for (const Contact& contact : contacts) {
    EXPECT_EQ(contacts.FindRequest(contact.request_id), &contact);
  }
  EXPECT_EQ(contacts.FindRequest("none"), nullptr);
  if (contacts.tally() == nullptr) return;
  for (const Contact& of : contacts) {
    for (const Instant from : {kStart, of.at}) {
      EXPECT_EQ(CountIndexed(contacts, KindOf(of), from, now),
                CountThrough(contacts, KindOf(of), from, now));
    }
  }
}

RC_GTEST_PROP(ContactsTest, TheIndexFollowsEveryChange, ()) {
  Contacts contacts;
  Instant now = kStart;
  uint64_t position = 0;
  for (int64_t step = Between(1, 60); step > 0; --step) {
    const int64_t what = Between(0, 9);
    if (what < 6 || contacts.empty()) {
      now = now + Seconds{Between(0, 900)};
      contacts.Add(AnyContact(contacts, position++, now));
    } else if (what < 9) {
      const auto which = static_cast<size_t>(Between(0, static_cast<int64_t>(contacts.size()) - 1));
      EXPECT_TRUE(contacts.Update(contacts[which].position, Change));
    } else {
      const auto end = contacts.begin() + Between(0, 4 % static_cast<int64_t>(contacts.size()));
      contacts.RemoveUpTo(end,
                          [](const Contact& contact) { return contact.position.value % 2 == 0; });
    }
    CheckIndex(contacts, now);
  }
  const Contacts copy = contacts;
  CheckIndex(copy, now);
  EXPECT_EQ(copy, contacts);
  CompanyRecord company;
  company.contacts = contacts;
  const auto decoded = Decode<CompanyRecord>(Encode(company));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->contacts, contacts);
  CheckIndex(decoded->contacts, now);
}

TEST(ContactsTest, IdsOfOneHashAreToldApart) {
  std::unordered_map<uint32_t, std::string> seen;
  std::string one, other;
  for (int n = 0; one.empty(); ++n) {
    other = std::to_string(n);
    const auto [known, is_new] = seen.emplace(HashOfRequest(other), other);
    if (!is_new) one = known->second;
  }
  Contacts contacts;
  const auto add = [&](const std::string& id) {
    Contact contact;
    contact.position = {contacts.size()};
    contact.request_id = id;
    contact.circumstances = contacts.Share({});
    contacts.Add(std::move(contact));
  };
  add(one);
  for (size_t n = 0; n < Contacts::kIndexedMin; ++n) add("r" + std::to_string(n));
  EXPECT_EQ(contacts.FindRequest(other), nullptr);
  add(other);
  EXPECT_EQ(contacts.FindRequest(one), &contacts[0]);
  EXPECT_EQ(contacts.FindRequest(other), &contacts.back());
}

// One contact of a list, as contacts.cc writes it, with what it leaves out before it.
void WriteOne(Writer& writer, std::string id, uint64_t back, const Circumstances& circumstances) {
  writer.Varint(1);  // A position further,
  writer.Varint(0);  // at the same moment.
  writer(id);
  writer.Varint(back);
  if (back == 0) writer(circumstances);
  for (int nothing = 0; nothing < 5; ++nothing) writer.Varint(0);
}

TEST(ContactsTest, CircumstancesAreGivenOnce) {
  Circumstances calls, texts;
  calls.request.channel = Channel::kCall;
  texts.request.channel = Channel::kSms;
  struct Given {
    uint64_t back;
    Circumstances* circumstances;
  };
  const auto decode = [](const std::vector<Given>& list) {
    std::string bytes;
    Writer writer(bytes);
    writer.Varint(list.size());
    for (const Given& given : list) WriteOne(writer, "r", given.back, *given.circumstances);
    const auto contacts = Decode<Contacts>(bytes);
    EXPECT_EQ(contacts.ok() ? Encode(*contacts) : bytes, bytes);
    return contacts;
  };
  const auto shared = decode({{0, &calls}, {0, &texts}, {2, &calls}, {1, &texts}});
  ASSERT_OK(shared);
  EXPECT_EQ(*(*shared)[2].circumstances, calls);
  EXPECT_EQ((*shared)[0].circumstances, (*shared)[2].circumstances);
  EXPECT_EQ((*shared)[1].circumstances, (*shared)[3].circumstances);

  const auto refused = StatusIs(absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(decode({{0, &calls}, {0, &calls}}), refused);
  EXPECT_THAT(decode({{1, &calls}}), refused);
  EXPECT_THAT(decode({{0, &calls}, {2, &calls}}), refused);
  // The ninth last is forgotten, and so is given again.
  std::vector<Circumstances> nine(9);
  std::vector<Given> list;
  for (size_t i = 0; i < nine.size(); ++i) {
    nine[i].grant = std::to_string(i);
    list.push_back({0, &nine[i]});
  }
  std::vector<Given> again = list;
  again.push_back({8, &nine[1]});
  EXPECT_OK(decode(again));
  again.back() = {0, &nine[0]};
  EXPECT_OK(decode(again));
  again.back() = {9, &nine[0]};
  EXPECT_THAT(decode(again), refused);
  again.back() = {0, &nine[1]};
  EXPECT_THAT(decode(again), refused);
}

TEST(ContactsTest, AlikeContactsTakeSomeThirtyBytes) {
  Contacts contacts;
  for (uint64_t n = 0; n < 1000; ++n) {
    Circumstances circumstances;
    circumstances.request.caller_number = "+33199000001";
    circumstances.grant = "a grant";
    circumstances.limits = {"calls"};
    Contact contact;
    contact.position = {1'000'000 + 100'000 * n};
    contact.at = kStart + Seconds{static_cast<int64_t>(n) * 86'400};
    contact.request_id = "request-" + std::to_string(1000 + n);
    contact.rests = {static_cast<int64_t>(1000 - n)};
    contact.contact_before = contact.at + Seconds{300};
    contact.circumstances = contacts.Share(std::move(circumstances));
    contacts.Add(std::move(contact));
  }
  EXPECT_LT(Encode(contacts).size(), 32'000u);
  EXPECT_EQ(contacts[0].circumstances.use_count(), 1000);
}

TEST(ContactsTest, WhatIsNotThereIsNotUpdated) {
  Contacts contacts;
  EXPECT_FALSE(contacts.Update(LeafIndex{0}, [](Contact&) { FAIL(); }));
}

RC_GTEST_PROP(WindowTest, MomentsAreCountedAsOneByOne, ()) {
  const auto period = static_cast<Period>(Between(1, 5));
  const auto alignment =
      period == Period::kLifetime ? Alignment::kUnspecified : static_cast<Alignment>(Between(1, 3));
  const Window window{period, alignment, static_cast<int32_t>(Between(1, 3))};
  const absl::TimeZone zone = Zone(Between(0, 1) == 0 ? "Europe/Paris" : "Australia/Lord_Howe");
  const int64_t apart = Between(0, 1) == 0 ? 3 * 3600 : 20 * 86'400;
  std::vector<Instant> made;
  Instant last = kStart + Seconds{Between(0, 500) * 86'400};
  for (int64_t n = Between(0, 40); n > 0; --n) {
    made.push_back(last);
    last = last + Seconds{Between(0, apart)};
  }
  const WindowAt at(window, kStart, last, zone);
  const auto counts = [&](Instant moment) { return at.Counts(moment); };
  EXPECT_EQ(at.CountOf(made), std::count_if(made.begin(), made.end(), counts));
}

}  // namespace
}  // namespace consent::core

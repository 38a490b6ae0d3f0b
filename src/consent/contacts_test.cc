// SPDX-License-Identifier: Apache-2.0
//
// However many there are, the index says what looking through all of them would.

#include "src/consent/contacts.h"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "src/base/codec.h"
#include "src/consent/test_world.h"
#include "src/consent/window.h"

namespace consent::core {
namespace {

constexpr Instant kStart{1'772'442'000};

int64_t Between(int64_t least, int64_t most) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<int64_t>(least, most + 1));
}

Contact AnyContact(uint64_t position, Instant at) {
  Contact contact;
  contact.position = {position};
  contact.at = at;
  contact.request.request_id = "r" + std::to_string(position);
  contact.request.channel = Between(0, 1) == 0 ? Channel::kCall : Channel::kSms;
  contact.request.purpose = Between(0, 1) == 0 ? Purpose::kDirectMarketing : Purpose::kSurvey;
  contact.basis = Between(0, 1) == 0 ? Basis::kConsent : Basis::kContract;
  contact.attempts_apart = Between(0, 1) == 0;
  contact.request.hold = Seconds{Between(0, 2) * 600};
  if (contact.request.hold == Seconds{0}) contact.contact_before = at + Seconds{60};
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
    EXPECT_EQ(contacts.FindRequest(contact.request.request_id), &contact);
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
      contacts.Add(AnyContact(position++, now));
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

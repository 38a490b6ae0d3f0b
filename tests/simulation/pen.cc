// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/pen.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "src/contact/contact_id.h"
#include "src/ledger/test_ledger.h"
#include "src/statement/envelope.h"

namespace consent::simulation {
namespace {

constexpr int64_t kDayS = 24 * 60 * 60;
constexpr int kPeople = 6;

const contact::Pepper& SimulationPepper() {
  static const auto* const pepper = new contact::Pepper(
      contact::Pepper::kFirstVersion, crypto::HmacKey::FromBytes("the pepper of simulations"));
  return *pepper;
}

ledger::StatementCommand Sealed(const v1::Statement& message, const Person& person,
                                const crypto::PrivateKey& key) {
  const auto sealed = statement::Sign(message, key);
  if (!sealed.ok()) std::abort();
  auto opened = statement::Open(*sealed, ledger::kTestOrigin);
  if (!opened.ok()) std::abort();
  return {.opened = *std::move(opened),
          .contact = person.contact,
          .place = {.zones = {person.zone}, .regions = {}},
          .same_consumer_as = std::nullopt};
}

}  // namespace

const std::vector<Person>& Everybody() {
  static const auto* const everybody = [] {
    // East and west of Greenwich, whole and half hours, changes of the clock in both halves of the
    // year.
    const char* const zones[] = {"Europe/Paris", "Europe/Paris", "America/St_Johns"};
    auto* const people = new std::vector<Person>();
    for (int number = 0; number <= kPeople; ++number) {
      const std::string contact_point = ledger::ContactPointOf(number);
      people->push_back({contact_point,
                         SimulationPepper().Of(*contact::ContactPoint::Parse(contact_point)),
                         ledger::KeyOf(contact_point), zones[number % std::size(zones)]});
    }
    return people;
  }();
  return *everybody;
}

const std::vector<std::string>& AllCompanies() {
  static const auto* const all =
      new std::vector<std::string>(std::begin(kCompanies), std::end(kCompanies));
  return *all;
}

std::vector<directory::DirectoryEvent> Parties() {
  std::vector<directory::DirectoryEvent> events;
  events.push_back(
      directory::PartyPut{"registrar", directory::Role::kRegistrar, "A registrar", false});
  const crypto::PrivateKey key = ledger::KeyOf("registrar");
  events.push_back(
      directory::KeyAdded{"registrar", key.public_key().id(), key.public_key().spki()});
  for (const char* const company : kCompanies) {
    events.push_back(directory::PartyPut{company, directory::Role::kCompany,
                                         absl::StrCat("Company ", company), false});
  }
  return events;
}

v1::Statement Pen::Begin(const Person& person) {
  v1::Statement message;
  message.set_statement_id(absl::StrFormat("%016d", ++statements_));
  message.set_audience(std::string(ledger::kTestOrigin));
  message.mutable_signed_at()->set_seconds(time_.now_ms / 1000);
  message.mutable_signed_at()->set_nanos(static_cast<int32_t>(time_.now_ms % 1000) * 1'000'000);
  message.set_contact_point(person.contact_point);
  return message;
}

void Pen::AddLimit(v1::Grant& grant) {
  v1::Limit& limit = *grant.add_limits();
  limit.set_limit_id(absl::StrCat("l", grant.limits_size()));
  for (const v1::Channel channel : dice_.Some({v1::CHANNEL_CALL, v1::CHANNEL_SMS})) {
    limit.add_channels(channel);
  }
  limit.set_max(1 + dice_.Below(4));
  if (dice_.One(6)) limit.set_max_attempts(1 + dice_.Below(4));
  v1::Window& window = *limit.mutable_window();
  window.set_period(dice_.Pick({v1::PERIOD_DAY, v1::PERIOD_WEEK, v1::PERIOD_MONTH, v1::PERIOD_YEAR,
                                v1::PERIOD_YEAR, v1::PERIOD_LIFETIME}));
  if (window.period() == v1::PERIOD_LIFETIME) return;
  if (dice_.One(4)) window.set_count(2);
  window.set_alignment(
      dice_.Pick({v1::ALIGNMENT_CALENDAR, v1::ALIGNMENT_ROLLING, v1::ALIGNMENT_GRANT}));
}

void Pen::FillGrant(const std::string& company, v1::Grant& grant) {
  grant.set_grant_id(absl::StrCat("g", ++grants_));
  grant.set_company(company);
  grant.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
  for (int64_t limits = 1 + dice_.Below(2); limits > 0; --limits) AddLimit(grant);
  const int64_t now_s = time_.now_ms / 1000;
  if (dice_.One(5)) grant.mutable_valid_from()->set_seconds(now_s + dice_.Below(3) * 60);
  if (dice_.One(4)) {
    grant.mutable_valid_until()->set_seconds(now_s + 3600 + dice_.Below(700) * kDayS);
  }
  if (dice_.One(8)) {
    v1::Hours& hours = *grant.add_hours();
    for (int day = v1::WEEKDAY_MONDAY; day <= v1::WEEKDAY_SUNDAY; ++day) {
      if (!dice_.One(4) || day == v1::WEEKDAY_MONDAY) hours.add_days(v1::Weekday(day));
    }
    hours.set_from_minute(static_cast<int32_t>(60 * dice_.Below(10)));
    hours.set_to_minute(static_cast<int32_t>(60 * (15 + dice_.Below(10))));
  }
}

ledger::StatementCommand Pen::Binding(const Person& person) {
  v1::Statement message = Begin(person);
  message.mutable_key_binding()->set_public_key(person.key.public_key().spki());
  return Sealed(message, person, ledger::KeyOf("registrar"));
}

ledger::StatementCommand Pen::Grant(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  FillGrant(company, *message.mutable_grant());
  return Sealed(message, person, person.key);
}

ledger::StatementCommand Pen::Claim(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  FillGrant(company, *message.mutable_claim()->mutable_grant());
  v1::Evidence& evidence = *message.mutable_claim()->mutable_evidence();
  evidence.mutable_collected_at()->set_seconds(time_.now_ms / 1000 - 1 - dice_.Below(100));
  evidence.set_text_sha256(std::string(32, 't'));
  evidence.set_method("web form");
  evidence.set_collected_by("the shop");
  return Sealed(message, person, ledger::KeyOf("registrar"));
}

ledger::StatementCommand Pen::Revocation(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  message.mutable_revocation()->set_company(company);
  return Sealed(message, person, person.key);
}

ledger::StatementCommand Pen::Block(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  message.mutable_block()->set_company(company);
  return Sealed(message, person, person.key);
}

ledger::StatementCommand Pen::Unblock(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  message.mutable_unblock()->set_company(company);
  return Sealed(message, person, person.key);
}

ledger::EraseCommand Pen::Erasure(const Person& person) {
  v1::Statement message = Begin(person);
  message.mutable_erase_request();
  const ledger::StatementCommand command = Sealed(message, person, person.key);
  return {.contact = command.contact,
          .key = command.opened.key.id(),
          .id = command.opened.id,
          .signed_at_ms = command.opened.signed_at_ms};
}

}  // namespace consent::simulation

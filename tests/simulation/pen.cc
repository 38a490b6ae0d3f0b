// SPDX-License-Identifier: Apache-2.0

#include "tests/simulation/pen.h"

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "src/contact/contact_id.h"
#include "src/ledger/test_ledger.h"
#include "src/rules/embedded.h"
#include "src/statement/envelope.h"

namespace consent::simulation {
namespace {

constexpr int64_t kDayS = 24 * 60 * 60;
constexpr int kPeople = 6;

std::array<contact::ContactName, kPeppers> NamesOf(const std::string& contact_point) {
  const contact::ContactPoint point = *contact::ContactPoint::Parse(contact_point);
  return {AtHand(Peppers::kFirst).NameOf(point), AtHand(Peppers::kBoth).NameOf(point),
          AtHand(Peppers::kSecond).NameOf(point)};
}

ledger::StatementCommand Sealed(const v1::Statement& message, const Person& person,
                                const crypto::PrivateKey& key) {
  const auto sealed = statement::Sign(message, key);
  if (!sealed.ok()) std::abort();
  auto opened = statement::Open(*sealed, ledger::kTestOrigin);
  if (!opened.ok()) std::abort();
  return {.opened = *std::move(opened),
          .contact = person.NameUnder(Peppers::kFirst),
          .place = {.zones = {person.zone}, .regions = {}},
          .same_consumer_as = std::nullopt};
}

}  // namespace

const contact::Peppers& AtHand(Peppers which) {
  static const auto* const all = new std::array<contact::Peppers, kPeppers>{
      ledger::TestPeppers(1, 1), ledger::TestPeppers(2, 1), ledger::TestPeppers(2, 2)};
  return (*all)[static_cast<size_t>(which)];
}

const std::vector<Person>& Everybody() {
  static const auto* const everybody = [] {
    // East and west of Greenwich, whole and half hours, changes of the clock in both halves of the
    // year.
    const char* const zones[] = {"Europe/Paris", "Europe/Paris", "America/St_Johns"};
    auto* const people = new std::vector<Person>();
    for (int number = 0; number <= kPeople; ++number) {
      const std::string contact_point = ledger::ContactPointOf(number);
      people->push_back({contact_point, NamesOf(contact_point), ledger::KeyOf(contact_point),
                         zones[number % std::size(zones)]});
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

std::map<std::string, model::Company> KnownCompanies() {
  std::map<std::string, model::Company> known;
  for (const std::string& company : AllCompanies()) known[company].group = kGroup;
  known["beta"].sectors.Add(core::Purpose::kPress);
  return known;
}

directory::PartyPut PartyOf(const std::string& company, bool named_in_entries) {
  const model::Company known = KnownCompanies()[company];
  return {company,
          directory::Role::kCompany,
          absl::StrCat("Company ", company),
          named_in_entries,
          known.group,
          known.sectors};
}

const rules::Pack& FrenchLaw() {
  static const auto* const law = new absl::StatusOr<rules::Pack>(rules::FindPack("fr"));
  return law->value();
}

std::vector<directory::DirectoryEvent> Parties(bool law) {
  std::vector<directory::DirectoryEvent> events;
  events.push_back(
      directory::PartyPut{"registrar", directory::Role::kRegistrar, "A registrar", false});
  const crypto::PrivateKey key = ledger::KeyOf("registrar");
  events.push_back(
      directory::KeyAdded{"registrar", key.public_key().id(), key.public_key().spki()});
  for (const std::string& company : AllCompanies()) events.push_back(PartyOf(company, false));
  if (law) {
    events.push_back(directory::RulePackPut{"fr", absl::FormatCivilTime(FrenchLaw().version),
                                            FrenchLaw().sha256});
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

v1::Limit Pen::AnyLimit(const std::string& id) {
  v1::Limit limit;
  limit.set_limit_id(id);
  for (const v1::Channel channel : dice_.Some({v1::CHANNEL_CALL, v1::CHANNEL_SMS})) {
    limit.add_channels(channel);
  }
  limit.set_max(1 + dice_.Below(4));
  if (dice_.One(6)) limit.set_max_attempts(1 + dice_.Below(4));
  v1::Window& window = *limit.mutable_window();
  window.set_period(dice_.Pick({v1::PERIOD_DAY, v1::PERIOD_WEEK, v1::PERIOD_MONTH, v1::PERIOD_YEAR,
                                v1::PERIOD_YEAR, v1::PERIOD_LIFETIME}));
  if (window.period() == v1::PERIOD_LIFETIME) return limit;
  if (dice_.One(4)) window.set_count(2);
  window.set_alignment(
      dice_.Pick({v1::ALIGNMENT_CALENDAR, v1::ALIGNMENT_ROLLING, v1::ALIGNMENT_GRANT}));
  return limit;
}

void Pen::AddEvidence(v1::Evidence& evidence) {
  evidence.mutable_collected_at()->set_seconds(time_.now_ms / 1000 - 1 - dice_.Below(100));
  evidence.set_text_sha256(std::string(32, 't'));
  evidence.set_method("web form");
  evidence.set_collected_by("the shop");
}

void Pen::FillGrant(const std::string& company, v1::Grant& grant) {
  grant.set_grant_id(absl::StrCat("g", ++grants_));
  grant.set_company(company);
  grant.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
  for (int64_t limits = 1 + dice_.Below(2), i = 1; i <= limits; ++i) {
    *grant.add_limits() = AnyLimit(absl::StrCat("l", i));
  }
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
  AddEvidence(*message.mutable_claim()->mutable_evidence());
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

ledger::StatementCommand Pen::NarrowBlock(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  v1::Block& block = *message.mutable_block();
  block.set_company(company);
  if (dice_.One(2)) {
    block.set_company(kGroup);
    block.set_whose(v1::BLOCK_TARGET_GROUP);
  }
  if (dice_.One(2)) block.add_channels(v1::CHANNEL_SMS);
  block.add_purposes(dice_.Pick({v1::PURPOSE_DIRECT_MARKETING, v1::PURPOSE_PRESS}));
  return Sealed(message, person, person.key);
}

ledger::StatementCommand Pen::Unblock(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  message.mutable_unblock()->set_company(company);
  if (company == kGroup) message.mutable_unblock()->set_whose(v1::BLOCK_TARGET_GROUP);
  return Sealed(message, person, person.key);
}

ledger::StatementCommand Pen::Preferences(const Person& person) {
  v1::Statement message = Begin(person);
  v1::Preferences& preferences = *message.mutable_preferences();
  for (int64_t limits = dice_.Below(3), i = 1; i <= limits; ++i) {
    v1::Limit& limit = *preferences.add_limits() = AnyLimit(absl::StrCat("p", i));
    limit.set_max(2 + dice_.Below(8));
    v1::Window& window = *limit.mutable_window();
    if (window.period() == v1::PERIOD_LIFETIME) window.set_period(v1::PERIOD_MONTH);
    if (window.alignment() != v1::ALIGNMENT_ROLLING) window.set_alignment(v1::ALIGNMENT_CALENDAR);
  }
  if (dice_.One(5)) {
    v1::Hours& quiet = *preferences.add_quiet();
    quiet.add_days(v1::WEEKDAY_SUNDAY);
    quiet.set_from_minute(static_cast<int32_t>(60 * dice_.Below(12)));
    quiet.set_to_minute(static_cast<int32_t>(60 * (13 + dice_.Below(12))));
  }
  if (dice_.One(8)) {
    preferences.mutable_pause_until()->set_seconds(time_.now_ms / 1000 + dice_.Below(10 * kDayS));
  }
  if (dice_.One(4)) preferences.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
  return Sealed(message, person, person.key);
}

ledger::StatementCommand Pen::Contract(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  v1::Contract& contract = *message.mutable_contract_claim()->mutable_contract();
  contract.set_company(company);
  contract.set_contract_id(dice_.Pick({"c1", "c2"}));
  contract.set_relation(dice_.Pick({v1::RELATION_CONTRACT, v1::RELATION_PURCHASE}));
  contract.set_object("electricity");
  const int64_t now_s = time_.now_ms / 1000;
  contract.mutable_valid_from()->set_seconds(now_s - dice_.Below(100 * kDayS));
  if (dice_.One(3)) {
    contract.mutable_valid_until()->set_seconds(now_s + 3600 + dice_.Below(100 * kDayS));
  }
  contract.set_similar_products(dice_.One(2));
  AddEvidence(*message.mutable_contract_claim()->mutable_evidence());
  return Sealed(message, person, ledger::KeyOf("registrar"));
}

ledger::StatementCommand Pen::Contest(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  message.mutable_contest()->set_company(company);
  if (dice_.One(2)) message.mutable_contest()->set_contract_id("c1");
  return Sealed(message, person, person.key);
}

ledger::StatementCommand Pen::Callback(const Person& person, const std::string& company) {
  v1::Statement message = Begin(person);
  v1::CallbackRequest& request = *message.mutable_callback_request();
  request.set_company(company);
  request.set_callback_id(dice_.Pick({"b1", "b2"}));
  request.add_channels(v1::CHANNEL_CALL);
  request.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
  request.mutable_valid_until()->set_seconds(time_.now_ms / 1000 + 3600 + dice_.Below(3 * kDayS));
  return Sealed(message, person, person.key);
}

ledger::StatementCommand Pen::NewHolder(const Person& person) {
  v1::Statement message = Begin(person);
  message.mutable_holder_change()->set_new_holder(true);
  return Sealed(message, person, ledger::KeyOf("registrar"));
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

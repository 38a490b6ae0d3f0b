// SPDX-License-Identifier: Apache-2.0

#include "src/ledger/test_ledger.h"

#include <cstdio>
#include <cstdlib>
#include <map>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "src/base/mutex.h"
#include "src/base/status_macros.h"
#include "src/contact/contact_point.h"
#include "src/crypto/hash.h"
#include "src/ledger/place_of.h"
#include "src/statement/envelope.h"
#include "src/statement/proposal.h"

namespace consent::ledger {
namespace {

// Ends the test program: a test that cannot be set up has nothing to say.
void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "test ledger: %s\n", status.ToString().c_str());
  std::abort();
}

void FillGrant(const std::string& grant_id, const std::string& company, int calls, int texts,
               v1::Grant& grant) {
  grant.set_grant_id(grant_id);
  grant.set_company(company);
  grant.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
  const auto add = [&grant](const char* id, v1::Channel channel, int max) {
    v1::Limit& limit = *grant.add_limits();
    limit.set_limit_id(id);
    limit.add_channels(channel);
    limit.set_max(max);
    limit.mutable_window()->set_period(v1::PERIOD_YEAR);
    limit.mutable_window()->set_alignment(v1::ALIGNMENT_CALENDAR);
  };
  add("calls", v1::CHANNEL_CALL, calls);
  if (texts > 0) add("texts", v1::CHANNEL_SMS, texts);
}

}  // namespace

crypto::PrivateKey KeyOf(std::string_view name) {
  // A key takes OpenSSL 0.2 ms to make; tests ask for the same ones again and again.
  static Mutex mutex;
  static auto* const known = new std::map<std::string, crypto::PrivateKey, std::less<>>();
  MutexLock lock(&mutex);
  auto key = known->find(name);
  if (key == known->end()) {
    const Digest seed = crypto::Sha256({"test key of ", name});
    key =
        known
            ->emplace(name,
                      crypto::PrivateKey::FromEd25519Seed(*crypto::Secret::FromBytes(seed.view())))
            .first;
  }
  return key->second;
}

std::string ContactPointOf(int number) { return absl::StrFormat("tel:+3363998%04d", number); }

Person PersonOf(int number) {
  const std::string contact_point = ContactPointOf(number);
  return {contact_point, KeyOf(contact_point)};
}

contact::Peppers TestPeppers(uint8_t newest, uint8_t oldest) {
  std::vector<contact::Pepper> peppers;
  for (int version = newest; version >= oldest; --version) {
    const std::string key = absl::StrCat("test pepper ", version);
    peppers.emplace_back(static_cast<uint8_t>(version), crypto::HmacKey::FromBytes(key));
  }
  return contact::Peppers(std::move(peppers));
}

TestLedger::TestLedger(store::Store& store, ManualClock& clock, size_t records_in_memory,
                       uint8_t newest_pepper, uint8_t oldest_pepper)
    : store_(store), clock_(clock), peppers_(TestPeppers(newest_pepper, oldest_pepper)) {
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      Ledger::Open(store, clock,
                   {.origin = std::string(kTestOrigin),
                    .peppers = peppers_.Checks(),
                    .records_in_memory = records_in_memory,
                    .journal_keys = {KeyOf("journal")}});
  Require(ledger.status());
  ledger_ = *std::move(ledger);
  if (ledger_->directory().Snapshot()->size().value > 0) return;
  AddCompany("acme");
  Require(
      Change(directory::PartyPut{"registrar", directory::Role::kRegistrar, "A registrar", false})
          .status());
  Require(Change(directory::KeyAdded{"registrar", registrar_key.public_key().id(),
                                     registrar_key.public_key().spki()})
              .status());
  Require(
      Change(directory::KeyAdded{"acme", acme_key.public_key().id(), acme_key.public_key().spki()})
          .status());
}

absl::StatusOr<DirectoryChange> TestLedger::Change(directory::DirectoryEvent event) {
  return Await<DirectoryChange>([&](DirectoryShard::Done done) {
    ledger_->directory().Change(std::move(event), std::move(done));
  });
}

void TestLedger::AddCompany(const std::string& id, bool named_in_entries) {
  Require(Change(directory::PartyPut{id, directory::Role::kCompany, absl::StrCat("Company ", id),
                                     named_in_entries})
              .status());
}

v1::Statement TestLedger::Statement(const Person& person) const {
  v1::Statement message;
  message.set_statement_id(absl::StrFormat("%016d", ++statements_));
  message.set_audience(std::string(kTestOrigin));
  message.mutable_signed_at()->set_seconds(clock_.WallMillis() / 1000);
  message.mutable_signed_at()->set_nanos(static_cast<int32_t>(clock_.WallMillis() % 1000) *
                                         1'000'000);
  message.set_contact_point(person.contact_point);
  return message;
}

v1::Statement TestLedger::Binding(const Person& person) const {
  v1::Statement message = Statement(person);
  message.mutable_key_binding()->set_public_key(person.key.public_key().spki());
  return message;
}

v1::Statement TestLedger::Grant(const Person& person, const std::string& grant_id, int calls,
                                int texts, const std::string& company) const {
  v1::Statement message = Statement(person);
  FillGrant(grant_id, company, calls, texts, *message.mutable_grant());
  return message;
}

v1::Statement TestLedger::Claim(const Person& person, const std::string& grant_id,
                                int64_t collected_s, const std::string& company) const {
  v1::Statement message = Statement(person);
  FillGrant(grant_id, company, 2, 0, *message.mutable_claim()->mutable_grant());
  v1::Evidence& evidence = *message.mutable_claim()->mutable_evidence();
  evidence.mutable_collected_at()->set_seconds(collected_s);
  evidence.set_text_sha256(std::string(32, 't'));
  evidence.set_method("web form");
  evidence.set_collected_by("the shop");
  return message;
}

v1::Statement TestLedger::Revocation(const Person& person, const std::string& company) const {
  v1::Statement message = Statement(person);
  message.mutable_revocation()->set_company(company);
  return message;
}

v1::Statement TestLedger::Block(const Person& person, const std::string& company) const {
  v1::Statement message = Statement(person);
  message.mutable_block()->set_company(company);
  return message;
}

contact::ContactName TestLedger::NameOf(const std::string& contact_point) const {
  return peppers_.NameOf(*contact::ContactPoint::Parse(contact_point));
}

StatementCommand TestLedger::ToCommand(const v1::Statement& statement,
                                       const crypto::PrivateKey& key) const {
  absl::StatusOr<v1::SignedStatement> sealed = statement::Sign(statement, key);
  Require(sealed.status());
  absl::StatusOr<statement::Opened> opened = statement::Open(*sealed, kTestOrigin);
  Require(opened.status());
  contact::ContactName contact = peppers_.NameOf(opened->contact_point);
  core::Place place = PlaceOf(opened->contact_point);
  std::optional<contact::ContactName> same_consumer_as;
  if (const auto other = statement::SameConsumerAs(opened->message); other.has_value()) {
    same_consumer_as = peppers_.NameOf(*other);
  }
  return {.opened = *std::move(opened),
          .contact = std::move(contact),
          .place = std::move(place),
          .same_consumer_as = std::move(same_consumer_as)};
}

absl::StatusOr<StatementAnswers> TestLedger::Take(std::vector<StatementCommand> commands) {
  return Await<StatementAnswers>([&](Done<StatementAnswers> done) {
    shard().Take(Lane(), std::move(commands), std::move(done));
  });
}

absl::StatusOr<StatementAnswer> TestLedger::Say(const v1::Statement& statement,
                                                const crypto::PrivateKey& key) {
  std::vector<StatementCommand> commands;
  commands.push_back(ToCommand(statement, key));
  ASSIGN_OR_RETURN(StatementAnswers answers, Take(std::move(commands)));
  return answers.at(0);
}

void TestLedger::Settle(const Person& person, int calls, int texts, const std::string& company) {
  Require(Say(Binding(person), registrar_key).status());
  Require(Say(Grant(person, "g1", calls, texts, company), person.key).status());
}

ContactCommand TestLedger::Wish(const Person& person, const std::string& request_id,
                                core::Channel channel, const std::string& company) const {
  ContactCommand command;
  command.contact = NameOf(person.contact_point);
  command.contact_point = person.contact_point;
  command.place = PlaceOf(*contact::ContactPoint::Parse(person.contact_point));
  command.request.company = company;
  command.request.request_id = request_id;
  command.request.channel = channel;
  command.request.purpose = core::Purpose::kDirectMarketing;
  return command;
}

absl::StatusOr<ContactAnswers> TestLedger::ConsumeAll(std::vector<ContactCommand> commands) {
  return Await<ContactAnswers>([&](Done<ContactAnswers> done) {
    shard().Consume(Lane(), std::move(commands), std::move(done));
  });
}

absl::StatusOr<ContactAnswer> TestLedger::Consume(const ContactCommand& command) {
  ASSIGN_OR_RETURN(ContactAnswers answers, ConsumeAll({command}));
  return answers.at(0);
}

absl::StatusOr<ContactAnswer> TestLedger::Consume(const Person& person,
                                                  const std::string& request_id,
                                                  core::Channel channel,
                                                  const std::string& company) {
  return Consume(Wish(person, request_id, channel, company));
}

absl::StatusOr<ContactAnswer> TestLedger::Check(const ContactCommand& command) {
  ASSIGN_OR_RETURN(ContactAnswers answers, Await<ContactAnswers>([&](Done<ContactAnswers> done) {
                     shard().Check(Lane(), command, std::move(done));
                   }));
  return answers.at(0);
}

absl::StatusOr<PermitAnswer> TestLedger::Act(PermitCommand command) {
  return Await<PermitAnswer>(
      [&](Done<PermitAnswer> done) { shard().Act(Lane(), std::move(command), std::move(done)); });
}

EraseCommand TestLedger::ToErase(const Person& person) const {
  v1::Statement message = Statement(person);
  message.mutable_erase_request();
  const StatementCommand command = ToCommand(message, person.key);
  return {.contact = command.contact,
          .key = command.opened.key.id(),
          .id = command.opened.id,
          .signed_at_ms = command.opened.signed_at_ms};
}

absl::StatusOr<EraseAnswer> TestLedger::Erase(const EraseCommand& command) {
  return Await<EraseAnswer>(
      [&](Done<EraseAnswer> done) { shard().Erase(Lane(), command, std::move(done)); });
}

absl::StatusOr<ConsumerView> TestLedger::View(const Person& person, const crypto::PrivateKey& key) {
  return Await<ConsumerView>([&](Done<ConsumerView> done) {
    shard().View(Lane(), NameOf(person.contact_point), key.public_key().id(), std::move(done));
  });
}

absl::StatusOr<ReplayReport> TestLedger::StopAndCompare() {
  ledger_->Stop();
  return ReplayAndCompare(store_, kConsumerShard, {});
}

}  // namespace consent::ledger

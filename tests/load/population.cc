// SPDX-License-Identifier: Apache-2.0

#include "tests/load/population.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "consent/v1/directory_service.grpc.pb.h"
#include "consent/v1/grant_service.grpc.pb.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"
#include "src/crypto/secret.h"
#include "src/statement/envelope.h"

namespace consent::load {
namespace {

constexpr char kRegistrar[] = "registrar";
constexpr size_t kConsumersABatch = 250;  // Two statements each.
constexpr int kMessageBytesMax = 64 << 20;

absl::Status FromGrpc(const grpc::Status& status, std::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat(std::string(doing), ": ", status.error_message()));
}

absl::Status PutParty(v1::DirectoryService::Stub& directory, const std::string& id,
                      v1::PartyRole role) {
  v1::PutPartyRequest request;
  request.mutable_party()->set_party_id(id);
  request.mutable_party()->set_role(role);
  request.mutable_party()->set_legal_name(absl::StrCat(id, " for load tests"));
  v1::PutPartyResponse response;
  grpc::ClientContext context;
  return FromGrpc(directory.PutParty(&context, request, &response), "PutParty");
}

constexpr size_t kSharedKeys = 1'000;

// Anybody can compute it: these consumers do not exist.
crypto::PrivateKey MakeKey(size_t consumer) {
  const Digest seed = crypto::Sha256({absl::StrCat("load test consumer ", consumer)});
  return crypto::PrivateKey::FromEd25519Seed(*crypto::Secret::FromBytes(seed.str()));
}

crypto::PrivateKey KeyOf(size_t consumer) {
  if (consumer < kTelephonesMax) return MakeKey(consumer);
  static const auto& shared = *[] {
    auto* const keys = new std::vector<crypto::PrivateKey>();
    for (size_t i = 0; i < kSharedKeys; ++i) keys->push_back(MakeKey(kTelephonesMax + i));
    return keys;
  }();
  return shared[consumer % kSharedKeys];
}

void AddLimit(v1::Grant& grant, const std::string& id, const Terms& terms,
              std::initializer_list<v1::Channel> channels) {
  v1::Limit& limit = *grant.add_limits();
  limit.set_limit_id(id);
  for (const v1::Channel channel : channels) limit.add_channels(channel);
  limit.set_max(terms.max);
  limit.mutable_window()->set_period(terms.period);
  if (terms.period != v1::PERIOD_LIFETIME) {
    limit.mutable_window()->set_alignment(v1::ALIGNMENT_CALENDAR);
  }
}

void AddWeek(v1::Hours& week) {
  for (int day = v1::WEEKDAY_MONDAY; day <= v1::WEEKDAY_SUNDAY; ++day) {
    week.add_days(static_cast<v1::Weekday>(day));
  }
  week.set_to_minute(24 * 60);
}

}  // namespace

std::string ContactPointOf(size_t consumer) {
  if (consumer < 10'000) return absl::StrFormat("tel:+3363998%04d", consumer);
  if (consumer < kTelephonesMax) return absl::StrFormat("tel:+3319900%04d", consumer - 10'000);
  return absl::StrCat("mailto:consumer", consumer, "@example.org");
}

std::shared_ptr<grpc::Channel> Connect(
    const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(kMessageBytesMax);
  return grpc::CreateCustomChannel(
      address, credentials == nullptr ? grpc::InsecureChannelCredentials() : credentials,
      arguments);
}

absl::Status PutCompany(const std::shared_ptr<grpc::Channel>& channel, const std::string& id) {
  return PutParty(*v1::DirectoryService::NewStub(channel), id, v1::PARTY_ROLE_COMPANY);
}

absl::StatusOr<Population> Population::Found(const std::shared_ptr<grpc::Channel>& channel) {
  const auto directory = v1::DirectoryService::NewStub(channel);
  v1::GetLedgerResponse ledger;
  {
    grpc::ClientContext context;
    RETURN_IF_ERROR(FromGrpc(directory->GetLedger(&context, {}, &ledger), "GetLedger"));
  }
  RETURN_IF_ERROR(PutParty(*directory, kCompany, v1::PARTY_ROLE_COMPANY));
  RETURN_IF_ERROR(PutParty(*directory, kRegistrar, v1::PARTY_ROLE_REGISTRAR));
  Population population(ledger.origin(), crypto::PrivateKey::Generate(crypto::Algorithm::kEd25519));
  v1::AddKeyRequest request;
  request.set_party_id(kRegistrar);
  request.set_public_key(population.registrar_.public_key().spki());
  v1::AddKeyResponse response;
  grpc::ClientContext context;
  RETURN_IF_ERROR(FromGrpc(directory->AddKey(&context, request, &response), "AddKey"));
  return population;
}

v1::Statement Population::About(size_t consumer) const {
  v1::Statement statement;
  statement.set_statement_id(statement::NewStatementId());
  statement.set_audience(origin_);
  const int64_t now_ms = absl::ToUnixMillis(absl::Now());
  statement.mutable_signed_at()->set_seconds(now_ms / 1000);
  statement.mutable_signed_at()->set_nanos(static_cast<int32_t>(now_ms % 1000) * 1'000'000);
  statement.set_contact_point(ContactPointOf(consumer));
  return statement;
}

v1::SignedStatement Population::Binding(size_t consumer) const {
  v1::Statement statement = About(consumer);
  statement.mutable_key_binding()->set_public_key(KeyOf(consumer).public_key().spki());
  statement.mutable_key_binding()->set_time_zone("Europe/Paris");
  return *statement::Sign(statement, registrar_);
}

v1::SignedStatement Population::Grant(size_t consumer, const Terms& terms) const {
  v1::Statement statement = About(consumer);
  v1::Grant& grant = *statement.mutable_grant();
  grant.set_grant_id("load");
  grant.set_company(kCompany);
  grant.add_purposes(v1::PURPOSE_DIRECT_MARKETING);
  AddLimit(grant, "calls", terms, {v1::CHANNEL_CALL});
  AddLimit(grant, "all", terms, {v1::CHANNEL_CALL, v1::CHANNEL_SMS});
  if (terms.any_hour) AddWeek(*grant.add_outside_legal_hours());
  return Signed(statement, consumer);
}

std::vector<Spoken> Population::Entry(size_t consumer, const Terms& terms) const {
  return {{Binding(consumer), registrar_.public_key()},
          {Grant(consumer, terms), KeyOf(consumer).public_key()}};
}

v1::SignedStatement Population::Revocation(size_t consumer) const {
  v1::Statement statement = About(consumer);
  statement.mutable_revocation()->set_company(kCompany);
  return Signed(statement, consumer);
}

v1::SignedStatement Population::Signed(const v1::Statement& statement, size_t consumer) const {
  return *statement::Sign(statement, KeyOf(consumer));
}

v1::SignedStatement Population::Erasure(size_t consumer) const {
  v1::Statement statement = About(consumer);
  statement.mutable_erase_request();
  return Signed(statement, consumer);
}

absl::Status Population::Admit(const std::shared_ptr<grpc::Channel>& channel, size_t first,
                               size_t count, const Terms& terms) const {
  const auto grants = v1::GrantService::NewStub(channel);
  for (size_t done = 0; done < count; done += kConsumersABatch) {
    v1::RecordStatementsRequest request;
    for (size_t i = done; i < std::min(count, done + kConsumersABatch); ++i) {
      *request.add_statements() = Binding(first + i);
      *request.add_statements() = Grant(first + i, terms);
    }
    v1::RecordStatementsResponse response;
    grpc::ClientContext context;
    RETURN_IF_ERROR(
        FromGrpc(grants->RecordStatements(&context, request, &response), "RecordStatements"));
    for (const v1::StatementResult& result : response.results()) {
      if (!result.has_accepted()) {
        return absl::InternalError(absl::StrCat("RecordStatements: ", result.error().message()));
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace consent::load

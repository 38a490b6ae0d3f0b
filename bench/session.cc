// SPDX-License-Identifier: Apache-2.0

#include "bench/session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "consent/v1/directory_service.grpc.pb.h"
#include "nlohmann/json.hpp"
#include "src/base/status_macros.h"
#include "src/rules/embedded.h"

namespace consent::bench {
namespace {

constexpr int64_t kPlenty = 1'000'000;
constexpr absl::Duration kStartMax = absl::Seconds(120);
constexpr absl::Duration kQuietWithin = absl::Minutes(20);
// Odd and without a common factor with any number of consumers in use: every consumer's turn comes
// equally often, and neighbours in a batch are far apart.
constexpr uint64_t kStride = 7'919;
constexpr char kCallerNumber[] = "+33199001234";

}  // namespace

Session::Session(const Options& options)
    : options_(options),
      first_extra_(load::kTelephonesMax),
      first_law_(first_extra_ + options.rounds * (kHundred + 1)),
      allowed_(first_law_ + 2 * options.consumers) {}

absl::StatusOr<std::unique_ptr<Session>> Session::Open(const Options& options) {
  auto session = std::unique_ptr<Session>(new Session(options));
  RETURN_IF_ERROR(session->StartServer());
  RETURN_IF_ERROR(session->Admit());
  return session;
}

absl::Status Session::StartServer() {
  ASSIGN_OR_RETURN(
      server_, load::ServerProcess::Start(
                   {.program = options_.consentd, .data = options_.folder, .flags = front_.flags}));
  return server_->AwaitServing(kStartMax);
}

absl::Status Session::Admit() {
  const auto channel = load::Connect(server_->address());
  ASSIGN_OR_RETURN(people_, load::Population::Found(channel));
  const load::Population& people = *people_;
  const load::Terms plenty{.max = kPlenty, .period = v1::PERIOD_YEAR};
  const load::Terms few{.max = kFew, .period = v1::PERIOD_LIFETIME};
  RETURN_IF_ERROR(people.Admit(channel, 0, options_.consumers, plenty));
  RETURN_IF_ERROR(people.Admit(channel, first_extra_ / 2, options_.consumers, plenty));
  for (int round = 0; round < options_.rounds; ++round) {
    RETURN_IF_ERROR(people.Admit(channel, HotConsumer(round), 1, plenty));
    RETURN_IF_ERROR(people.Admit(channel, HotConsumer(round) + 1, kHundred, few));
  }
  return people.Admit(channel, first_law_, 2 * options_.consumers,
                      {.max = kPlenty, .period = v1::PERIOD_YEAR, .any_hour = true});
}

absl::Status Session::PutRules(const std::string& pack) {
  ASSIGN_OR_RETURN(const rules::Pack found, rules::FindPack(pack));
  const auto directory = v1::DirectoryService::NewStub(load::Connect(server_->address()));
  grpc::ClientContext context;
  v1::PutRulePackRequest request;
  request.set_pack_id(found.id);
  request.set_sha256(found.sha256.str());
  v1::PutRulePackResponse response;
  const grpc::Status status = directory->PutRulePack(&context, request, &response);
  if (!status.ok()) return absl::InternalError("PutRulePack: " + status.error_message());
  return absl::OkStatus();
}

absl::Status Session::RetireRules(const std::string& pack) {
  const auto directory = v1::DirectoryService::NewStub(load::Connect(server_->address()));
  grpc::ClientContext context;
  v1::RetireRulePackRequest request;
  request.set_pack_id(pack);
  v1::RetireRulePackResponse response;
  const grpc::Status status = directory->RetireRulePack(&context, request, &response);
  if (!status.ok()) return absl::InternalError("RetireRulePack: " + status.error_message());
  return absl::OkStatus();
}

load::LoadReport Session::Empty(load::LoadOptions options) {
  options.address = server_->address();
  return load::CallEmpty(options);
}

load::LoadReport Session::Unary(load::LoadOptions options, const Extras& extras) {
  return UnaryTo(std::move(options), {.first = 0, .count = options_.consumers}, extras);
}

load::LoadReport Session::HotKey(load::LoadOptions options, int round) {
  return UnaryTo(std::move(options), {.first = HotConsumer(round), .count = 1});
}

load::LoadReport Session::Race(load::LoadOptions options, int round) {
  return UnaryTo(std::move(options), {.first = HotConsumer(round) + 1, .count = kHundred});
}

load::LoadReport Session::LawUnary(load::LoadOptions options) {
  options.serials_max = options_.consumers;
  return UnaryTo(
      std::move(options),
      {.first = first_law_, .count = options_.consumers, .caller_number = kCallerNumber});
}

load::LoadReport Session::LawStream(load::LoadOptions options, int batch) {
  options.serials_max = options_.consumers / batch;
  return StreamTo(std::move(options),
                  {.first = first_law_ + options_.consumers,
                   .count = options_.consumers,
                   .caller_number = kCallerNumber},
                  batch);
}

load::LoadReport Session::UnaryTo(load::LoadOptions options, const Crowd& crowd,
                                  const Extras& extras) {
  options.address = server_->address();
  options.credentials = front_.credentials;
  const std::string name = absl::StrCat("load", ++loads_, "-");
  const auto consumer = [&](uint64_t serial) {
    return crowd.first + serial * kStride % crowd.count;
  };
  return load::ConsumeUnary(
      options,
      [&](uint64_t serial, v1::CheckAndConsumeRequest& request) {
        request.set_contact_point(load::ContactPointOf(consumer(serial)));
        request.set_company(load::kCompany);
        request.set_channel(crowd.channel);
        request.set_caller_number(crowd.caller_number);
        request.set_purpose(v1::PURPOSE_DIRECT_MARKETING);
        request.set_request_id(absl::StrCat(name, serial));
        request.set_want_receipt(extras.receipt);
        request.set_want_signed_permit(extras.signed_permit);
      },
      [&](uint64_t serial, const v1::Decision& decision) { Note(consumer(serial), decision); });
}

load::LoadReport Session::Stream(load::LoadOptions options, int batch) {
  return StreamTo(
      std::move(options),
      {.first = first_extra_ / 2, .count = options_.consumers, .channel = v1::CHANNEL_SMS}, batch);
}

load::LoadReport Session::StreamTo(load::LoadOptions options, const Crowd& crowd, int batch) {
  options.address = server_->address();
  options.credentials = front_.credentials;
  const std::string name = absl::StrCat("load", ++loads_, "-");
  const auto consumer = [&](uint64_t serial, int item) {
    return crowd.first + (serial * batch + item) * kStride % crowd.count;
  };
  return load::ConsumeStream(
      options,
      [&](uint64_t serial, v1::StreamCheckAndConsumeRequest& request) {
        request.Clear();
        request.mutable_header()->set_company(load::kCompany);
        request.mutable_header()->set_channel(crowd.channel);
        request.mutable_header()->set_caller_number(crowd.caller_number);
        request.mutable_header()->set_purpose(v1::PURPOSE_DIRECT_MARKETING);
        for (int item = 0; item < batch; ++item) {
          v1::BatchItem& one = *request.add_items();
          one.set_contact_point(load::ContactPointOf(consumer(serial, item)));
          one.set_request_id(absl::StrCat(name, serial, "-", item));
        }
      },
      [&](uint64_t serial, const v1::StreamCheckAndConsumeResponse& answer) {
        for (int item = 0; item < answer.results_size(); ++item) {
          Note(consumer(serial, item), answer.results(item).decision());
        }
      });
}

void Session::Note(size_t consumer, const v1::Decision& decision) {
  decisions_.fetch_add(1, std::memory_order_relaxed);
  if (decision.verdict() == v1::VERDICT_ALLOWED) {
    allowed_[consumer].fetch_add(1, std::memory_order_relaxed);
  }
}

absl::StatusOr<Writes> Session::Restart(const Front& front) {
  RETURN_IF_ERROR(Stop());
  std::optional<Writes> writes;
  for (const std::string& line : server_->LogLines()) {
    const auto facts = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!facts.is_object() || facts.value("event", "") != "stopped") continue;
    writes = Writes{.commits = facts.value("commits", uint64_t{0}),
                    .log_syncs = facts.value("log_syncs", uint64_t{0})};
  }
  if (!writes.has_value()) return absl::InternalError("consentd did not log that it stopped");
  front_ = front;
  RETURN_IF_ERROR(StartServer());
  return *writes;
}

absl::Status Session::WhileStopped(const std::function<absl::Status()>& work) {
  RETURN_IF_ERROR(Stop());
  RETURN_IF_ERROR(work());
  return StartServer();
}

absl::StatusOr<std::string> Session::JournalKey() const {
  const auto directory = v1::DirectoryService::NewStub(load::Connect(server_->address()));
  grpc::ClientContext context;
  v1::GetLedgerResponse ledger;
  const grpc::Status status = directory->GetLedger(&context, {}, &ledger);
  // The directory's journal comes first.
  if (status.ok() && ledger.journals_size() > 1 && ledger.journals(1).verifier_keys_size() > 0) {
    return ledger.journals(1).verifier_keys(0);
  }
  return absl::InternalError("GetLedger: no journal with a key; " + status.error_message());
}

absl::StatusOr<absl::Duration> Session::AwaitQuiet() const {
  return server_->AwaitQuiet(kQuietWithin);
}

absl::StatusOr<absl::Duration> Session::KillAndStart() {
  server_->Kill();
  const absl::Time began = absl::Now();
  RETURN_IF_ERROR(StartServer());
  return absl::Now() - began;
}

bool Session::IsOfAHundred(size_t consumer) const {
  return consumer >= first_extra_ && consumer < first_law_ &&
         (consumer - first_extra_) % (kHundred + 1) != 0;
}

int64_t Session::GrantedTo(size_t consumer) const {
  return IsOfAHundred(consumer) ? kFew : kPlenty;
}

uint64_t Session::OverLimit() const {
  uint64_t over = 0;
  for (size_t i = 0; i < allowed_.size(); ++i) over += allowed_[i] > GrantedTo(i) ? 1 : 0;
  return over;
}

uint64_t Session::LawDenied() const {
  uint64_t denied = 0;
  for (size_t i = first_law_; i < allowed_.size(); ++i) {
    denied += kLawPasses - std::min<int64_t>(kLawPasses, allowed_[i]);
  }
  return denied;
}

uint64_t Session::UnderLimit() const {
  uint64_t under = 0;
  for (size_t i = first_extra_; i < first_law_; ++i) {
    under += IsOfAHundred(i) && allowed_[i] < kFew ? 1 : 0;
  }
  return under;
}

}  // namespace consent::bench

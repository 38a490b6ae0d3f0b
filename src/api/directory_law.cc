// SPDX-License-Identifier: Apache-2.0
//
// The part of the DirectoryService that is about law, numbers, processors and lists.

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "src/api/directory_service.h"
#include "src/api/encode.h"
#include "src/api/error.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/contact/caller_number.h"
#include "src/directory/law_in_force.h"

namespace consent::api {
namespace {

using Reactor = grpc::ServerUnaryReactor;
using Call = grpc::CallbackServerContext;

// Only what this server can judge by comes into force through it.
absl::StatusOr<directory::RulePackPut> Decode(const v1::PutRulePackRequest& request) {
  const std::optional<Digest> sha256 = Digest::FromBytes(request.sha256());
  if (!sha256.has_value()) {
    return InvalidField("sha256",
                        absl::StrCat("expected 32 bytes, found ", request.sha256().size()));
  }
  ASSIGN_OR_RETURN(const rules::Pack* const pack,
                   directory::CarriedPack(request.pack_id(), *sha256));
  return directory::RulePackPut{pack->id, absl::FormatCivilTime(pack->version), *sha256};
}

absl::StatusOr<std::string> DecodeNumber(const std::string& text) {
  absl::StatusOr<std::string> number = contact::ParseSender(text);
  if (number.ok()) return number;
  return InvalidField("number", std::string(number.status().message()));
}

absl::Status CheckWhole(std::string_view field, const google::protobuf::Timestamp& time) {
  constexpr int64_t kYear10000 = INT64_C(253'402'300'800);
  if (time.nanos() == 0 && time.seconds() >= 0 && time.seconds() < kYear10000) {
    return absl::OkStatus();
  }
  return InvalidField(field, "expected whole seconds from 1970 to 9999");
}

absl::StatusOr<directory::Delegated> Decode(const v1::Delegation& delegation) {
  RETURN_IF_ERROR(CheckWhole("delegation.valid_from", delegation.valid_from()));
  RETURN_IF_ERROR(CheckWhole("delegation.valid_until", delegation.valid_until()));
  directory::Delegated delegated;
  delegated.company = delegation.company();
  delegated.processor = delegation.processor();
  delegated.by = delegation.by();
  delegated.from = Instant{delegation.valid_from().seconds()};
  if (delegation.has_valid_until()) delegated.until = Instant{delegation.valid_until().seconds()};
  return delegated;
}

void EncodeDelegation(const core::Delegation& delegation, v1::Delegation* wire) {
  wire->set_company(delegation.company);
  wire->set_processor(delegation.processor);
  wire->set_by(delegation.by);
  if (delegation.from != Instant{}) Encode(delegation.from, wire->mutable_valid_from());
  if (delegation.until != kNever) Encode(delegation.until, wire->mutable_valid_until());
}

}  // namespace

void DirectoryService::GetParty(UnaryCall* call, const v1::GetPartyRequest* request,
                                v1::GetPartyResponse* response) {
  const std::shared_ptr<const directory::Directory> directory =
      context_.ledger.directory().Snapshot();
  const auto party = directory->parties().find(request->party_id());
  if (party == directory->parties().end()) {
    return call->Finish(Fault(absl::StatusCode::kNotFound, "UNKNOWN_COMPANY",
                              "party_id: the directory has no such party"));
  }
  EncodeParty(party->second, response->mutable_party());
  for (const core::RegisteredNumber& number : party->second.asker.numbers) {
    v1::RegisteredNumber* const wire = response->add_numbers();
    wire->set_number(number.number);
    Encode(number.registered_at, wire->mutable_registered_at());
  }
  for (const core::Delegation& delegation : party->second.delegations) {
    EncodeDelegation(delegation, response->add_delegations());
  }
  response->set_directory_size(directory->size().value);
  response->set_journal_origin(context_.ledger.JournalOrigin(kDirectoryShard));
  call->Finish(absl::OkStatus());
}

void DirectoryService::PutRulePack(UnaryCall* call, const v1::PutRulePackRequest* request,
                                   v1::PutRulePackResponse* response) {
  absl::StatusOr<directory::RulePackPut> put = Decode(*request);
  if (!put.ok()) return call->Finish(put.status());
  return Change(call, *std::move(put), response->mutable_entry());
}

void DirectoryService::RetireRulePack(UnaryCall* call, const v1::RetireRulePackRequest* request,
                                      v1::RetireRulePackResponse* response) {
  return Change(call, directory::RulePackRetired{request->pack_id()}, response->mutable_entry());
}

void DirectoryService::ListRulePacks(UnaryCall* call, const v1::ListRulePacksRequest*,
                                     v1::ListRulePacksResponse* response) {
  const std::shared_ptr<const directory::Directory> directory =
      context_.ledger.directory().Snapshot();
  for (const auto& [id, pack] : directory->rule_packs()) {
    v1::RulePack* const wire = response->add_rule_packs();
    wire->set_pack_id(id);
    wire->set_version(pack.version);
    wire->set_sha256(pack.sha256.str());
    wire->set_in_force(pack.in_force);
    wire->set_carried(directory::CarriedPack(id, pack.sha256).ok());
  }
  response->set_directory_size(directory->size().value);
  response->set_journal_origin(context_.ledger.JournalOrigin(kDirectoryShard));
  call->Finish(absl::OkStatus());
}

void DirectoryService::RegisterNumber(UnaryCall* call, const v1::RegisterNumberRequest* request,
                                      v1::RegisterNumberResponse* response) {
  absl::StatusOr<std::string> number = DecodeNumber(request->number());
  if (!number.ok()) return call->Finish(number.status());
  return Change(call, directory::NumberRegistered{request->company(), *std::move(number)},
                response->mutable_entry());
}

void DirectoryService::RetireNumber(UnaryCall* call, const v1::RetireNumberRequest* request,
                                    v1::RetireNumberResponse* response) {
  absl::StatusOr<std::string> number = DecodeNumber(request->number());
  if (!number.ok()) return call->Finish(number.status());
  return Change(call, directory::NumberRetired{request->company(), *std::move(number)},
                response->mutable_entry());
}

void DirectoryService::FindNumber(UnaryCall* call, const v1::FindNumberRequest* request,
                                  v1::FindNumberResponse* response) {
  const absl::StatusOr<std::string> number = DecodeNumber(request->number());
  if (!number.ok()) return call->Finish(number.status());
  const std::shared_ptr<const directory::Directory> directory =
      context_.ledger.directory().Snapshot();
  for (const directory::NumberHolding& holding : directory->HoldersOf(*number)) {
    v1::NumberHolder* const wire = response->add_holders();
    wire->set_company(holding.company);
    wire->set_legal_name(directory->parties().at(holding.company).legal_name);
    Encode(holding.registered_at, wire->mutable_registered_at());
    if (holding.retired_at.has_value()) Encode(*holding.retired_at, wire->mutable_retired_at());
  }
  response->set_directory_size(directory->size().value);
  response->set_journal_origin(context_.ledger.JournalOrigin(kDirectoryShard));
  call->Finish(absl::OkStatus());
}

void DirectoryService::Delegate(UnaryCall* call, const v1::DelegateRequest* request,
                                v1::DelegateResponse* response) {
  absl::StatusOr<directory::Delegated> delegated = Decode(request->delegation());
  if (!delegated.ok()) return call->Finish(delegated.status());
  return Change(call, *std::move(delegated), response->mutable_entry());
}

void DirectoryService::RevokeDelegation(UnaryCall* call, const v1::RevokeDelegationRequest* request,
                                        v1::RevokeDelegationResponse* response) {
  return Change(call, directory::DelegationRevoked{request->company(), request->processor()},
                response->mutable_entry());
}

void DirectoryService::ImportList(UnaryCall* call, const v1::ImportListRequest* request,
                                  v1::ImportListResponse* response) {
  return Change(call, directory::ListImported{request->list(), request->source()},
                response->mutable_entry());
}

}  // namespace consent::api

// SPDX-License-Identifier: Apache-2.0

#include "src/api/directory_service.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "src/api/encode.h"
#include "src/api/error.h"
#include "src/base/fault.h"
#include "src/base/status_macros.h"
#include "src/crypto/public_key.h"

namespace consent::api {
namespace {

absl::StatusOr<core::PurposeSet> DecodeSectors(const v1::Party& party) {
  core::PurposeSet sectors;
  for (int i = 0; i < party.sectors_size(); ++i) {
    if (party.sectors(i) < 1 || party.sectors(i) > core::kPurposeMax) {
      return InvalidField(absl::StrCat("party.sectors[", i, "]"),
                          absl::StrCat("expected a purpose, found ", party.sectors(i)));
    }
    sectors.Add(static_cast<core::Purpose>(party.sectors(i)));
  }
  return sectors;
}

absl::Status EncodeLedger(const Context& context, v1::GetLedgerResponse* response) {
  response->set_origin(context.ledger.origin());
  ASSIGN_OR_RETURN(const std::vector<ledger::JournalStatus> journals, context.ledger.Journals());
  for (const ledger::JournalStatus& journal : journals) {
    v1::JournalInfo* const info = response->add_journals();
    info->set_journal_origin(journal.origin);
    info->set_size(journal.size.value);
    info->set_root_hash(journal.root.str());
    for (const auto& key : context.ledger.journal_keys().VerifierKeys(journal.origin)) {
      info->add_verifier_keys(key.ToString());
    }
  }
  response->set_permit_jwks(context.ledger.journal_keys().Jwks());
  return absl::OkStatus();
}

}  // namespace

void EncodeParty(const directory::Party& party, v1::PartyView* out) {
  v1::Party* const wire = out->mutable_party();
  wire->set_party_id(party.id);
  wire->set_role(static_cast<v1::PartyRole>(party.role));
  wire->set_legal_name(party.legal_name);
  wire->set_named_in_entries(party.named_in_entries);
  wire->set_group(party.asker.group);
  for (int purpose = 1; purpose <= core::kPurposeMax; ++purpose) {
    if (party.asker.sectors.Has(static_cast<core::Purpose>(purpose))) {
      wire->add_sectors(static_cast<v1::Purpose>(purpose));
    }
  }
  for (const directory::PartyKey& key : party.keys) {
    v1::PartyKey* const wire_key = out->add_keys();
    wire_key->set_key_id(key.id.str());
    wire_key->set_public_key(key.spki);
    Encode(key.added_at, wire_key->mutable_added_at());
    if (key.retired_at.has_value()) Encode(*key.retired_at, wire_key->mutable_retired_at());
  }
  if (party.strangers.has_value()) {
    v1::StrangersAsked* const asked = out->mutable_strangers_asked();
    Encode(party.strangers->since, asked->mutable_since());
    Encode(party.strangers->noticed_at, asked->mutable_noticed_at());
    asked->set_answers(party.strangers->answers);
    asked->set_entry(party.strangers->entry.value);
  }
}

void DirectoryService::Change(UnaryCall* call, directory::DirectoryEvent event,
                              v1::DirectoryEntry* entry) {
  context_.ledger.directory().Change(
      std::move(event), [this, call, entry](absl::StatusOr<ledger::DirectoryChange> change) {
        if (change.ok()) {
          entry->set_journal_origin(context_.ledger.JournalOrigin(kDirectoryShard));
          entry->set_entry(change->entry.value);
          entry->set_repeated(change->repeated);
        }
        call->Finish(change.status());
      });
}

void DirectoryService::GetLedger(UnaryCall* call, const v1::GetLedgerRequest*,
                                 v1::GetLedgerResponse* response) {
  call->Finish(EncodeLedger(context_, response));
}

void DirectoryService::PutParty(UnaryCall* call, const v1::PutPartyRequest* request,
                                v1::PutPartyResponse* response) {
  const v1::Party& party = request->party();
  const absl::StatusOr<core::PurposeSet> sectors = DecodeSectors(party);
  if (!sectors.ok()) return call->Finish(sectors.status());
  const bool known_role =
      party.role() == v1::PARTY_ROLE_COMPANY || party.role() == v1::PARTY_ROLE_REGISTRAR;
  return Change(call,
                directory::PartyPut{.id = party.party_id(),
                                    .role = known_role ? static_cast<directory::Role>(party.role())
                                                       : directory::Role::kUnspecified,
                                    .legal_name = party.legal_name(),
                                    .named_in_entries = party.named_in_entries(),
                                    .group = party.group(),
                                    .sectors = *sectors},
                response->mutable_entry());
}

void DirectoryService::AddKey(UnaryCall* call, const v1::AddKeyRequest* request,
                              v1::AddKeyResponse* response) {
  const absl::StatusOr<crypto::PublicKey> key = crypto::PublicKey::FromSpki(request->public_key());
  if (!key.ok()) {
    return call->Finish(InvalidField("public_key", std::string(key.status().message())));
  }
  response->set_key_id(key->id().str());
  return Change(call, directory::KeyAdded{request->party_id(), key->id(), key->spki()},
                response->mutable_entry());
}

void DirectoryService::RetireKey(UnaryCall* call, const v1::RetireKeyRequest* request,
                                 v1::RetireKeyResponse* response) {
  const std::optional<KeyId> key = KeyId::FromBytes(request->key_id());
  if (!key.has_value()) {
    return call->Finish(InvalidField(
        "key_id", absl::StrCat("expected 16 bytes, found ", request->key_id().size())));
  }
  return Change(call, directory::KeyRetired{request->party_id(), *key}, response->mutable_entry());
}

void DirectoryService::ListParties(UnaryCall* call, const v1::ListPartiesRequest* request,
                                   v1::ListPartiesResponse* response) {
  if (request->page_size() < 0 || request->page_size() > kPageMax) {
    call->Finish(InvalidField(
        "page_size", absl::StrCat("expected 0 to ", kPageMax, ", found ", request->page_size())));
    return;
  }
  const int page_size = request->page_size() == 0 ? kPageMax : request->page_size();
  const std::shared_ptr<const directory::Directory> directory =
      context_.ledger.directory().Snapshot();
  // The token is the last id of the page before: pages stay right while parties are added.
  auto party = directory->parties().upper_bound(request->page_token());
  for (; party != directory->parties().end() && response->parties_size() < page_size; ++party) {
    EncodeParty(party->second, response->add_parties());
  }
  if (party != directory->parties().end()) {
    response->set_next_page_token(
        response->parties(response->parties_size() - 1).party().party_id());
  }
  response->set_directory_size(directory->size().value);
  response->set_journal_origin(context_.ledger.JournalOrigin(kDirectoryShard));
  call->Finish(absl::OkStatus());
}

}  // namespace consent::api

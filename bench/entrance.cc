// SPDX-License-Identifier: Apache-2.0

#include "bench/entrance.h"

#include <future>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "src/base/status_macros.h"
#include "src/crypto/hash.h"
#include "src/keys/key_source.h"
#include "src/ledger/command.h"
#include "src/ledger/place_of.h"
#include "src/statement/envelope.h"
#include "src/store/rocksdb_store.h"

namespace consent::bench {
namespace {

// As statement::Open, but for the signature.
absl::StatusOr<statement::Opened> Trust(const load::Spoken& spoken) {
  v1::Statement message;
  if (!message.ParseFromString(spoken.statement.payload())) {
    return absl::InternalError("a statement cannot be parsed");
  }
  ASSIGN_OR_RETURN(contact::ContactPoint point,
                   contact::ContactPoint::Parse(message.contact_point()));
  const Digest digest = crypto::Sha256({spoken.statement.payload()});
  const int64_t signed_at_ms =
      message.signed_at().seconds() * 1000 + message.signed_at().nanos() / 1'000'000;
  return statement::Opened{
      .message = std::move(message),
      .contact_point = std::move(point),
      .id = *StatementId::FromBytes(digest.view().substr(0, StatementId::kSize)),
      .signed_at_ms = signed_at_ms,
      .key = spoken.key,
      .envelope = spoken.statement.SerializeAsString()};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Entrance>> Entrance::Open(const std::string& data) {
  ASSIGN_OR_RETURN(keys::Keys keys,
                   keys::OpenKeys(keys::KeySource(data + "/keys"), /*may_create=*/false));
  auto entrance = std::unique_ptr<Entrance>(new Entrance(std::move(keys)));
  ASSIGN_OR_RETURN(entrance->store_, store::RocksDbStore::Open(data + "/store", {}));
  ASSIGN_OR_RETURN(entrance->sealed_,
                   journal::SealedStore::Open(*entrance->store_, std::move(entrance->keys_.master),
                                              journal::SealedStore::Use::kServe));
  ASSIGN_OR_RETURN(entrance->ledger_,
                   ledger::Ledger::Open(*entrance->sealed_, entrance->clock_,
                                        {.origin = {},
                                         .peppers = entrance->keys_.peppers.Checks(),
                                         .journal_keys = entrance->keys_.journal}));
  return entrance;
}

absl::Status Entrance::Enter(const std::vector<load::Spoken>& spoken) {
  std::vector<ledger::StatementCommand> commands;
  commands.reserve(spoken.size());
  for (const load::Spoken& one : spoken) {
    ASSIGN_OR_RETURN(statement::Opened opened, Trust(one));
    contact::ContactName contact = keys_.peppers.NameOf(opened.contact_point);
    core::Place place = ledger::PlaceOf(opened.contact_point);
    commands.push_back({.opened = std::move(opened),
                        .contact = std::move(contact),
                        .place = std::move(place),
                        .same_consumer_as = std::nullopt});
  }
  std::promise<absl::StatusOr<ledger::StatementAnswers>> answered;
  ledger_->FindShard(ledger::kConsumerShard)
      ->Take(ledger::Lane(), std::move(commands),
             [&](absl::StatusOr<ledger::StatementAnswers> answers) {
               answered.set_value(std::move(answers));
             });
  ASSIGN_OR_RETURN(const ledger::StatementAnswers answers, answered.get_future().get());
  for (const auto& answer : answers) RETURN_IF_ERROR(answer.status());
  return absl::OkStatus();
}

}  // namespace consent::bench

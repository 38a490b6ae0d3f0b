// SPDX-License-Identifier: Apache-2.0

#include "src/journal/sealed_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/codec.h"
#include "src/base/status_macros.h"
#include "src/crypto/aead.h"
#include "src/crypto/hkdf.h"
#include "src/crypto/hmac.h"
#include "src/journal/key_checks.h"
#include "src/journal/secret_value.h"

namespace consent::journal {
namespace {

constexpr uint32_t kInTheClear = 0;
constexpr size_t kRowsAtOnce = 1'000;

struct SealedRow {
  static constexpr uint8_t kVersion = 2;

  uint32_t number = 0;
  std::string sealed;

  template <class A>
  void Fields(A& a) {
    uint8_t version = kVersion;
    a(version);
    if constexpr (A::kReading) {
      if (version != kVersion) a.Fail();
    }
    a(number), a(sealed);
  }
};

bool IsInTheClear(std::string_view row) {
  return !row.empty() && row.front() == static_cast<char>(SecretValue::kVersion);
}

crypto::Nonce NonceOf(const Handle& handle) {
  return *crypto::Nonce::FromBytes(handle.view().substr(0, crypto::Nonce::kSize));
}

std::string Bound(const Handle& handle) {
  return absl::StrCat("secret", std::string(handle.view()));
}

// Follows from the key and does not reveal it.
std::string CheckOf(uint32_t number, const crypto::Secret& key) {
  const crypto::HmacKey check(crypto::DeriveKey(key, "consent master check v1"));
  const std::string bytes(check.Mac(absl::StrCat(number)).view().substr(0, 8));
  return absl::BytesToHexString(bytes);
}

absl::Status Refused(uint32_t number, std::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("master.", number, ": ", std::string(why),
                   "; put back the key under which this ledger's secrets are sealed"));
}

}  // namespace

absl::StatusOr<std::unique_ptr<SealedStore>> SealedStore::Open(store::Store& real,
                                                               std::vector<MasterKey> keys,
                                                               Use use) {
  Keys by_number;
  for (MasterKey& key : keys) by_number.insert_or_assign(key.number, std::move(key.key));
  ASSIGN_OR_RETURN(const std::optional<std::string> fact, real.ReadFact(kFact));
  KeyChecks in_use;  // Under 0: whether rows may lie in the clear.
  if (fact.has_value()) {
    ASSIGN_OR_RETURN(in_use, ParseKeyChecks(*fact));
  } else if (use != Use::kCreate) {
    in_use[kInTheClear] = "";
  }
  for (const auto& [number, check] : in_use) {
    if (number == kInTheClear) continue;
    const auto key = by_number.find(number);
    if (key == by_number.end()) return Refused(number, "is missing");
    if (CheckOf(number, key->second) != check) return Refused(number, "is another key than it was");
  }
  if (use != Use::kRead) {
    if (by_number.empty()) return Refused(1, "is missing");
    const auto& [newest, key] = *by_number.rbegin();
    if (in_use.emplace(newest, CheckOf(newest, key)).second || !fact.has_value()) {
      RETURN_IF_ERROR(real.WriteFact(kFact, TextOf(in_use)));
    }
  }
  const bool old_seals = in_use.size() > 1;
  return std::unique_ptr<SealedStore>(new SealedStore(real, std::move(by_number), old_seals));
}

std::string SealedStore::Seal(const Handle& handle, std::string_view value) const {
  const auto& [number, key] = *keys_.rbegin();
  SealedRow row{.number = number,
                .sealed = crypto::Seal(key, NonceOf(handle), Bound(handle), value)};
  return Encode(row);
}

absl::StatusOr<std::string> SealedStore::Unseal(const Handle& handle, std::string_view row) const {
  if (IsInTheClear(row)) return std::string(row);
  const absl::StatusOr<SealedRow> sealed = Decode<SealedRow>(row);
  if (!sealed.ok()) return absl::DataLossError("the row of an opening's handle is malformed");
  const auto key = keys_.find(sealed->number);
  if (key == keys_.end()) {
    return absl::DataLossError(absl::StrCat("a row of an opening's handle is sealed under master.",
                                            sealed->number, ", which is not at hand"));
  }
  absl::StatusOr<std::string> value =
      crypto::Open(key->second, NonceOf(handle), Bound(handle), sealed->sealed);
  if (value.ok()) return value;
  return absl::DataLossError(
      absl::StrCat("the row of an opening's handle does not open under master.", sealed->number));
}

absl::Status SealedStore::Commit(ShardId shard, const store::CommitRequest& request) {
  if (request.secrets.empty()) return ForwardingStore::Commit(shard, request);
  store::CommitRequest sealed = request;
  for (store::SecretRow& row : sealed.secrets) {
    std::string in_the_clear = std::exchange(row.value, Seal(row.handle, row.value));
    crypto::Wipe(in_the_clear);
  }
  return ForwardingStore::Commit(shard, sealed);
}

absl::StatusOr<std::optional<std::string>> SealedStore::ReadSecret(ShardId shard,
                                                                   const Handle& handle) {
  ASSIGN_OR_RETURN(const std::optional<std::string> row,
                   ForwardingStore::ReadSecret(shard, handle));
  if (!row.has_value()) return std::nullopt;
  ASSIGN_OR_RETURN(std::string value, Unseal(handle, *row));
  return value;
}

absl::Status SealedStore::PurgeErased() {
  MutexLock lock(&purging_);
  return ForwardingStore::PurgeErased();
}

bool SealedStore::HasOldSeals() const {
  MutexLock lock(&mutex_);
  return old_seals_;
}

absl::Status SealedStore::Reseal(const std::vector<ShardId>& shards,
                                 const std::function<bool()>& stop, uint64_t& resealed) {
  for (const ShardId shard : shards) RETURN_IF_ERROR(ResealShard(shard, stop, resealed));
  if (resealed > 0) RETURN_IF_ERROR(PurgeErased());
  const auto& [newest, key] = *keys_.rbegin();
  RETURN_IF_ERROR(WriteFact(kFact, TextOf({{newest, CheckOf(newest, key)}})));
  MutexLock lock(&mutex_);
  old_seals_ = false;
  return absl::OkStatus();
}

absl::Status SealedStore::ResealShard(ShardId shard, const std::function<bool()>& stop,
                                      uint64_t& resealed) {
  std::vector<store::SecretRow> rows;
  absl::Status status;
  const auto replace = [&] {
    status = ReplaceSecrets(shard, rows);
    if (status.ok()) resealed += rows.size();
    rows.clear();
    if (status.ok() && stop()) status = absl::AbortedError("resealing was stopped");
    return status.ok();
  };
  RETURN_IF_ERROR(ForEachSecret(shard, [&](const Handle& handle, std::string_view row) {
    const absl::StatusOr<SealedRow> sealed = Decode<SealedRow>(row);
    if (sealed.ok() && sealed->number == newest()) return true;
    absl::StatusOr<std::string> value = Unseal(handle, row);
    if (!value.ok()) {
      status = value.status();
      return false;
    }
    rows.push_back({handle, Seal(handle, *value)});
    crypto::Wipe(*value);
    return rows.size() < kRowsAtOnce || replace();
  }));
  if (status.ok() && !rows.empty()) replace();
  return status;
}

}  // namespace consent::journal

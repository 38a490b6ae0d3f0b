// SPDX-License-Identifier: Apache-2.0
//
// LedgerLogs: the journals of a ledger as the HTTP port serves them. What is not covered by a
// published checkpoint is not there.

#ifndef CONSENT_CONSENTD_LOG_SOURCE_H_
#define CONSENT_CONSENTD_LOG_SOURCE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/http/log_source.h"
#include "src/ledger/ledger.h"

namespace consent::consentd {

class LedgerLogs : public http::LogSource {
 public:
  // The ledger outlives this.
  explicit LedgerLogs(ledger::Ledger& ledger) : ledger_(ledger) {}

  std::vector<std::string> Logs() override;
  absl::StatusOr<std::string> Checkpoint(std::string_view log) override;
  absl::StatusOr<std::string> Tile(std::string_view log, const merkle::Tile& tile) override;
  absl::StatusOr<std::string> Entries(std::string_view log, uint64_t index, int width) override;
  absl::StatusOr<std::string> VerifierKeys(std::string_view log) override;

 private:
  // NotFound for other names than those of Logs.
  absl::StatusOr<ShardId> Find(std::string_view log) const;
  // The size of the published tree. Unavailable before there is one.
  absl::StatusOr<TreeSize> Size(ShardId shard) const;

  ledger::Ledger& ledger_;
};

}  // namespace consent::consentd

#endif  // CONSENT_CONSENTD_LOG_SOURCE_H_

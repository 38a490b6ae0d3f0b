// SPDX-License-Identifier: Apache-2.0
//
// LogSource: the logs that a port serves, wherever they are kept.
//
// Errors of all functions: NotFound for a log, tile or bundle that there is not, or not yet (the
// client is told 404); Unavailable when it should be asked again (503); others are ours (500).
// Their messages are never shown.
//
// Threads: called from many at once.

#ifndef CONSENT_HTTP_LOG_SOURCE_H_
#define CONSENT_HTTP_LOG_SOURCE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/merkle/tile.h"

namespace consent::http {

class LogSource {
 public:
  virtual ~LogSource() = default;

  // The logs by what stands in their origins after the ledger's: "1", "directory", "1/r2". The
  // first is the consumers' present one, which also stands without a prefix.
  virtual std::vector<std::string> Logs() = 0;

  // The signed note of the last published checkpoint, cosignatures included.
  virtual absl::StatusOr<std::string> Checkpoint(std::string_view log) = 0;

  // The hashes of a tile, of which `tile.width` were published: NotFound when the published tree is
  // too small to have them all.
  virtual absl::StatusOr<std::string> Tile(std::string_view log, const merkle::Tile& tile) = 0;

  // The first `width` entries of a bundle, as tlog-tiles writes them; NotFound as for Tile.
  virtual absl::StatusOr<std::string> Entries(std::string_view log, uint64_t index, int width) = 0;

  // The verifier keys that may sign this log's checkpoints, one a line, the present one first.
  virtual absl::StatusOr<std::string> VerifierKeys(std::string_view log) = 0;
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_LOG_SOURCE_H_

// SPDX-License-Identifier: Apache-2.0
//
// WitnessClient: the log's side of C2SP tlog-witness, towards one witness.
//
// Everything that the witness answers is checked against its key; what it says of itself is not
// believed. A whole call, however slowly the witness trickles, ends within `timeout`.
//
// Threads: safe from any thread; each call makes its own connection.

#ifndef CONSENT_HTTP_WITNESS_CLIENT_H_
#define CONSENT_HTTP_WITNESS_CLIENT_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/base/ids.h"
#include "src/tlog/add_checkpoint.h"
#include "src/tlog/note.h"
#include "src/tlog/verifier_key.h"

namespace consent::http {

class WitnessClient {
 public:
  struct Options {
    // "https://witness.example/prefix" or "http://127.0.0.1:8080": the prefix of the paths.
    std::string url;
    tlog::VerifierKey key;
    absl::Duration timeout = absl::Seconds(2);
    // PEM file with the authorities to believe for https; empty: the system's.
    std::string authorities = {};
  };

  // InvalidArgument for an URL of another form.
  static absl::StatusOr<WitnessClient> Create(Options options);

  struct Added {
    // The witness's, verified; of other keys there are none.
    std::vector<tlog::Cosignature> cosignatures;
    // Instead of them: the size of the last checkpoint it signed. Ask again from there.
    std::optional<TreeSize> known_size;
  };

  // Submits a signed checkpoint. Errors:
  //   Unavailable         no answer, one that is not the protocol's, or a witness in trouble
  //   NotFound            it does not witness this log
  //   PermissionDenied    it does not believe the log's signature; or its own does not verify
  //   DataLoss            it signed another history (or the proof was wrong)
  //   InvalidArgument     it could not read the request
  absl::StatusOr<Added> AddCheckpoint(const tlog::AddCheckpoint& request) const;

  // The note of the last checkpoint it signed for a log, with its cosignature, which is verified;
  // the log's signatures are the caller's to verify. NotFound when it signed none.
  absl::StatusOr<std::string> LastCheckpoint(std::string_view origin) const;

  const tlog::VerifierKey& key() const { return options_.key; }

 private:
  struct Answer {
    int status = 0;
    std::string content_type;
    std::string body;
  };

  WitnessClient(Options options, std::string host, std::string prefix)
      : options_(std::move(options)), host_(std::move(host)), prefix_(std::move(prefix)) {}

  // POSTs `body`, or GETs where there is none.
  absl::StatusOr<Answer> Ask(const std::string& path, const std::string* body) const;

  Options options_;
  std::string host_;    // "https://witness.example".
  std::string prefix_;  // "/prefix", or empty.
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_WITNESS_CLIENT_H_

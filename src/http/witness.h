// SPDX-License-Identifier: Apache-2.0
//
// Witness: the server's side of C2SP tlog-witness.
//
//   POST /add-checkpoint             200 a cosignature · 400 · 403 · 404 · 409 the size it knows ·
//                                    422 not consistent with what it signed
//   GET  /HASH/checkpoint            the last checkpoint it signed for the log whose origin has
//   this
//                                    SHA-256, with the log's signatures and its own
//
// A request is judged (src/tlog/witness.h), remembered durably and answered under one lock, so that
// no two requests of a log are judged on the same ground. Two trees of one size that a log signed
// are kept (witness_book.h).
//
// Threads: Answer from many at once.

#ifndef CONSENT_HTTP_WITNESS_H_
#define CONSENT_HTTP_WITNESS_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/instant.h"
#include "src/http/message.h"
#include "src/http/witness_book.h"
#include "src/tlog/verifier_key.h"
#include "src/tlog/witness.h"

namespace consent::http {

struct WitnessOptions {
  std::string state;        // Folder of the book.
  tlog::NoteSigner signer;  // Of type kCosignature.
  // Keys of the logs to witness, each under its log's origin.
  std::vector<tlog::VerifierKey> logs;
  std::function<Instant()> now;
  // Told the origin of a log that was seen to fork, once for each proof kept, or why it could not
  // be kept. Called under the lock.
  std::function<void(const std::string& origin, const absl::Status& kept)> on_fork = {};
};

class Witness {
 public:
  // InvalidArgument for a signer of another type; errors of WitnessBook::Open.
  static absl::StatusOr<std::unique_ptr<Witness>> Open(WitnessOptions options);

  Response Answer(const Request& request);

 private:
  Witness(WitnessOptions options, std::unique_ptr<WitnessBook> book)
      : options_(std::move(options)), book_(std::move(book)) {}

  Response AddCheckpoint(std::string_view body);
  Response ShowCheckpoint(std::string_view hash);
  Response Sign(const tlog::Submission& submission);

  const WitnessOptions options_;
  std::mutex mutex_;
  std::unique_ptr<WitnessBook> book_;  // Guarded by mutex_.
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_WITNESS_H_

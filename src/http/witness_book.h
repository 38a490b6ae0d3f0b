// SPDX-License-Identifier: Apache-2.0
//
// WitnessBook: what a witness has signed, in a folder.
//
//   witness             the witness's verifier key; a folder belongs to one witness for ever
//   lock                held by the process that uses the folder
//   HASH.checkpoint     the last checkpoint signed for a log: the note with the log's signatures
//   and
//                       the witness's. HASH is the SHA-256 of the origin, in hexadecimal
//   HASH.fork-SIZE-ROOT.known, HASH.fork-SIZE-ROOT.other
//                       two notes that a log signed for different trees of one size
//
// Invariant: Find gives what the last Remember that returned OK wrote, after any crash too. So a
// witness that remembers before it answers can never answer for two histories.
//
// Threads: one at a time; Witness holds a lock around it.

#ifndef CONSENT_HTTP_WITNESS_BOOK_H_
#define CONSENT_HTTP_WITNESS_BOOK_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "src/tlog/verifier_key.h"
#include "src/tlog/witness.h"

namespace consent::http {

class WitnessBook {
 public:
  // Forks of one log that are kept; one is enough to show what it did.
  static constexpr size_t kForksMax = 16;

  struct Entry {
    tlog::Witnessed last;
    std::string note;  // With the signatures of the log and the witness.
  };

  // The book in `folder`, which is made where there is none. FailedPrecondition when it belongs to
  // another witness, another process uses it, or an entry of one of these logs cannot be read or is
  // not signed by this witness: then it must be put back, not begun anew.
  static absl::StatusOr<std::unique_ptr<WitnessBook>> Open(
      const std::string& folder, const tlog::VerifierKey& witness,
      absl::Span<const tlog::VerifierKey> logs);
  ~WitnessBook();
  WitnessBook(const WitnessBook&) = delete;
  WitnessBook& operator=(const WitnessBook&) = delete;

  // Null when nothing was signed for this log.
  const Entry* Find(const std::string& origin) const;
  // The same by the name that a log has in the folder and in monitors' paths.
  const Entry* FindByHash(std::string_view hash) const;

  // Durable on OK; otherwise Find gives what it gave before.
  absl::Status Remember(const std::string& origin, Entry entry);

  // Keeps the proof that a log forked. False when there was nothing to do: it is there already, or
  // kForksMax are.
  absl::StatusOr<bool> KeepFork(const std::string& origin, const tlog::Witnessed& other,
                                const std::string& known_note, const std::string& other_note);

  // The name of a log: lowercase hexadecimal SHA-256 of its origin.
  static std::string HashOf(std::string_view origin);

 private:
  WitnessBook(std::string folder, int lock) : folder_(std::move(folder)), lock_(lock) {}
  absl::Status Claim(const tlog::VerifierKey& witness);
  absl::Status Read(const tlog::VerifierKey& witness, const std::string& origin);
  std::string PathOf(const std::string& hash) const;

  const std::string folder_;
  const int lock_;                        // A file descriptor.
  std::map<std::string, Entry> entries_;  // By hash.
};

}  // namespace consent::http

#endif  // CONSENT_HTTP_WITNESS_BOOK_H_

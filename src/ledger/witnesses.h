// SPDX-License-Identifier: Apache-2.0
//
// Witnesses: those who vouch, from outside, that a journal shows everybody the same tree (C2SP
// tlog-witness). What the ledger asks of them; src/http/ does the asking.

#ifndef CONSENT_LEDGER_WITNESSES_H_
#define CONSENT_LEDGER_WITNESSES_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/tlog/checkpoint.h"

namespace consent::ledger {

// Threads: called by one at a time.
class Witnesses {
 public:
  virtual ~Witnesses() = default;

  // Proves that the checkpoint's tree continues that of an earlier size.
  using Prove = std::function<absl::StatusOr<std::vector<Digest>>(TreeSize from)>;

  // Asks for cosignatures of a signed checkpoint. Returns the note with those that came within the
  // time it allows itself, verified. A witness that is silent, or refuses, leaves none: the note
  // may come back as it was.
  virtual std::string Cosign(const tlog::Checkpoint& checkpoint, const std::string& note,
                             const Prove& prove) = 0;

  // The largest checkpoints of this journal that witnesses know and that this ledger's keys have
  // signed, as far as they could be asked: promises that the store must keep.
  virtual std::vector<std::string> Seen(const std::string& origin) = 0;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_WITNESSES_H_

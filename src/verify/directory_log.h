// SPDX-License-Identifier: Apache-2.0
//
// DirectoryLog: what the directory said at each of its sizes, out of its own disclosed journal.
//
// Every entry of a ledger cites the size that the directory had when it was written. An entry must
// cite what was the newest then: a ledger that could choose would choose the law, or the
// delegation, that suits it.
//
// Threads: belongs to one. Memory: the directory's journal.

#ifndef CONSENT_VERIFY_DIRECTORY_LOG_H_
#define CONSENT_VERIFY_DIRECTORY_LOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "consent/verifier.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/directory/directory.h"
#include "src/journal/entry.h"
#include "src/journal/opening.h"
#include "src/rules/pack.h"
#include "src/verify/faults.h"

namespace consent::verify {

// Between an entry of the directory and the first of another journal that must cite it: while it is
// being made durable, it has its time and is seen by nobody. A ledger takes milliseconds.
inline constexpr Seconds kDirectoryLagMax{60};

// By what directory an entry was written.
struct Cited {
  const directory::Directory* directory = nullptr;  // Null: nobody can tell.
  // Why it, or the law that it puts in force, cannot be told; none when both are known.
  NotRetakenCause cause = NotRetakenCause::kNone;
  std::string why = {};    // The same in words.
  std::string fault = {};  // What is wrong with the citation itself; empty when nothing is.
};

class DirectoryLog {
 public:
  // `more_packs` are rule packs beside those that this program carries; they must outlive it.
  explicit DirectoryLog(absl::Span<const rules::Pack> more_packs)
      : more_packs_(more_packs), now_(more_packs) {}

  // Reads all disclosures of a directory's journal that was found good.
  void Read(const DisclosedLog& disclosed, Faults& faults);

  // Who an entry of another journal cites, by its time and the size in it. Entries are given in
  // their order. What is pointed at lasts until the next call.
  Cited At(TreeSize size, Instant at);

  // The ledger went on after a loss, and with it perhaps a shorter directory.
  void Recovered() { last_ = {}; }

 private:
  struct Kept {
    journal::Entry entry;
    journal::Parts parts;
  };

  std::string FaultOf(TreeSize size, Instant at) const;
  bool IsLost(TreeSize size, Instant at) const;

  const absl::Span<const rules::Pack> more_packs_;
  std::vector<Kept> entries_;
  std::vector<LeafIndex> recoveries_;  // Among them.
  uint64_t log_size_ = 0;
  directory::Directory now_;  // As it was at the size cited last.
  TreeSize last_;             // Cited.
};

}  // namespace consent::verify

#endif  // CONSENT_VERIFY_DIRECTORY_LOG_H_

// SPDX-License-Identifier: Apache-2.0
//
// The entry with which a journal goes on after an accepted loss (core::Recovered).
//
// It is of no consumer and hides nothing: its opening is plain, its salts and its tag are zero, in
// the directory's journal and in those of consumers alike. Exact bytes: docs/formats/opening.md.

#ifndef CONSENT_JOURNAL_RECOVERED_H_
#define CONSENT_JOURNAL_RECOVERED_H_

#include <string_view>

#include "absl/status/statusor.h"
#include "src/base/ids.h"
#include "src/base/instant.h"
#include "src/consent/event.h"
#include "src/journal/entry.h"
#include "src/journal/journal.h"
#include "src/journal/opening.h"

namespace consent::journal {

// Stages the entry at the end of `journal`; `at` is not before `journal.last_at()`.
// `directory_size` is that of the directory's journal; in the directory's own, the entry's
// position. Returns the entry.
Entry StageRecovered(Journal& journal, const core::Recovered& recovered, Instant at,
                     TreeSize directory_size);

inline bool IsRecovered(const Entry& entry) {
  return entry.kind == static_cast<uint8_t>(core::Kind::kRecovered);
}

// What such an entry says. DataLoss when its opening does not prove it or is not of that kind.
absl::StatusOr<core::Recovered> OpenRecovered(const Entry& entry, std::string_view opening);

}  // namespace consent::journal

#endif  // CONSENT_JOURNAL_RECOVERED_H_

// SPDX-License-Identifier: Apache-2.0
//
// Desk: what lies before a task when it judges.

#ifndef CONSENT_LEDGER_DESK_H_
#define CONSENT_LEDGER_DESK_H_

#include <optional>

#include "src/base/instant.h"
#include "src/consent/decide.h"
#include "src/directory/directory.h"
#include "src/ledger/consumers.h"
#include "src/ledger/directory_shard.h"
#include "src/ledger/recorder.h"

namespace consent::ledger {

struct Desk {
  Consumers& consumers;
  Recorder& recorder;
  const DirectoryShard& directory;
};

// When, and by what law, a decision is taken: without zones and asker. Good as long as both and the
// next Lose; where the law cannot be told it is null.
inline core::Moment MomentOf(const Desk& desk, const directory::Directory& directory, Instant now) {
  const std::optional<core::Loss>& loss = desk.consumers.loss();
  return {.now = now,
          .loss = loss.has_value() ? &*loss : nullptr,
          .law = directory.law().ok() ? &*directory.law() : nullptr,
          .lists = directory.lists()};
}

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_DESK_H_

// SPDX-License-Identifier: Apache-2.0
//
// Desk: what lies before a task when it judges.

#ifndef CONSENT_LEDGER_DESK_H_
#define CONSENT_LEDGER_DESK_H_

#include "src/ledger/consumers.h"
#include "src/ledger/directory_shard.h"
#include "src/ledger/recorder.h"

namespace consent::ledger {

struct Desk {
  Consumers& consumers;
  Recorder& recorder;
  const DirectoryShard& directory;
};

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_DESK_H_

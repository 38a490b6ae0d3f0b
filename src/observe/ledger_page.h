// SPDX-License-Identifier: Apache-2.0
//
// What a ledger and its store say of themselves, as metrics.

#ifndef CONSENT_OBSERVE_LEDGER_PAGE_H_
#define CONSENT_OBSERVE_LEDGER_PAGE_H_

#include "src/ledger/ledger.h"
#include "src/observe/page.h"

namespace consent::observe {

// Reads the heads of the journals and looks at the store's files. From any thread.
void ShowLedger(ledger::Ledger& ledger, Page& page);

}  // namespace consent::observe

#endif  // CONSENT_OBSERVE_LEDGER_PAGE_H_

// SPDX-License-Identifier: Apache-2.0
//
// Why the core refuses a statement, as an error that says what to do.

#ifndef CONSENT_LEDGER_STATEMENT_FAULT_H_
#define CONSENT_LEDGER_STATEMENT_FAULT_H_

#include "absl/status/status.h"
#include "src/consent/vocabulary.h"

namespace consent::ledger {

// `reason` is one that core::DecideStatement refuses with.
absl::Status StatementFault(core::Reason reason);

}  // namespace consent::ledger

#endif  // CONSENT_LEDGER_STATEMENT_FAULT_H_

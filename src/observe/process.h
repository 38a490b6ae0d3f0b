// SPDX-License-Identifier: Apache-2.0
//
// What the process takes of its machine, by /proc/self.

#ifndef CONSENT_OBSERVE_PROCESS_H_
#define CONSENT_OBSERVE_PROCESS_H_

#include "src/observe/page.h"

namespace consent::observe {

// Shows what can be read; what cannot is left out.
void ShowProcess(Page& page);

}  // namespace consent::observe

#endif  // CONSENT_OBSERVE_PROCESS_H_

// SPDX-License-Identifier: Apache-2.0

#ifndef CONSENT_BASE_MACHINE_MEMORY_H_
#define CONSENT_BASE_MACHINE_MEMORY_H_

#include <cstdint>

namespace consent {

// How many bytes of memory this process may use: the machine's, or its container's if those are
// fewer.
uint64_t MachineMemory();

}  // namespace consent

#endif  // CONSENT_BASE_MACHINE_MEMORY_H_
